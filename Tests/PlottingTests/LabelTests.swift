import Plotting
import Testing

/// Labels that would touch each other are found, and those that can make way do.
@Suite struct LabelTests {
  private static let axis = AxisStyle("", domain: 0...10)

  private func conflicts(_ marks: [Mark], x: AxisStyle = axis, y: AxisStyle = axis) -> [String] {
    let chart = Chart(x: x, y: y, marks: marks)
    return LabelCheck.conflicts(ChartGrid(chart), width: 400, ruler: RecordingCanvas(size: Size(400, 400)))
  }

  @Test func textsThatTouchAreFound() {
    let apart: [Mark] = [.tag(Text("one"), at: Point(2, 2), .center), .text(Text("two"), at: Point(8, 8), .center)]
    #expect(conflicts(apart).isEmpty)
    #expect(
      conflicts([.tag(Text("one"), at: Point(5, 5), .center), .text(Text("two"), at: Point(5.1, 5), .center)])
        == ["“one” touches “two”"])
  }

  @Test func textsThatAreCutOffAreFound() {
    #expect(
      conflicts([.text(Text("a long name"), at: Point(5, 0.05), .center)]) == ["“a long name” is cut off by its frame"])
    let canvas = RecordingCanvas(size: Size(100, 100))
    canvas.draw(Text("beyond the page"), at: Point(60, 50))
    #expect(LabelCheck.conflicts(canvas) == ["“beyond the page” leaves the picture"])
  }

  /// Rules close to each other, and a text where the first label would stand.
  @Test func labelsOfRulesMakeWay() {
    let stroke = Stroke(.gray)
    let vertical: [Mark] = [4.0, 4.2, 4.4].map { .verticalRule($0, label: "rule at \($0)", stroke) }
    let horizontal: [Mark] = [9.9, 9.6, 9.5].map { .horizontalRule($0, label: "level at \($0)", stroke) }
    let text: [Mark] = [.text(Text("in the way"), at: Point(5, 9.6), .center)]
    for marks in [vertical, horizontal, vertical + horizontal + text] { #expect(conflicts(marks) == []) }
  }

  /// The label of a rule does not cover the triangles at the edge that it stands beside.
  @Test func labelsOfRulesLeaveMarkersAtTheEdge() throws {
    let points = (50...60).map { Point(Double($0) / 10, .infinity) }
    let canvas = RecordingCanvas(size: Size(400, 400))
    let marks: [Mark] = [
      .points(points, .circle, .fail, radius: 2), .verticalRule(5, label: "most diverge →", Stroke(.gray)),
    ]
    GridLayout(ChartGrid(Chart(x: Self.axis, y: Self.axis, marks: marks)), width: 400, canvas: canvas)
      .draw(at: Point(0, 0), on: canvas)
    let label = try #require(canvas.texts.first { $0.text.string == "most diverge →" })
    let tips = canvas.strokes(colored: .fail).compactMap { path -> Point? in
      if case .move(let tip) = path.elements[0] { tip } else { nil }
    }
    #expect(tips.count == 11)
    #expect(!tips.contains { label.box.overlaps(Rect(x: $0.x - 2, y: $0.y, width: 4, height: 4)) })
  }
}
