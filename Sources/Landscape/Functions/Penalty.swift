import Lanes

/// ½λ‖θ‖², what weight decay adds to the loss that a run minimises.
struct Penalty {
  private let lambda: Double

  init(_ lambda: Double) { self.lambda = lambda }

  func evaluate(
    _ points: UnsafePointer<SIMD8<Double>>, count: Int, gradient: UnsafeMutablePointer<SIMD8<Double>>?
  ) -> SIMD8<Double> {
    typealias V = SIMD8<Double>
    if lambda == 0 { return .zero }
    var sum = V.zero
    for i in 0..<count {
      sum = V.fma(points[i], points[i], sum)
      if let gradient { gradient[i] = V.fma(V(repeating: lambda), points[i], gradient[i]) }
    }
    return sum * V(repeating: 0.5 * lambda)
  }

  func add(to derivatives: inout Derivatives, at theta: [Double]) {
    if lambda == 0 { return }
    derivatives.loss += 0.5 * lambda * Linear.dot(theta, theta)
    derivatives.gradient = Linear.add(derivatives.gradient, lambda, theta)
    for i in theta.indices { derivatives.hessian[i, i] += lambda }
  }
}
