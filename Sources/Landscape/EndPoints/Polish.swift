/// Newton steps from the final parameters of a run to the stationary point that it approached, each of them downhill.
///
///     (H + μI)s = −∇E,   (H + μI)a = −½ ∂²∇E[s, s],   θ ← θ + τs + τ²a
///
/// μ is as small as keeps H + μI positive definite and the step short (Levenberg 1944, Marquardt 1963); the second term bends
/// the step with a valley that bends (Transtrum & Sethna 2012, arXiv:1201.5885). E is evaluated at eight points along each step,
/// all eight in the lanes of one evaluation, and the step is taken only as far as E fell from point to point: no barrier is
/// jumped that is wider than an eighth of a step. Where the Hessian had a negative eigenvalue during polishing, gradient descent
/// itself might have reached another point: `crossedNegativeCurvature` says so.
///
/// Near a minimum Newton steps shrink; where E decreases without end like e⁻ᵗ or a power of t they do not. Steps that continue
/// in one direction without shrinking, while E falls ahead as far as many of them reach, are therefore the sign of a place at
/// infinity; in a valley too narrow for full steps, the sign is a path that is far from where it began and does not slow down.
package struct Polish: Sendable {
  /// The present parameters.
  package private(set) var theta: [Double]
  /// The loss at the present parameters.
  package private(set) var loss: Double
  /// ‖∇E‖₂ at the present parameters.
  package private(set) var gradientNorm: Double
  /// Number of steps so far.
  package private(set) var iterations = 0
  /// Whether ∇E is zero to rounding, or the steps have become so short that their sum converges.
  package private(set) var isStationary = false
  /// Whether the steps became so short that their sum converges.
  private(set) var hasConverged = false
  /// Whether the Hessian had a negative eigenvalue at one of the steps.
  package private(set) var crossedNegativeCurvature = false
  /// The loss far ahead, for a place at infinity.
  package private(set) var limit: Double?

  private(set) var hessian: SquareMatrix
  private(set) var uncertainty: SquareMatrix?
  private(set) var gradient: [Double]
  /// The latest full Newton steps, the last one last.
  private(set) var strides: [[Double]] = []
  /// θ after each quarter of all steps.
  private var quarters: [[Double]] = []
  private let start: [Double]
  private let unit: Double

  /// - Parameter limit: Newton steps at most.
  package init(_ function: some LossFunction, from start: [Double], limit: Int = 500) {
    let first = function.derivatives(start)
    self.start = start
    unit = function.unit
    theta = start
    (loss, gradient, hessian, uncertainty) = (first.loss, first.gradient, first.hessian, first.uncertainty)
    gradientNorm = Linear.norm(first.gradient)
    descend(function, limit: limit)
  }

  /// The error that rounding leaves in a component of ∇E: the gradient is a sum of terms as large as H's entries times θ.
  static func gradientNoise(_ hessian: SquareMatrix, _ theta: [Double], unit: Double) -> Double {
    1e-16 * hessian.radius * max(unit, Linear.norm(theta))
  }

  // MARK: Downhill

  private mutating func descend(_ function: some LossFunction, limit most: Int) {
    var shift = 0.0
    let (firstLoss, firstRadius) = (loss, hessian.radius)
    while iterations < most, loss.isFinite, gradientNorm.isFinite, hessian.radius.isFinite {
      // A function without curvature, like |y − t|, has its scale from the gradient.
      let radius = max(hessian.radius, 1e-3 * gradientNorm / longestStep)
      let noise = Self.gradientNoise(hessian, theta, unit: unit)
      // Rounding alone does not count as curvature.
      let floor = 1e-12 * radius
      if gradientNorm <= noise { break }
      let (step, used) = newtonStep(max(shift, floor), radius)
      if used > 16 * floor && hessian.solve(gradient, shiftedBy: 1e-10 * radius) == nil {
        crossedNegativeCurvature = true
      }
      iterations += 1
      guard let share = advance(function, step, shift: used) else {
        if hasConverged { break }
        // Neither E nor ∇E fell: a shorter step next, until steps are shorter than rounding.
        shift = max(8 * used, 1e-4 * radius)
        if Linear.norm(step) <= 1e-15 * max(unit, Linear.norm(theta)) || used > 1e12 * radius { break }
        continue
      }
      shift = share < 1 ? max(2 * used, 1e-8 * radius) : used / 8
      note(step, isFull: share == 1 && used <= 8 * floor)
      if stepsHaveAnEnd {
        hasConverged = true
        // Of a degenerate minimum every further digit costs as many steps as the first ones.
        if convergesSlowly, !(function is NetworkLoss) { break }
      }
      if let far = endlessLimit(function) {
        limit = far
        break
      }
      if iterations % max(1, most / 4) == 0 { quarters.append(theta) }
    }
    if iterations >= most, keepsItsPace { limit = loss }
    // At a regular minimum of loss 0 the curvature remains. Where it vanishes with the loss and the steps do not converge, the
    // place is at infinity.
    if limit == nil, !hasConverged, abs(loss) < 1e-20 * abs(firstLoss), hessian.radius < 1e-8 * firstRadius {
      limit = loss
    }
    isStationary = hasConverged || gradientNorm <= max(10_000 * Self.gradientNoise(hessian, theta, unit: unit), 1e-300)
  }

  private var longestStep: Double { 0.25 * (unit + Linear.norm(theta)) }

  /// The step for the least shift from `shift` on at which H + μI is positive definite and the step no longer than a
  /// quarter of the parameters.
  private func newtonStep(_ shift: Double, _ radius: Double) -> (step: [Double], shift: Double) {
    let longest = longestStep
    let downhill = Linear.scale(-1, gradient)
    var shift = shift
    // Each turn multiplies the shift by four: 60 lead from 10⁻¹² of the radius beyond 10¹² of it.
    for _ in 0..<60 {
      if let step = hessian.solve(downhill, shiftedBy: shift), Linear.norm(step) <= longest { return (step, shift) }
      guard shift <= 1e6 * radius, shift.isFinite else { break }
      shift = max(4 * shift, 1e-8 * radius)
    }
    return (Linear.scale(longest / max(gradientNorm, longest), downhill), shift)
  }

  /// Takes a step as far as E falls. Returns the share of it that was taken, `nil` for none.
  private mutating func advance(_ function: some LossFunction, _ step: [Double], shift: Double) -> Double? {
    let bend = bend(function, step, shift: shift)
    let shares = (1...8).map { Double($0) / 8 }
    let places = shares.map { Linear.add(Linear.add(theta, $0, step), $0 * $0, bend) }
    let losses = function.losses(at: places)
    let promise = -Linear.dot(gradient, step)
    var taken = 0
    var last = loss
    for value in losses {
      guard value < last else { break }
      last = value
      taken += 1
    }
    // Where differences of E may be rounding only, of E or of the terms of its sum, the gradient decides.
    let size = max(unit, Linear.norm(theta))
    let mayBeRounding = promise < 1e-12 * max(abs(loss), hessian.radius * size * size)
    let byGradient = taken == 0 && mayBeRounding
    guard taken > 0 || byGradient else { return nil }
    if byGradient { taken = 8 }
    let found = function.derivatives(places[taken - 1])
    let norm = Linear.norm(found.gradient)
    guard norm.isFinite, !byGradient || norm < gradientNorm else { return nil }
    uncertainty = found.uncertainty
    (theta, loss, gradient, hessian, gradientNorm) = (
      places[taken - 1], found.loss, found.gradient, found.hessian, norm
    )
    return shares[taken - 1]
  }

  /// How the path bends along a step: ∂²∇E[s, s] by a second difference of the gradient. 0 where it would lead farther than
  /// half the step, or where the step is so short that the difference is rounding.
  private func bend(_ function: some LossFunction, _ step: [Double], shift: Double) -> [Double] {
    let none = Array(repeating: 0.0, count: step.count)
    let (h, length) = (0.125, Linear.norm(step))
    guard length > 1e-4 * (unit + Linear.norm(theta)) else { return none }
    let sides = function.gradients(at: [Linear.add(theta, h, step), Linear.add(theta, -h, step)]).map(\.gradient)
    let second = gradient.indices.map { -0.5 * (sides[0][$0] - 2 * gradient[$0] + sides[1][$0]) / (h * h) }
    guard let bend = hessian.solve(second, shiftedBy: shift), Linear.norm(bend) <= 0.5 * length else { return none }
    return bend
  }

  // MARK: Paths to infinity

  private mutating func note(_ step: [Double], isFull: Bool) {
    if isFull { strides.append(step) } else { strides = [] }
    if strides.count > 6 { strides.removeFirst() }
  }

  /// The loss far ahead if six full Newton steps had one direction without shrinking and E falls, or is equal to rounding, at 1,
  /// 2, … 32 more of them.
  private func endlessLimit(_ function: some LossFunction) -> Double? {
    guard strides.count == 6, let last = strides.last, let first = strides.first else { return nil }
    let lengths = strides.map { Linear.norm($0) }
    guard let least = lengths.min(), least >= 0.6 * lengths[0], least > 1e-3 * unit else { return nil }
    guard Linear.dot(first, last) > 0.8 * lengths[0] * lengths[5] else { return nil }
    let ahead = function.losses(at: (0..<6).map { Linear.add(theta, Double(1 << $0), last) })
    let noise = 1e-13 * abs(loss) + 1e-300
    guard zip([loss] + ahead, ahead).allSatisfy({ $1 <= $0 + noise }), let far = ahead.last else { return nil }
    // Steps that shrink by a constant share q lead to a minimum of high order at a distance q/(1 − q): beyond it E rises, and
    // ∇E shows that where E itself is rounding.
    let share = lengths[5] / lengths[4]
    guard share < 0.98, !(function is NetworkLoss) else { return far }
    let beyond = function.gradients(at: [Linear.add(theta, 3 * share / (1 - share), last)])[0]
    let rises = Linear.dot(beyond.gradient, last) > 1e-3 * abs(Linear.dot(gradient, last))
    return beyond.loss <= far + noise && !rises ? far : nil
  }

  private var convergesSlowly: Bool {
    let lengths = strides.suffix(3).map { Linear.norm($0) }
    return zip(lengths, lengths.dropFirst()).allSatisfy { $1 > 0.3 * $0 }
  }

  /// Whether full Newton steps shrink so that the rest of their sum is negligible: at a minimum of order p each is
  /// (p − 2)/(p − 1) of the one before. On a path to infinity their sum has no bound.
  private var stepsHaveAnEnd: Bool {
    guard strides.count == 6 else { return false }
    let lengths = strides.map { Linear.norm($0) }
    let share = zip(lengths, lengths.dropFirst()).map { $1 / $0 }.max() ?? .infinity
    return share < 0.99 && lengths[5] * share / (1 - share) <= 1e-7 * (unit + Linear.norm(theta))
  }
}

