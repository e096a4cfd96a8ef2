import Foundation
import Plotting

/// A figure of an HTML page.
struct HTMLFigure {
  private static let width = 640.0
  private let figure: Document.Figure

  init(_ figure: Document.Figure) { self.figure = figure }

  func markup<Ruler: Canvas>(ruler: Ruler, encode: @escaping (Image) -> [UInt8]) -> String {
    let name = "figure\(figure.number)"
    let height = GridRenderer.height(of: figure.charts, width: Self.width, canvas: ruler)
    let canvas = SVGCanvas(size: Size(Self.width, height), identifier: name, ruler: ruler, encode: encode)
    GridRenderer.draw(figure.charts, at: Point(0, 0), width: Self.width, on: canvas)
    let caption = HTML.markup(figure.caption)
    let words = caption.isEmpty ? "\(name)-title" : "\(name)-title \(name)-caption"
    return """
      <figure id="\(name)" tabindex="0">
      <h3 id="\(name)-title">\(HTML.escaped(figure.heading))</h3>
      \(canvas.picture(labelledBy: words))
      \(caption.isEmpty ? "" : "<figcaption id=\"\(name)-caption\">\(caption)</figcaption>")
      <script type="application/json" class="notes">\(Self.json(canvas.notes))</script>
      </figure>\n
      """
  }

  /// The position and the text of every note, which the page's script shows under the pointer.
  private static func json(_ notes: [(place: Point, text: String)]) -> String {
    let values = notes.map { note -> [Any] in
      [(note.place.x * 10).rounded() / 10, (note.place.y * 10).rounded() / 10, note.text]
    }
    let data =
      (try? JSONSerialization.data(withJSONObject: values, options: .withoutEscapingSlashes)) ?? Data("[]".utf8)
    // The text of a note must not close the script element that contains it.
    return String(decoding: data, as: UTF8.self).replacing("</", with: "<\\/")
  }
}
