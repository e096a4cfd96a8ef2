import Analysis
import Figures
import Learning
import Planted
import Plotting
import Studies
import Testing

/// The verdict of a comparison in words, for every outcome.
@Suite struct ComparisonWordsTests {
  typealias Run = PlantedRuns.Run

  /// Two rates with so many seeds; the loss of the second rate is 1.
  private func compared(
    _ seeds: Int, by metric: Metric = .finalLoss, reference: String? = nil, loss: @escaping (Int) -> Double
  ) throws -> SeedComparison {
    let results = try PlantedRuns.results {
      Vary(.learningRate, over: [0.1, 0.2])
      Seeds(0..<seeds)
    } run: { settings, seed in
      let value = settings[0] == .number(0.1) ? loss(seed) : 1
      return Run(finalLoss: value, steps: Int(100 * value), finals: [.accuracy: value])
    }
    return try #require(
      try SeedComparison.byTask(SeedComparison.settings(of: results, by: nil), by: metric, reference: reference).first)
  }

  @Test func oneSentenceHasTheVerdict() throws {
    let decided = try compared(12) { $0 == 3 ? 1.5 : 0.5 - 0.01 * Double($0) }
    // 11 of 12: p = 2·(1 + 12)/2¹² = 0.00635. The interval leaves two of twelve out on either side.
    #expect(
      decided.sentence
        == "η = 0.1 has a lower final training loss E than η = 0.2 on 11 of 12 seeds; median difference −0.555 "
        + "(95 % interval −0.59 to −0.51), p = 0.0063.")
    #expect(decided.remarks == [])
    let worse = try compared(12, reference: "η = 0.2") { _ in 0.5 }
    #expect(worse.sentence.hasPrefix("η = 0.2 has a higher final training loss E than η = 0.1 on 12 of 12 seeds"))
    let accuracy = try compared(8, by: .final(.accuracy)) { _ in 0.5 }
    #expect(accuracy.sentence.hasPrefix("η = 0.2 has a higher final training accuracy than η = 0.1 on 8 of 8 seeds"))
    let steps = try compared(8, by: .steps) { _ in 0.5 }
    #expect(steps.sentence.hasPrefix("η = 0.1 needs fewer steps than η = 0.2 on 8 of 8 seeds; median difference −50"))
  }

  @Test func whatIsNotDecidedSaysHowManySeedsAreNeeded() throws {
    let open = try compared(10) { $0 < 2 ? 1 : $0 < 8 ? 0.5 : 2 }
    #expect(
      open.sentence.contains("on 6 of 10 seeds (2 tied)") && open.sentence.contains("not decided at the 5 % level"))
    let needed = SeedsNeeded(SignTest(better: 6, worse: 2, tied: 2), level: 0.05)
    let likely = try #require(needed.likely)
    #expect(
      open.remarks.count == 1
        && open.remarks[0].contains("\(likely) seeds are needed if the share of seeds stays 6 of 8"))
    #expect(open.remarks[0].hasSuffix("to more than 4096."))
  }

  @Test func oneSeedAndEqualRunsDecideNothing() throws {
    #expect(
      try compared(1) { _ in 0.5 }.sentence.hasSuffix("on the only common seed: one pair of runs decides nothing."))
    #expect(
      try compared(9) { _ in 1 }.sentence
        == "η = 0.1 and η = 0.2 are equal in final training loss E on all 9 common seeds.")
    #expect(try compared(4) { _ in 0.5 }.sentence.contains("too few seeds for an interval"))
    let single = try PlantedRuns.results {
      Seeds(0..<3)
    } run: { _, _ in
      Run()
    }
    let alone = try #require(
      try SeedComparison.byTask(SeedComparison.settings(of: single, by: nil), by: .finalLoss).first)
    #expect(alone.sentence == "There is one setting only, all runs: nothing to compare." && alone.pairTable == nil)
  }

  /// The caption says what the seeds vary and how a diverged run counts.
  @Test func theCaptionSaysWhatTheVerdictIsAbout() throws {
    func caption(_ data: DataSource, diverged: Bool) throws -> String {
      var setup = PlantedRuns.setup
      setup.data = data
      let results = try PlantedRuns.results(setup) {
        Vary(.learningRate, over: [0.1, 0.2, 0.3])
        Seeds(0..<6)
      } run: { _, seed in
        Run(finalLoss: Double(seed), diverged: diverged && seed == 0)
      }
      let all = try SeedComparison.byTask(SeedComparison.settings(of: results, by: nil), by: .finalLoss)
      return try #require(all.first).caption
    }
    let fixed = try caption(.moons(samples: 40), diverged: true)
    #expect(
      fixed.contains("All seeds use the same data") && fixed.contains("A diverged run has the worst possible value"))
    #expect(fixed.contains("counts all 3 pairs of settings"))
    let drawn = try caption(.moons(samples: 40).drawnPerSeed(), diverged: false)
    #expect(drawn.contains("Each seed draws its own data") && !drawn.contains("diverged"))
  }

  /// The figure has the values of every run, and the probability of improvement with its interval at the place of its setting.
  @Test func theFigureHasValuesAndProbabilities() throws {
    let comparison = try compared(12) { $0 == 3 ? 1.5 : 0.5 - 0.01 * Double($0) }
    let charts = try comparison.grid().charts[0]
    #expect(charts.count == 2 && charts[0].x.title == "η")
    let boxes = charts[0].marks.compactMap { if case .box(let box, _) = $0 { box } else { nil } }
    #expect(boxes.map(\.median) == comparison.entries.map { $0.quartiles[1] } && boxes.map(\.high) == [1.5, 1])
    let share = try #require(comparison.pairs.first).improvement
    let intervals = charts[1].marks.compactMap { mark -> [Double]? in
      if case .interval(let x, let low, let high, _) = mark { [x, low, high] } else { nil }
    }
    #expect(intervals == [[1, 100 * share.interval.lowerBound, 100 * share.interval.upperBound]])
    let places = charts[1].marks.flatMap { mark -> [Point] in
      if case .points(let points, _, _, _) = mark { points } else { [] }
    }
    #expect(near(places, [Point(1, 1100.0 / 12)]))
  }
}
