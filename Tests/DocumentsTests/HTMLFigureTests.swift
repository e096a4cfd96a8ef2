import Documents
import Foundation
import Plotting
import Testing

/// What a figure is in a page for a browser.
@Suite struct HTMLFigureTests {
  private static func page(_ charts: ChartGrid, image: Int = 0) -> String {
    let figure = Document.Figure(number: 1, title: "Loss", charts: charts, caption: [])
    return HTMLWriter(ruler: RecordingCanvas(size: Size(640, 400)), encode: { _ in Array(repeating: 0, count: image) })
      .page(Document(title: "", nodes: [.figure(figure)]))
  }

  private static func chart(_ title: String, _ marks: [Mark]) -> Chart {
    Chart(title: title, x: AxisStyle("step"), y: AxisStyle("loss"), marks: marks)
  }

  private static let blue = Color(0x0000FF)
  private static let line = Mark.line([Point(0, 1), Point(10, 0.5)], Stroke(blue))

  @Test func legendEntriesAreNamedButtonsOutsideOfWhatIsHidden() throws {
    let page = Self.page(
      ChartGrid(
        Self.chart("", [Self.line]), legendTitle: "η",
        legend: [LegendEntry("0.1", Self.blue), LegendEntry("none", Color(0xFF0000))]))
    let button = """
      <g class="entry" data-series="s0000ff" tabindex="0" role="button" aria-pressed="true" aria-label="η: 0.1">
      """
    // Once in each layout; what has no marks is no button.
    #expect(page.ranges(of: button).count == 2)
    #expect(page.ranges(of: "role=\"button\"").count == 2)
    #expect(page.contains("role=\"group\" aria-labelledby=\"figure1-title\"") && !page.contains("role=\"img\""))
    for svg in page.matches(of: /(?s)<svg.*?<\/svg>/).map(\.output) {
      var depth = 0
      for tag in svg.matches(of: /<g[ >][^>]*>|<\/g>/).map(\.output) {
        if tag.contains("class=\"entry\"") { #expect(depth == 0) }
        depth += tag == "</g>" ? -1 : 1
      }
      #expect(depth == 0 && svg.contains("<desc>Line chart of loss against step, by η. 0.1 goes from 1 to 0.5.</desc>"))
    }
    #expect(page.contains("aria-describedby=\"figure1-words\""))
    #expect(page.contains("<p id=\"figure1-words\" class=\"spoken\">Line chart of loss against step"))
  }

  /// The engine is in a page once, and only where a figure needs it.
  @Test func aLiveFigureHasHiddenSlidersAndThePageTheEngine() throws {
    let live = Document.Figure.Live(
      controls: [
        .init(
          "learning-rate", field: "learningRate", label: "η < 1", range: 0.01...1, start: 0.1, isLogarithmic: true,
          isWhole: false)
      ], fields: ["learningRate", "lossBelow"], head: [0.1, .nan], layers: [[4, 2, 0]], rest: [.infinity],
      drawing: .curve(ofGradientNorm: false), firstSeed: 3, command: "descent run x", settings: [["data", "xor"]])
    let figures = [1, 2].map {
      Document.Figure(
        number: $0, title: "Loss", charts: ChartGrid(Self.chart("", [Self.line])), caption: [], form: .live(live))
    }
    let writer = HTMLWriter(ruler: RecordingCanvas(size: Size(640, 400)), encode: { _ in [] })
    let page = writer.page(Document(title: "", nodes: figures.map { .figure($0) }))
    #expect(page.ranges(of: "id=\"engine\"").count == 1)
    #expect(page.ranges(of: "<div class=\"controls live\" role=\"group\"").count == 2)
    #expect(page.contains("aria-label=\"Runs that this page trains\" hidden>") && page.contains(">η &lt; 1</label>"))
    #expect(page.contains("\"head\":[0.1,\"NaN\"]") && page.contains("\"rest\":[\"Infinity\"]"))
    #expect(page.contains("\"drawing\":{\"kind\":\"curve\",\"norms\":false}"))
    #expect(page.ranges(of: "id=\"engine-fused\"").count == 1)
    // A page with live figures is less than 400 kB longer than the same without.
    let still = Self.page(ChartGrid(Self.chart("", [Self.line])))
    #expect(!still.contains("id=\"engine\"") && page.utf8.count < still.utf8.count + 400_000)
  }

  /// The numbers of a plane as the page's script reads them.
  @Test func aLivePlaneHasItsColoursAndSamples() {
    let plane = Document.Figure.Live.Plane(
      x: -1...2, y: 0...1, level: 0.5, colors: [Color(0x0000FF), .white], outputs: 0...1, showsUnits: true,
      classes: [.white, Color(0xD55E00)])
    let live = Document.Figure.Live(
      controls: [], fields: ["steps"], head: [10], layers: [[2, 2, 0]], rest: [], drawing: .plane(plane), firstSeed: 0,
      command: "descent run x", settings: [])
    let figure = Document.Figure(
      number: 1, title: "Lines", charts: ChartGrid(Self.chart("", [Self.line])), caption: [], form: .live(live))
    let writer = HTMLWriter(ruler: RecordingCanvas(size: Size(640, 400)), encode: { _ in [] })
    let page = writer.page(Document(title: "", nodes: [.figure(figure)]))
    #expect(
      page.contains(
        "{\"classes\":[\"#ffffff\",\"#d55e00\"],\"colors\":[\"#0000ff\",\"#ffffff\"],\"kind\":\"plane\",\"level\":0.5,\"outputs\":[0,1],"
          + "\"units\":true,\"x\":[-1,2],\"y\":[0,1]}"))
    #expect(page.contains("draws the outputs of its network"))
  }

