import Plotting

/// A figure in a page for a browser, as the parts that a page puts together.
struct HTMLFigure {
  /// Laid out for a desk; on a phone too where there is no narrow one.
  let wide: String
  /// Laid out once more in one column for a phone.
  let narrow: String
  /// The numbers that are drawn, folded away.
  let data: String
  private let figure: Document.Figure
  private let description: String

  init<Ruler: Canvas>(_ figure: Document.Figure, ruler: Ruler, encode: @escaping (Image) -> [UInt8]) {
    self.figure = figure
    let description = figure.alternative()
    func picture(_ charts: ChartGrid, _ name: String, width: Double, notes: Int) -> String {
      let layout = GridLayout(charts, width: width, canvas: ruler)
      let canvas = SVGCanvas(
        size: Size(width, layout.height), identifier: "\(figure.identifier)-\(name)", ruler: ruler, encode: encode)
      layout.draw(at: Point(0, 0), on: canvas)
      let svg = canvas.picture(
        labelledBy: "\(figure.identifier)-title", description: description, legendTitle: charts.naming.title)
      return """
        <div class="picture \(name)">
        \(svg)
        <script type="application/json" class="notes">\(HTMLNotes.json(canvas.notes(limit: notes)))</script>
        </div>\n
        """
    }
    self.description = description
    wide = picture(figure.charts, "wide", width: 640, notes: 3000)
    narrow = picture(figure.charts.narrow, "narrow", width: 320, notes: 1500)
    data = HTMLData(figure).markup
  }

  func markup(hasNarrow: Bool, hasData: Bool) -> String {
    let name = figure.identifier
    let caption = HTML.markup(figure.caption)
    return """
      <figure id="\(name)" tabindex="0" aria-labelledby="\(name)-title" aria-describedby="\(name)-words">
      <h3 id="\(name)-title">\(HTML.markup([.text(figure.heading)]))</h3>
      <p id="\(name)-words" class="spoken">\(HTML.escaped(description))</p>
      \(wide)\(hasNarrow ? narrow : "")\
      \(caption.isEmpty ? "" : "<figcaption>\(caption)</figcaption>\n")\(hasData ? data : HTMLData.notice)</figure>\n
      """
  }
}

extension Document.Figure {
  /// The id of its element in a page.
  var identifier: String { "figure\(number)" }
}

extension ChartGrid {
  /// The same charts for a page as wide as a phone: one below the other, small ones of a large grid two a row.
  var narrow: ChartGrid {
    var grid = self
    let all = charts.flatMap(\.self)
    let columns = sharesAxes && all.count > 6 ? 2 : 1
    grid.charts = stride(from: 0, to: all.count, by: columns).map { Array(all[$0..<min($0 + columns, all.count)]) }
    grid.aspect = min(aspect, 1.5)
    return grid
  }
}
