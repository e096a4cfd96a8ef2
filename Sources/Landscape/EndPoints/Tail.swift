import Lanes

/// The slope of the loss ahead of a point that moves so slowly that differences of the loss are rounding.
struct Tail<Function: LossFunction> {
  private let function: Function
  private let polish: Polish

  init(_ function: Function, _ polish: Polish) {
    self.function = function
    self.polish = polish
  }

  /// Whether a gradient's length is more than rounding: the scatter of ∇E along it between points a few roundings apart, and
  /// the rounding of the directions themselves.
  func isMoving(along gradient: [Double]) -> Bool {
    guard let direction = Linear.unit(gradient) else { return false }
    let theta = polish.theta
    let stream = RandomStream(seed: 0, role: .analysis)
    let points = (0..<8).map { k in
      theta.indices.map { theta[$0] + (stream.uniform(k * theta.count + $0) < 0.5 ? -2 : 2) * theta[$0].ulp }
    }
    let slopes = function.gradients(at: points).map { Linear.dot($0.gradient, direction) }
    let middle = slopes.reduce(0, +) / Double(slopes.count)
    let scatter = slopes.map { abs($0 - middle) }.max() ?? 0
    return Linear.norm(gradient) > max(10 * scatter, Polish.gradientNoise(polish.hessian, theta, unit: function.unit))
  }

  /// Whether the slope against a gradient's direction stays negative where beyond a minimum it would be positive.
  ///
  /// With N = |slope|/curvature, the distance at which a parabola is lowest, the slopes of e⁻ᵗ and 1/t are still negative at
  /// 6N; those of x² and x⁴ are positive from N and 3N on, that of xᵖ from (p − 1)N on.
  func isEndless(along gradient: [Double]) -> Bool {
    guard let direction = Linear.unit(Linear.scale(-1, gradient)) else { return false }
    let slope = Linear.dot(polish.gradient, direction)
    let curvature = Linear.dot(direction, polish.hessian.times(direction))
    let newton = curvature > 0 ? -slope / curvature : .infinity
    let unit = function.unit
    guard slope < 0, newton > 1e-3 * unit, newton <= unit + Linear.norm(polish.theta) else { return false }
    // A network's valley bends: no farther there.
    let multiples = [1.5, 2, 3, 4, 6] + (function is NetworkLoss ? [] : [12, 24, 48])
    let points = multiples.map { Linear.add(polish.theta, $0 * newton, direction) }
    let slopes = function.gradients(at: points).map { Linear.dot($0.gradient, direction) }
    let noise = Polish.gradientNoise(polish.hessian, polish.theta, unit: function.unit)
    return slopes.allSatisfy { $0 <= 1e-3 * slope || abs($0) <= 10 * noise } && slopes[0] <= 0.05 * slope
  }

  /// Whether what E may still fall along a gradient within the length of θ is less than its rounding.
  func isBelowRounding(along gradient: [Double]) -> Bool {
    if function is NetworkLoss { return false }
    let size = function.unit + Linear.norm(polish.theta)
    return Linear.norm(gradient) * size <= Rounding(function, polish.theta).loss
  }
}
