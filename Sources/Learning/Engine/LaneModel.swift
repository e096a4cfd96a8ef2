import Lanes

/// What a trainer trains: something with parameters in lanes, a loss, and its gradient.
protocol LaneModel: AnyObject {
  associatedtype Axis: LaneAxis
  typealias V = Axis.V

  var parameterCount: Int { get }
  var parameters: UnsafeMutablePointer<V> { get }
  var gradient: UnsafeMutablePointer<V> { get }

  /// Puts a new run into `slot`: its data and its sample order. Parameters are written by the trainer.
  func load(_ run: TrainingRun, slot: Int)
  /// Gathers the samples of the next step of every occupied slot.
  func nextBatch(slots: Int)
  /// Loss of the current batch in each lane; leaves its gradient in `gradient`.
  func lossAndGradient() -> V
  /// The same on all training data.
  func lossAndGradientOnAllData() -> V
  func evaluateTraining() -> Evaluation<V>
  func evaluateValidation() -> Evaluation<V>?
  /// Where each layer's parameters stand.
  var layerParameters: [Range<Int>] { get }
}

/// Results of a forward pass over a whole part of the data, one per lane.
struct Evaluation<V: LaneVector> {
  var loss: V
  /// Share of samples whose class is right; `nil` where the data have no classes.
  var accuracy: V?
  var absoluteError: V?
}
