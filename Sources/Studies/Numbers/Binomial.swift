/// The binomial distribution: the number of successes in n independent trials of one probability.
///
/// Sums of its terms are computed relative to the greatest term, which neither overflow nor, where they matter, vanish.
struct Binomial {
  /// The terms P(B = k), k = 0 … n, divided by the greatest.
  private let terms: [Double]
  private let total: Double

  /// - Parameters:
  ///   - count: the number n of trials, at least 0.
  ///   - probability: the probability of a success, in [0, 1].
  init(_ count: Int, probability: Double = 0.5) {
    let odds = probability / (1 - probability)
    var terms = Array(repeating: 0.0, count: count + 1)
    let mode = probability >= 1 ? count : min(count, Int(Double(count + 1) * probability))
    terms[mode] = 1
    if probability > 0, probability < 1 {
      for k in stride(from: mode - 1, through: 0, by: -1) {
        terms[k] = terms[k + 1] * Double(k + 1) / Double(count - k) / odds
      }
      for k in stride(from: mode + 1, through: count, by: 1) {
        terms[k] = terms[k - 1] * Double(count - k + 1) / Double(k) * odds
      }
    }
    self.terms = terms
    total = terms.reduce(0, +)
  }

  /// P(B ≥ k), summed from the smallest term.
  func atLeast(_ k: Int) -> Double {
    k <= 0 ? 1 : k >= terms.count ? 0 : min(1, terms[k...].reversed().reduce(0, +) / total)
  }

  /// The least k with P(B ≥ k) ≤ `tail`; n + 1 if there is none up to n.
  func critical(tail: Double) -> Int {
    var sum = 0.0
    for k in terms.indices.reversed() {
      sum += terms[k]
      if sum > tail * total { return k + 1 }
    }
    return 0
  }
}
