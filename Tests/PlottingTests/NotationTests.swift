import Plotting
import Testing

/// Indices and exponents in the strings of charts.
@Suite struct NotationTests {
  private func scripts(_ notation: String) -> [String] {
    Text.spans(notation).map { span in
      span.style.contains(.subscript)
        ? "↓\(span.string)" : span.style.contains(.superscript) ? "↑\(span.string)" : span.string
    }
  }

  @Test(arguments: [
    ("η over the edge, η λ_max/2", ["η over the edge, η λ", "↓max", "/2"]),
    ("‖g_k‖", ["‖g", "↓k", "‖"]), ("∂E/∂w_{i,j}", ["∂E/∂w", "↓i,j"]), ("10^{−5}", ["10", "↑−5"]),
    ("√(f_x^2 + f_y²)", ["√(f", "↓x", "↑2", " + f", "↓y", "²)"]), ("‖w‖_2", ["‖w‖", "↓2"]), ("2^8", ["2", "↑8"]),
  ]) func symbolsBearIndices(notation: String, expected: [String]) { #expect(scripts(notation) == expected) }

  @Test(arguments: ["final_loss", "train_2.csv", "_", "a_", "x1_y", "{x}", "_x", "petal_length in cm", "w_{}"])
  func namesStayAsTheyAre(name: String) { #expect(scripts(name) == [name]) }

  @Test func codeIsNotTypeset() { #expect(Text("λ_max", style: .monospaced).string == "λ_max") }

  /// Every place of a chart where a string can stand.
  @Test func allTextsOfAChartAreTypeset() {
    let chart = Chart(
      title: "title t_k", x: AxisStyle("x x_k"), y: AxisStyle("y y_k"),
      marks: [
        .line([Point(0, 0), Point(1, 1)], Stroke(.black)), .verticalRule(0.4, label: "v v_k", Stroke(.black)),
        .horizontalRule(0.6, label: "h h_k", Stroke(.black)), .endLabel("e e_k", at: 1, .black),
        .tag(Text("g g_k"), at: Point(0.2, 0.1), .center),
      ])
    let grid = ChartGrid(chart, legendTitle: "l l_k", legend: [LegendEntry("n n_k", .black)])
    let canvas = RecordingCanvas(size: Size(400, 400))
    GridLayout(grid, width: 400, canvas: canvas).draw(at: Point(0, 0), on: canvas)
    let typeset = canvas.texts.filter { $0.text.spans.contains { $0.style.contains(.subscript) && $0.string == "k" } }
    #expect(typeset.count == 9)
    #expect(!canvas.texts.contains { $0.text.string.contains("_") })
  }

  @Test func indicesAreMovedAndMovedBackInSVG() {
    let ruler = RecordingCanvas(size: Size(400, 400))
    let canvas = SVGCanvas(size: Size(100, 100), identifier: "t", ruler: ruler) { _ in [] }
    canvas.draw(Text("a λ_max/2", size: 10), at: Point(0, 0))
    #expect(
      canvas.picture(labelledBy: "x", description: "").contains(
        "a λ<tspan dy=\"2\" font-size=\"7\">max</tspan><tspan dy=\"-2\">/2</tspan></text>"))
  }

  @Test func aPercentSignStaysWithItsNumber() {
    #expect("over 83 % of them, in % of all".withUnbrokenPercents == "over 83\u{A0}% of them, in % of all")
    let ruler = RecordingCanvas(size: Size(400, 400))
    let canvas = SVGCanvas(size: Size(100, 100), identifier: "t", ruler: ruler) { _ in [] }
    canvas.draw(Text("wwwwwwwww 83 % wwwwwwwww", size: 10, width: 64), at: Point(0, 0))
    #expect(canvas.picture(labelledBy: "x", description: "").contains(">83\u{A0}% <"))
  }
}