extension Polish {
  /// Whether the last quarter of the steps led as far as the second, in the same direction, and θ has grown threefold: the sign
  /// of a path to infinity in a valley that is too narrow for full steps.
  private var keepsItsPace: Bool {
    guard quarters.count >= 4, Linear.norm(theta) > 3 * (unit + Linear.norm(start)) else { return false }
    let early = Linear.add(quarters[1], -1, quarters[0])
    let late = Linear.add(quarters[3], -1, quarters[2])
    let (a, b) = (Linear.norm(early), Linear.norm(late))
    return b >= 0.5 * a && Linear.dot(early, late) > 0.8 * a * b
  }

  /// The direction of a path to infinity.
  var direction: [Double] {
    strides.last ?? Linear.add(theta, -1, quarters.count > 1 ? quarters[quarters.count - 2] : start)
  }
}

extension Polish {
  /// The stationary point beside a point, of whatever kind, by Newton steps on ∇E = 0 that make ‖∇E‖ smaller; `nil` where
  /// none is found within `reach`. It takes no step along directions without curvature.
  static func nearest(
    _ function: some LossFunction, to start: [Double], within reach: Double, limit: Int = 40
  ) -> [Double]? {
    var theta = start
    var now = function.derivatives(theta)
    for _ in 0..<limit {
      let noise = gradientNoise(now.hessian, theta, unit: function.unit)
      let norm = Linear.norm(now.gradient)
      if norm <= 40 * noise { return theta }
      guard let eigen = SymmetricEigen(now.hessian, vectors: true) else { return nil }
      let largest = eigen.values.map(abs).max() ?? 0
      var step = Array(repeating: 0.0, count: theta.count)
      for (value, vector) in zip(eigen.values, eigen.vectors) where abs(value) > 1e-10 * largest {
        step = Linear.add(step, -Linear.dot(vector, now.gradient) / value, vector)
      }
      var accepted: Derivatives?
      for share in [1, 0.5, 0.25, 0.0625] {
        let next = Linear.add(theta, share, step)
        guard Linear.distance(next, start) <= reach else { continue }
        let found = function.derivatives(next)
        if Linear.norm(found.gradient) < norm {
          accepted = found
          theta = next
          break
        }
      }
      guard let found = accepted else { return norm <= 10_000 * noise ? theta : nil }
      now = found
    }
    return Linear.norm(now.gradient) <= 10_000 * gradientNoise(now.hessian, theta, unit: function.unit) ? theta : nil
  }
}
