import Analysis
import Figures
import Foundation
import Learning
import Planted
import Plotting
import Studies
import Testing

/// A metric against a swept parameter: places, medians, the best, the share that diverged.
@Suite struct SensitivityTests {
  typealias Run = PlantedRuns.Run

  static let rates = [0.01, 0.1, 0.4, 1.6]
  static let widths = [2, 4]

  static func diverges(_ rate: Int, _ width: Int, _ seed: Int) -> Bool { rate == 2 ? seed == 0 : rate == 3 && seed < 4 }

  static func loss(_ rate: Int, _ width: Int, _ seed: Int) -> Double {
    diverges(rate, width, seed)
      ? .infinity : [3, 0.5, 0.7, 2][rate] * (width == 0 ? 1 : 0.8) * (1 + 0.2 * Double(seed * 2 % 5))
  }

  static func results() throws -> Results {
    try PlantedRuns.results {
      Vary(.learningRate, over: rates)
      Vary(.hidden, over: widths)
      Seeds(0..<5)
    } run: { settings, seed in
      let rate = rates.firstIndex { settings[0] == .number($0) } ?? 0
      let width = widths.firstIndex { settings[1] == .integer($0) } ?? 0
      let loss = loss(rate, width, seed)
      return Run(
        finalLoss: loss, diverged: loss == .infinity,
        finals: [.accuracy: 1 - 0.1 * Double(rate == 2 ? 0 : 1 + rate) - 0.01 * Double(seed)])
    }
  }

