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
  func nextBatch(slots: Int) {}
  func lossAndGradient() -> V { objective.evaluate(parameters, gradient) }
  func lossAndGradientOnAllData() -> V { lossAndGradient() }
  func evaluateTraining() -> Evaluation<V> { Evaluation(loss: lossAndGradient()) }
  func evaluateValidation() -> Evaluation<V>? { nil }
}
