/// The exact two-sided sign test of paired values.
///
///     p = min(1, 2·P(B ≥ max(better, worse))),  B ~ Binomial(better + worse, ½)
///
/// It uses the order of the two values of a pair only. Therefore it needs no assumption about the distribution of the differences:
/// neither the symmetry that the signed-rank test needs for a statement about the median, nor finite values. A diverged run is worse than
/// any other, whatever its loss was. `Statistics.medianInterval` is the interval of the same test.
///
/// Ties carry no information about the sign. They are left out of the test and counted (Dixon & Mood 1946, doi:10.2307/2280577).
package struct SignTest: Hashable, Sendable {
  /// Pairs in which the first value is better.
  package let better: Int
  /// Pairs in which the first value is worse.
  package let worse: Int
  /// Pairs of equal values.
  package let tied: Int
  /// The two-sided p value; 1 without a pair that is not tied.
  package let p: Double

  /// The test of so many pairs.
  package init(better: Int, worse: Int, tied: Int = 0) {
    (self.better, self.worse, self.tied) = (better, worse, tied)
    p = min(1, 2 * Binomial(better + worse).atLeast(max(better, worse)))
  }

  /// Number of pairs that are not tied.
  package var untied: Int { better + worse }
  /// Number of all pairs.
  package var count: Int { untied + tied }

  /// The least number of one sign among `count` untied pairs with p ≤ `level`; `nil` where even all of them are too few.
  static func critical(_ count: Int, level: Double) -> Int? {
    let least = Binomial(count).critical(tail: level / 2)
    return least > count ? nil : least
  }

  /// The probability of p ≤ `level` with the sign that is in fact more frequent.
  /// - Parameters:
  ///   - count: the number of untied pairs.
  ///   - share: the probability of this sign in a pair.
  package static func power(_ count: Int, share: Double, level: Double) -> Double {
    guard let least = critical(count, level: level) else { return 0 }
    return Binomial(count, probability: share).atLeast(least)
  }
}
