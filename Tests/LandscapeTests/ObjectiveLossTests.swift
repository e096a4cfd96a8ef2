import Landscape
import Learning
import Testing

/// Hessians given in closed form, compared with differences of gradients.
@Suite struct ObjectiveLossTests {
  static let objectives: [Objective] = [
    .himmelblau, .sixHumpCamel, .rosenbrock, .twoLayerReLUPopulation(students: 3, teachers: 4),
    .twoLayerReLUPopulation(students: 4, teachers: 3),
  ]

  @Test(arguments: objectives) func closedFormsAgreeWithDifferences(_ objective: Objective) {
    let exact = ObjectiveLoss(objective)
    let bare = ObjectiveLoss(
      Objective(lanes: "bare", parameterCount: objective.parameterCount, evaluate: objective.evaluate))
    for k in 0..<4 {
      let theta = (0..<objective.parameterCount).map { 0.4 + 0.9 * Exact.sin(Double(3 * $0 + 7 * k)) }
      let (a, b) = (exact.hessian(theta), bare.hessian(theta))
      let scale = a.joined().map(abs).max() ?? 1
      for i in theta.indices {
        for j in theta.indices { #expect(abs(a[i][j] - b[i][j]) < 1e-9 * scale, "\(objective.name) \(i) \(j)") }
        let v = theta.indices.map { $0 == i ? 2.0 : 0 }
        for (j, value) in bare.hessianProduct(theta, v).enumerated() {
          #expect(abs(value - 2 * a[i][j]) < 2e-9 * scale)
        }
      }
    }
  }
}
