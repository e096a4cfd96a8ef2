import Analysis
import Figures
import Learning
import Planted
import Plotting
import Studies
import Testing

/// What a figure makes of its plots: panels, legend, caption, insets.
@Suite struct FigureBuilderTests {
  typealias Run = PlantedRuns.Run

  static let rates = [0.1, 0.3, 0.9]
  static let scales = [1.0, 2]

  /// A run's loss says which run it is: hundreds the rate, tens the scale, ones the seed.
  static func loss(_ settings: [Setting], _ seed: Int) -> Double {
    let rate = rates.firstIndex { settings[0] == .number($0) } ?? 0
    let scale = scales.firstIndex { settings[1] == .number($0) } ?? 0
    return Double(100 * (1 + rate) + 10 * (1 + scale) + seed)
  }

  static func results(overrides: Overrides = Overrides()) throws -> Results {
    try PlantedRuns.results(overrides: overrides) {
      Vary(.learningRate, over: rates)
      Vary(.initScale, over: scales)
      Seeds(0..<4)
    } run: { settings, seed in
      Run(
        finalLoss: loss(settings, seed), diverged: settings[0] == .number(0.9) && seed == 0,
        series: [.loss: Series(every: 1, values: [loss(settings, seed)])])
    }
  }

  private func values(_ chart: Chart) -> [Double] { chart.steps.flatMap { $0.points.map(\.y) }.filter(\.isFinite) }

  @Test func panelsPartTheRuns() throws {
    let figure = Figure("F") { Distribution(.finalLoss) }.facets(rows: .initScale, columns: .learningRate)
    let drawn = try Drawn(Self.results(), figure)
    #expect(drawn.grid.charts.map(\.count) == [3, 3])
    for (row, scale) in Self.scales.enumerated() {
      for (column, rate) in Self.rates.enumerated() {
        let chart = drawn.grid.charts[row][column]
        #expect(chart.title == "σ₀ = \(Int(scale)), η = \(rate)")
        let first = Double(100 * (1 + column) + 10 * (1 + row))
        #expect(values(chart) == (rate == 0.9 ? 1..<4 : 0..<4).map { first + Double($0) })
      }
    }
    #expect(drawn.caption.contains("2 of 24 runs diverged"))
    #expect(drawn.grid.sharesAxes)
    #expect(try !Drawn(Self.results(), figure.ownAxes()).grid.sharesAxes)
  }

