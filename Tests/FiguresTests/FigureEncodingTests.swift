import Analysis
import Documents
import Figures
import Learning
import Planted
import Plotting
import Studies
import Testing

/// What figures say by colour, dash, height and label, looked at as it is drawn.
@Suite struct FigureEncodingTests {
  typealias Run = PlantedRuns.Run

  /// The page of a figure.
  private func draw(_ figure: Figure, _ results: Results) throws -> RecordingCanvas {
    let drawn = try Drawn(results, figure)
    let canvas = RecordingCanvas(size: PageWriter.size)
    let node = Document.Figure(
      number: 1, title: figure.title, charts: drawn.grid, caption: Markdown.inlines(drawn.caption))
    FigureItem(node).draw(at: Point(0, 0), width: 495, on: canvas)
    return canvas
  }

  private func caption(_ canvas: RecordingCanvas) -> String {
    canvas.texts.map(\.text.string).max { $0.count < $1.count } ?? ""
  }

  /// Losses that fall by a factor a step.
  private static func falling(_ factor: Double, from start: Double = 1, steps: Int = 30) -> Series {
    var values = [start]
    for _ in 0..<steps { values.append(values[values.count - 1] * factor) }
    return Series(every: 1, values: values)
  }

  private func rates(_ rates: [Double], seeds: Int = 8, _ run: @escaping (Double, Int) -> Run) throws -> Results {
    try PlantedRuns.results {
      Vary(.learningRate, over: rates)
      Seeds(0..<seeds)
    } run: { settings, seed in
      run(settings[0].number ?? 0, seed)
    }
  }

  /// Dashes mean validation and nothing else: every setting is solid in training and dashed in validation.
  @Test func dashesHaveOneMeaning() throws {
    let results = try rates([0.1, 0.3]) { rate, _ in
      Run(series: [.loss: Self.falling(1 - rate), .validationLoss: Self.falling(1 - rate / 2)])
    }
    let canvas = try draw(
      Figure("f") {
        Curve(.loss).color(by: .learningRate)
        Curve(.validationLoss).color(by: .learningRate).dashed()
      }, results)
    for color in Palette.colors(2, ordered: true) {
      let dashes = canvas.commands.compactMap { command -> [Double]? in
        if case .stroke(let path, let stroke) = command, stroke.color == color, path.elements.count > 2 {
          stroke.dash
        } else {
          nil
        }
      }
      #expect(Set(dashes) == [[], [4, 2]])
    }
    #expect(canvas.texts.contains { $0.text.string == "validation loss" }, "the legend names the dashes")
  }

  /// Two settings have dashes, unless dashed rules are in the same figure: then markers alone tell them apart without colours.
  @Test func rulesAreDashedOnlyWhereSettingsAreNot() throws {
    let results = try PlantedRuns.results {
      Vary(.learningRate, over: [0.1, 0.3, 1])
      Vary(.activation, over: [.tanh, .relu])
      Seeds(0..<4)
    } run: { settings, seed in
      Run(finalLoss: 1 + Double(seed), diverged: settings[0] == .number(1))
    }
    func dashes(_ plot: any Plot) throws -> (data: Set<[Double]>, rules: Set<[Double]>, legend: Set<[Double]>) {
      let drawn = try Drawn(results, Figure("F") { plot }.pooling(.learningRate))
      let rules = drawn.chart.marks.compactMap { mark -> [Double]? in
        switch mark {
        case .horizontalRule(_, _, let stroke), .verticalRule(_, _, let stroke): stroke.dash
        default: nil
        }
      }
      let data = drawn.chart.lines.map(\.stroke.dash) + drawn.chart.steps.map(\.stroke.dash)
      return (Set(data), Set(rules), Set(drawn.grid.legend.map(\.dash)))
    }
    let edge = try dashes(Sensitivity(.finalLoss, to: .learningRate).edge(0.2, "2/λ").color(by: .activation))
    #expect(edge.data == [[]] && edge.legend == [[]] && edge.rules == [[4, 2], [3, 2]])
    for style in [Distribution.Style.staircase, .histogram, .empirical] {
      let plain = Distribution(.finalLoss, as: style).color(by: .activation)
      let levels = try dashes(plain.level(2, "known"))
      #expect(levels.data.isDisjoint(with: levels.rules.subtracting([[]])) && levels.data == levels.legend)
      #expect(levels.rules == [style == .staircase ? [3, 2] : []])
      #expect(try dashes(plain).data == Set((0..<2).map(Dash.category)), "two categories")
    }
  }

