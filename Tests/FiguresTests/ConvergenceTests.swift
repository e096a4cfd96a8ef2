import Analysis
import Documents
import Figures
import Learning
import Planted
import Plotting
import Studies
import Testing

/// The share of runs below a loss against the step, and the comparison that is made of it.
@Suite struct ConvergenceTests {
  typealias Run = PlantedRuns.Run

  /// The step at which each run comes below 0.01; `nil` for never. Seven runs of each rate, of ten steps.
  static let arrivals: [[Int?]] = [[3, 8, nil, 3, 5, nil, 1], [2, nil, nil, nil, nil, 10, nil]]

  static func run(_ rate: Int, _ seed: Int) -> Run {
    let arrival = arrivals[rate][seed]
    let values = (0..<10).map { step in arrival.map { step < $0 ? 1 : 0.001 } ?? 1 }
    // Ten steps: the loss after the last one is the final loss.
    return .losses(values, finalLoss: arrival == nil ? 0.5 + 0.1 * Double(seed) : 0.001)
  }

  static func results() throws -> Results {
    try PlantedRuns.results {
      Vary(.learningRate, over: CurveTests.rates)
      Seeds(0..<7)
    } run: { settings, seed in
      run(settings[0] == .number(0.1) ? 0 : 1, seed)
    }
  }

  /// The staircase and its band, from the arrivals.
  private func check(_ chart: Chart, rate: Int) {
    let steps = Self.arrivals[rate].compactMap(\.self).sorted()
    var (line, x, count) = ([Point(0, 0)], [0.0], [0])
    for (i, step) in steps.enumerated() {
      line.append(Point(Double(step), 100 * Double(i + 1) / 7))
      x += [Double(step), Double(step)]
      count += [i, i + 1]
    }
    line.append(Point(10, 100 * Double(steps.count) / 7))
    x += [10, 10]
    count += [steps.count, steps.count]
    #expect(near(chart.steps[rate].points, line))
    let band = chart.bands[rate]
    #expect(band.x == x)
    #expect(near(band.low, count.map { Reference.wilson($0, of: 7).low }, 1e-9))
    #expect(near(band.high, count.map { Reference.wilson($0, of: 7).high }, 1e-9))
  }

  @Test func aCurveRisesWithEveryRunThatArrives() throws {
    let drawn = try Drawn(Self.results()) { Convergence(below: 0.01).color(by: .learningRate) }
    for rate in 0...1 {
      check(drawn.chart, rate: rate)
      #expect(drawn.chart.steps[rate].stroke.color == drawn.grid.legend[rate].color)
      #expect(drawn.chart.bands[rate].color.solid == drawn.grid.legend[rate].color)
    }
    #expect(drawn.chart.x.domain == 0...10 && drawn.chart.y.domain == 0...100)
    #expect(drawn.chart.y.title.contains("E < 0.01"))
    #expect(drawn.caption.contains("n = 7 runs") && drawn.caption.contains("Wilson 95 %"))
  }

