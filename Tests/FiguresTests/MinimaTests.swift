import Analysis
import Documents
import Figures
import Landscape
import Learning
import Planted
import Plotting
import Studies
import Testing

/// What a report says of minima, on 3x⁴ + 4x³ − 12x² + 40 + 2y²: minima at x = −2 (E = 8, E″ = 72) and x = 1 (E = 35, E″ = 36), a
/// saddle at 0 (E = 40, E″ = −24); along y the curvature is 4.
@Suite struct MinimaTests {
  static func value(_ x: Double, _ y: Double) -> Double { x * x * (3 * x * x + 4 * x - 12) + 40 + 2 * y * y }

  static let wells = Objective.function("wells") { x, y in
    value(x, y)
  } gradient: { x, y in
    (12 * x * (x - 1) * (x + 2), 4 * y)
  }.hessian { point in
    let x = point[0]
    return [[36 * x * x + 24 * x - 24, 0], [0, 4]]
  }

  /// Where the runs of seven seeds end; the last has diverged.
  static let ends = [1.0, -2, -2, 0, -2, -2, .nan]

  static func results() throws -> Results {
    let setup = Setup(
      objective: wells, start: .normal(scale: 1), optimizer: .gradientDescent(learningRate: 0.01),
      stop: .after(steps: 10))
    return try PlantedRuns.results(setup) {
      Seeds(0..<7)
    } run: { _, seed in
      let x = ends[seed]
      return PlantedRuns.Run(
        finalLoss: x.isNaN ? .infinity : value(x, 0), diverged: x.isNaN, parameters: [x.isNaN ? 0 : x, 0])
    }
  }

  private func text(_ inlines: [Inline]) -> String {
    inlines.map { if case .text(let text) = $0 { text } else { "" } }.joined()
  }

  @Test func theTableHasARowForEachPlace() throws {
    let table = try ReportTable.census("Planted").content(Self.results())
    let rows = table.rows.map { $0.map(text) }
    #expect(table.columns.map { text($0.title) }.prefix(5) == ["", "class", "loss E", "runs", "share in %"])
    #expect(rows.map { $0[0] } == ["A", "B", "S1", ""])
    #expect(rows.map { $0[1] } == ["strict", "strict", "saddle, index 1", "diverged"])
    #expect(rows.map { $0[2] } == ["8", "35", "40", ""])
    #expect(rows.map { $0[3] } == ["4", "1", "1", "1"])
    for (row, count) in zip(rows, [4, 1, 1]) {
      let bounds = Reference.wilson(count, of: 7)
      #expect(row[4] == "\(NumberText.short(bounds.low, digits: 2))–\(NumberText.short(bounds.high, digits: 2))")
      #expect(row[9] == "0", "nothing had to be polished")
    }
    #expect(rows.prefix(3).map { $0[6] } == ["4", "4", "4"], "the least in size")
    #expect(rows.prefix(3).map { $0[7] } == ["72", "36", "4"])
  }

  @Test func placesBeyondTheLimitAreCounted() throws {
    let rows = try ReportTable.census("Planted", limit: 1).content(Self.results()).rows.map { $0.map(text) }
    #expect(rows.map { $0[1] } == ["strict", "2 more end points", "diverged"])
    #expect(rows.map { $0[3] } == ["4", "2", "1"])
  }

  /// B A A A A after five runs that ended in a minimum: the saddle and the diverged run do not count.
  @Test func discoveryIsInTheOrderOfTheSeeds() throws {
    let grid = try Self.results().discoveryChart()
    #expect(grid.charts.map(\.count) == [2] && !grid.sharesAxes)
    let (expected, found) = (grid.charts[0][0].lines[0], grid.charts[0][0].lines[1])
    #expect(found.points == [Point(0, 0), Point(1, 1), Point(2, 2), Point(3, 2), Point(4, 2), Point(5, 2)])
    // The mean over all choices of m of the five runs.
    let places = [1, 0, 0, 0, 0]
    for (m, point) in zip(1...5, expected.points) {
      let choices = (0..<32).filter { $0.nonzeroBitCount == m }
      let distinct = choices.map { choice in Set((0..<5).filter { choice >> $0 & 1 == 1 }.map { places[$0] }).count }
      #expect(near(point, Point(Double(m), Double(distinct.reduce(0, +)) / Double(choices.count))))
    }
    // Found once among the first m: one, two, then only B.
    let once = grid.charts[0][1].lines[0].points
    #expect(near(once, [Point(1, 100), Point(2, 100), Point(3, 100.0 / 3), Point(4, 25), Point(5, 20)]))
    #expect(grid.legend[0].color == found.stroke.color && grid.legend[1].color == expected.stroke.color)
    #expect(grid.legend[0].label.contains("order of the seeds"))
  }

