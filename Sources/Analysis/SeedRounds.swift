public import Studies

extension Seeds {
  /// Adds seeds until one value of a parameter is better than every other by a metric, at most so many.
  ///
  /// Seeds 0, 1, 2 … are trained in rounds of 8, 16, 24, 32, 48 … After each round all pairs of values are compared, paired by seed, with
  /// the sequential sign test and Holm’s correction. Its p values are valid although the number of seeds depends on them: equal values
  /// are ever called different in at most 5 % of the sweeps. `--seeds` replaces the rule.
  /// - Parameters:
  ///   - metric: the number that is compared; one with a better and a worse.
  ///   - parameter: a swept parameter with two values or more.
  ///   - most: the number of seeds at which the adding ends without a decision; 8 or more, and enough for the number of values.
  public init<Value>(untilDecided metric: Metric, between parameter: Parameter<Value>, atMost most: Int) {
    self.init(SeedRule(metric, between: parameter.erased, atMost: most))
  }
}

extension SeedRule {
  /// The metric that is compared.
  package var comparedMetric: Metric { metric as? Metric ?? .finalLoss }
}

/// The rounds of a sweep whose number of seeds a comparison decides.
package struct SeedRounds {
  private let plan: Plan
  private let rule: SeedRule

  /// - Returns: `nil` for a sweep with a fixed number of seeds.
  package init?(_ plan: Plan) {
    guard let rule = plan.seedRule else { return nil }
    self.plan = plan
    self.rule = rule
  }

  /// The seeds of each round that those before it did not have.
  package var parts: [Range<Int>] { zip([0] + rule.rounds, rule.rounds).map { $0..<$1 } }

  /// The plan with the seeds of the first rounds, as many as it takes to decide: the first round that decides or, if the store does not have
  /// all of its runs, the first one with missing runs; the last round if none decides.
  /// - Throws: what reading the store throws.
  package func settled(in store: any RunStore) throws -> Plan {
    var last = plan
    for part in parts {
      last = plan.limited(to: 0..<part.upperBound)
      let keys = try last.runs().map(\.key)
      guard try store.known(among: keys).isSuperset(of: keys) else { return last }
      if try Self.decision(Results(plan: last, store: store)) != nil { return last }
    }
    return last
  }

  /// The number of seeds after which every task of a sweep was decided; `nil` where one is not.
  /// - Throws: `Mistake` if runs do not know the metric.
  package static func decision(_ results: Results) throws -> Int? {
    guard let rule = results.plan.seedRule else { return nil }
    let name = rule.parameter.name
    let compared = try SeedComparison.byTask(
      SeedComparison.settings(of: results, by: name), by: rule.comparedMetric, compared: [name])
    let decisions = compared.compactMap(\.decidedAfter)
    return decisions.count == compared.count ? decisions.max() : nil
  }
}

/// When the pairs of some settings were decided, seed after seed.
package struct SequentialDecision {
  /// The number of seeds after which one setting was better than every other; `nil` if there was none.
  package let seeds: Int?

  /// - Parameter tests: the tests of all pairs of `count` settings; in each the first value is that of the setting with the smaller index.
  package init(_ tests: [(first: Int, second: Int, test: SequentialSignTest)], settings count: Int) {
    guard count > 1, tests.count == count * (count - 1) / 2 else {
      seeds = nil
      return
    }
    let most = tests.map(\.test.path.count).max() ?? 0
    // Holm’s correction rejects none before one p is as small as this.
    let level = SeedRule.level / Double(tests.count)
    let first = tests.compactMap { $0.test.path.firstIndex { $0 <= level } }.min()
    seeds = first.flatMap { first in
      (first + 1...max(first + 1, most)).first { Self.isDecided(tests, count, after: $0) }
    }
  }

  private static func isDecided(
    _ tests: [(first: Int, second: Int, test: SequentialSignTest)], _ count: Int, after seeds: Int
  ) -> Bool {
    let corrected = Statistics.holm(tests.map { $0.test.path.prefix(seeds).last ?? 1 })
    var wins = Array(repeating: 0, count: count)
    for (pair, p) in zip(tests, corrected) where p <= SeedRule.level {
      wins[pair.test.favoursFirst(after: seeds) ? pair.first : pair.second] += 1
    }
    return wins.contains(count - 1)
  }
}
