import Lanes

/// What a trainer trains: parameters in lanes, with a loss and its gradient.
protocol LaneModel: AnyObject {
  associatedtype Axis: LaneAxis
  typealias V = Axis.V

  var parameterCount: Int { get }
  var parameters: UnsafeMutablePointer<V> { get }
  var gradient: UnsafeMutablePointer<V> { get }

  /// Puts a new run into `slot`: its data and its sample order. Parameters are written by the trainer.
  func load(_ run: TrainingRun, slot: Int)
  /// Prepares the samples of the coming steps; `first` has the step that each slot's run has reached.
  func prepare(steps: Int, from first: UnsafePointer<Int>)
  /// Loss of the batch of the `step`th prepared step in each lane, and ‖∇E‖².
  func lossAndNorm(step: Int) -> (loss: V, squares: V)
  /// Puts that step's ∇E into `gradient`, if it is not there yet.
  func keepGradient()
  /// Whether the model makes an update of plain gradient descent by itself, which is faster.
  var descends: Bool { get }
  /// θ ← θ − η∇E, with the same bits as an update with the kept gradient.
  func descend(rate: V)
  /// Loss on all training data; leaves its gradient in `gradient`.
  func lossAndGradientOnAllData() -> V
  func evaluateTraining() -> Evaluation<V>
  func evaluateValidation() -> Evaluation<V>?
  func evaluateTest() -> Evaluation<V>?
  /// The places of each layer's parameters.
  var layerParameters: [Range<Int>] { get }
}

extension LaneModel {
  /// ‖∇E‖² of the kept gradient, as a run's total.
  @inline(__always)
  func squaresOfGradient() -> V {
    Axis.total(Rows(base: gradient, stride: 1).squares(Axis.vectors(for: parameterCount)))
  }
}

/// Results of a forward pass over a whole part of the data, one per lane.
struct Evaluation<V: LaneVector> {
  var loss: V
  /// Share of samples whose class is right; `nil` where the data have no classes.
  var accuracy: V?
  var absoluteError: V?
}
