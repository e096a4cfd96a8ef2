import Plotting

/// The statistics of figures, computed a second time, as simply and as slowly as one likes.
enum Reference {
  /// Between the order statistics around rank (n − 1)p, in proportion; NaN ranks after every number.
  static func quantile(_ values: [Double], _ p: Double) -> Double {
    var rest = values
    var ranked: [Double] = []
    while !rest.isEmpty {
      var least = 0
      for i in rest.indices where rest[i] < rest[least] || rest[least].isNaN { least = i }
      ranked.append(rest.remove(at: least))
    }
    if ranked.isEmpty { return .nan }
    let rank = p * Double(ranked.count - 1)
    let (below, above) = (ranked[Int(rank.rounded(.down))], ranked[Int(rank.rounded(.up))])
    if below == above { return below }
    return below * (rank.rounded(.up) - rank) + above * (rank - rank.rounded(.down))
  }

  static func median(_ values: [Double]) -> Double { quantile(values, 0.5) }

  /// Wilson's bounds by bisection: the shares p at which |p̂ − p| = z·√(p(1 − p)/n), in percent.
  static func wilson(_ successes: Int, of count: Int) -> (low: Double, high: Double) {
    let share = Double(successes) / Double(count)
    func bound(from outside: Double) -> Double {
      var (outer, inner) = (outside, share)
      for _ in 0..<200 {
        let p = (outer + inner) / 2
        let isOutside = abs(share - p) > 1.959963984540054 * (p * (1 - p) / Double(count)).squareRoot()
        if isOutside { outer = p } else { inner = p }
      }
      return 100 * outer
    }
    return (successes == 0 ? 0 : bound(from: 0), successes == count ? 100 : bound(from: 1))
  }
}

/// Equal, or as near as rounding allows; infinities and NaN equal themselves.
func near(_ a: Double, _ b: Double, _ tolerance: Double = 1e-10) -> Bool {
  a == b || (a.isNaN && b.isNaN) || abs(a - b) <= tolerance * max(1, abs(a), abs(b))
}

func near(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-10) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { near($0, $1, tolerance) }
}

func near(_ a: [Point], _ b: [Point], _ tolerance: Double = 1e-10) -> Bool {
  near(a.map(\.x), b.map(\.x), tolerance) && near(a.map(\.y), b.map(\.y), tolerance)
}

func near(_ a: Point, _ b: Point, _ tolerance: Double = 1e-10) -> Bool { near([a], [b], tolerance) }