  @Test func theDataOfAFigureAreATable() {
    let page = Self.page(ChartGrid([[Self.chart("a", [Self.line]), Self.chart("b", [Self.line])]]))
    #expect(page.contains("<summary>Data of figure 1</summary>"))
    #expect(
      page.contains("<th scope=\"rowgroup\" colspan=\"2\">b, line\n<tr><th scope=\"col\">step<th scope=\"col\">loss\n"))
    #expect(page.contains("<tr><td>0<td>1\n<tr><td>10<td>0.5\n</tbody>"))
  }

  @Test func longSeriesAreSampledAndSayIt() {
    let points = (0..<5000).map { Point(Double($0), Double(($0 * 7919) % 5000)) }
    let page = Self.page(ChartGrid(Self.chart("", [.line(points, Stroke(Self.blue)), Self.line])))
    #expect(page.contains("line, 598 of 5000 points"))
    #expect(page.contains("<tr><td>4999<td>"))
    #expect(page.contains("<tr><td>10<td>0.5\n"))
    #expect(page.utf8.count < 500_000)
  }

  @Test func notesKeepTheirValues() throws {
    let page = Self.page(ChartGrid(Self.chart("", [Self.line])))
    let notes = try #require(page.firstMatch(of: /class="notes">(.*?)<\/script>/)).output.1
    #expect(notes.hasPrefix("[[[\"step: \",\"loss: \"],["))
    #expect(notes.contains("\"0\",\"1\",") && notes.hasSuffix("\"10\",\"0.5\"]]]"))
  }

  @Test func panelsAreOneBelowTheOtherOnAPhone() throws {
    let charts = (0..<4).map { Self.chart("panel \($0)", [Self.line]) }
    let page = Self.page(ChartGrid([charts]))
    let narrow = try #require(page.firstMatch(of: /(?s)<div class="picture narrow">(.*?)<\/svg>/)).output.1
    let titles = narrow.matches(of: /x="([^"]*)" y="([^"]*)"[^>]*><tspan[^>]*>panel/)
    #expect(titles.count == 4 && Set(titles.map(\.output.1)).count == 1 && Set(titles.map(\.output.2)).count == 4)
  }

  /// Half a megabyte an image: twice there is room for, with the data; beyond that a page does without them.
  @Test(arguments: [(10_000, true, true), (700_000, true, true), (900_000, false, false)])
  func aPageLeavesOutWhatWouldMakeItTooLarge(_ image: Int, _ hasNarrow: Bool, _ hasData: Bool) {
    let edges = (0...21).map(Double.init)
    let values = (0..<21).map { row in (0..<21).map { Double(row * $0) } }
    let cells = CellGrid(xEdges: edges, yEdges: edges, values: values)
    let colors = ColorScale("share", scale: Scale(.linear, domain: 0...400))
    let page = Self.page(ChartGrid(Self.chart("", [.cells(cells, colors)])), image: image)
    #expect(page.contains("class=\"picture narrow\"") == hasNarrow)
    #expect(page.contains("<details>") == hasData)
    #expect(page.contains("are left out: the page would be larger than 2 MB") != hasData)
    #expect(page.utf8.count <= 2_000_000)
  }
}
