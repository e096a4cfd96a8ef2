package import Plotting

/// Writes a document as one self-contained HTML page, which needs no other file and no network.
package struct HTMLWriter<Ruler: Canvas> {
  /// Measures text with the same font metrics as the printed pages.
  private let ruler: Ruler
  /// Encodes an image as a PNG file.
  private let encode: (Image) -> [UInt8]

  package init(ruler: Ruler, encode: @escaping (Image) -> [UInt8]) {
    self.ruler = ruler
    self.encode = encode
  }

  /// Where a page would be larger than 2 MB, the data tables of the largest figures are left out first, then their layouts for a
  /// phone, no more of them than it takes. Words, and figures at the width of a desk, stay however large they are. What sliders
  /// exchange has a budget of its own.
  package func page(_ document: Document) -> String {
    let figures = figures(document)
    let whole = page(document, figures, withoutData: [], withoutNarrow: [])
    let over = whole.utf8.count - figures.reduce(0) { $0 + $1.frameBytes } - PageBudget.most
    guard over > 0 else { return whole }
    let data = figures.map { max(0, $0.data.utf8.count - HTMLData.notice.utf8.count) }
    let withoutData = PageBudget.largest(of: data, saving: over)
    let saved = withoutData.reduce(0) { $0 + data[$1] }
    let narrow = figures.map { $0.frameBytes > 0 ? 0 : $0.narrow.utf8.count }
    let withoutNarrow = PageBudget.largest(of: narrow, saving: over - saved)
    return page(document, figures, withoutData: withoutData, withoutNarrow: withoutNarrow)
  }

  /// The figures of a document. Where their frames take more than their budget, the figure with the largest ones keeps every
  /// second frame, and so on; a figure that cannot keep fewer becomes a single picture.
  private func figures(_ document: Document) -> [HTMLFigure] {
    var nodes = document.figures
    let runs = Set(document.runs.runs.keys)
    var figures = nodes.map { HTMLFigure($0, runs: runs, ruler: ruler, encode: encode) }
    while figures.reduce(0, { $0 + $1.frameBytes }) > PageBudget.mostForFrames,
      let largest = figures.indices.max(by: { figures[$0].frameBytes < figures[$1].frameBytes })
    {
      guard case .exploring(let frames) = nodes[largest].form else { break }
      let fewer = frames.thinned()
      nodes[largest].form = fewer.map { .exploring($0) } ?? .still
      let omitted = fewer == nil ? frames.omitted + frames.count - 1 : 0
      figures[largest] = HTMLFigure(nodes[largest], runs: runs, omitted: omitted, ruler: ruler, encode: encode)
    }
    return figures
  }

  /// The markup of a few nodes, for a page that has the style and the script of a report and receives cell after cell. Nothing is
  /// left out: each fragment arrives alone.
  /// - Parameter runs: the runs that the figures of the whole document show one by one, with its last part.
  package func fragment(_ nodes: [Document.Node], runs: Document.Runs = Document.Runs()) -> String {
    nodes.map { node in
      markup(node) {
        guard case .figure(let figure) = node else { return "" }
        let shown = Set(figure.charts.charts.flatMap(\.self).flatMap(\.traces).map(\.run))
        return HTMLFigure(figure, runs: shown, ruler: ruler, encode: encode).markup(hasNarrow: true, hasData: true)
      }
    }.joined() + HTMLRuns.markup(runs)
  }

  /// - Parameter figures: those of the document, in its order.
  private func page(
    _ document: Document, _ figures: [HTMLFigure], withoutData: Set<Int>, withoutNarrow: Set<Int>
  ) -> String {
    var drawn = figures.enumerated().map { index, figure in
      figure.markup(hasNarrow: !withoutNarrow.contains(index), hasData: !withoutData.contains(index))
    }[...]
    let body = document.nodes.map { markup($0) { drawn.popFirst() ?? "" } }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="generator" content="Descent">
      <title>\(HTML.escaped(document.title))</title>
      <style>
      \(PageStyle.css)
      </style>
      </head>
      <body>
      <main>
      \(body.joined())\(HTMLRuns.markup(document.runs))</main>
      \(document.hasLiveFigures ? LiveEngine.markup : "")\
      <div id="note" aria-hidden="true" hidden></div>
      <div id="said" class="spoken" role="status"></div>
      <script>
      \(PageScript.text)
      </script>
      </body>
      </html>

      """
  }

  private func markup(_ node: Document.Node, nextFigure: () -> String) -> String {
    switch node {
    case .heading(let level, let title): "<h\(level)>\(HTML.markup(title))</h\(level)>\n"
    case .paragraph(let content, .body): "<p>\(HTML.markup(content))</p>\n"
    case .paragraph(let content, .detail): "<p class=\"small\">\(HTML.markup(content))</p>\n"
    case .paragraph(let content, .notice): "<p class=\"notice\">\(HTML.markup(content))</p>\n"
    case .list(let items): Self.list(items)
    case .code(let source): "<pre><code>\(HTML.escaped(source))</code></pre>\n"
    case .table(let table): Self.markup(table)
    case .figure: nextFigure()
    case .verdict(let verdict): Self.markup(verdict)
    case .rule: "<hr>\n"
    case .provenance(let content): "<p class=\"small\">\(HTML.markup(content))</p>\n"
    }
  }

  /// Consecutive items of one kind, numbered or with bullets, form a list.
  private static func list(_ items: [Document.ListItem]) -> String {
    var rest = items[...]
    var markup = ""
    while let first = rest.first {
      let isNumbered = first.number != nil
      let run = rest.prefix { ($0.number != nil) == isNumbered }
      let start = first.number.map { $0 == 1 ? "" : " start=\"\($0)\"" } ?? ""
      let entries = run.map { "<li>\(HTML.markup($0.content))\($0.items.isEmpty ? "" : list($0.items))</li>\n" }
      markup += isNumbered ? "<ol\(start)>\n\(entries.joined())</ol>\n" : "<ul>\n\(entries.joined())</ul>\n"
      rest = rest.dropFirst(run.count)
    }
    return markup
  }

  private static func markup(_ table: Document.Table) -> String {
    func attribute(_ column: Document.Column) -> String { column.kind == .number ? " class=\"number\"" : "" }
    let head = table.columns.map { "<th scope=\"col\"\(attribute($0))>\(HTML.markup($0.title))</th>" }.joined()
    let rows = table.rows.map { row in
      let cells = zip(row, table.columns).map { "<td\(attribute($1))>\(HTML.markup($0))</td>" }
      return "<tr>\(cells.joined())</tr>\n"
    }
    let caption = table.caption.isEmpty ? "" : "<caption>\(HTML.markup(table.caption))</caption>\n"
    return """
      <div class="scroll" tabindex="0"><table>\n\(caption)<thead><tr>\(head)</tr></thead>
      <tbody>\(rows.joined())</tbody></table></div>\n
      """
  }

  private static func markup(_ verdict: Document.Verdict) -> String {
    """
    <p class="verdict \(verdict.outcome.rawValue)"><b>\(HTML.escaped(verdict.word))</b> <span>\
    \(HTML.markup(verdict.claim)). <em>\(HTML.markup(verdict.evidence))</em></span></p>\n
    """
  }
}
