import Lanes
public import Learning

/// A custom objective as a landscape. Its Hessian is the author's where one was given; else central differences of the
/// gradient, of fourth order, of which some ten digits hold.
///
///     Hᵢ ≈ (8(∇E(θ + heᵢ) − ∇E(θ − heᵢ)) − (∇E(θ + 2heᵢ) − ∇E(θ − 2heᵢ))) / 12h
public struct ObjectiveLoss: LossFunction {
  public let objective: Objective
  public let weightDecay: Double

  /// - Parameter weightDecay: λ of a penalty ½λ‖θ‖² that belongs to the function.
  public init(_ objective: Objective, weightDecay: Double = 0) {
    self.objective = objective
    self.weightDecay = weightDecay
  }

  public var parameterCount: Int { objective.parameterCount }

  public func evaluate(_ points: UnsafePointer<Vector>, gradient: UnsafeMutablePointer<Vector>?) -> Vector {
    if let gradient {
      let value = objective.evaluate(points, gradient)
      return value + Penalty(weightDecay).evaluate(points, count: parameterCount, gradient: gradient)
    }
    return withUnsafeTemporaryAllocation(of: Vector.self, capacity: max(1, parameterCount)) { scratch in
      guard let room = scratch.baseAddress else { return .zero }
      return objective.evaluate(points, room)
        + Penalty(weightDecay).evaluate(points, count: parameterCount, gradient: nil)
    }
  }

  public func derivatives(_ theta: [Double]) -> Derivatives {
    let (value, gradient) = objective(theta)
    let exact = objective.hessian.flatMap { SquareMatrix($0(theta)) }
    var result = Derivatives(loss: value, gradient: gradient, hessian: exact ?? differences(theta))
    Penalty(weightDecay).add(to: &result, at: theta)
    return result
  }

  public func hessianProduct(_ theta: [Double], _ v: [Double]) -> [Double] {
    let length = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 0 else { return v }
    return Linear.add(differences(theta, along: [v.map { $0 / length }])[0].map { $0 * length }, weightDecay, v)
  }

  private func differences(_ theta: [Double]) -> SquareMatrix {
    let n = theta.count
    let unit = (0..<n).map { i in (0..<n).map { $0 == i ? 1.0 : 0 } }
    let columns = differences(theta, along: unit)
    var result = SquareMatrix(zeros: n)
    for i in 0..<n {
      for j in 0..<n { result[i, j] = (columns[i][j] + columns[j][i]) / 2 }
    }
    return result
  }

  private func differences(_ theta: [Double], along directions: [[Double]]) -> [[Double]] {
    let size = theta.reduce(0) { $0 + $1 * $1 }.squareRoot() / Double(max(1, theta.count)).squareRoot()
    // Fourth order: error h⁴ against rounding ε/h.
    let h = 8e-4 * max(1, size)
    let points = directions.flatMap { v in [1.0, -1, 2, -2].map { s in zip(theta, v).map { $0 + s * h * $1 } } }
    let found = ObjectiveLoss(objective).gradients(at: points).map(\.gradient)
    return directions.indices.map { k in
      theta.indices.map { j in
        let near = found[4 * k][j] - found[4 * k + 1][j]
        let far = found[4 * k + 2][j] - found[4 * k + 3][j]
        return (8 * near - far) / (12 * h)
      }
    }
  }
}
