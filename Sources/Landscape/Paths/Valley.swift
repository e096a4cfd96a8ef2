/// The floor of a valley of equal loss, followed from one degenerate minimum to another.
///
/// A step follows the directions without curvature towards the other point, then Newton steps in the curved directions return
/// to the floor (a predictor and corrector, Allgower & Georg 1990). A step counts if the floor is reached within a third of its
/// length and is not higher than both points within their uncertainty; else it is halved.
struct Valley<Function: LossFunction> {
  private let function: Function
  private let unit: Double
  /// The loss up to which a point belongs to the valley.
  private let ceiling: Double

  init(_ function: Function, _ a: EndPoint, _ b: EndPoint) {
    self.function = function
    unit = max(function.unit, Linear.norm(a.theta) / Double(max(1, a.theta.count)).squareRoot())
    ceiling = max(a.limit, b.limit) + 10 * max(a.uncertainty.loss, b.uncertainty.loss)
  }

  /// Whether the floor leads from one point to the other; `false` where that was not found.
  func connects(_ start: [Double], _ target: [Double]) -> Bool {
    var point = start
    var lastMove: [Double]?
    var length = 0.1 * unit
    for _ in 0..<400 {
      if isFlat(from: point, to: target) { return true }
      guard let frame = Frame(function, point) else { return false }
      let gap = Linear.add(target, -1, point)
      var ahead = frame.alongFloor(gap)
      if Linear.norm(ahead) < 0.05 * Linear.norm(gap) {
        // The other point lies across the valley: keep the direction, or take any flat one.
        ahead = frame.alongFloor(lastMove ?? frame.flat.first ?? gap)
      }
      guard let direction = Linear.unit(ahead) else { return false }
      guard let next = step(from: point, direction, &length, least: 1e-4 * unit, limit: Linear.norm(gap)) else {
        return false
      }
      lastMove = Linear.add(next, -1, point)
      point = next
    }
    return false
  }

  /// Whether E stays in the valley on the straight line between two points.
  private func isFlat(from a: [Double], to b: [Double]) -> Bool {
    let line = (1...8).map { Linear.add(Linear.scale(1 - Double($0) / 9, a), Double($0) / 9, b) }
    return function.losses(at: line).allSatisfy { $0 <= ceiling }
  }

  private func step(
    from point: [Double], _ direction: [Double], _ length: inout Double, least: Double, limit: Double
  ) -> [Double]? {
    for _ in 0..<20 where length >= least {
      let along = min(length, limit)
      if let middle = lowered(Linear.add(point, 0.5 * along, direction), within: along / 6),
        let next = lowered(Linear.add(point, along, direction), within: along / 3),
        Linear.distance(middle, next) < along
      {
        length = min(1.5 * length, 0.2 * unit)
        return next
      }
      length *= 0.5
    }
    return nil
  }

  /// The floor under a point: at most eight Newton steps in the curved directions.
  private func lowered(_ start: [Double], within reach: Double) -> [Double]? {
    var point = start
    for _ in 0..<8 {
      guard let frame = Frame(function, point) else { return nil }
      if frame.floor <= ceiling, frame.loss <= ceiling + 1e-12 * abs(ceiling) { return point }
      point = Linear.add(point, 1, frame.down)
      guard Linear.distance(point, start) <= reach else { return nil }
    }
    return function(point) <= ceiling ? point : nil
  }

  /// Whether the valley around a point is shorter than a distance: E rises above the ceiling on both sides along every direction
  /// that is examined, those of the Hessian and a mixture of the flat ones.
  func isIsolated(_ theta: [Double], within distance: Double) -> Bool {
    guard let frame = Frame(function, theta), theta.count <= 64 else { return false }
    let mixture = frame.flat.reduce(theta.map { _ in 0 }) { Linear.add($0, 1, $1) }
    let directions = frame.flat + frame.curved + [mixture].compactMap(Linear.unit)
    return directions.flatMap { [$0, Linear.scale(-1, $0)] }.allSatisfy { direction in
      [0.03, 0.1, 0.3].contains { floor(under: Linear.add(theta, $0 * distance, direction)) > ceiling }
    }
  }

  /// The least E on at most eight Newton steps in the curved directions.
  private func floor(under start: [Double]) -> Double {
    var (point, least) = (start, Double.infinity)
    for _ in 0..<8 {
      guard let frame = Frame(function, point) else { break }
      least = min(least, frame.loss)
      point = Linear.add(point, 1, frame.down)
    }
    return min(least, function(point))
  }

  /// Curved and flat directions at a point.
  private struct Frame {
    let loss: Double
    /// E after the Newton step in the curved directions, by the parabola.
    let floor: Double
    let flat: [[Double]]
    let curved: [[Double]]
    /// The Newton step in the curved directions.
    let down: [Double]

    init?(_ function: Function, _ theta: [Double]) {
      let found = function.derivatives(theta)
      guard let eigen = SymmetricEigen(found.hessian, vectors: true), found.loss.isFinite else { return nil }
      let largest = eigen.values.map(abs).max() ?? 0
      var (down, fall, flat, curved) = (theta.map { _ in 0.0 }, 0.0, [[Double]](), [[Double]]())
      for (value, vector) in zip(eigen.values, eigen.vectors) {
        guard value > 1e-3 * largest else {
          flat.append(vector)
          continue
        }
        curved.append(vector)
        let slope = Linear.dot(vector, found.gradient)
        down = Linear.add(down, -slope / value, vector)
        fall += 0.5 * slope * slope / value
      }
      (loss, floor) = (found.loss, found.loss - fall)
      (self.flat, self.curved, self.down) = (flat, curved, down)
    }

    func alongFloor(_ v: [Double]) -> [Double] {
      flat.reduce(v.map { _ in 0 }) { Linear.add($0, Linear.dot($1, v), $1) }
    }
  }
}

extension LossFunction {
  /// Whether a valley of equal loss leads from one degenerate minimum to another, up to the function's symmetries.
  func isConnected(_ a: EndPoint, _ b: EndPoint) -> Bool {
    Valley(self, a, b).connects(a.theta, aligned(b.theta, to: a.theta))
  }

  /// Whether one of two degenerate minima is shown to be separate from the other.
  func isApart(_ a: EndPoint, _ b: EndPoint) -> Bool {
    let distance = Linear.distance(a.theta, aligned(b.theta, to: a.theta))
    let valley = Valley(self, a, b)
    return valley.isIsolated(a.theta, within: distance) || valley.isIsolated(b.theta, within: distance)
  }
}
