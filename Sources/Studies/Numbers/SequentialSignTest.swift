import Learning

/// The sign test of pairs that are added one by one: its p value is valid whenever the adding stops, also if it stops because of p.
///
///     Mₙ = 2ⁿ ∫₀¹ θʷ(1 − θ)ⁿ⁻ʷ dθ = 2ⁿ·w!(n − w)!/(n + 1)!,  w of n untied pairs favour the first value
///     pₙ = min(1, 1/max_{m ≤ n} Mₘ)
///
/// If both signs have probability ½, M is a martingale of mean 1, and the probability that it ever reaches 1/α is at most α (Ville 1939).
/// Ties are left out, as in `SignTest`.
///
/// Sources: Robbins 1970, doi:10.1214/aoms/1177696786 (mixtures); Howard, Ramdas, McAuliffe & Sekhon 2021, doi:10.1214/20-AOS1991
/// (confidence sequences); Johari et al. 2022, doi:10.1287/opre.2021.2135 (p values that are always valid).
package struct SequentialSignTest: Hashable, Sendable {
  /// The sign of every pair in their order: 1 where the first value is better, −1 where it is worse, 0 for a tie.
  package let signs: [Int]
  /// p after each pair.
  package let path: [Double]

  /// The test of pairs in the order in which they came.
  package init(_ signs: [Int]) {
    self.signs = signs
    var (better, worse, martingale, least) = (0.0, 0.0, 1.0, 1.0)
    path = signs.map { sign in
      let own = sign > 0 ? better : worse
      if sign != 0 { martingale *= 2 * (own + 1) / (better + worse + 2) }
      if sign > 0 { better += 1 }
      if sign < 0 { worse += 1 }
      least = min(least, 1 / martingale)
      return least
    }
  }

  /// p after the last pair; 1 without one.
  package var p: Double { path.last ?? 1 }

  /// Whether the first value was better in more of the first `count` pairs than it was worse.
  package func favoursFirst(after count: Int) -> Bool { signs.prefix(count).reduce(0, +) > 0 }

  /// The least number of one sign among `count` untied pairs with M ≥ 1/`level`; `nil` where all of them are too few.
  static func critical(_ count: Int, level: Double) -> Int? {
    var found: Int?
    // ln M with all pairs of one sign: 2ⁿ/(n + 1).
    var logarithm = Double(count) * Exact.log(2) - Exact.log(Double(count + 1))
    var own = count
    while logarithm >= -Exact.log(level), 2 * own >= count, own > 0 {
      found = own
      // w!(n − w)! with one less of one sign and one more of the other.
      logarithm += Exact.log(Double(count - own + 1) / Double(own))
      own -= 1
    }
    return found
  }

  /// The least number of pairs that can decide at a level: all of them have one sign.
  package static func fewest(level: Double) -> Int {
    (1...4096).first { critical($0, level: level) != nil } ?? 4096
  }

  /// The values that the test does not reject as the median of a distribution: valid for every number of values at once.
  ///
  ///     [x₍ₙ₊₁₋ₖ₎, x₍ₖ₎],  k the least number of one sign that is rejected
  ///
  /// `nil` where there are too few values.
  package static func medianInterval(_ values: [Double], confidence: Double) -> ClosedRange<Double>? {
    let sorted = Statistics.sorted(values.filter { !$0.isNaN })
    guard let k = critical(sorted.count, level: 1 - confidence), 2 * k > sorted.count else { return nil }
    return sorted[sorted.count - k]...sorted[k - 1]
  }
}