  @Test func aRowOfPanelsIsOneRow() throws {
    let figure = Figure("F") { Distribution(.finalLoss) }.facets(rows: .learningRate)
    #expect(
      try Drawn(Self.results(), figure).grid.charts.map { $0.map(\.title) } == [["η = 0.1"], ["η = 0.3"], ["η = 0.9"]])
  }

  @Test(arguments: [(2, [2]), (3, [3]), (4, [2, 2]), (5, [3, 2]), (6, [3, 3]), (7, [4, 3]), (9, [3, 3, 3])])
  func manyPanelsAreWrappedInOrder(_ count: Int, _ rows: [Int]) throws {
    let widths = (1...count).map { $0 }
    let results = try PlantedRuns.results {
      Vary(.hidden, over: widths)
      Seeds(0..<2)
    } run: { settings, _ in
      Run(finalLoss: settings[0].number ?? 0)
    }
    let drawn = try Drawn(results, Figure("F") { Distribution(.finalLoss) }.facets(columns: .hidden))
    #expect(drawn.grid.charts.map(\.count) == rows)
    #expect(drawn.charts.map(\.title) == widths.map { "H = \($0)" })
    for (width, chart) in zip(widths, drawn.charts) { #expect(values(chart) == [Double(width), Double(width)]) }
  }

  @Test func aPanelOfWordsIsCalledByItsWord() throws {
    let results = try PlantedRuns.results {
      Variants("kind", [Variant("plain") { _ in }, Variant("decayed") { $0.optimizer.weightDecay = 0.1 }])
      Seeds(0..<2)
    } run: { _, _ in
      Run()
    }
    let figure = Figure("F") { Distribution(.finalLoss) }.facets(columns: .variant("kind"))
    #expect(try Drawn(results, figure).charts.map(\.title) == ["plain", "decayed"])
  }

  @Test func aSelectionLeavesItsRunsAndCountsThem() throws {
    let figure = Figure("F") { Distribution(.finalLoss).color(by: .learningRate) }.where(.initScale, is: 2)
    let drawn = try Drawn(Self.results(), figure)
    let expected: [Double] = [120, 121, 122, 123, 220, 221, 222, 223, 321, 322, 323]
    #expect(values(drawn.chart) == expected)
    #expect(drawn.caption.contains("1 of 12 runs diverged"))
    let single = Figure("F") { Distribution(.finalLoss).color(by: .learningRate) }.where(.learningRate, is: 0.3)
    #expect(try Drawn(Self.results(), single).grid.legend.isEmpty, "one colour needs no legend")
  }

  /// The legend has the axis's order, and the colours, dashes and markers of the marks.
  @Test func aLegendIsInTheOrderOfTheAxis() throws {
    let results = try PlantedRuns.results {
      Vary(.hidden, over: [8, 2, 4])
      Seeds(0..<3)
    } run: { settings, seed in
      Run(finalLoss: settings[0].number ?? 0)
    }
    let drawn = try Drawn(results) { Distribution(.finalLoss).color(by: .hidden) }
    #expect(drawn.grid.legend.map(\.label) == ["8", "2", "4"] && drawn.grid.legendTitle == "hidden units H")
    #expect(drawn.chart.steps.map { $0.points[0].y } == [8, 2, 4])
    #expect(drawn.chart.steps.map(\.stroke.color) == drawn.grid.legend.map(\.color))
    #expect(drawn.chart.steps.map(\.stroke.dash) == drawn.grid.legend.map(\.dash))
    #expect(drawn.chart.markers.map(\.marker) == drawn.grid.legend.compactMap(\.marker))
    #expect(drawn.grid.legend.allSatisfy { $0.dash.isEmpty }, "a scale of colours needs no dashes")
    #expect(Set(drawn.grid.legend.map(\.marker)).count == 3)
    // On the page: swatches and names side by side, in the same order, each in its colour.
    let page = Page(drawn.grid)
    let boxes = try ["8", "2", "4"].map { try #require(page.box($0)) }
    #expect(boxes[0].x < boxes[1].x && boxes[1].x < boxes[2].x)
    for (entry, box) in zip(drawn.grid.legend, boxes) {
      let swatch = try #require(page.canvas.strokes(colored: entry.color).first)
      #expect(
        swatch.points[1].x < box.x && swatch.points[1].x > box.x - 10 && near(swatch.points[0].y, box.center.y, 0.1))
    }
  }

  /// More numbers than fit a legend are named beside a bar of their colours.
  @Test func manyNumbersHaveABar() throws {
    let widths = [1, 2, 3, 4, 5, 6, 7]
    let results = try PlantedRuns.results {
      Vary(.hidden, over: widths)
      Seeds(0..<2)
    } run: { settings, seed in
      Run(finalLoss: settings[0].number ?? 0)
    }
    let drawn = try Drawn(results) { Distribution(.finalLoss).color(by: .hidden) }
    let bar = try #require(drawn.grid.colorScale)
    #expect(drawn.grid.legend.isEmpty && bar.title == "hidden units H")
    #expect(drawn.chart.steps.map(\.stroke.color) == (0..<7).map { bar.color(Double($0)) })
    #expect(bar.scale.kind == .ordinal(widths.map { "\($0)" }))
  }

  /// The caption names the settings whose runs diverged.
  @Test func divergedRunsAreCountedBySetting() throws {
    let caption = try Drawn(Self.results()) { Distribution(.finalLoss).color(by: .learningRate) }.caption
    #expect(caption.hasSuffix("2 of 24 runs diverged (η = 0.9: 2 of 8); they count as infinite."))
  }

  @Test func aCurveHasNoMarkersInItsLegend() throws {
    let drawn = try Drawn(Self.results()) { Curve(.loss).color(by: .initScale) }
    #expect(drawn.grid.legend.allSatisfy { $0.marker == nil && $0.hasLine })
  }

  @Test func rangesAndScalesAreTheFigures() throws {
    let figure = Figure("F") { Curve(.loss) }.xRange(0...5).yRange(1...9).yScale(.linear)
    let chart = try Drawn(Self.results(), figure).chart
    #expect(chart.x.domain == 0...5 && chart.y.domain == 1...9 && chart.y.kind == .linear)
  }

  @Test func anInsetShowsTheSameRuns() throws {
    let place = Rect(x: 0.5, y: 0.1, width: 0.4, height: 0.3)
    let figure = Figure("F") { Curve(.loss).color(by: .learningRate) }
      .facets(columns: .initScale)
      .inset(at: place, Figure("I") { Distribution(.finalLoss) }.yRange(0...1000))
    let charts = try Drawn(Self.results(), figure).charts
    for (column, chart) in charts.enumerated() {
      let inset = try #require(chart.insets.first)
      #expect(inset.place == place && inset.chart.y.domain == 0...1000)
      let own = (1...3).flatMap { rate in (0..<4).map { Double(100 * rate + 10 * (1 + column) + $0) } }
      #expect(values(inset.chart) == own.filter { $0 != Double(300 + 10 * (1 + column)) })
      #expect(inset.chart.x.title.isEmpty && inset.chart.y.title.isEmpty)
    }
    // In the corner that its place says: its own frame lies in that part of the panel's.
    let single = Figure("F") { Curve(.loss) }.inset(at: place, Figure("I") { Distribution(.finalLoss) })
    let page = Page(try Drawn(Self.results(), single).grid)
    let corners = [Point(page.frames[1].x, page.frames[1].y), Point(page.frames[1].right, page.frames[1].bottom)]
      .map { page.share($0) }
    #expect(corners[0].x > 0.5 && corners[1].x < 0.9 && corners[0].y < 0.9 && corners[1].y > 0.6)
  }

  /// A parameter that the command line adds gets panels where the figure has none, and is pooled where it has both.
  @Test func anAddedParameterGetsPanels() throws {
    let overrides = Overrides(values: [("hidden", ["2", "5"])])
    let results = try Self.results(overrides: overrides)
    let figure = Figure("F") { Distribution(.finalLoss).color(by: .learningRate) }.pooling(.initScale)
    #expect(try Drawn(results, figure).charts.map(\.title) == ["H = 2", "H = 5"])
    let rows = try Drawn(results, figure.facets(columns: .initScale)).grid.charts
    #expect(rows.map { $0.map(\.title) } == [["H = 2, σ₀ = 1", "H = 2, σ₀ = 2"], ["H = 5, σ₀ = 1", "H = 5, σ₀ = 2"]])
    let both = try Drawn(results, figure.facets(rows: .learningRate, columns: .initScale))
    #expect(both.grid.charts.map(\.count) == [2, 2, 2])
    #expect(values(both.grid.charts[0][0]).count == 8, "two widths of four seeds")
  }

  @Test func theCaptionBeginsWithTheAuthorsSentence() throws {
    let figure = Figure("F") { Curve(.loss) }.caption("Of my own.").facets(columns: .initScale)
    let caption = try Drawn(Self.results(), figure).caption
    #expect(caption.hasPrefix("Of my own. ") && caption.hasSuffix("2 of 24 runs diverged; they count as infinite."))
    #expect(caption.ranges(of: "median of").count == 1, "panels say it once")
  }

  @Test func aFreeDrawingHasTheRunsOfItsSelection() throws {
    let figure = Figure("F") { results in
      ChartGrid(Chart(title: "\(results.count)", x: AxisStyle(""), y: AxisStyle(""), marks: []))
    }
    #expect(try Drawn(Self.results(), figure).chart.title == "24")
    #expect(try Drawn(Self.results(), figure.where(.learningRate, is: 0.1)).chart.title == "8")
  }
}

