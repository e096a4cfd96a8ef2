/// Searches a degenerate stationary point for a direction of descent that second derivatives do not show.
///
/// A point at distance r along a direction without curvature is moved by one Newton step in the curved directions (a valley
/// may bend), and its loss is compared. A direction counts if E is lower at r, r/2 and r/4 by amounts that shrink like a power
/// of r: then E falls from the point itself, and not from somewhere beyond a rise.
struct FlatDirectionSearch<Function: LossFunction> {
  private let function: Function
  private let theta: [Double]
  private let loss: Double
  private let curved: [(value: Double, vector: [Double])]

  init(_ function: Function, _ theta: [Double], _ loss: Double, certain: [(Double, [Double])]) {
    (self.function, self.theta, self.loss) = (function, theta, loss)
    curved = certain.map { (value: $0.0, vector: $0.1) }
  }

  /// A direction of length 1 along which E falls; `nil` where none was found.
  func descent(in flat: [[Double]]) -> [Double]? {
    guard !flat.isEmpty else { return nil }
    let scale = max(function.unit, Linear.norm(theta) / Double(max(1, theta.count)).squareRoot())
    let radii = [0.02, 0.01, 0.005].map { $0 * scale }
    let rounding = function is NetworkLoss ? 1e-14 * max(abs(loss), 1e-3) : 4 * Rounding(function, theta).loss
    return candidates(flat).first { direction in
      let drops = losses(radii.map { Linear.add(theta, $0, direction) }).map { loss - $0 }
      guard drops.allSatisfy({ $0 > rounding }) else { return false }
      // Halving r divides a drop of order p by 2ᵖ; p from 1.5 to 8.
      return zip(drops, drops.dropFirst()).allSatisfy { $0 / $1 > 2.8 && $0 / $1 < 256 }
    }
  }

  /// Both signs of each flat direction and of some mixtures of all: a form of odd order that is not zero is negative along
  /// one of two opposite directions, for almost every choice of the pair.
  private func candidates(_ flat: [[Double]]) -> [[Double]] {
    var chosen = flat
    if flat.count > 1 {
      var state: UInt64 = 0x9E37_79B9_7F4A_7C15
      for _ in 0..<8 {
        let mixture = flat.reduce(Array(repeating: 0.0, count: theta.count)) { sum, v in
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          return Linear.add(sum, Double(Int64(bitPattern: state)) / 0x1p63, v)
        }
        if let unit = Linear.unit(mixture) { chosen.append(unit) }
      }
    }
    return chosen.flatMap { [$0, Linear.scale(-1, $0)] }
  }

  /// E at points moved by a Newton step in the curved directions.
  private func losses(_ points: [[Double]]) -> [Double] {
    let lowered = zip(points, function.gradients(at: points)).map { point, found in
      curved.reduce(point) { Linear.add($0, -Linear.dot($1.vector, found.gradient) / $1.value, $1.vector) }
    }
    // Where the Newton step overshoots, the point itself counts.
    return zip(function.losses(at: points), function.losses(at: lowered)).map { min($0, $1) }
  }
}