  @Test func aColourHasItsMarksAndItsMedians() throws {
    let drawn = try Drawn(Self.results()) { Sensitivity(.finalLoss, to: .learningRate).color(by: .hidden) }
    #expect(drawn.chart.lines.count == 2 && drawn.chart.jittered.count == 8)
    for width in 0...1 {
      let columns = (0..<4).map { rate in (0..<5).map { Self.loss(rate, width, $0) } }
      #expect(
        near(
          drawn.chart.lines[width].points,
          zip(Self.rates, columns).map { Point($0, Reference.median($1)) }))
      #expect(drawn.chart.lines[width].stroke.color == drawn.grid.legend[width].color)
      for rate in 0..<4 {
        let cloud = drawn.chart.jittered[4 * width + rate]
        #expect(cloud.points.map(\.value) == columns[rate].map { Point(Self.rates[rate], $0) })
        #expect(cloud.color.solid == drawn.grid.legend[width].color && cloud.marker == drawn.grid.legend[width].marker)
        // Beside their place, and nearer to it than to a neighbour's on the logarithmic axis.
        #expect(cloud.points.allSatisfy { $0.drawn.x > Self.rates[rate] / 2 && $0.drawn.x < Self.rates[rate] * 2 })
        #expect(cloud.points.allSatisfy { $0.drawn.y == $0.value.y })
      }
    }
    #expect(drawn.grid.legend.map(\.label) == ["2", "4"] && drawn.grid.legendTitle == "hidden units H")
  }

  @Test func theAxisHasTheSettings() throws {
    let chart = try Drawn(Self.results()) { Sensitivity(.finalLoss, to: .learningRate) }.chart
    #expect(chart.x.kind == .log && chart.x.title == "learning rate η")
    #expect(chart.x.ticks?.map(\.value) == Self.rates && chart.x.ticks?.map(\.label) == ["0.01", "0.1", "0.4", "1.6"])
    let domain = try #require(chart.x.domain)
    // Half of the least distance, a factor of 4, on both sides.
    #expect(near(domain.lowerBound, 0.005) && near(domain.upperBound, 3.2))
  }

  @Test func theBestMedianIsRinged() throws {
    let chart = try Drawn(Self.results()) { Sensitivity(.finalLoss, to: .learningRate).color(by: .hidden) }.chart
    let best = Reference.median((0..<5).map { Self.loss(1, 1, $0) })
    #expect(chart.markers.count == 1 && chart.markers[0].marker == .ring)
    #expect(near(chart.markers[0].points, [Point(0.1, best)]))
    // Of an accuracy the greatest. The third rate's seeds have −∞ (it diverged), 0.99, 0.98, 0.97 and 0.96.
    let accuracy = try Drawn(Self.results()) { Sensitivity(.final(.accuracy), to: .learningRate) }.chart
    #expect(near(accuracy.markers[0].points, [Point(0.4, 0.97)]) && accuracy.y.limits == 0...1)
  }

  @Test func sharesOfDivergedRunsAreOfTheirSetting() throws {
    let drawn = try Drawn(Self.results()) { Sensitivity(.finalLoss, to: .learningRate).edge(0.9, "2/λ") }
    #expect(drawn.chart.topLabels.map(\.x) == [0.4, 1.6])
    #expect(drawn.chart.topLabels.map(\.label) == ["20 %", "80 %"])
    // Most diverge from half-way, on the logarithmic axis, between 0.4 and 1.6.
    let rules = drawn.chart.verticalRules
    #expect(rules.count == 2 && near(rules[0].x, 0.8) && rules[0].label.contains("diverge"))
    #expect(rules[1].x == 0.9 && rules[1].label == "2/λ")
    #expect(drawn.caption.contains("Open triangles") && drawn.caption.contains("share of diverged runs"))
    #expect(drawn.caption.contains("10 of 40 runs diverged"))
  }

  @Test func aNarrowRangeIsLinearAndWordsAreOrdinal() throws {
    func chart<Value>(_ parameter: Parameter<Value>, _ sweep: Vary) throws -> Chart {
      let results = try PlantedRuns.results {
        sweep
        Seeds(0..<3)
      } run: { settings, seed in
        Run(finalLoss: 1 + Double(seed) + (settings[0].number ?? 0))
      }
      return try Drawn(results) { Sensitivity(.finalLoss, to: parameter) }.chart
    }
    let widths = try chart(.hidden, Vary(.hidden, over: [2, 4, 8]))
    #expect(widths.x.kind == .linear && widths.x.domain == 1...9)
    #expect(widths.lines[0].points == [Point(2, 4), Point(4, 6), Point(8, 10)])
    let words = try chart(.activation, Vary(.activation, over: [.tanh, .relu]))
    #expect(words.x.names == ["tanh", "relu"] && words.x.domain == nil)
    #expect(words.lines[0].points == [Point(0, 2), Point(1, 2)])
  }

  @Test func onALinearAxisTheEdgeIsInTheMiddle() throws {
    let results = try PlantedRuns.results {
      Vary(.hidden, over: [2, 4, 8])
      Seeds(0..<3)
    } run: { settings, seed in
      Run(finalLoss: 1, diverged: settings[0] == .integer(8) && seed > 0)
    }
    #expect(try Drawn(results) { Sensitivity(.finalLoss, to: .hidden) }.chart.verticalRules.map(\.x) == [6])
  }

  /// Final losses of 2 to 10⁻³⁶ by rate: the medians of two rates are below ten decades.
  private static func converging() throws -> Results {
    try PlantedRuns.results {
      Vary(.learningRate, over: rates)
      Seeds(0..<5)
    } run: { settings, seed in
      let place = rates.firstIndex(of: settings[0].number ?? 0) ?? 0
      let loss = [2, 1e-4, 1e-12, 1e-36][place] * (1 + 0.01 * Double(seed))
      return Run(finalLoss: loss, bestLoss: loss, finals: [.gradientNorm: loss])
    }
  }

  /// Final losses on their way to rounding errors leave a logarithmic axis ten decades below the greatest one.
  @Test func aLogarithmicAxisHasAFloor() throws {
    let results = try Self.converging()
    func drawn(_ metric: Metric) throws -> Drawn {
      try Drawn(results, Figure("F") { Sensitivity(metric, to: .learningRate) }.yScale(.log))
    }
    for metric in [Metric.finalLoss, .bestLoss] {
      let drawn = try drawn(metric)
      #expect(drawn.chart.y.floor.map { near(log10($0), -10) } ?? false, "\(String(describing: drawn.chart.y.floor))")
      #expect(drawn.caption.contains("Below 10⁻¹⁰ values leave the axis (open triangles; large: the best median)."))
      let medians = drawn.chart.lines[0].points.map { log10($0.y / 1.02) }
      #expect(near(medians, [log10(2), -4, -12, -36]), "only the axis changes")
    }
    #expect(try drawn(.final(.gradientNorm)).chart.y.floor == nil, "a gradient norm has none")
    let linear = try Drawn(results) { Sensitivity(.finalLoss, to: .learningRate) }
    #expect(linear.chart.y.floor == nil && !linear.caption.contains("leave the axis"))
    let ranged = Figure("F") { Sensitivity(.finalLoss, to: .learningRate) }.yScale(.log).yRange(1e-40...10)
    #expect(try Drawn(results, ranged).chart.y.floor == nil, "the author's range")
  }

  /// What is seen: no tick below the floor, and a triangle for each run that left the axis.
  @Test func whatIsBelowTheFloorIsAtTheEdge() throws {
    let results = try Self.converging()
    let drawn = try Drawn(results, Figure("F") { Sensitivity(.finalLoss, to: .learningRate) }.yScale(.log))
    let page = Page(drawn.grid)
    #expect(page.canvas.texts.contains { $0.text.string == "10⁻⁹" || $0.text.string == "10⁻¹⁰" })
    #expect(!page.canvas.texts.contains { ["10⁻¹²", "10⁻²⁰", "10⁻³⁰", "10⁻³⁶"].contains($0.text.string) })
    let triangles = page.canvas.commands.count { command in
      if case .stroke(let path, let stroke) = command {
        path.points.count == 3 && stroke.width == 0.7 && stroke.color != .gray
      } else {
        false
      }
    }
    #expect(triangles == 11, "ten runs and the best median")
  }

  /// Panels that share an axis have one floor, that of all runs; panels with their own axes have their own.
  @Test func panelsShareTheirFloor() throws {
    let results = try PlantedRuns.results {
      Vary(.learningRate, over: [0.1, 0.4])
      Vary(.hidden, over: [2, 4])
      Seeds(0..<3)
    } run: { settings, _ in
      Run(finalLoss: (settings[1] == .integer(4) ? 1e-8 : 1) * (settings[0] == .number(0.4) ? 1e-15 : 1))
    }
    let figure = Figure("F") { Sensitivity(.finalLoss, to: .learningRate) }.yScale(.log).facets(columns: .hidden)
    let shared = try Drawn(results, figure)
    #expect(near(shared.charts.compactMap(\.y.floor).map(log10), [-10, -10]))
    #expect(shared.caption.components(separatedBy: "leave the axis").count == 2, "said once")
    let own = try Drawn(results, figure.ownAxes()).charts.compactMap(\.y.floor).map(log10)
    #expect(near(own, [-10, -18]))
  }
}
