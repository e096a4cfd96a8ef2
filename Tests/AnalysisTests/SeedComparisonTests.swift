import Analysis
import Lanes
import Learning
import Planted
import Studies
import Testing

/// Settings compared across seeds: counts, quartiles, the reference, pairs.
@Suite struct SeedComparisonTests {
  typealias Run = PlantedRuns.Run

  /// Steps to come below 0.1 and final losses of five seeds at three rates; ∞ for a run that never comes there.
  static let steps: [[Double]] = [[4, 9, .infinity, 6, 2], [1, 2, 3, .infinity, .infinity], [8, 8, 5, 9, .infinity]]
  static let finals = [[0.01, 0.02, 5, 0.03, 0.05], [0.01, 0.01, 0.01, 7, .infinity], [0.02, 0.01, 0.04, 0.01, 6]]

  static func results(_ seeds: [UInt64] = [0, 1, 2, 3, 4]) throws -> Results {
    try PlantedRuns.results {
      Vary(.learningRate, over: [0.1, 0.2, 0.3])
      Seeds(seeds)
    } run: { settings, seed in
      let rate = Int(((settings[0].number ?? 0) * 10).rounded()) - 1
      let arrival = steps[rate][seed]
      return .losses(
        (0..<10).map { Double($0) < arrival ? 1 : 0.05 }, finalLoss: finals[rate][seed],
        diverged: finals[rate][seed] == .infinity)
    }
  }

