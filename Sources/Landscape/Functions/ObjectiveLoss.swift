import Lanes
package import Learning

/// A custom objective as a landscape. Its Hessian is the author's where one was given; else differences of the gradient,
/// with their uncertainty (`DifferenceHessian`).
package struct ObjectiveLoss: LossFunction {
  /// The objective.
  package let objective: Objective
  /// λ of the penalty ½λ‖θ‖².
  package let weightDecay: Double
  /// The length that counts as one in parameter space.
  package let unit: Double

  /// - Parameters:
  ///   - weightDecay: λ of a penalty ½λ‖θ‖² that belongs to the function.
  ///   - unit: the length that counts as one in parameter space; of the order of the distances between starting points.
  package init(_ objective: Objective, weightDecay: Double = 0, unit: Double = 1) {
    self.objective = objective
    self.weightDecay = weightDecay
    self.unit = unit > 0 && unit.isFinite ? unit : 1
  }

  /// Number of parameters.
  package var parameterCount: Int { objective.parameterCount }

  package func evaluate(_ points: UnsafePointer<Vector>, gradient: UnsafeMutablePointer<Vector>?) -> Vector {
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

  package func derivatives(_ theta: [Double]) -> Derivatives {
    let (value, gradient) = objective(theta)
    var result: Derivatives
    if let exact = exactHessian(theta) {
      result = Derivatives(loss: value, gradient: gradient, hessian: exact)
    } else {
      let found = differences.hessian(theta)
      result = Derivatives(loss: value, gradient: gradient, hessian: found.matrix, uncertainty: found.uncertainty)
    }
    Penalty(weightDecay).add(to: &result, at: theta)
    return result
  }

  package func hessianProduct(_ theta: [Double], _ v: [Double]) -> [Double] {
    if let exact = exactHessian(theta) { return Linear.add(exact.times(v), weightDecay, v) }
    let length = Linear.norm(v)
    guard length > 0 else { return v }
    let product = differences.products(theta, along: [v.map { $0 / length }])[0].map { $0 * length }
    return Linear.add(product, weightDecay, v)
  }

  private func exactHessian(_ theta: [Double]) -> SquareMatrix? {
    objective.hessian.flatMap { SquareMatrix($0(theta)) }
  }

  private var differences: DifferenceHessian { DifferenceHessian(function: ObjectiveLoss(objective, unit: unit)) }
}