/// A setting has one look in every figure of a report.
@Suite struct SettingColourTests {
  static let figures: [Figure] = [
    Figure("curve") { Curve(.loss).color(by: .learningRate).band(.quartiles).runs() },
    Figure("convergence") { Convergence(below: 150).color(by: .learningRate) },
    Figure("staircase") { Distribution(.finalLoss).color(by: .learningRate) },
    Figure("histogram") { Distribution(.finalLoss, as: .histogram).color(by: .learningRate) },
    Figure("strip") { Distribution(.finalLoss, as: .strip).color(by: .learningRate) },
    Figure("empirical") { Distribution(.finalLoss, as: .empirical).color(by: .learningRate) },
    Figure("sensitivity") { Sensitivity(.finalLoss, to: .initScale).color(by: .learningRate) },
  ]

  /// Every colour of a chart's marks but black and grey.
  private func colours(_ chart: Chart) -> Set<Color> {
    let all =
      chart.lines.map(\.stroke.color) + chart.bundles.map(\.stroke.color) + chart.steps.map(\.stroke.color)
      + chart.bands.map(\.color) + chart.areas.map(\.color) + chart.markers.map(\.color) + chart.jittered.map(\.color)
      + chart.boxes.map(\.color)
    return Set(all.map(\.solid)).subtracting([.black, .gray])
  }

  @Test(arguments: figures.indices) func theSameInEveryFigure(_ index: Int) throws {
    let results = try FigureBuilderTests.results()
    // Three numbers are an ordered scale, dark to light.
    let known = (0..<3).map { Palette.viridis(0.86 * Double($0) / 2) }
    let drawn = try Drawn(results, Self.figures[index])
    #expect(colours(drawn.chart) == Set(known))
    #expect(drawn.grid.legend.isEmpty || drawn.grid.legend.map(\.color) == known)
    for (rate, color) in zip(FigureBuilderTests.rates, known) {
      let alone = try Drawn(results, Self.figures[index].where(.learningRate, is: rate))
      #expect(colours(alone.chart) == [color], "alone as among others")
    }
  }

  @Test func wordsAreApartInHue() throws {
    let results = try PlantedRuns.results {
      Vary(.activation, over: [.tanh, .relu, .sigmoid])
      Seeds(0..<2)
    } run: { _, _ in
      PlantedRuns.Run()
    }
    let drawn = try Drawn(results) { Distribution(.finalLoss).color(by: .activation) }
    #expect(drawn.grid.legend.map(\.color) == Array(Palette.categories.prefix(3)))
    #expect(drawn.chart.steps.map(\.stroke.color) == Array(Palette.categories.prefix(3)))
  }
}