  @Test func minimaAreComparedByWhatTheyAre() throws {
    let comparison = try Self.results().minimumComparison()
    #expect(comparison.runs == 7 && comparison.entries.map(\.name) == ["A", "B"])
    #expect(comparison.entries.map(\.count) == [4, 1] && comparison.entries.map(\.loss) == [8, 35])
    #expect(comparison.entries.map { $0.eigenvalues.sorted() } == [[4, 72], [4, 36]])
    let straight = comparison.passages[0]
    #expect(straight.name == "A–B" && straight.points.count == 65)
    for (i, point) in straight.points.enumerated() {
      let share = Double(i) / 64
      #expect(near(point, Point(share, Self.value(-2 + 3 * share, 0))))
    }
    // The band cannot be lower than the saddle between.
    let bent = comparison.passages[1].points.map(\.y)
    #expect(abs((bent.max() ?? 0) - 40) < 1e-6 && bent.first == 8 && bent.last == 35)
    #expect(try Self.results().minimumComparison(limit: 1).entries.map(\.name) == ["A"])
  }

  /// A network of one input is drawn as the curve that it computes.
  @Test func functionsOfMinimaAreTheNetworks() throws {
    // y = w·x on targets 2x: the minimum is w = 2, b = 0.
    let data = Dataset(
      name: "line", inputNames: ["x"], outputNames: ["y"],
      training: .init(count: 3, inputs: [-1, 0, 3], targets: [-2, 0, 6]))
    let results = try PlantedNetworks.results(data, .linear(), [[2, 0], [2, 0], [2, 0]])
    let entries = try results.minimumComparison().entries
    #expect(entries.count == 1 && entries[0].count == 3 && entries[0].function.count == 121)
    for (i, point) in entries[0].function.enumerated() {
      let x = -1.4 + 4.8 * Double(i) / 120
      #expect(abs(point.x - x) < 1e-12 && abs(point.y - 2 * x) < 1e-9)
    }
  }

  private static let plain = MinimumComparison(
    entries: [
      .init(
        name: "A", loss: 0.5, count: 6, kind: "strict", eigenvalues: [3, -1, 2],
        function: [Point(0, 1), Point(1, 2)]),
      .init(name: "B", loss: 2, count: 2, eigenvalues: [5, 1], function: [Point(0, 0), Point(1, -1)]),
    ],
    passages: [.init(name: "A–B", points: [Point(0, 0.5), Point(0.5, 3), Point(1, 2)])], runs: 10)

