import Landscape
import Learning
import Testing

/// Numbers at the edge of the range end every iteration.
@Suite struct BoundedLoopsTests {
  @Test(.timeLimit(.minutes(1)), arguments: [1e100, 1e154, 1e160, 1e300, 1e308])
  func hugeParametersEnd(_ size: Double) {
    let f = SymmetryTests.function(.tanh, hidden: [2])
    let theta = SymmetryTests.start(f, seed: 1).map { $0 * size }
    let far = EndPoint(f, at: theta)
    #expect(far.theta.count == theta.count)
    let bowl = ObjectiveLoss(
      .function("bowl") { x, y in
        x * x + y * y
      } gradient: { x, y in
        (2 * x, 2 * y)
      })
    for start in [[size, -size], [size, 1], [1 / size, 0]] { _ = EndPoint(bowl, at: start) }
    let steep = ObjectiveLoss(
      Objective("steep", parameterCount: 2) { p in (0, [size * p[0], -size * p[1]]) }.hessian { _ in
        [[size, 0], [0, -size]]
      })
    let end = EndPoint(steep, at: [1, 1])
    #expect(end.theta.count == 2)
    _ = Census([EndPoint(f, at: theta)], of: [f])
  }

  @Test(.timeLimit(.minutes(1))) func derivativesThatAreNoNumbers() {
    for bad in [Double.nan, .infinity, -.infinity] {
      let gradient = ObjectiveLoss(Objective("no gradient", parameterCount: 2) { _ in (1, [bad, bad]) })
      #expect(!EndPoint(gradient, at: [1, 2]).isMinimum)
      let hessian = ObjectiveLoss(
        Objective("no Hessian", parameterCount: 2) { p in (p[0] * p[0] + p[1] * p[1], p.map { 2 * $0 }) }.hessian { _ in
          [[bad, bad], [bad, bad]]
        })
      #expect(!EndPoint(hessian, at: [1, 2]).isMinimum)
      _ = Connection(gradient, from: [0, 0], to: [1, 1], iterations: 100)
      _ = Lanczos.extremes(of: gradient, at: [1, 1])
    }
  }

  @Test(.timeLimit(.minutes(1))) func assignmentsOfNoNumbers() {
    for bad in [Double.nan, .infinity, -.infinity, 1e308] {
      for pattern in 0..<4 {
        let found = Assignment.best(5) { i, j in
          switch pattern {
          case 0: bad
          case 1: i == j ? bad : Double(i * j)
          case 2: i == 2 ? bad : Double(i + j)
          default: j == 2 ? bad : -Double(i * j)
          }
        }
        #expect(found.sorted() == Array(0..<5), "\(bad) \(pattern)")
      }
    }
    let none = Assignment.best(0) { _, _ in .nan }
    #expect(none.isEmpty)
  }
}
