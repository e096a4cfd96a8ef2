import Foundation
import Lanes

/// Summaries of samples. Nothing is dropped: what is not finite keeps its rank.
public enum Statistics {
  /// The p-quantile by linear interpolation between order statistics (Hyndman & Fan 1996, type 7). NaN ranks above
  /// every number, infinity included, so that a diverged run ranks behind all others.
  public static func quantile(_ values: [Double], _ p: Double) -> Double {
    quantile(sorted: sorted(values), p)
  }

  /// Values in order, NaN last.
  public static func sorted(_ values: [Double]) -> [Double] {
    // Without NaN both orders are the same, and the order of numbers alone is faster.
    values.contains(where: \.isNaN) ? values.sorted(by: precedes) : values.sorted()
  }

  /// The order of ranks: NaN after every number.
  package static func precedes(_ a: Double, _ b: Double) -> Bool { a.isNaN ? false : b.isNaN ? true : a < b }

  /// The quantile of values in rising order, between neighbours by linear interpolation; p in [0, 1].
  public static func quantile(sorted: [Double], _ p: Double) -> Double {
    guard let last = sorted.last else { return .nan }
    let position = p * Double(sorted.count - 1)
    let lower = Int(position)
    guard lower + 1 < sorted.count else { return last }
    let fraction = position - Double(lower)
    if fraction == 0 { return sorted[lower] }
    let (a, b) = (sorted[lower], sorted[lower + 1])
    return a == b ? a : a + fraction * (b - a)
  }

  /// The median.
  public static func median(_ values: [Double]) -> Double { quantile(values, 0.5) }

  /// Wilson's score interval for a share of `successes` among `count`.
  ///
  ///     (p̂ + z²/2n ± z√(p̂(1−p̂)/n + z²/4n²)) / (1 + z²/n)
  ///
  /// Source: Wilson 1927, doi:10.1080/01621459.1927.10502953. z = 1.96 for 95 %.
  public static func wilson(_ successes: Int, of count: Int, z: Double = 1.959963984540054) -> ClosedRange<Double> {
    guard count > 0 else { return 0...1 }
    let n = Double(count)
    let p = Double(successes) / n
    let z2 = z * z
    let spread = z * (p * (1 - p) / n + z2 / (4 * n * n)).squareRoot()
    let low = (p + z2 / (2 * n) - spread) / (1 + z2 / n)
    let high = (p + z2 / (2 * n) + spread) / (1 + z2 / n)
    return max(0, successes == 0 ? 0 : low)...min(1, successes == count ? 1 : high)
  }

  /// A percentile bootstrap interval (95 %) for the median, 2,000 resamples from a fixed stream.
  /// Source: Efron & Tibshirani 1993.
  public static func bootstrapMedian(_ values: [Double], resamples: Int = 2000) -> ClosedRange<Double>? {
    let finite = values.filter { !$0.isNaN }
    guard finite.count > 1 else { return nil }
    let stream = RandomStream(seed: UInt64(finite.count), role: .analysis)
    var medians: [Double] = []
    medians.reserveCapacity(resamples)
    var draw = 0
    for _ in 0..<resamples {
      var sample: [Double] = []
      sample.reserveCapacity(finite.count)
      for _ in finite.indices {
        sample.append(finite[stream.index(draw, below: finite.count)])
        draw += 1
      }
      medians.append(median(sample))
    }
    medians.sort()
    let low = quantile(sorted: medians, 0.025)
    let high = quantile(sorted: medians, 0.975)
    return low <= high ? low...high : nil
  }

  /// An interval for the median from order statistics, valid for any distribution and any count: the inverted sign test.
  ///
  ///     [x₍ₖ₎, x₍ₙ₊₁₋ₖ₎],  k the greatest with 2·P(B ≤ k − 1) ≤ 1 − confidence,  B ~ Binomial(n, ½)
  ///
  /// Infinite values keep their rank. `nil` where there are too few values for the confidence: 2·2⁻ⁿ is too much already.
  ///
  /// Source: Thompson 1936, doi:10.1214/aoms/1177732502.
  public static func medianInterval(_ values: [Double], confidence: Double) -> ClosedRange<Double>? {
    let sorted = sorted(values.filter { !$0.isNaN })
    let n = sorted.count
    guard n > 0 else { return nil }
    // Binomial coefficients as shares of the greatest, which neither overflow nor, where they matter, vanish.
    var weights = Array(repeating: 1.0, count: n + 1)
    for j in stride(from: n / 2 - 1, through: 0, by: -1) { weights[j] = weights[j + 1] * Double(j + 1) / Double(n - j) }
    for j in stride(from: n / 2 + 1, through: n, by: 1) { weights[j] = weights[j - 1] * Double(n - j + 1) / Double(j) }
    let total = weights.reduce(0, +)
    var tail = 0.0
    var k = 0
    while k < (n + 1) / 2 {
      tail += weights[k]
      if 2 * tail > (1 - confidence) * total { break }
      k += 1
    }
    return k == 0 ? nil : sorted[k - 1]...sorted[n - k]
  }
}