  @Test func fourPanelsShowCountsPassagesSpectraAndFunctions() {
    let grid = Self.plain.grid()
    let charts = grid.charts.flatMap(\.self)
    #expect(grid.charts.map(\.count) == [2, 2] && !grid.sharesAxes)
    let colors = Array(Palette.categories.prefix(2))
    #expect(grid.legend.map(\.color) == colors && grid.legend.map(\.label) == ["A: E = 0.5, strict", "B: E = 2"])
    // Counts.
    #expect(charts[0].x.names == ["A", "B"])
    #expect(charts[0].bars.map(\.x) == [0, 1] && near(charts[0].bars.map(\.y), [60, 20]))
    #expect(charts[0].bars.map(\.color.solid) == colors && charts[0].words.map(\.text) == ["6", "2"])
    for (bar, count) in zip(charts[0].intervals, [6, 2]) {
      let bounds = Reference.wilson(count, of: 10)
      #expect(near([bar.low, bar.high], [bounds.low, bounds.high], 1e-9))
    }
    #expect(charts[0].y.title.contains("10 runs"))
    // Passages.
    #expect(charts[1].lines.map(\.points) == [Self.plain.passages[0].points] && charts[1].y.kind == .log)
    #expect(charts[1].endLabels.map(\.label) == ["A–B"] && charts[1].endLabels[0].y == 2)
    #expect(charts[1].verticalRules.map(\.x) == [0, 1])
    // Spectra, the greatest first, from left to right.
    #expect(charts[2].markers.map { $0.points.map(\.y) } == [[3, 2, -1], [5, 1]])
    for (index, cloud) in charts[2].markers.enumerated() {
      let xs = cloud.points.map(\.x)
      #expect(xs == xs.sorted() && xs.allSatisfy { abs($0 - Double(index)) < 0.5 } && cloud.color == colors[index])
    }
    #expect(charts[2].y.kind == .symlog(threshold: 5 * 1e-6))
    // Functions.
    #expect(charts[3].lines.map(\.points) == Self.plain.entries.map(\.function))
    #expect(charts[3].lines.map(\.stroke.color) == colors)
  }

  /// Dashes mean a bent path and nothing else. The colours of the end points mean end points; a line between two has another.
  @Test func dashesAreBentPaths() throws {
    let line = [Point(0, 1), Point(1, 2)]
    var some = Self.plain
    some.passages = [
      .init(name: "A–B", points: line), .init(name: "A–B", points: line, isBent: true),
      .init(name: "B–C", points: line), .init(name: "B–C", points: line, isBent: true),
    ]
    let charts = some.grid().charts.flatMap(\.self)
    let passages = charts[1].lines.map(\.stroke)
    #expect(passages.map(\.dash) == [[], [4, 2], [], [4, 2]])
    #expect(passages[0].color == passages[1].color && passages[2].color == passages[3].color)
    #expect(Set(passages.map(\.color)).count == 2)
    #expect(Set(passages.map(\.color)).isDisjoint(with: some.grid().legend.map(\.color)))
    #expect(charts[1].endLabels.map(\.label) == ["A–B", "A–B, bent", "B–C", "B–C, bent"])
    #expect(charts[1].endLabels.map(\.color) == passages.map(\.color))
    // Functions and legend: markers beside colours, no dashes.
    #expect(charts[3].lines.allSatisfy { $0.stroke.dash.isEmpty } && some.grid().legend.allSatisfy(\.dash.isEmpty))
    #expect(charts[3].markers.map(\.marker) == some.grid().legend.compactMap(\.marker))
    for (cloud, entry) in zip(charts[3].markers, some.entries) {
      #expect(!cloud.points.isEmpty && cloud.points.allSatisfy(entry.function.contains))
    }
    #expect(try Self.results().minimumComparison().passages.map(\.isBent) == [false, true])
  }

  @Test func panelsWithoutNumbersAreLeftOut() {
    var some = Self.plain
    for index in some.entries.indices { (some.entries[index].function, some.entries[index].eigenvalues) = ([], []) }
    #expect(some.grid().charts.map { $0.map(\.title) } == [["Share of runs", "Loss between end points"]])
    some.passages = []
    #expect(some.grid().charts.map(\.count) == [1])
    // A passage through 0 has no place on a logarithmic axis.
    some.passages = [.init(name: "A–B", points: [Point(0, 0), Point(1, 2)])]
    #expect(some.grid().charts[0][1].y.kind == .linear)
  }

  @Test func aFunctionIsDrawnOverTheData() {
    let data = [Point(0, 0.5), Point(1, 1.5)]
    let charts = Self.plain.functionGrid(data: data).charts.flatMap(\.self)
    #expect(charts.map(\.title) == ["A: E = 0.5", "B: E = 2"])
    for (chart, entry) in zip(charts, Self.plain.entries) {
      #expect(chart.markers.map(\.points) == [data] && chart.lines.map(\.points) == [entry.function])
    }
  }
}
