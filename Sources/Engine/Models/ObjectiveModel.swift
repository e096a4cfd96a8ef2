import Lanes

/// A custom objective in lanes. Always float64, always one run per lane.
final class ObjectiveModel: LaneModel {
  typealias Axis = RunsInLanes<SIMD8<Double>>

  private let objective: Objective
  private let workspace = Workspace<V>()
  let parameterCount: Int
  let parameters: UnsafeMutablePointer<V>
  let gradient: UnsafeMutablePointer<V>

  init(_ objective: Objective) {
    self.objective = objective
    parameterCount = objective.parameterCount
    parameters = workspace.vectors(parameterCount)
    gradient = workspace.vectors(parameterCount)
  }

  var layerParameters: [Range<Int>] { [] }
  func load(_ run: TrainingRun, slot: Int) {}
  func prepare(steps: Int, from first: UnsafePointer<Int>) {}
  func lossAndNorm(step: Int) -> (loss: V, squares: V) { (lossAndGradientOnAllData(), squaresOfGradient()) }
  func keepGradient() {}
  var descends: Bool { false }
  func descend(rate: V) {}
  func lossAndGradientOnAllData() -> V { objective.evaluate(parameters, gradient) }
  func evaluateTraining() -> Evaluation<V> { Evaluation(loss: lossAndGradientOnAllData()) }
  func evaluateValidation() -> Evaluation<V>? { nil }
  func evaluateTest() -> Evaluation<V>? { nil }
}
