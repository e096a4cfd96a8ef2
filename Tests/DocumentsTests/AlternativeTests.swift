import Documents
import Plotting
import Testing

/// Text alternatives of planted charts: every number is one that was planted.
@Suite struct AlternativeTests {
  private static func words(_ grid: ChartGrid, limit: Int = 900) -> String {
    Document.Figure(number: 1, title: "t", charts: grid, caption: []).alternative(limit: limit)
  }

  private static func words(_ marks: [Mark], x: AxisStyle = AxisStyle("step"), y: AxisStyle = AxisStyle("loss"))
    -> String
  {
    words(ChartGrid(Chart(x: x, y: y, marks: marks)))
  }

  @Test func linesByTheirLegend() {
    let (blue, red) = (Color(0x0000FF), Color(0xFF0000))
    let grid = ChartGrid(
      Chart(
        x: AxisStyle("step"), y: AxisStyle("loss", .log),
        marks: [
          .line([Point(0, 1), Point(5, 0.02), Point(10, 0.5)], Stroke(blue)),
          .line([Point(0, 2), Point(5, 9), Point(8, 0), Point(10, .infinity)], Stroke(red)),
          // Single runs behind the medians.
          .line([Point(0, 7), Point(10, 8)], Stroke(blue.opacity(0.2))),
        ]), legendTitle: "η", legend: [LegendEntry("0.1", blue), LegendEntry("0.3", red)])
    #expect(
      Self.words(grid) == """
        Line chart of loss (logarithmic axis) against step, by η. \
        0.1 goes from 1 to 0.5, least 0.02 at 5; 0.3 goes from 2 to 9.
        """)
  }

  @Test func equalColoursAreToldApartByTheirDashes() {
    let grid = ChartGrid(
      Chart(
        x: AxisStyle("step"), y: AxisStyle("loss"),
        marks: [
          .line([Point(0, 1), Point(1, 2)], Stroke(.black)),
          .line([Point(0, 3), Point(1, 4)], Stroke(.black, dash: [5, 2])),
        ]), legend: [LegendEntry("training", .black), LegendEntry("validation", .black, dash: [5, 2])])
    #expect(
      Self.words(grid) == "Line chart of loss against step. training goes from 1 to 2; validation goes from 3 to 4.")
  }

  @Test func aChartOfItsOwnLegend() {
    let chart = Chart(
      x: AxisStyle("step"), y: AxisStyle("loss"), marks: [.line([Point(0, 1), Point(1, 2)], Stroke(.black))],
      legend: [LegendEntry("training", .black)])
    #expect(Self.words(ChartGrid(chart)) == "Line chart of loss against step. training goes from 1 to 2.")
  }

  @Test func manySettingsByTheirColourBar() {
    let colors = (1...8).map { Color(UInt32($0)) }
    let lines = colors.enumerated().map { Mark.line([Point(0, 9), Point(1, Double($0))], Stroke($1)) }
    let bar = ColorScale.settings("η", colors.enumerated().map { (name: "0.\($0)", color: $1) })
    let grid = ChartGrid(Chart(x: AxisStyle("step"), y: AxisStyle("loss"), marks: lines), colorScale: bar)
    #expect(
      Self.words(grid) == "Line chart of loss against step, by η. 8 lines end between 0 (0.0) and 7 (0.7).")
  }

  @Test func manyLinesByTheirEnds() {
    let lines = (1...9).map { Mark.line([Point(0, 1), Point(1, Double($0) / 10)], Stroke(Color(UInt32($0)))) }
    let labels = (1...9).map { Mark.endLabel("run \($0)", at: Double($0) / 10, Color(UInt32($0))) }
    #expect(
      Self.words(lines + labels)
        == "Line chart of loss against step. 9 lines end between 0.1 (run 1) and 0.9 (run 9).")
    let bundle = Mark.bundle((1...40).map { [Point(0, 1), Point(1, Double($0))] }, Stroke(.black.opacity(0.1)))
    #expect(Self.words([bundle]) == "Line chart of loss against step. 40 curves end between 1 and 40.")
  }

  @Test func barsBoxesAndIntervalsByTheirCategory() {
    let x = AxisStyle("data", .ordinal(["iris", "wine"]))
    #expect(
      Self.words([.bar(x: 0, width: 1, y: 3, .black), .bar(x: 1, width: 1, y: 12, .black)], x: x)
        == "Bar chart of loss against data. iris 3, wine 12.")
    let box = BoxSummary(x: 1, width: 1, low: 0, first: 1, median: 2, third: 4, high: 9)
    #expect(Self.words([.box(box, .black)], x: x) == "Box plot of loss against data. wine 2 (quartiles 1, 4).")
    #expect(
      Self.words([.interval(x: 0, low: -0.5, high: 0.25, Stroke(.black))], x: x)
        == "Intervals of loss against data. iris -0.5 to 0.25.")
    let many = (0..<20).map { Mark.bar(x: Double($0), width: 1, y: Double(($0 * 7) % 20), .black) }
    #expect(
      Self.words(many) == "Bar chart of loss against step. 20 bars, least 0 at 0, greatest 19 at 17.")
  }

  @Test func cellsByTheirExtremes() {
    let cells = CellGrid(xEdges: [0, 1, 2], yEdges: [0, 2, 4], values: [[5, .nan], [0.001, 1e-6]])
    let colors = ColorScale("share", scale: Scale(.linear, domain: 0...5))
    #expect(
      Self.words([.cells(cells, colors)], x: AxisStyle("a"), y: AxisStyle("b"))
        == "Colour map of b against a. share from 1e-6 at (1.5, 3) to 5 at (0.5, 1).")
  }

  @Test func pointsRulesAndDrawings() {
    let cloud = (0..<10).map { Point(Double($0), Double($0 * $0)) }
    #expect(
      Self.words([
        .points(cloud, .circle, .black, radius: 2), .points([Point(3, 4)], .ring, .fail, radius: 2),
        .horizontalRule(0.1, label: "goal", Stroke(.gray)),
      ]) == "Points of loss against step. 11 points, x 0 to 9, y 0 to 81; “goal” marks y = 0.1.")
    let drawing = Chart(
      x: AxisStyle(""), y: AxisStyle(""), marks: [.text(Text("w = 3"), at: Point(0, 0), .center)], hasAxes: false)
    #expect(Self.words(ChartGrid(drawing)) == "Drawing. Labels: w = 3.")
  }

  @Test func panelsInOrderAndNoMoreThanTheLimit() {
    let charts = (1...30).map { number in
      Chart(
        title: "k = \(number)", x: AxisStyle("step"), y: AxisStyle("loss"),
        marks: [.line([Point(0, Double(number)), Point(1, 0)], Stroke(.black))])
    }
    let words = Self.words(ChartGrid([charts]), limit: 300)
    #expect(
      words.hasPrefix(
        "30 panels: k = 1, k = 2, k = 3, k = 4, k = 5, k = 6 and 24 more. Line chart of loss against step. k = 1: a line goes from 1 to 0. k = 2"
      ))
    #expect(words.hasSuffix("more panels.") && words.count <= 320)
  }
}
