import Learning
import Studies
import Testing

/// Declared derivatives are compared with differences when a plan is made.
@Suite struct ObjectiveCheckTests {
  static func mistakes(_ objective: Objective, at point: [Double]) -> [Mistake] {
    PlanTests.mistakes(
      PlanTests.study(
        Setup(
          objective: objective, start: .at(point), optimizer: .gradientDescent(learningRate: 0.1),
          stop: .after(steps: 10))))
  }

  @Test func aWrongGradientIsNamed() throws {
    let wrong = Objective.function("saddle", value: { $0 * $0 * $1 }, gradient: { (2 * $0 * $1, -$0 * $0) })
    let mistake = try #require(Self.mistakes(wrong, at: [3, 0.5]).first)
    #expect(mistake.place == "objective saddle")
    #expect(mistake.value.hasPrefix("∂E/∂θ[1] = −9 at θ = (3, 0.5)"))
    #expect(mistake.rule.hasSuffix("give 9"))
  }

  @Test func aGradientThatIsTooShortIsNamed() throws {
    let short = Objective("short", parameterCount: 3) { ($0[0] + $0[1] + $0[2], [1, 1]) }
    let mistake = try #require(Self.mistakes(short, at: [1, 2, 3]).first)
    #expect(mistake.value.hasPrefix("∂E/∂θ[2]"))
  }

  @Test(arguments: [
    [[0.5, 6], [6, 0]], [[1, 6], [0, 0]], [[1, 6], [6]], [[1, 6]], [[1, .nan], [.nan, 0]],
  ])
  func aWrongHessianIsNamed(_ hessian: [[Double]]) throws {
    let function = Objective.function("saddle", value: { $0 * $0 * $1 }, gradient: { (2 * $0 * $1, $0 * $0) })
    #expect(Self.mistakes(function.hessian { [[2 * $0[1], 2 * $0[0]], [2 * $0[0], 0]] }, at: [3, 0.5]).isEmpty)
    let mistake = try #require(Self.mistakes(function.hessian { _ in hessian }, at: [3, 0.5]).first)
    #expect(mistake.place == "objective saddle")
    #expect(mistake.value.contains("∂²E") || mistake.value.contains("rows"))
  }

  /// A function that is not smooth is not checked: not at the kink, and not beside it.
  @Test(arguments: [0, 1e-3, -4e-4, 2e-4, 7])
  func kinksAreLeftAlone(_ x: Double) {
    let kinks = Objective.function(
      "kinks", value: { abs($0) + max(0, $1) }, gradient: { ($0 < 0 ? -1 : 1, $1 > 0 ? 1 : 0) })
    #expect(Self.mistakes(kinks, at: [x, -x]).isEmpty)
  }

  @Test func derivativesThatAreRightPassEverywhere() {
    let objectives: [Objective] = [
      .himmelblau, .sixHumpCamel, .rosenbrock, .twoLayerReLUPopulation(students: 4, teachers: 3),
      .twoLayerReLUPopulation(students: 20, teachers: 20),
    ]
    for objective in objectives {
      for k in 0..<8 {
        let point = (0..<objective.parameterCount).map { 3 * Exact.sin(Double(5 * $0 + 11 * k)) }
        #expect(Self.mistakes(objective, at: point).isEmpty, "\(objective.name) at \(point.prefix(2))")
      }
    }
  }
}