  private func compared(
    _ results: Results, by metric: Metric = .stepsToLoss(0.1), reference: String? = nil
  ) throws -> SeedComparison {
    try #require(
      try SeedComparison.byTask(
        SeedComparison.settings(of: results, by: "learning-rate"), by: metric, reference: reference,
        compared: ["learning-rate"]
      ).first)
  }

  @Test func entriesAreCountsAndQuartiles() throws {
    let entries = try compared(Self.results()).entries
    #expect(entries.map(\.label) == ["η = 0.1", "η = 0.2", "η = 0.3"])
    let arrivals = entries.compactMap(\.arrival)
    #expect(arrivals.map(\.solved) == [Share(4, of: 5), Share(3, of: 5), Share(4, of: 5)])
    #expect(entries.map(\.quartiles) == [[4, 6, 9], [2, 3, .infinity], [8, 8, 9]])
    #expect(arrivals.map(\.finalLoss) == [[0.02, 0.03, 0.05], [0.01, 0.01, 7], [0.01, 0.02, 0.04]])
    #expect(entries.map(\.diverged.successes) == [0, 1, 0])
    #expect(arrivals.map(\.first) == [2, 1, 5])
    let losses = try compared(Self.results(), by: .finalLoss).entries
    #expect(losses.map(\.quartiles) == arrivals.map(\.finalLoss) && losses.allSatisfy { $0.arrival == nil })
  }

  /// The best setting has the best median of the metric that was asked for: 0.2 in steps and in loss, 0.1 in accuracy.
  @Test func theReferenceIsTheBestByTheMetric() throws {
    let steps = try compared(Self.results())
    #expect(steps.reference == 1 && steps.ranking == [1, 0, 2] && steps.pairs.map(\.label) == ["η = 0.1", "η = 0.3"])
    #expect(try compared(Self.results(), by: .finalLoss).ranking == [1, 2, 0])
    // 0.2 has the median 3 in steps, but without two seeds 0.1 has 5 and 0.2 has 3.5: the others decide.
    let others = try compared(Self.results().filtered { $0.seed > 2 })
    #expect(others.entries.map { $0.quartiles[1] } == [4, .infinity, .infinity] && others.reference == 0)
  }

  @Test func greaterAccuraciesAreBetter() throws {
    let results = try PlantedRuns.results {
      Vary(.learningRate, over: [0.1, 0.2])
      Seeds(0..<6)
    } run: { settings, seed in
      let isFirst = settings[0] == .number(0.1)
      return Run(
        finalLoss: 1, diverged: !isFirst && seed == 5, finals: [.accuracy: isFirst ? 0.9 : 0.5 + 0.09 * Double(seed)])
    }
    let comparison = try compared(results, by: .final(.accuracy))
    let pair = try #require(comparison.pairs.first)
    // 0.5 … 0.86, and a diverged run, which is worse than any accuracy although it had 0.95.
    #expect(comparison.reference == 0 && pair.test.better == 6 && pair.test.p == 2.0 / 64)
    #expect(pair.differences.last == .infinity && pair.improvement.value == 1)
    let expected: [Double] = (0..<5).map { 0.5 + 0.09 * Double($0) } + [-.infinity]
    #expect(comparison.entries[1].values == expected)
    #expect(try compared(results, by: .final(.accuracy), reference: "η = 0.2").pairs.map(\.test.worse) == [6])
  }

  @Test func differencesAreOfOneSeed() throws {
    for (metric, table) in [(Metric.finalLoss, Self.finals), (.stepsToLoss(0.1), Self.steps)] {
      let comparison = try compared(Self.results(), by: metric)
      for (pair, rate) in zip(comparison.pairs, [0, 2]) {
        // Two infinite values are equal.
        let differences = (0..<5).map { table[1][$0] == table[rate][$0] ? 0 : table[1][$0] - table[rate][$0] }
        #expect(pair.differences == differences && pair.median == differences.sorted()[2])
        #expect(pair.test.better == differences.count { $0 < 0 } && pair.test.worse == differences.count { $0 > 0 })
        #expect(pair.test.count == 5 && pair.interval == nil, "five seeds are too few for an interval")
      }
    }
  }

  /// Two runs of a seed that both diverged are tied; a diverged run is worse than any other.
  @Test func divergedRunsAreTheWorst() throws {
    let results = try PlantedRuns.results {
      Vary(.learningRate, over: [0.1, 0.2])
      Seeds(0..<8)
    } run: { settings, seed in
      let isFirst = settings[0] == .number(0.1)
      return Run(
        finalLoss: isFirst ? 0.5 : 0.1, bestLoss: isFirst ? 0.4 : 0.05, diverged: seed < 2 || (!isFirst && seed < 4))
    }
    for metric in [Metric.finalLoss, .bestLoss, .steps] {
      let comparison = try compared(results, by: metric, reference: "η = 0.1")
      let test = try #require(comparison.pairs.first).test
      #expect(test.tied == (metric == .steps ? 6 : 2) && test.better == 2 && test.worse == (metric == .steps ? 0 : 4))
    }
  }

  /// Where two settings share some seeds only, those alone are pairs.
  @Test func aSeedWithoutAPartnerIsLeftOut() throws {
    let all = try Self.results()
    let some = all.filtered { $0.seed != 1 || all.setting("learning-rate", $0) != .number(0.3) }
    let pairs = try compared(some).pairs
    #expect(pairs.map(\.test.count) == [5, 4] && pairs.map(\.unpaired) == [0, 1])
    let apart = all.filtered { all.setting("learning-rate", $0) == .number(0.3) ? $0.seed > 2 : $0.seed < 2 }
    let comparison = try compared(apart)
    #expect(comparison.pairs.map(\.label) == ["η = 0.1"] && comparison.unpaired == ["η = 0.3"])
    #expect(comparison.comparisons == 1)
  }

  /// Runs that differ in another parameter are no pair, although they share a seed; a seed counts once.
  @Test func differencesAreOfOneSetting() throws {
    let results = try PlantedRuns.results {
      Vary(.hidden, over: [2, 4])
      Vary(.learningRate, over: [0.1, 0.2])
      Seeds(0..<3)
    } run: { settings, seed in
      let level = settings[0] == .integer(2) ? 1.0 : 1000
      return .losses([1], finalLoss: level + (settings[1] == .number(0.1) ? 0 : 0.5 + Double(seed)))
    }
    let pair = try #require(try compared(results, by: .finalLoss).pairs.first)
    #expect(pair.differences == [-0.5, -1.5, -2.5] && pair.test == SignTest(better: 3, worse: 0))
  }

  @Test func theOrderOfSeedsChangesNoCount() throws {
    let (a, b) = (try compared(Self.results()), try compared(Self.results([3, 1, 4, 0, 2])))
    #expect(a.entries.map(\.quartiles) == b.entries.map(\.quartiles) && a.ranking == b.ranking)
    #expect(a.pairs.map(\.median) == b.pairs.map(\.median) && a.pairs.map(\.test) == b.pairs.map(\.test))
  }

  /// Numbers on different data are never pooled: a swept data set gives one comparison each.
  @Test func everyTaskHasItsOwnComparison() throws {
    let results = try PlantedRuns.results {
      Vary(.data, over: [.xor, .moons(samples: 40)])
      Vary(.learningRate, over: [0.1, 0.2])
      Seeds(0..<6)
    } run: { settings, _ in
      let isXOR = settings[0].description == "XOR"
      return Run(finalLoss: (settings[1] == .number(0.1)) == isXOR ? 0.1 : 0.2)
    }
    let compared = try SeedComparison.byTask(SeedComparison.settings(of: results, by: nil), by: .finalLoss)
    #expect(compared.map { $0.entries.map(\.label) } == [["η = 0.1", "η = 0.2"], ["η = 0.1", "η = 0.2"]])
    #expect(compared.map(\.reference) == [0, 1] && compared.map { $0.pairs.map(\.test.better) } == [[6], [6]])
    #expect(compared.map(\.comparisons) == [1, 1])
  }

  /// Equal settings, of which the best is compared with the others: one wrong decision in at most 5 % of the sweeps, because the
  /// correction counts all pairs.
  @Test func choosingTheBestKeepsTheErrorRate() throws {
    let (sweeps, rates, seeds) = (40, 4, 16)
    let normals = RandomStream(seed: 5, role: .analysis).normals(sweeps * rates * seeds)
    let values = (1...rates).map { Double($0) / 10 }
    var wrong = 0
    for sweep in 0..<sweeps {
      let results = try PlantedRuns.results {
        Vary(.learningRate, over: values)
        Seeds(0..<seeds)
      } run: { settings, seed in
        let rate = Int(((settings[0].number ?? 0) * 10).rounded()) - 1
        return Run(finalLoss: 10 + normals[(sweep * rates + rate) * seeds + seed])
      }
      let comparison = try compared(results, by: .finalLoss)
      #expect(comparison.comparisons == 6 && comparison.isReferenceChosen)
      if comparison.pairs.contains(where: \.isDecided) { wrong += 1 }
    }
    #expect(Double(wrong) / Double(sweeps) <= 0.05, "\(wrong)")
  }

  /// A reference that was named beforehand needs a correction for its own comparisons only.
  @Test func aGivenReferenceHasFewerComparisons() throws {
    let given = try compared(Self.results(), by: .finalLoss, reference: "η = 0.3")
    #expect(given.reference == 2 && given.comparisons == 2 && !given.isReferenceChosen)
    #expect(given.pairs.map(\.corrected) == Statistics.holm(given.pairs.map(\.test.p)))
    #expect(try compared(Self.results(), by: .finalLoss).comparisons == 3)
  }
}
