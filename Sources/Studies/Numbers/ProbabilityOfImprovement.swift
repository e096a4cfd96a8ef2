/// The probability that a run of one setting is better than a run of another: every run against every other, ties counted as ½.
///
///     P = 1/(mn) Σᵢⱼ S(xᵢ, yⱼ),  S = 1, ½, 0 for better, equal, worse
///
/// It is the Mann–Whitney statistic. Unlike the share of seeds, it compares runs of different seeds too.
///
/// Source: Agarwal et al. 2021, arXiv:2108.13264 (rliable).
package struct ProbabilityOfImprovement: Hashable, Sendable {
  /// The probability; NaN without runs.
  package let value: Double
  /// The 95 % interval.
  ///
  /// The bounds θ solve |P − θ| = 1.96·√V(θ), with the variance that Hanley & McNeil 1982 (doi:10.1148/radiology.143.1.7063747)
  /// give for independent runs. Unlike a bootstrap, the interval does not collapse where all runs of a setting are better.
  /// Source: Newcombe 2006, doi:10.1002/sim.2324, method 5. For seeds that help both settings it is conservative.
  package let interval: ClosedRange<Double>

  /// - Parameter prefersMore: whether greater values are better.
  package init(of own: [Double], over other: [Double], prefersMore: Bool) {
    let sorted = Statistics.sorted(other)
    /// The number of elements for which a condition holds that holds for the first of them only.
    func prefix(_ holds: (Double) -> Bool) -> Int {
      var (low, high) = (0, sorted.count)
      while low < high {
        let middle = (low + high) / 2
        if holds(sorted[middle]) { low = middle + 1 } else { high = middle }
      }
      return low
    }
    let wins = own.reduce(0.0) { sum, value in
      let below = prefix { Statistics.precedes($0, value) }
      let notAbove = prefix { !Statistics.precedes(value, $0) }
      let better = prefersMore ? below : sorted.count - notAbove
      return sum + Double(better) + 0.5 * Double(notAbove - below)
    }
    let pairs = Double(own.count) * Double(other.count)
    value = pairs == 0 ? .nan : wins / pairs
    interval = pairs == 0 ? 0...1 : Self.interval(value, own.count, other.count)
  }

  private static func interval(_ value: Double, _ m: Int, _ n: Int) -> ClosedRange<Double> {
    let low = bound(value, from: 0, m, n)
    let high = bound(value, from: 1, m, n)
    return min(low, value)...max(high, value)
  }

  /// The θ between an end of [0, 1] and the value at which the value is 1.96 standard errors away, by bisection.
  private static func bound(_ value: Double, from end: Double, _ m: Int, _ n: Int) -> Double {
    let z = 1.959963984540054
    let half = Double(m + n) / 2 - 1
    var (outside, inside) = (end, value)
    for _ in 0..<60 {
      let θ = (outside + inside) / 2
      let spread = 1 + half * ((1 - θ) / (2 - θ) + θ / (1 + θ))
      let variance = θ * (1 - θ) / (Double(m) * Double(n)) * spread
      if (value - θ) * (value - θ) > z * z * variance { outside = θ } else { inside = θ }
    }
    return inside
  }
}
