import Documents
import Foundation
import Plotting
import Testing

/// What a page stores of the frames of a figure.
@Suite struct FrameMarkupTests {
  private static let pictures = [
    "<g aria-hidden=\"true\">\n<path a/>\n<g clip>\n<path b/>\n<circle 1/>\n</g>\n<text/>\n</g>\n",
    "<g aria-hidden=\"true\">\n<path a/>\n<g clip>\n<path b/>\n<circle 2/>\n<circle 3/>\n</g>\n<text/>\n</g>\n",
    "<g aria-hidden=\"true\">\n<path a/>\n<g clip>\n<path b/>\n</g>\n<text/>\n</g>\n",
    "<g aria-hidden=\"true\">\n<path a/>\n<g clip>\n<path b/>\n<circle 1/>\n</g>\n<text/>\n</g>\n",
  ]

  @Test func commonPartsAreStoredOnceAndEveryFrameIsWhole() {
    let markup = FrameMarkup(Self.pictures)
    for (index, picture) in Self.pictures.enumerated() {
      let shown = markup.markup(showing: index).replacing(/<g class="slot">\n((?s:.*?))<\/g>\n/) { "\($0.1)" }
      #expect(shown == picture)
    }
    #expect(markup.parts == ["<circle 1/>\n", "<circle 2/>\n<circle 3/>\n", ""])
    #expect(markup.frames == [[0], [1], [2], [0]])
  }

  /// Against random lists of lines: every frame can be put together again, whatever they share.
  @Test func anyFramesArePutTogetherAgain() {
    var state: UInt64 = 7
    func next(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    for _ in 0..<200 {
      let pictures = (0..<4).map { _ in (0..<next(9)).map { _ in "<path \(next(4))/>\n" }.joined() }
      let markup = FrameMarkup(pictures)
      for (index, picture) in pictures.enumerated() {
        #expect(
          markup.markup(showing: index).replacing("<g class=\"slot\">\n", with: "").replacing("</g>\n", with: "")
            == picture)
      }
    }
  }

  private static func page(_ frames: Document.Figure.Frames) -> String {
    let charts = frames.first?.charts ?? ChartGrid([])
    let figure = Document.Figure(number: 1, title: "F", charts: charts, caption: [], form: .exploring(frames))
    return HTMLWriter(ruler: RecordingCanvas(size: Size(640, 400)), encode: { _ in Array(repeating: 1, count: 90_000) })
      .page(Document(title: "", nodes: [.figure(figure)]))
  }

  private static func frames(_ count: Int, hasImage: Bool = false) -> Document.Figure.Frames {
    let drawings = (0..<count).map { index -> Document.Figure.Frames.Drawing in
      let values = (0..<25).map { row in (0..<25).map { Double($0 * row + index) } }
      let edges = (0...25).map(Double.init)
      let cells = Mark.cells(
        CellGrid(xEdges: edges, yEdges: edges, values: values), ColorScale("E", scale: Scale(.linear, domain: 0...900)))
      let line = Mark.line([Point(0, 0), Point(25, Double(index))], Stroke(Color(0x0000FF)))
      let axis = AxisStyle("y", domain: 0...25)
      return .init(
        charts: ChartGrid(Chart(x: AxisStyle("x", domain: 0...25), y: axis, marks: hasImage ? [cells, line] : [line])),
        caption: [.text("Frame \(index).")])
    }
    return .init(
      controls: [.init("step", values: (0..<count).map(String.init), isPlayed: true)], all: drawings, start: 0)
  }

  @Test func aPageHasNativeSlidersWithNamesAndWords() {
    let page = Self.page(Self.frames(5))
    #expect(page.contains("<label for=\"figure1-slider0\">step</label><button type=\"button\" class=\"play\""))
    #expect(
      page.contains(
        "<input type=\"range\" id=\"figure1-slider0\" min=\"0\" max=\"4\" step=\"1\" value=\"0\" aria-valuetext=\"0\""))
    #expect(page.contains("<div class=\"controls\" role=\"group\" aria-label=\"Sliders\" hidden>"))
    #expect(page.contains("Frame 0.") && page.contains("Frame 4."))
  }

  /// 80 images of 120 kB are more than the 6 MB of a page.
  @Test func framesBeyondTheBudgetAreLeftOutWithANote() {
    let page = Self.page(Self.frames(80, hasImage: true))
    #expect(page.contains("max=\"40\"") && page.contains("39 frames of this figure are left out"))
    #expect(page.utf8.count < 8_000_000)
    #expect(!Self.page(Self.frames(20, hasImage: true)).contains("left out"))
  }
}
