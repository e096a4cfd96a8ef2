import Learning
package import Studies

/// Settings (of one or several experiments) compared by one metric on one task, seed by seed.
package struct SeedComparison: Sendable {
  /// The runs of one setting.
  package struct Entry: Sendable {
    /// The setting in words.
    package let label: String
    /// The runs of the setting.
    package let results: Results
    /// The metric of every run in the order of `results`; a diverged run has the worst possible value.
    package let values: [Double]
    /// First, second and third quartile of the values.
    package let quartiles: [Double]
    /// Share of diverged runs.
    package let diverged: Share
    /// How the runs reach a loss; `nil` unless the metric is the steps to it.
    package let arrival: Arrival?
  }

  /// How the runs of a setting reach a training loss.
  package struct Arrival: Sendable {
    /// The least number of steps after which a run was below the threshold; ∞ if none was.
    package let first: Double
    /// The share of runs that fell below the threshold.
    package let solved: Share
    /// Quartiles of the final training loss.
    package let finalLoss: [Double]
  }

  /// The task of the runs; `nil` if there is only one.
  package let task: Task?
  /// The selection of the runs in words: "data = noisy sine"; empty for all runs.
  package let selection: String
  /// The number that is compared.
  package let metric: Metric
  /// The settings that are compared.
  package let entries: [Entry]
  /// The indices of the settings from the best to the worst median of the metric; of equal medians, by the other quartiles.
  package let ranking: [Int]
  /// The index of the setting that the others are compared with: the best, or the one that was asked for.
  package let reference: Int?
  /// Whether the reference was chosen from the runs that are compared.
  package let isReferenceChosen: Bool
  /// The number of tests that the p values are corrected for.
  ///
  /// If the reference was chosen because it is the best on these runs, it is every pair of settings: a correction for the pairs with the
  /// reference alone would call equal settings different too often.
  package let comparisons: Int
  /// The rule that added the seeds; its tests are valid whenever the adding stops. `nil` for a fixed number of seeds.
  package let seedRule: SeedRule?
  /// The number of seeds after which the rule's test called one setting better than every other; `nil` where it did not.
  package let decidedAfter: Int?
  /// The comparisons of the reference with the others, in the order of the settings.
  package let pairs: [PairedComparison]

  /// - Parameters:
  ///   - reference: the label of the setting that the others are compared with; `nil`: the best.
  ///   - compared: the parameters whose values are compared; the runs of a pair agree in all others. `nil`:
  ///     all parameters, so that runs are paired by their seed.
  /// - Throws: `Mistake` if runs do not know the metric.
  init(
    _ groups: [(label: String, results: Results)], by metric: Metric, task: Task? = nil, selection: String = "",
    reference: String? = nil, compared: [String]? = nil
  ) throws {
    self.task = task
    self.selection = selection
    self.metric = metric
    let entries = try groups.map { try Entry($0, $1, metric) }
    self.entries = entries
    ranking = Self.ranking(entries, prefersMore: metric.prefersMore)
    let given = reference.flatMap { label in entries.firstIndex { $0.label == label } }
    isReferenceChosen = given == nil
    let index = given ?? ranking.first
    self.reference = index
    let rule = groups.lazy.compactMap(\.results.plan.seedRule).first
    seedRule = rule
    guard let index else {
      (comparisons, pairs, decidedAfter) = (0, [], nil)
      return
    }
    let values = try entries.map { entry in
      try PairedValues(of: entry.results, compared: compared) { try entry.results.comparable(metric, $0) }
    }
    let isLarge = entries.count > Self.mostWithAllPairs
    let tests = Self.tests(
      values, against: given ?? (isLarge ? index : nil), prefersMore: metric.prefersMore, isSequential: rule != nil)
    decidedAfter = rule == nil ? nil : Self.decision(values, prefersMore: metric.prefersMore)
    let total = given == nil && isLarge ? entries.count * (entries.count - 1) / 2 : tests.count
    let corrected = Dictionary(zip(tests.map(\.pair), Statistics.holm(tests.map(\.p), of: total))) { first, _ in first }
    comparisons = total
    pairs = entries.indices.filter { $0 != index }.compactMap { other in
      let differences = SeedDifferences(values[index], minus: values[other])
      guard !differences.values.isEmpty, let p = corrected[Self.key(index, other)] else { return nil }
      return PairedComparison(
        entries[other].label, differences, corrected: p, comparisons: total, prefersMore: metric.prefersMore,
        isSequential: rule != nil)
    }
  }

  /// The comparison of the reference with the best of the other settings that share a seed with it.
  package var leading: PairedComparison? {
    ranking.lazy.compactMap { index in pairs.first { $0.label == entries[index].label } }.first
  }

  /// The settings that share no seed with the reference.
  package var unpaired: [String] {
    guard let reference else { return [] }
    let paired = Set(pairs.map(\.label) + [entries[reference].label])
    return entries.map(\.label).filter { !paired.contains($0) }
  }

  private static func ranking(_ entries: [Entry], prefersMore: Bool) -> [Int] {
    func isBetter(_ a: Entry, _ b: Entry) -> Bool {
      for quartile in [1, 0, 2] where a.quartiles[quartile] != b.quartiles[quartile] {
        return (a.quartiles[quartile] < b.quartiles[quartile]) != prefersMore
      }
      return false
    }
    return entries.indices.sorted { a, b in
      isBetter(entries[a], entries[b]) || (!isBetter(entries[b], entries[a]) && a < b)
    }
  }

  /// With more settings, only the pairs with the reference are tested. The correction counts all pairs nevertheless.
  private static let mostWithAllPairs = 64

  private static func key(_ a: Int, _ b: Int) -> [Int] { [min(a, b), max(a, b)] }

  /// The sign tests that a correction counts: those with a given setting, or those of all pairs. Settings without a common seed are
  /// not compared.
  private static func tests(
    _ values: [PairedValues], against given: Int?, prefersMore: Bool, isSequential: Bool
  ) -> [(pair: [Int], p: Double)] {
    values.indices.flatMap { a in
      values.indices.dropFirst(a + 1).compactMap { b in
        guard given == nil || given == a || given == b else { return nil }
        let differences = SeedDifferences(values[a], minus: values[b])
        return differences.values.isEmpty
          ? nil : (key(a, b), differences.p(prefersMore: prefersMore, isSequential: isSequential))
      }
    }
  }

  private static func decision(_ values: [PairedValues], prefersMore: Bool) -> Int? {
    let tests = values.indices.flatMap { a in
      values.indices.dropFirst(a + 1).map { b in
        (a, b, SeedDifferences(values[a], minus: values[b]).sequential(prefersMore: prefersMore))
      }
    }
    return SequentialDecision(tests, settings: values.count).seeds
  }
}

extension SeedComparison.Entry {
  fileprivate init(_ label: String, _ results: Results, _ metric: Metric) throws {
    self.label = label
    self.results = results
    let values = try results.rows.map { try results.comparable(metric, $0) }
    self.values = values
    quartiles = Self.quartiles(values)
    diverged = results.divergedShare
    guard metric.threshold != nil else {
      arrival = nil
      return
    }
    arrival = SeedComparison.Arrival(
      first: values.min() ?? .infinity, solved: Share(values.count { $0.isFinite }, of: results.count),
      finalLoss: Self.quartiles(try results.values(.finalLoss)))
  }

  private static func quartiles(_ values: [Double]) -> [Double] {
    let sorted = Statistics.sorted(values)
    return [0.25, 0.5, 0.75].map { Statistics.quantile(sorted: sorted, $0) }
  }
}
