/// How far an end point and its loss may be from the stationary point that it approximates.
struct EndPointUncertainty {
  var loss: Double
  var position: Double

  static let unknown = EndPointUncertainty(loss: 0, position: 0)

  /// Every estimate is multiplied by this before two end points are compared.
  private static var safety: Double { 10 }

  /// By the class of the end point. Places of networks at infinity and on kinks have none of their own: their levels are compared
  /// within a share of the greatest loss (`Census.levelTolerance`).
  init(
    _ function: some LossFunction, _ polish: Polish, kind: EndPoint.Kind, limit: Double, curved: [(Double, [Double])],
    flat: [[Double]]
  ) {
    switch kind {
    case .atInfinity where !(function is NetworkLoss):
      self.init(atInfinity: polish, limit: limit, unit: function.unit)
    case .strictMinimum, .degenerateMinimum, .saddle, .maximum:
      self.init(function, polish, curved: curved, flat: flat)
    default: self = .unknown
    }
  }

  /// Of a stationary point: the Newton step that is left, H⁻¹∇E, and what rounding of ∇E adds to it,
  ///
  ///     δθ = Σ |vᵢ·∇E|/|λᵢ|,   δE = ½ Σ (vᵢ·∇E)²/|λᵢ| + rounding of E
  ///
  /// over the curved directions. Along a direction without curvature E changes by at most |vᵢ·∇E| per length.
  private init(_ function: some LossFunction, _ polish: Polish, curved: [(Double, [Double])], flat: [[Double]]) {
    let theta = polish.theta
    let rounding = Rounding(function, theta)
    var (square, energy) = (0.0, 0.0)
    for (value, vector) in curved where value != 0 {
      let slope = abs(Linear.dot(vector, polish.gradient)) + rounding.gradient(along: vector)
      square += (slope / value) * (slope / value)
      energy += 0.5 * slope * slope / abs(value)
    }
    for vector in flat {
      let slope = abs(Linear.dot(vector, polish.gradient))
      let bend = abs(polish.hessian.form(vector)) - 3 * (polish.uncertainty?.form(vector.map(abs)) ?? 0)
      // A minimum of order p lies p − 1 Newton steps away; no order is taken for higher than 20.
      let size = function.unit + Linear.norm(theta)
      let reach = bend > 0 ? min(20 * slope / bend, size) : size
      energy += slope * reach
    }
    let digits = theta.reduce(0) { max($0, $1.ulp) } * Double(max(1, theta.count)).squareRoot()
    position = Self.safety * (square.squareRoot() + digits)
    loss = Self.safety * (energy + rounding.loss)
  }

  /// Of a place at infinity: how far the loss still falls, at least its slope times the length of θ.
  private init(atInfinity polish: Polish, limit: Double, unit: Double) {
    position = .infinity
    loss = 2 * (abs(polish.loss - limit) + polish.gradientNorm * (unit + Linear.norm(polish.theta)))
  }

  /// Of a kink found to a radius, with the slopes around it.
  init(kinkWithin radius: Double, slope: Double) {
    position = Self.safety * radius
    loss = Self.safety * radius * slope
  }

  private init(loss: Double, position: Double) { (self.loss, self.position) = (loss, position) }
}
