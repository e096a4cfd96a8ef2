import Analysis
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

  private func compared(_ results: Results) throws -> SeedComparison {
    try #require(
      try SeedComparison.byTask(
        SeedComparison.settings(of: results, by: "learning-rate"), threshold: 0.1, compared: ["learning-rate"]
      ).first)
  }

  @Test func entriesAreCountsAndQuartiles() throws {
    let entries = try compared(Self.results()).entries
    #expect(entries.map(\.label) == ["η = 0.1", "η = 0.2", "η = 0.3"])
    #expect(entries.map(\.solved) == [Share(4, of: 5), Share(3, of: 5), Share(4, of: 5)])
    #expect(entries.map(\.steps) == [[4, 6, 9], [2, 3, .infinity], [8, 8, 9]])
    #expect(entries.map(\.finalLoss) == [[0.02, 0.03, 0.05], [0.01, 0.01, 7], [0.01, 0.02, 0.04]])
    #expect(entries.map(\.diverged.successes) == [0, 1, 0])
    #expect(entries.map(\.firstArrival) == [2, 1, 5])
  }

  /// Solved most often, then fastest: 0.1 and 0.3 are solved four times, 0.1 in fewer steps.
  @Test func theReferenceIsTheBest() throws {
    let comparison = try compared(Self.results())
    #expect(comparison.reference == 0 && comparison.pairs.map(\.label) == ["η = 0.2", "η = 0.3"])
    let others = try compared(Self.results().filtered { $0.seed > 0 && $0.seed < 4 })
    #expect(others.reference == 2, "three of three")
  }

  @Test func differencesAreOfOneSeed() throws {
    let pairs = try compared(Self.results()).pairs
    for (pair, rate) in zip(pairs, [1, 2]) {
      let differences = (0..<5).map { Self.finals[rate][$0] - Self.finals[0][$0] }
      #expect(pair.count == 5 && pair.median == differences.sorted()[2])
      #expect(pair.better == Share(differences.count { $0 < 0 }, of: 5))
      let interval = try #require(pair.interval)
      #expect(interval.contains(pair.median) && differences.contains(interval.lowerBound))
    }
  }

  /// Where two settings share some seeds only, those alone are pairs.
  @Test func aSeedWithoutAPartnerIsLeftOut() throws {
    let all = try Self.results()
    let some = all.filtered { $0.seed != 1 || all.setting("learning-rate", $0) != .number(0.3) }
    #expect(try compared(some).pairs.map(\.count) == [5, 4])
  }

  /// Runs that differ in another parameter are no pair, although they share a seed.
  @Test func differencesAreOfOneSetting() throws {
    let results = try PlantedRuns.results {
      Vary(.hidden, over: [2, 4])
      Vary(.learningRate, over: [0.1, 0.2])
      Seeds(0..<3)
    } run: { settings, seed in
      let level = settings[0] == .integer(2) ? 1.0 : 1000
      return .losses([1], finalLoss: level + (settings[1] == .number(0.1) ? 0 : 0.5 + Double(seed)))
    }
    let pair = try #require(try compared(results).pairs.first)
    #expect(pair.count == 6 && pair.median == 1.5 && pair.better == Share(0, of: 6))
  }

  @Test func theOrderOfSeedsChangesNoCount() throws {
    let (a, b) = (try compared(Self.results()), try compared(Self.results([3, 1, 4, 0, 2])))
    #expect(a.entries.map(\.solved) == b.entries.map(\.solved) && a.entries.map(\.steps) == b.entries.map(\.steps))
    #expect(a.pairs.map(\.median) == b.pairs.map(\.median) && a.pairs.map(\.better) == b.pairs.map(\.better))
  }

  @Test func theDefaultThresholdIsTheMedianFinalLoss() throws {
    let compared = try SeedComparison.byTask(SeedComparison.settings(of: Self.results(), by: nil))
    // The middle of fourteen finite losses.
    let finite = Self.finals.flatMap(\.self).filter(\.isFinite).sorted()
    #expect(compared.map(\.threshold) == [(finite[6] + finite[7]) / 2])
  }
}
