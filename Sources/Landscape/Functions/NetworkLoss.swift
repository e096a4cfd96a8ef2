import Lanes
public import Learning

/// The loss of a network on its training data as a function of its parameters, with exact first and second derivatives.
///
/// Second derivatives come from backpropagation in dual numbers (forward over reverse), eight columns of the Hessian at a
/// time: exact up to rounding wherever φ is twice differentiable; ReLU's kinks count as flat.
/// - Complexity: a gradient some 3nP multiply-adds for n samples and P parameters; a Hessian P/8 times six times that.
public struct NetworkLoss: LossFunction {
  /// The layers of the network.
  public let architecture: Architecture
  /// The loss function.
  public let loss: Loss
  /// The data; the training part is used.
  public let data: Dataset
  /// λ of the penalty ½λ‖θ‖².
  public let weightDecay: Double

  /// - Parameter weightDecay: λ of a penalty ½λ‖θ‖² that belongs to the function.
  public init(architecture: Architecture, loss: Loss, data: Dataset, weightDecay: Double = 0) {
    self.architecture = architecture
    self.loss = loss
    self.data = data
    self.weightDecay = weightDecay
  }

  /// Number of parameters.
  public var parameterCount: Int { architecture.parameterCount }

  public func evaluate(_ points: UnsafePointer<Vector>, gradient: UnsafeMutablePointer<Vector>?) -> Vector {
    gradient?.update(repeating: .zero, count: parameterCount)
    let loss = Backpropagation<Vector>.run(self, points, gradient: gradient)
    return loss + Penalty(weightDecay).evaluate(points, count: parameterCount, gradient: gradient)
  }

  public func derivatives(_ theta: [Double]) -> Derivatives {
    var result = Derivatives(loss: .nan, gradient: [], hessian: SquareMatrix(zeros: parameterCount))
    let lanes = Vector.scalarCount
    for first in stride(from: 0, to: parameterCount, by: lanes) {
      let pass = tangents(theta) { i in
        var direction = Vector.zero
        if (first..<first + lanes).contains(i) { direction[i - first] = 1 }
        return direction
      }
      result.loss = pass.loss
      result.gradient = pass.gradient.map { $0.value[0] }
      for (row, g) in pass.gradient.enumerated() {
        for lane in 0..<min(lanes, parameterCount - first) { result.hessian[row, first + lane] = g.slope[lane] }
      }
    }
    Penalty(weightDecay).add(to: &result, at: theta)
    return result
  }

  public func hessianProduct(_ theta: [Double], _ v: [Double]) -> [Double] {
    let product = tangents(theta) { Vector(repeating: v[$0]) }.gradient.map { $0.slope[0] }
    return Linear.add(product, weightDecay, v)
  }

  /// ∂y/∂θ·v for every sample and output, one row a direction.
  func outputTangents(_ theta: [Double], along directions: [[Double]]) -> [[Double]] {
    stride(from: 0, to: directions.count, by: Vector.scalarCount).flatMap { first in
      let group = Array(directions[first..<min(first + Vector.scalarCount, directions.count)])
      let point = theta.indices.map { i in
        var slope = Vector.zero
        for (lane, v) in group.enumerated() { slope[lane] = v[i] }
        return Dual(Vector(repeating: theta[i]), slope)
      }
      let outputs = Backpropagation<Dual>.outputs(self, point)
      return group.indices.map { lane in outputs.map { $0.slope[lane] } }
    }
  }

  /// ‖∂y/∂θ‖² of all samples and outputs (Frobenius): what counts as small among squared output tangents.
  func jacobianScale(_ theta: [Double]) -> Double {
    let units = theta.indices.map { i in theta.indices.map { $0 == i ? 1.0 : 0 } }
    return outputTangents(theta, along: units).reduce(0) { $0 + Linear.dot($1, $1) }
  }

  /// One pass along eight directions; `direction(i)` has component i of each.
  private func tangents(_ theta: [Double], _ direction: (Int) -> Vector) -> (loss: Double, gradient: [Dual]) {
    let point = theta.enumerated().map { Dual(Vector(repeating: $1), direction($0)) }
    var gradient = Array(repeating: Dual(constant: .zero), count: parameterCount)
    let loss = Backpropagation<Dual>.run(self, point, gradient: &gradient)
    return (loss[0], gradient)
  }
}
