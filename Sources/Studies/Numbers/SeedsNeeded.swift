import Learning

/// The number of seeds with which a sign test would decide a comparison, from the pairs of a pilot.
///
/// A future seed is taken to favour the leading setting, the other one, or neither, with the shares of the pilot. The true shares are not
/// known: `fewest` and `most` use the bounds of the Wilson interval of the leading setting's share.
package struct SeedsNeeded: Hashable, Sendable {
  /// The probability of a decision with so many seeds.
  package static let power = 0.8
  /// More seeds than these are not searched for.
  package static let limit = 4096

  /// The number for the share of the pilot; `nil` if it is above the limit, or the pilot has no leading setting.
  package let likely: Int?
  /// The number for the upper bound of the share; `nil` above the limit.
  package let fewest: Int?
  /// The number for the lower bound of the share; `nil` above the limit, or if the bound is not above one half.
  package let most: Int?

  /// - Parameter level: the bound on p; that of one comparison among several is smaller than 0.05.
  package init(_ pilot: SignTest, level: Double) {
    let lead = max(pilot.better, pilot.worse)
    let interval = Statistics.wilson(lead, of: pilot.untied)
    let untied = pilot.count == 0 ? 1 : Double(pilot.untied) / Double(pilot.count)
    func seeds(_ share: Double) -> Int? {
      guard let pairs = Self.pairs(share: share, level: level) else { return nil }
      let seeds = (Double(pairs) / untied).rounded(.up)
      return seeds <= Double(Self.limit) ? Int(seeds) : nil
    }
    likely = pilot.untied == 0 ? nil : seeds(Double(lead) / Double(pilot.untied))
    fewest = pilot.untied == 0 ? nil : seeds(interval.upperBound)
    most = pilot.untied == 0 ? nil : seeds(interval.lowerBound)
  }

  /// The least number of untied pairs with the power; `nil` above the limit.
  package static func pairs(share: Double, level: Double) -> Int? {
    guard share > 0.5 else { return nil }
    // The normal approximation is close for many pairs: the search for the exact number begins below it.
    let guess = Self.normalGuess(share: share, level: level)
    guard guess < 2 * Double(limit) else { return nil }
    let first = guess < 300 ? 1 : Int(0.7 * guess)
    return (first...max(first, limit)).first { SignTest.power($0, share: share, level: level) >= power }
  }

  /// The number of pairs by the normal approximation: (z/2 + z′√(q(1 − q)))²/(q − ½)².
  private static func normalGuess(share: Double, level: Double) -> Double {
    let z = normalQuantile(tail: level / 2)
    let spread = (share * (1 - share)).squareRoot()
    let root = (z / 2 + 0.8416 * spread) / (share - 0.5)
    return root * root
  }

  /// The value that a standard normal number exceeds with a small probability, to 4.5·10⁻⁴.
  /// Source: Abramowitz & Stegun 1964, 26.2.23.
  private static func normalQuantile(tail: Double) -> Double {
    let t = (-2 * Exact.log(max(tail, 1e-300))).squareRoot()
    let upper = 2.515517 + t * (0.802853 + t * 0.010328)
    let lower = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
    return t - upper / lower
  }
}
