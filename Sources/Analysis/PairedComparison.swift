package import Studies

/// A metric of the reference compared with that of one other setting, seed by seed.
///
/// A seed counts once: where the two settings have several runs of a seed, which differ in a parameter that is not compared, their
/// median difference represents the seed.
package struct PairedComparison: Sendable {
  /// The other setting in words.
  package let label: String
  /// The value of the reference minus that of the other setting, one for each common seed. 0 for two infinite values.
  package let differences: [Double]
  /// The sign test: `better` counts the seeds on which the reference is better.
  package let test: SignTest
  /// The test that is valid although seeds were added until it decided; `nil` for a fixed number of seeds.
  package let sequential: SequentialSignTest?
  /// The p value before the correction.
  package var p: Double { sequential?.p ?? test.p }
  /// The p value after Holm's correction for all comparisons.
  package let corrected: Double
  /// The median of the differences.
  package let median: Double
  /// The 95 % interval of the median, of this comparison alone; `nil` with fewer than six seeds, for the sequential test with fewer than eight.
  package let interval: ClosedRange<Double>?
  /// The probability that a run of the reference is better than a run of the other setting.
  package let improvement: ProbabilityOfImprovement
  /// The seeds that only one of the two settings has.
  package let unpaired: Int
  /// The number of seeds that would decide the comparison.
  package let needed: SeedsNeeded

  /// The bound on the corrected p value.
  package static let level = 0.05

  /// Whether one of the two is better: p ≤ 0.05 after the correction.
  package var isDecided: Bool { corrected <= Self.level }

  /// - Parameters:
  ///   - pair: the differences of the reference and this setting.
  ///   - corrected: the p value after the correction for `comparisons` tests.
  init(
    _ label: String, _ pair: SeedDifferences, corrected: Double, comparisons: Int, prefersMore: Bool, isSequential: Bool
  ) {
    self.label = label
    differences = pair.values
    test = pair.test(prefersMore: prefersMore)
    sequential = isSequential ? pair.sequential(prefersMore: prefersMore) : nil
    self.corrected = corrected
    median = Statistics.median(pair.values)
    interval =
      isSequential
      ? SequentialSignTest.medianInterval(pair.values, confidence: 0.95)
      : Statistics.medianInterval(pair.values, confidence: 0.95)
    improvement = ProbabilityOfImprovement(of: pair.own, over: pair.others, prefersMore: prefersMore)
    unpaired = pair.unpaired
    needed = SeedsNeeded(test, level: Self.level / Double(max(1, comparisons)))
  }
}

/// The differences of a metric between two settings on their common seeds.
struct SeedDifferences {
  /// One difference for each common seed.
  let values: [Double]
  /// The values of the pairs.
  let own, others: [Double]
  /// The seeds that only one of the two has.
  let unpaired: Int

  init(_ own: PairedValues, minus other: PairedValues) {
    let pairs = own.pairs(with: other)
    self.own = pairs.map(\.own)
    others = pairs.map(\.other)
    let seeds = Dictionary(grouping: pairs, by: \.seed)
    values = seeds.sorted { $0.key < $1.key }.map { _, pairs in
      Self.orZero(Statistics.median(pairs.map { Self.orZero($0.own - $0.other) }))
    }
    unpaired = own.seeds.symmetricDifference(other.seeds).count
  }

  func test(prefersMore: Bool) -> SignTest {
    let (above, below) = (values.count { $0 > 0 }, values.count { $0 < 0 })
    return SignTest(
      better: prefersMore ? above : below, worse: prefersMore ? below : above, tied: values.count - above - below)
  }

  /// The same pairs in the order of their seeds.
  func sequential(prefersMore: Bool) -> SequentialSignTest {
    SequentialSignTest(values.map { $0 == 0 ? 0 : ($0 > 0) == prefersMore ? 1 : -1 })
  }

  func p(prefersMore: Bool, isSequential: Bool) -> Double {
    isSequential ? sequential(prefersMore: prefersMore).p : test(prefersMore: prefersMore).p
  }

  /// Two runs that both diverged, or both never reach a threshold, are equal.
  private static func orZero(_ difference: Double) -> Double { difference.isNaN ? 0 : difference }
}
