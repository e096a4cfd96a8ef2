import Documents
import Foundation
import Plotting
import Testing

/// The document of the other writers, and a chart with every kind of mark, as JSON that another reader parses.
@Suite struct JSONTests {
  private static func parsed(_ text: JSONText) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(text.description.utf8), options: .fragmentsAllowed)
  }

  private static func content(_ document: Document) throws -> [[String: Any]] {
    try #require(try parsed(JSONWriter().content(document)) as? [[String: Any]])
  }

  @Test func everyNodeHasItsTypeAndItsWords() throws {
    let nodes = try Self.content(WriterTests.document)
    #expect(
      nodes.map { $0["type"] as? String } == [
        "heading", "paragraph", "paragraph", "rule", "heading", "paragraph", "list", "code", "table", "figure", "claim",
        "provenance",
      ])
    #expect(nodes[1]["tone"] as? String == "detail" && nodes[1]["markdown"] as? String == "`losses` · 8 runs")
    #expect(nodes[5]["text"] as? String == "One bold word, wk < 1")
    let items = try #require(nodes[6]["items"] as? [[String: Any]])
    #expect(items[0]["number"] as? Int == 1 && items[1]["items"] == nil)
    #expect((items[0]["items"] as? [[String: Any]])?[0]["text"] as? String == "inner")
    #expect(nodes[8]["rows"] as? [[String]] == [["a|b", "12", "0.5"], ["c", "", ""]])
    let columns = try #require(nodes[8]["columns"] as? [[String: Any]])
    #expect(columns.map { $0["kind"] as? String } == ["text", "number", "number"])
    #expect(columns[2]["title"] as? String == "time in s")
    #expect(nodes[10]["verdict"] as? String == "failed" && nodes[10]["evidence"] as? String == "3 of 8")
    let panels = try #require(nodes[9]["panels"] as? [[String: Any]])
    let series = try #require(panels[0]["series"] as? [[String: Any]])
    #expect(series[0]["x"] as? [Double] == [0, 10] && series[0]["y"] as? [Double] == [1, 0.5])
  }

  @Test(arguments: [0, -0.0, 0.1, 1 / 3, 5e-324, 1.7976931348623157e308, 1e16, 123_456_789] as [Double])
  func numbersKeepEveryDigit(_ value: Double) throws {
    let text = JSONText.number(value).description
    #expect(Double(text)?.bitPattern == value.bitPattern)
    let parsed = try Self.parsed(.numbers([value])) as? [Double]
    #expect(parsed == [value])
  }

  @Test func textsComeBack() throws {
    let texts = ["", "\"", "\\n", "\n\r\t", "\u{0}\u{1f}\u{7f}", "η → 𝛼", "</script>"]
    let parsed = try Self.parsed(.strings(texts)) as? [String]
    #expect(parsed == texts)
    let words = try Self.parsed(.numbers([.nan, .infinity, -.infinity])) as? [String]
    #expect(words == ["NaN", "Infinity", "-Infinity"])
    #expect(JSONText.object(["a": .integer(1), "b": nil]).description == "{\"a\": 1}")
  }

  /// Every kind of mark, each with numbers of its own.
  private static let marks: [(mark: Mark, kind: String, values: [String: [Double]])] = [
    (.line([Point(1, 2), Point(3, 4)], Stroke(.black)), "line", ["x": [1, 3], "y": [2, 4]]),
    (.steps([Point(5, 6)], Stroke(.black)), "steps", ["x": [5], "y": [6]]),
    (.band(x: [7], low: [8], high: [9], .black), "band", ["x": [7], "low": [8], "high": [9]]),
    (.area([Point(10, 11)], .black), "area", ["x": [10], "y": [11]]),
    (.points([Point(12, 13)], .circle, .black, radius: 2), "points", ["x": [12], "y": [13]]),
    (
      .jittered([JitteredPoint(Point(14, 15), drawnAt: Point(99, 99))], .circle, .black, radius: 2), "points",
      ["x": [14], "y": [15]]
    ),
    (.bar(x: 16, width: 17, y: 18, .black), "bar", ["x": [16], "y": [18], "width": [17]]),
    (
      .box(BoxSummary(x: 19, width: 1, low: 20, first: 21, median: 22, third: 23, high: 24), .black), "box",
      ["x": [19], "low": [20], "first": [21], "median": [22], "third": [23], "high": [24]]
    ),
    (
      .arrows([Arrow(at: Point(25, 26), direction: Point(27, 28), .black)], length: 3), "arrows",
      ["x": [25], "y": [26], "dx": [27], "dy": [28]]
    ),
    (.verticalRule(29, label: "v", Stroke(.black)), "vertical-rule", ["x": [29]]),
    (.horizontalRule(30, label: "h", Stroke(.black)), "horizontal-rule", ["y": [30]]),
    (.interval(x: 31, low: 32, high: 33, Stroke(.black)), "interval", ["x": [31], "low": [32], "high": [33]]),
    (.topLabel(34, "t", .black), "label", ["x": [34]]), (.endLabel("e", at: 35, .black), "label", ["y": [35]]),
    (
      .contours(Field(x: [36, 37], y: [38], values: [[39, 40]]), levels: [41], Stroke(.black)), "contours",
      ["x": [36, 37], "y": [38], "levels": [41]]
    ),
  ]

  @Test func everyMarkHasItsValues() throws {
    let chart = Chart(x: AxisStyle("a"), y: AxisStyle("b", .log), marks: Self.marks.map(\.mark))
    let bundle = Mark.bundle([[Point(1, 2)], [Point(3, 4), Point(5, 6)]], Stroke(.black))
    let inside = Chart(x: AxisStyle("c", .ordinal(["p", "q"])), y: AxisStyle("d"), marks: [bundle])
    var whole = chart
    whole.insets = [Inset(inside, at: Rect(x: 0, y: 0, width: 1, height: 1))]
    let figure = Document.Figure(number: 3, title: "All", charts: ChartGrid([[chart, whole]]), caption: [])
    let node = try #require(try Self.content(Document(title: "", nodes: [.figure(figure)])).first)
    let panels = try #require(node["panels"] as? [[String: Any]])
    #expect(panels.map { $0["column"] as? Int } == [0, 1] && panels[1]["row"] as? Int == 0)
    #expect((panels[0]["y"] as? [String: Any])?["scale"] as? String == "log")
    let series = try #require(panels[0]["series"] as? [[String: Any]])
    #expect(series.map { $0["kind"] as? String } == Self.marks.map(\.kind))
    for (found, mark) in zip(series, Self.marks) {
      #expect(found.filter { $0.key != "values" }.compactMapValues { $0 as? [Double] } == mark.values, "\(mark.kind)")
    }
    #expect(series.last?["values"] as? [[Double]] == [[39, 40]])
    let inner = try #require((panels[1]["insets"] as? [[String: Any]])?.first)
    #expect((inner["x"] as? [String: Any])?["categories"] as? [String] == ["p", "q"])
    let lines = try #require((inner["series"] as? [[String: Any]])?.first?["lines"] as? [[String: [Double]]])
    #expect(lines == [["x": [1], "y": [2]], ["x": [3, 5], "y": [4, 6]]])
  }

  @Test(arguments: [(10, 2_000, true), (21, 1_000, false), (30_000, 3, false)])
  func manyCurvesAreThinned(_ curves: Int, _ count: Int, _ isWhole: Bool) throws {
    let lines = (0..<curves).map { c in (0..<count).map { Point(Double($0), Double(c)) } }
    let chart = Chart(x: AxisStyle("a"), y: AxisStyle("b"), marks: [.bundle(lines, Stroke(.black))])
    let figure = Document.Figure(number: 1, title: "Many", charts: ChartGrid(chart), caption: [])
    let node = try #require(try Self.content(Document(title: "", nodes: [.figure(figure)])).first)
    let series = try #require((node["panels"] as? [[String: Any]])?.first?["series"] as? [[String: Any]]).first
    let found = try #require(series?["lines"] as? [[String: [Double]]])
    #expect(series?["points"] as? Int == (isWhole ? nil : curves * count))
    #expect(found.count == curves && found.allSatisfy { $0["x"]?.first == 0 && $0["x"]?.last == Double(count - 1) })
    let kept = found.reduce(0) { $0 + ($1["x"]?.count ?? 0) }
    #expect(isWhole ? kept == curves * count : kept <= max(20_000, 2 * curves))
    for (index, line) in found.enumerated() { #expect(line["y"]?.allSatisfy { $0 == Double(index) } == true) }
  }
}