  /// More settings than there are hues are a scale of colours, without dashes that would repeat.
  @Test func aComparisonOfManySettingsHasNoDashes() throws {
    for count in [3, 9] {
      let results = try rates((1...count).map { 0.1 * Double($0) }) { _, _ in Run(series: [.loss: Self.falling(0.5)]) }
      let settings = SeedComparison.settings(of: results, by: "learning-rate")
      let grid = try #require(try SeedComparison.byTask(settings, by: .stepsToLoss(0.1)).first).grid()
      #expect(grid.legend.count == count)
      #expect(grid.legend.contains { !$0.dash.isEmpty } == (count == 3))
      #expect(Set(grid.legend.map(\.color)).count == count)
    }
  }

  /// Eight rates stand in order beside a bar, not in a legend of eight lines.
  @Test func manySettingsStandBesideABar() throws {
    let all = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30]
    let results = try rates(all) { rate, _ in Run(series: [.loss: Self.falling(1 / (1 + rate), steps: 25)]) }
    let canvas = try draw(Figure("f") { Curve(.loss).color(by: .learningRate) }, results)
    let labels = all.map { rate in canvas.texts.filter { $0.text.string == NumberText.short(rate) && $0.box.x > 400 } }
    #expect(labels.allSatisfy { $0.count == 1 }, "each rate once, on the right")
    let heights = labels.compactMap { $0.first?.box.y }
    #expect(heights == heights.sorted(by: >))
    let dashed = canvas.commands.contains {
      if case .stroke(_, let stroke) = $0 { !stroke.dash.isEmpty } else { false }
    }
    #expect(!dashed, "a scale of colours needs no dashes")
  }

  /// Settings that make no difference: both lines are seen, and the caption says how.
  @Test func settingsThatCoincideStayVisible() throws {
    let results = try rates([0.1, 0.3]) { _, seed in Run(series: [.loss: Self.falling(0.9 - 0.01 * Double(seed))]) }
    let canvas = try draw(Figure("f") { Curve(.loss).color(by: .learningRate).band(.quartiles) }, results)
    let widths = Palette.colors(2, ordered: true).map { color in
      canvas.commands.compactMap { command -> Double? in
        if case .stroke(let path, let stroke) = command, stroke.color == color, path.elements.count > 2 {
          stroke.width
        } else {
          nil
        }
      }.max() ?? 0
    }
    #expect(widths[1] == 1.5 && widths[0] > 2.5)
    #expect(caption(canvas).contains("the lower ones are drawn wider"))
  }

  @Test func aFloorIsSaid() throws {
    let results = try rates([0.1, 0.3]) { rate, _ in Run(series: [.loss: Self.falling(rate)]) }
    let canvas = try draw(Figure("f") { Curve(.loss).color(by: .learningRate) }, results)
    #expect(caption(canvas).contains("Below 10⁻¹⁰ curves leave the axis"), "\(caption(canvas))")
    #expect(!canvas.texts.contains { $0.text.string == "10⁻¹²" || $0.text.string == "10⁻¹⁵" })
  }

  /// A rate at which all runs diverge does not take the room from the others, and the caption says which it is.
  @Test func divergedRunsDoNotStretchTheAxis() throws {
    let results = try rates([0.1, 0.3, 3]) { rate, _ in
      rate < 1
        ? Run(series: [.loss: Self.falling(0.8)])
        : Run(steps: 5, diverged: true, series: [.loss: Self.falling(1e3, from: 2, steps: 5)])
    }
    let canvas = try draw(Figure("f") { Curve(.loss).color(by: .learningRate).band(.quartiles) }, results)
    #expect(!canvas.texts.contains { ["100", "1000", "10⁴", "10⁵"].contains($0.text.string) })
    #expect(caption(canvas).contains("8 of 24 runs diverged (η = 3: 8 of 8)"), "\(caption(canvas))")
  }

  @Test(arguments: [2, 5]) func intervalsOfManyCurvesStandAtSomeSteps(count: Int) throws {
    let all = (1...count).map { 0.1 * Double($0) }
    let results = try rates(all) { rate, seed in
      Run(series: [.loss: Self.falling(0.5 + 0.02 * Double(seed) - rate / 10, steps: 10)])
    }
    let canvas = try draw(Figure("f") { Convergence(below: 0.1).color(by: .learningRate) }, results)
    let colors = Palette.colors(count, ordered: true)
    let bands = canvas.commands.count { command in
      if case .fill(_, let color) = command { colors.contains(color.opacity(1)) && color.alpha < 1 } else { false }
    }
    let bars = canvas.commands.count { command in
      if case .stroke(_, let stroke) = command { colors.contains(stroke.color) && stroke.width == 0.9 } else { false }
    }
    #expect(bands == (count == 2 ? 2 : 0) && bars == (count == 2 ? 0 : 3 * count))
    #expect(caption(canvas).contains(count == 2 ? "bands: Wilson" : "bars: Wilson"))
  }

  /// Of one width every run diverges, of the other none: 100 % of one colour, not 50 % of both.
  @Test func sharesOfDivergedRunsAreThoseOfAColour() throws {
    let results = try PlantedRuns.results {
      Vary(.learningRate, over: [0.1, 1, 10])
      Vary(.hidden, over: [2, 4])
      Seeds(0..<8)
    } run: { settings, _ in
      Run(diverged: settings[0] == .number(10) && settings[1] == .integer(4))
    }
    let canvas = try draw(Figure("f") { Sensitivity(.finalLoss, to: .learningRate).color(by: .hidden) }, results)
    let shares = canvas.texts.filter { $0.text.string.hasSuffix(" %") }
    #expect(shares.map(\.text.string) == ["100 %"])
    #expect(shares.first?.text.color == Palette.colors(2, ordered: true)[1])
  }

  @Test func optionsHaveTitles() throws {
    let results = try PlantedRuns.results {
      Vary(.batch, over: [.full, .singleWithReplacement])
      Seeds(0..<4)
    } run: { _, _ in
      Run(series: [.loss: Self.falling(0.9)])
    }
    let coloured = try draw(Figure("f") { Curve(.loss).color(by: .batch) }, results)
    let facets = try draw(Figure("f") { Curve(.loss) }.facets(columns: .batch), results)
    for canvas in [coloured, facets] {
      #expect(canvas.texts.contains { $0.text.string.contains("single with replacement") })
      #expect(!canvas.texts.contains { $0.text.string.contains("single-with") })
    }
  }

  @Test func aDecisionBoundarySaysItsClassesAndUnits() throws {
    for isStandardized in [false, true] {
      var setup = PlantedRuns.setup
      if isStandardized { setup.data = setup.data?.standardized() }
      let results = try PlantedRuns.results(setup) {
        Seeds(0..<1)
      } run: { _, _ in
        Run(parameters: [0.5, -0.4, 0.1, 0.3, 0.2, -0.1, 0.7, 0.6, -0.2])
      }
      let canvas = try draw(Figure("f") { DecisionBoundary(.firstSeed) }, results)
      let texts = canvas.texts.map(\.text.string)
      #expect(texts.contains("target 0") && texts.contains("target 1"))
      #expect(texts.count { $0.hasSuffix("(standardized)") } == (isStandardized ? 2 : 0))
    }
  }

  /// Verdicts are explained over their own panel, and "too small" does not have the colour of what fits.
  @Test func eachPanelOfACapacityHasItsLegend() throws {
    let capacity = try PlantedSweep(outcome: PlantedSweep.overcapacity).capacity()
    let charts = capacity.grid().charts[0]
    #expect(capacity.grid().legend.isEmpty)
    #expect(charts[0].legend.map(\.label) == ["true labels", "random labels"])
    let colors = Dictionary(uniqueKeysWithValues: charts[1].legend.map { ($0.label, $0.color) })
    #expect(colors.count > 1 && colors["too small"] != nil)
    #expect(Set(colors.values).count == colors.count)
    #expect(colors["too small"] != Palette.categories[2], "green is for widths that fit")
  }
}
