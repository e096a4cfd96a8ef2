import Analysis
import Documents
import Figures
import Learning
import Planted
import Plotting
import Studies
import Testing

/// The capacity of networks as table and figure.
@Suite struct CapacityFigureTests {
  private static var planted: PlantedSweep { PlantedSweep(outcome: PlantedSweep.overcapacity) }

  private static func markdown(_ capacity: Capacity, _ caption: String = "") throws -> String {
    let table = try ReportTable(caption, of: { _ in capacity }).content(planted.results())
    return MarkdownWriter().text(Document(title: "", nodes: [.table(table)]))
  }

  @Test func theTableHasARowAWidth() throws {
    let lines = try Self.markdown(Self.planted.capacity(), "Planted").split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("**Planted: medians of 12 runs") })
    #expect(lines.contains("| 16 | 12.2 | 5·10⁻⁴ | 0.791 | 1.5 | 1.5–1.5 | 12 / 12 | 0.1 % | 2 | overcapacity |"))
    #expect(lines.count { $0.hasPrefix("| ") && $0.contains(" / ") } == 5)
    // Columns that nothing was measured for are left out.
    let bare = try PlantedSweep().capacity(withRandom: false)
    let header = try Self.markdown(bare).split(separator: "\n").first { $0.hasPrefix("| ") }
    #expect(header == "| H | p : n | training | validation | over best | 95 % | fitted | verdict |")
  }

  @Test func divergedRunsAreCountedInTheTable() throws {
    let capacity = try PlantedSweep(outcome: { isRandom, width, seed in
      var run = PlantedSweep.overcapacity(isRandom, width, seed)
      run.diverged = width == 8 && seed < (isRandom ? 7 : 2)
      return run
    }).capacity()
    let table = try Self.markdown(capacity)
    #expect(table.contains("| diverged |") && table.contains("| 9 |"), "2 + 7 at width 8")
  }

  @Test func theFirstPanelShowsSharesThatInterpolate() throws {
    let grid = try Self.planted.capacity().grid()
    let chart = grid.charts[0][0]
    #expect(chart.lines.map { $0.points.map(\.y) } == [[0, 0, 50, 100, 100], [0, 0, 0, 100, 100]])
    #expect(chart.lines.map(\.stroke.color) == chart.legend.map(\.color))
    #expect(chart.legend.map(\.label) == ["true labels", "random labels"] && grid.legend.isEmpty)
    #expect(chart.y.title == "share of 12 runs in %" && chart.y.domain == 0...100)
    #expect(
      chart.x.ticks?.map(\.label) == ["1", "2", "4", "8", "16"] && chart.x.ticks?.map(\.value) == [1, 2, 4, 8, 16])
    #expect(chart.intervals.count == 10)
    for (line, intervals) in zip(chart.lines, [chart.intervals.prefix(5), chart.intervals.suffix(5)]) {
      for (point, interval) in zip(line.points, intervals) {
        let bounds = Reference.wilson(Int((point.y * 12 / 100).rounded()), of: 12)
        #expect(interval.x == point.x && near([interval.low, interval.high], [bounds.low, bounds.high], 1e-9))
      }
    }
    // The two curves stand beside their width, nearer to it than to its neighbours.
    for (line, side) in zip(chart.lines, [-1.0, 1]) {
      for (point, width) in zip(line.points, [1.0, 2, 4, 8, 16]) {
        #expect((point.x - width) * side > 0 && abs(point.x / width - 1) < 0.2)
      }
    }
  }

  /// Validation over the best's, in the colour of the verdict.
  @Test func theSecondPanelShowsRatios() throws {
    let capacity = try Self.planted.capacity()
    let chart = capacity.grid().charts[0][1]
    #expect(chart.intervals.count == 5 && chart.horizontalRules.map(\.y) == [1] && chart.y.kind == .log)
    var seen = 0
    for (points, marker, color, _) in chart.markers {
      let entry = try #require(chart.legend.first { $0.color == color && $0.marker == marker })
      for point in points {
        let width = try #require(capacity[Int(point.x)])
        #expect("\(width.verdict)" == entry.label)
        #expect(near(point.y, [1: 3, 2: 1.071, 4: 1, 8: 1.2, 16: 1.5][width.width] ?? 0, 1e-9))
        let interval = try #require(chart.intervals.first { $0.x == point.x })
        #expect(interval.low <= point.y && point.y <= interval.high && interval.color == color)
        seen += 1
      }
    }
    #expect(seen == 5)
    #expect(chart.legend.map(\.label) == ["too small", "fits the task", "overcapacity"])
    #expect(Set(chart.legend.map(\.color)).count == 3)
  }

  @Test func oneWidthHasPanelsToo() throws {
    let capacity = try PlantedSweep(widths: [8], outcome: PlantedSweep.overcapacity).capacity()
    #expect(capacity.grid().charts.flatMap(\.self).count == 2)
  }

  // MARK: Overcapacity

  private static func outcome(_ width: Int, _ seed: Int) -> PlantedSweep.Outcome {
    PlantedSweep.Outcome(
      left: (width >= 8 ? 0.001 : 0.4 / Double(width)) * (1 + 0.1 * Double(seed * 5 % 12)),
      validation: ([1: 1.5, 2: 0.7, 4: 0.5, 8: 0.6, 16: 0.9][width] ?? 1) * (1 + 0.02 * Double(seed * 7 % 12)))
  }

  /// Medians and quartiles of the twelve runs of each width.
  private func expected(_ value: (PlantedSweep.Outcome) -> Double, _ p: Double) -> [Double] {
    [1, 2, 4, 8, 16].map { width in Reference.quantile((0..<12).map { value(Self.outcome(width, $0)) }, p) }
  }

  @Test func trainingAndValidationAreMediansOverTheWidths() throws {
    let results = try PlantedSweep(outcome: { _, width, seed in Self.outcome(width, seed) }).results()
      .where(PlantedSweep.labels, is: "true")
    let drawn = try Drawn(results) { Overcapacity(.hidden) }
    let chart = drawn.chart
    let halves: [(PlantedSweep.Outcome) -> Double] = [{ $0.left / 2 }, { $0.validation }]
    #expect(chart.lines.count == 2 && chart.bands.count == 2)
    for (index, value) in halves.enumerated() {
      let (line, band) = (chart.lines[index], chart.bands[index])
      #expect(line.points.map(\.x) == [1, 2, 4, 8, 16] && band.x == [1, 2, 4, 8, 16])
      #expect(near(line.points.map(\.y), expected(value, 0.5)))
      #expect(near(band.low, expected(value, 0.25)) && near(band.high, expected(value, 0.75)))
      #expect(line.stroke.color == Palette.categories[index] && band.color.solid == line.stroke.color)
      #expect(drawn.grid.legend[index].color == line.stroke.color && drawn.grid.legend[index].dash == line.stroke.dash)
    }
    #expect(drawn.grid.legend.map(\.label) == ["training", "validation"])
    // 3H + 1 parameters on 4 values pass 1 at H = 1, where the sweep begins: no rule. The best is at 4.
    #expect(chart.verticalRules.map(\.x) == [4] && chart.verticalRules[0].label == "best")
    let rings = chart.markers.filter { $0.marker == .ring }
    #expect(rings.map { $0.points.map(\.x) } == [[8]] && near(rings[0].points[0].y, expected(halves[0], 0.5)[3]))
    #expect(drawn.caption.contains("n = 12 runs per size") && drawn.caption.contains("first to third quartile"))
    #expect(chart.x.kind == .log && chart.y.kind == .log && chart.x.title == "hidden units H")
    let relative = try Drawn(results) { Overcapacity(.hidden, against: .parametersPerValue) }.chart
    #expect(relative.lines[0].points.map(\.x) == [1, 1.75, 3.25, 6.25, 12.25])
    #expect(relative.verticalRules.map(\.x).contains(1))
  }

  /// Ten targets: 3H + 1 reaches 10 between H = 2 and H = 4, by logarithms at 2·2^(log(10/7)/log(13/7)).
  @Test func theRuleIsWhereParametersEqualValues() throws {
    let targets = [-1.0, 1, -1, 1, -1, 1, -1, 1, -1, 1]
    let results = try PlantedSweep(targets: targets, outcome: { _, width, seed in Self.outcome(width, seed) }).results()
      .where(PlantedSweep.labels, is: "true")
    let rules = try Drawn(results) { Overcapacity(.hidden) }.chart.verticalRules
    let rule = try #require(rules.first { $0.label == "p = n" })
    #expect(abs(rule.x - 2.98) < 0.005, "2·2^0.5762")
  }

  /// The ring of `Overcapacity` stands on the training curve at the measured threshold.
  @Test func theMeasuredThresholdIsRinged() throws {
    let figure = Figure("Loss") { Overcapacity(.hidden).color(by: PlantedSweep.labels) }
    let drawn = try Drawn(Self.planted.results(), figure)
    let (rings, dots) = Self.circles(drawn.grid)
    // Training losses of two tasks at five widths; validation is drawn in squares.
    try #require(dots.count == 10 && rings.count == 2, "\(dots) \(rings)")
    #expect(rings == [dots[2], dots[8]], "at 4 on true labels, at 8 on random ones")
    #expect(drawn.caption.contains("Ringed: the least size"))
    #expect(drawn.chart.lines.map(\.stroke.color) == [0, 0, 1, 1].map { Palette.categories[$0] })
    let never = try Drawn(PlantedSweep(outcome: { _, _, _ in PlantedSweep.Outcome() }).results(), figure)
    #expect(Self.circles(never.grid).rings.isEmpty && !never.caption.contains("Ringed"))
  }

  /// Centres of stroked and of filled circles on the page.
  private static func circles(_ grid: ChartGrid) -> (rings: [Point], dots: [Point]) {
    func centre(_ path: Path, radius: Double) -> Point? {
      if case .circle(let center, radius) = path.elements.first { center } else { nil }
    }
    var found: (rings: [Point], dots: [Point]) = ([], [])
    for command in Page(grid).canvas.commands {
      switch command {
      case .stroke(let path, _): if let at = centre(path, radius: 4.5) { found.rings.append(at) }
      case .fill(let path, _): if let at = centre(path, radius: 2) { found.dots.append(at) }
      default: break
      }
    }
    return found
  }
}