  /// Many curves have intervals at some steps in place of bands: that of the share that each has there.
  @Test func manyCurvesHaveIntervals() throws {
    let rates = [0.1, 0.2, 0.3, 0.4]
    let results = try PlantedRuns.results {
      Vary(.learningRate, over: rates)
      Seeds(0..<7)
    } run: { settings, seed in
      Self.run(settings[0].number.map { $0 < 0.25 ? 0 : 1 } ?? 0, seed)
    }
    let drawn = try Drawn(results) { Convergence(below: 0.01).color(by: .learningRate) }
    #expect(
      drawn.chart.bands.isEmpty && drawn.chart.intervals.count == 12 && drawn.caption.contains("bars: Wilson 95 %"))
    #expect(Set(drawn.chart.intervals.map(\.x)).count == 12, "no two on each other")
    for (index, entry) in drawn.grid.legend.enumerated() {
      let own = drawn.chart.intervals.filter { $0.color == entry.color }
      #expect(own.count == 3 && own.allSatisfy { $0.x > 0 && $0.x < 10 })
      for interval in own {
        let arrived = Self.arrivals[index / 2].compactMap(\.self).count { Double($0) <= interval.x }
        let bounds = Reference.wilson(arrived, of: 7)
        #expect(near([interval.low, interval.high], [bounds.low, bounds.high], 1e-9))
      }
    }
  }

  @Test func countsThatDifferAreBothNamed() throws {
    let results = try Self.results()
    let some = results.filtered { $0.seed < 5 || results.setting("learning-rate", $0) == .number(0.1) }
    let drawn = try Drawn(some) { Convergence(below: 0.01).color(by: .learningRate) }
    #expect(drawn.caption.contains("n = 5–7 runs"))
    #expect(near(drawn.chart.steps[1].points.map(\.y), [0, 20, 20]), "one of five")
  }

  @Test func onALogarithmicAxisTheCurveBeginsAtOne() throws {
    let drawn = try Drawn(Self.results(), Figure("F") { Convergence(below: 0.01) }.xScale(.log))
    #expect(drawn.chart.steps[0].points.first == Point(1, 0) && drawn.chart.x.domain == nil)
  }

  // MARK: Comparison

  private func compared(_ results: Results? = nil) throws -> SeedComparison {
    let results = try results ?? Self.results()
    return try #require(
      try SeedComparison.byTask(
        SeedComparison.settings(of: results, by: "learning-rate"), by: .stepsToLoss(0.01), compared: ["learning-rate"]
      ).first)
  }

  @Test func theFigureOfAComparisonIsTheSame() throws {
    let comparison = try compared()
    let grid = try comparison.grid()
    let chart = grid.charts[0][0]
    for rate in 0...1 {
      check(chart, rate: rate)
      #expect(chart.steps[rate].stroke.color == grid.legend[rate].color)
    }
    #expect(grid.legend.map(\.label) == ["η = 0.1", "η = 0.3"])
    #expect(chart.x.domain == 0...10 && chart.y.domain == 0...100)
    #expect(comparison.caption.contains("below 0.01") && comparison.caption.contains("n = 7 runs"))
  }

  /// n, share solved with its interval, quartiles of the steps and of the final losses, share diverged.
  @Test func theTableHasEachNumberInItsColumn() throws {
    let table = try compared().table
    #expect(table.columns.count == 7)
    let rows = try compared().rows
    #expect(rows[0].prefix(3) == ["η = 0.1", "7", "71.4 %"])
    let bounds = Reference.wilson(5, of: 7)
    #expect(rows[0][3].hasPrefix(NumberText.short(bounds.low)), "\(rows[0])")
    // 1 3 3 5 8 ∞ ∞: quartiles at ranks 1.5, 3 and 4.5.
    #expect(rows[0][4] == "5 (3–∞)")
    let losses = (0..<7).map { Self.run(0, $0).finalLoss }
    let quartiles = [0.25, 0.5, 0.75].map { NumberText.short(Reference.quantile(losses, $0)) }
    #expect(rows[0][5] == "\(quartiles[1]) (\(quartiles[0])–\(quartiles[2]))" && quartiles[1] != quartiles[2])
    #expect(rows[0][6] == "0 %")
    #expect(rows[1][2] == "28.6 %" && rows[1][4] == "∞, first 2")
  }

  @Test func pairsAreOfOneSeed() throws {
    let comparison = try compared()
    #expect(comparison.reference == 0, "0.1 has fewer median steps")
    func steps(_ rate: Int, _ seed: Int) -> Double { Self.arrivals[rate][seed].map(Double.init) ?? .infinity }
    let differences = (0..<7).map { steps(0, $0) == steps(1, $0) ? 0 : steps(0, $0) - steps(1, $0) }
    let (better, worse) = (differences.count { $0 < 0 }, differences.count { $0 > 0 })
    let row = try #require(comparison.pairRows.first)
    #expect(row[0] == "η = 0.3" && row[1] == "7" && row[2] == "\(better), \(7 - better - worse), \(worse)")
    #expect(row[3] == NumberText.short(Reference.median(differences)))
    let sorted = differences.sorted()
    #expect(row[4] == NumberText.interval(sorted[0]...sorted[6], between: " to "), "all seven: 2·2⁻⁷ ≤ 0.05 < 2·8·2⁻⁷")
    #expect(row[6] == row[7], "one comparison")
    #expect(comparison.pairTitle?.contains("of η = 0.1 minus") ?? false)
  }

  @Test func whereSomeArriveTheTableDoesNotSayNever() throws {
    let results = try PlantedRuns.results {
      Seeds(0..<8)
    } run: { _, seed in
      Run(finalLoss: 1, series: [.loss: Series(every: 1, values: [1, 1, seed == 5 ? 0.001 : 1])])
    }
    let compared = try #require(
      try SeedComparison.byTask(SeedComparison.settings(of: results, by: nil), by: .stepsToLoss(0.01)).first)
    #expect(compared.rows[0][2] == "12.5 %")
    #expect(compared.rows[0][4] == "∞, first 2")
    let none = try #require(
      try SeedComparison.byTask(SeedComparison.settings(of: results, by: nil), by: .stepsToLoss(1e-9)).first)
    #expect(none.rows[0][2] == "0 %" && none.rows[0][4] == "never")
  }
}
