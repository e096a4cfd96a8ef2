import Lanes

/// An objective in lanes. Always float64, always one run per lane.
final class ObjectiveModel<V: LaneVector>: LaneModel where V.Scalar == Double {
  typealias Axis = RunsInLanes<V>

  /// Returns E(θ) and writes ∇E(θ).
  private let evaluate: (_ parameters: UnsafePointer<V>, _ gradient: UnsafeMutablePointer<V>) -> V
  private let workspace = Workspace<V>()
  let parameterCount: Int
  let parameters: UnsafeMutablePointer<V>
  let gradient: UnsafeMutablePointer<V>

  private init(
    _ objective: Objective, _ evaluate: @escaping (UnsafePointer<V>, UnsafeMutablePointer<V>) -> V
  ) {
    self.evaluate = evaluate
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
  func lossAndGradientOnAllData() -> V { evaluate(parameters, gradient) }
  func evaluateTraining() -> Evaluation<V> { Evaluation(loss: lossAndGradientOnAllData()) }
  func evaluateValidation() -> Evaluation<V>? { nil }
  func evaluateTest() -> Evaluation<V>? { nil }
}

extension ObjectiveModel where V == SIMD8<Double> {
  /// The vectors for which objectives are written.
  convenience init(_ objective: Objective) { self.init(objective, objective.evaluate) }
}

extension ObjectiveModel where V == SIMD2<Double> {
  /// Two lanes of an objective; its other lanes are 0.
  convenience init(narrow objective: Objective) {
    let count = objective.parameterCount
    var (point, slope) = (
      [Objective.Vector](repeating: .zero, count: count), [Objective.Vector](repeating: .zero, count: count)
    )
    self.init(objective) { parameters, gradient in
      for i in 0..<count { (point[i][0], point[i][1]) = (parameters[i][0], parameters[i][1]) }
      let value = objective.evaluate(point, &slope)
      for i in 0..<count { gradient[i] = V(slope[i][0], slope[i][1]) }
      return V(value[0], value[1])
    }
  }
}
