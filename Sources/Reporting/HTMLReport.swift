import Foundation
import Plotting
import Studies

/// A report as one page for a browser, with everything in it: no other file, no network.
struct HTMLReport {
  private let report: ComposedReport
  private let figureWidth = 640.0

  init(_ report: ComposedReport) { self.report = report }

  /// - Parameters:
  ///   - ruler: measures text as the printed pages do.
  ///   - encode: an image as the bytes of a PNG file.
  func page(ruler: some Canvas, encode: @escaping (Image) -> [UInt8]) -> String {
    var body = ""
    var isListOpen = false
    for block in report.blocks {
      let item = (block as? TextBlock).flatMap { $0.marker.isEmpty ? nil : $0 }
      if (item != nil) != isListOpen {
        body += isListOpen ? "</ul>\n" : "<ul>\n"
        isListOpen.toggle()
      }
      body += markup(block, ruler, encode)
    }
    if isListOpen { body += "</ul>\n" }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="generator" content="Descent">
      <title>\(Self.escaped(report.title))</title>
      <style>
      \(PageStyle.css)
      </style>
      </head>
      <body>
      <main>
      \(body)</main>
      <div id="note" role="status" hidden></div>
      <script>
      \(PageStyle.script)
      </script>
      </body>
      </html>

      """
  }

  private func markup(_ block: any Block, _ ruler: some Canvas, _ encode: @escaping (Image) -> [UInt8]) -> String {
    switch block {
    case let text as TextBlock: Self.markup(text)
    case let code as CodeBlock: "<pre><code>\(Self.escaped(code.source))</code></pre>\n"
    case is RuleBlock: "<hr>\n"
    case let table as TableBlock: Self.markup(table)
    case let verdict as VerdictBlock: Self.markup(verdict)
    case let figure as FigureBlock: markup(figure, ruler, encode)
    default: ""
    }
  }

  // MARK: Words

  private static func markup(_ text: TextBlock) -> String {
    let words = markup(text.spans)
    if !text.marker.isEmpty {
      let depth = Int((text.indent - 16) / 14)
      let marker = text.marker == "•" ? "" : " data-marker=\"\(escaped(text.marker))\""
      return "<li class=\"depth\(max(0, depth))\"\(marker)>\(words)</li>\n"
    }
    switch text.size {
    case 16...: return "<h1>\(words)</h1>\n"
    case 11.5..<16: return "<h2>\(words)</h2>\n"
    case _ where text.keepsWithNext: return "<h3>\(words)</h3>\n"
    case ..<9: return "<p class=\"small\">\(words)</p>\n"
    default: return "<p>\(words)</p>\n"
    }
  }

  private static func markup(_ spans: [Text.Span]) -> String {
    spans.map { span in
      var text = escaped(span.string)
      let tags: [(Text.Style, String)] = [
        (.monospaced, "code"), (.bold, "strong"), (.italic, "em"), (.superscript, "sup"), (.subscript, "sub"),
      ]
      for (style, tag) in tags where span.style.contains(style) { text = "<\(tag)>\(text)</\(tag)>" }
      if let target = span.target, isSafe(target) { text = "<a href=\"\(escaped(target))\">\(text)</a>" }
      return text
    }.joined()
  }

  /// Addresses that a click may follow: a page's own places, files beside it, the web; nothing that runs.
  private static func isSafe(_ target: String) -> Bool {
    guard let colon = target.firstIndex(of: ":") else { return true }
    return ["http", "https", "mailto"].contains(target[..<colon].lowercased())
  }

  private static func escaped(_ text: String) -> String { SVGCanvas<RecordingCanvas>.escaped(text) }

  private static func markup(_ table: TableBlock) -> String {
    func row(_ cells: [String], _ tag: String) -> String {
      let texts = cells.enumerated().map { column, text in
        "<\(tag)\(table.isNumeric(column) ? " class=\"number\"" : "")>\(markup(Markdown.spans(text)))</\(tag)>"
      }
      return "<tr>\(texts.joined())</tr>\n"
    }
    let caption = table.caption.isEmpty ? "" : "<caption>\(escaped(table.caption))</caption>\n"
    return """
      <div class="scroll"><table>\n\(caption)<thead>\(row(table.columns, "th"))</thead>
      <tbody>\(table.rows.map { row($0, "td") }.joined())</tbody></table></div>\n
      """
  }

  private static func markup(_ block: VerdictBlock) -> String {
    let verdict = block.verdict
    let name = verdict.outcome.rawValue
    return """
      <p class="verdict \(name)"><b>\(verdict.outcome.word)</b> <span>\(escaped(verdict.claim)). \
      <em>\(escaped(verdict.evidence))</em></span></p>\n
      """
  }

  // MARK: Figures

  private func markup(_ figure: FigureBlock, _ ruler: some Canvas, _ encode: @escaping (Image) -> [UInt8]) -> String {
    let height = GridRenderer.height(of: figure.grid, width: figureWidth, canvas: ruler)
    let name = "figure\(figure.number)"
    let canvas = SVGCanvas(size: Size(figureWidth, height), identifier: name, ruler: ruler, encode: encode)
    GridRenderer.draw(figure.grid, at: Point(0, 0), width: figureWidth, on: canvas)
    let notes = canvas.notes.map { note -> [Any] in
      [(note.place.x * 10).rounded() / 10, (note.place.y * 10).rounded() / 10, note.text]
    }
    let data = (try? JSONSerialization.data(withJSONObject: notes, options: .withoutEscapingSlashes)) ?? Data("[]".utf8)
    // A note must not end the element that holds it.
    let json = String(decoding: data, as: UTF8.self).replacingOccurrences(of: "</", with: "<\\/")
    let caption = Self.markup(figure.caption)
    let words = caption.isEmpty ? "\(name)-title" : "\(name)-title \(name)-caption"
    return """
      <figure id="\(name)" tabindex="0">
      <h3 id="\(name)-title">Figure \(figure.number). \(Self.escaped(figure.title))</h3>
      \(canvas.picture(labelledBy: words))
      \(caption.isEmpty ? "" : "<figcaption id=\"\(name)-caption\">\(caption)</figcaption>")
      <script type="application/json" class="notes">\(json)</script>
      </figure>\n
      """
  }
}
