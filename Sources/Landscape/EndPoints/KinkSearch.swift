import Lanes

/// The minimum on a kink of a function that is not smooth there, found by gradient sampling.
///
/// Around a point gradients are taken at pairs of opposite points at a distance ρ. The shortest vector in the convex hull of
/// these gradients is, reversed, a direction of descent for all of them; where it is nearly 0 the point is stationary within
/// ρ, and ρ shrinks. On a kink the gradients themselves keep their length while ρ shrinks; at a smooth minimum they shrink
/// with it.
///
/// Source: Burke, Lewis & Overton 2005, doi:10.1137/030601296.
struct KinkSearch<Function: LossFunction> {
  private let function: Function
  private(set) var theta: [Double]
  private(set) var loss: Double
  /// The shortest vector in the hull of the gradients around the point.
  private(set) var gradientNorm = Double.infinity
  /// The median length of the gradients around the point.
  private(set) var slope = 0.0
  /// How near the kink is known.
  private(set) var radius = 0.0
  private let scale: Double

  /// - Returns: `nil` where no kink was found.
  init?(_ function: Function, from start: [Double]) {
    self.function = function
    theta = start
    loss = function(start)
    scale = max(function.unit, Linear.norm(start) / Double(max(1, start.count)).squareRoot())
    guard loss.isFinite, scale.isFinite, !start.isEmpty else { return nil }
    for share in [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9] {
      radius = scale * share
      guard descend() else { return nil }
    }
    // A kink that belongs to the end point of a run is not far from it.
    guard Linear.distance(theta, start) <= 0.25 * (function.unit + Linear.norm(start)), isKink else { return nil }
  }

  /// Steps down until the point is stationary within the radius; `false` where gradients cannot be evaluated.
  private mutating func descend() -> Bool {
    for _ in 0..<60 {
      let gradients = sample(radius)
      guard gradients.count >= 2 else { return false }
      let shortest = Self.shortest(inHullOf: gradients)
      (gradientNorm, slope) = (Linear.norm(shortest), Self.median(gradients.map { Linear.norm($0) }))
      guard let direction = Linear.unit(shortest), gradientNorm > 1e-3 * slope else { return true }
      let lengths = [32.0, 16, 8, 4, 2, 1, 0.5, 0.25]
      let points = lengths.map { Linear.add(theta, -$0 * radius, direction) }
      let best = zip(points, function.losses(at: points)).filter { $0.1 < loss }.min { $0.1 < $1.1 }
      guard let best else { return true }
      (theta, loss) = best
    }
    return true
  }

  /// Stationary at two radii a thousandfold apart, with slopes that do not shrink, and nothing lower around.
  private var isKink: Bool {
    let (near, far) = (sample(1e-7 * scale), sample(1e-4 * scale))
    guard near.count >= 2, far.count >= 2 else { return false }
    let slopes = [near, far].map { Self.median($0.map { Linear.norm($0) }) }
    guard slopes[0] > 0.3 * slopes[1], slopes[1] > 0 else { return false }
    guard zip([near, far], slopes).allSatisfy({ Linear.norm(Self.shortest(inHullOf: $0)) < 0.05 * $1 }) else {
      return false
    }
    let noise = 4 * loss.ulp + 10 * slopes[0] * radius
    return function.losses(at: directions.map { Linear.add(theta, 1e-5 * scale, $0) }).allSatisfy { $0 > loss - noise }
  }

  /// Pairs of opposite directions: the axes, and as many at random; at most 128 pairs.
  private var directions: [[Double]] {
    let n = theta.count
    let stream = RandomStream(seed: 0, role: .analysis)
    let axes = (0..<min(n, 64)).map { i in theta.indices.map { $0 == i ? 1.0 : 0 } }
    let normals = stream.normals(n * min(n + 1, 64))
    let random = (0..<min(n + 1, 64)).compactMap { Linear.unit(Array(normals[$0 * n..<($0 + 1) * n])) }
    return (axes + random).flatMap { [$0, Linear.scale(-1, $0)] }
  }

  private func sample(_ radius: Double) -> [[Double]] {
    function.gradients(at: directions.map { Linear.add(theta, radius, $0) }).map(\.gradient)
      .filter { $0.allSatisfy(\.isFinite) }
  }

  /// The shortest vector in the convex hull of some vectors, by Frank–Wolfe steps to the vertex that lies lowest along it.
  private static func shortest(inHullOf vectors: [[Double]]) -> [Double] {
    var x = vectors.min { Linear.norm($0) < Linear.norm($1) } ?? []
    for _ in 0..<400 {
      guard let vertex = vectors.min(by: { Linear.dot($0, x) < Linear.dot($1, x) }) else { break }
      let move = Linear.add(vertex, -1, x)
      let (gain, length) = (-Linear.dot(x, move), Linear.dot(move, move))
      guard gain > 1e-12 * Linear.dot(x, x), length > 0 else { break }
      x = Linear.add(x, min(1, gain / length), move)
    }
    return x
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
  }
}
