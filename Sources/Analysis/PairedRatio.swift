import Studies

/// The ratio of a metric between two settings, paired by seed: the median, and an interval that assumes no distribution.
///
/// Runs of equal seeds share their data and the random numbers of their initial weights. The interval is that of the sign
/// test (`Statistics.medianInterval`). Its level is corrected for all comparisons of a sweep, which hold jointly with 95 %
/// (Bonferroni). Therefore the best width, or a peak, may be chosen after the comparison.
public struct PairedRatio: Sendable, CustomStringConvertible {
  /// Median of the ratios.
  public let median: Double
  /// `nil` if there are too few pairs for the number of comparisons.
  public let interval: ClosedRange<Double>?
  /// The number of seeds that both settings have.
  public let pairs: Int

  /// The ratio of a setting to itself.
  static let one = PairedRatio(median: 1, interval: 1...1, pairs: 0)

  private init(median: Double, interval: ClosedRange<Double>?, pairs: Int) {
    (self.median, self.interval, self.pairs) = (median, interval, pairs)
  }

  /// Several pairs of one seed are not independent: their median counts once.
  /// - Parameter comparisons: the number of intervals that hold jointly.
  init(_ own: PairedValues, _ other: PairedValues, comparisons: Int) {
    let seeds = Dictionary(grouping: own.pairs(with: other), by: \.seed)
    let ratios = seeds.values.map { pairs in Statistics.median(pairs.map { Self.ratio($0.own, $0.other) }) }
    median = Statistics.median(ratios)
    interval = Statistics.medianInterval(ratios, confidence: Self.confidence(comparisons))
    self.pairs = ratios.count
  }

  /// Two values that are both infinite, or both zero, have the ratio 1.
  private static func ratio(_ a: Double, _ b: Double) -> Double { a == b ? 1 : a / b }

  private static func confidence(_ comparisons: Int) -> Double { 1 - 0.05 / Double(max(1, comparisons)) }

  /// The least number n of pairs that can give an interval: 2·2⁻ⁿ ≤ 0.05 / comparisons.
  static func pairsNeeded(_ comparisons: Int) -> Int {
    (1...64).first { 2 / Double(1 << min($0, 62)) <= 0.05 / Double(max(1, comparisons)) } ?? 64
  }

  /// Whether the whole interval lies above 1.
  public var isAboveOne: Bool { (interval?.lowerBound ?? 0) > 1 }

  /// "1.88 (1.6–2.3)"
  public var description: String {
    guard let interval else {
      return "\(NumberText.short(median)) (\(NumberText.count(pairs, "pair")): too few for an interval)"
    }
    return
      "\(NumberText.short(median)) (\(NumberText.short(interval.lowerBound))–\(NumberText.short(interval.upperBound)))"
  }
}
