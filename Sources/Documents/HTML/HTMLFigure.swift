import Plotting

/// A figure in a page for a browser, as the parts that a page puts together.
struct HTMLFigure {
  /// Laid out for a desk; on a phone too where there is no narrow one.
  let wide: String
  /// Laid out once more in one column for a phone.
  let narrow: String
  /// The numbers that are drawn, folded away.
  let data: String
  /// The sliders with all that they need, or the runs that a reader can point at.
  let sliders: String
  /// The bytes that only the sliders need.
  let frameBytes: Int
  private let figure: Document.Figure
  private let description: String
  private let caption: [Inline]
  /// A sentence below the figure about frames that were left out.
  private let remark: String

  /// In points: text of 6.5 points is 12 CSS pixels high where the picture is 960 pixels wide.
  static let wideWidth = 520.0
  static let narrowWidth = 260.0

  init<Ruler: Canvas>(
    _ figure: Document.Figure, runs: Set<Int> = [], omitted: Int = 0, ruler: Ruler,
    encode: @escaping (Image) -> [UInt8]
  ) {
    self.figure = figure
    switch figure.form {
    case .still, .live:
      let live = if case .live(let live) = figure.form { HTMLLive.markup(live, figure.identifier) } else { "" }
      let hasPlaces = !runs.isEmpty || !live.isEmpty
      let description = figure.alternative()
      func picture(_ charts: ChartGrid, _ name: String, width: Double, notes: Int) -> String {
        let picture = HTMLPicture(figure.identifier, name, width: width)
        let canvas = picture.canvas(charts, ruler: ruler) { SVGCanvas<Ruler>.dataAddress(encode($0)) }
        let svg = canvas.picture(
          labelledBy: "\(figure.identifier)-title", description: description, legendTitle: charts.naming.title)
        return picture.markup(
          svg, notes: HTMLNotes.json(canvas.notes(limit: notes)), more: hasPlaces ? HTMLTraces.places(canvas) : "")
      }
      self.description = description
      wide = picture(figure.charts, "wide", width: Self.wideWidth, notes: 3000)
      narrow = picture(figure.charts.narrow, "narrow", width: Self.narrowWidth, notes: 1500)
      (sliders, frameBytes, caption) = (live + HTMLTraces.markup(figure.charts, known: runs), 0, figure.caption)
      data = HTMLData(figure).markup
      remark = omitted == 0 ? "" : Self.remark(omitted)
    case .exploring(let frames):
      let made = HTMLFrames(figure, frames, ruler: ruler, encode: encode)
      (wide, narrow, sliders, frameBytes) = (made.wide, made.narrow, made.sliders, made.bytes)
      description = made.description
      caption = frames.first?.caption ?? figure.caption
      var shown = figure
      if let first = frames.first { shown.charts = first.charts }
      data = HTMLData(shown, of: frames.words(frames.start)).markup
      remark = frames.omitted == 0 ? "" : Self.remark(frames.omitted)
    }
  }

  private static func remark(_ omitted: Int) -> String {
    """
    <p class="small">\(omitted) frames of this figure are left out: the frames of a page may take \
    \(PageBudget.mostForFrames / 1_000_000) MB.</p>\n
    """
  }

  func markup(hasNarrow: Bool, hasData: Bool) -> String {
    let name = figure.identifier
    let caption = HTML.markup(caption)
    return """
      <figure id="\(name)" tabindex="0" aria-labelledby="\(name)-title" aria-describedby="\(name)-words">
      <h3 id="\(name)-title">\(HTML.markup([.text(figure.heading)]))</h3>
      <p id="\(name)-words" class="spoken">\(HTML.escaped(description))</p>
      \(sliders)\(wide)\(hasNarrow ? narrow : "")\
      \(caption.isEmpty ? "" : "<figcaption>\(caption)</figcaption>\n")\(remark)\
      \(hasData ? data : HTMLData.notice)</figure>\n
      """
  }
}

/// One layout of a figure in a page.
struct HTMLPicture {
  private let identifier: String
  private let name: String
  private let width: Double

  /// - Parameter name: wide or narrow.
  init(_ identifier: String, _ name: String, width: Double) {
    (self.identifier, self.name, self.width) = (identifier, name, width)
  }

  /// The charts on a canvas.
  /// - Parameter height: of the picture; its own where it is `nil`.
  func canvas<Ruler: Canvas>(
    _ charts: ChartGrid, height: Double? = nil, ruler: Ruler, address: @escaping (Image) -> String
  ) -> SVGCanvas<Ruler> {
    let layout = GridLayout(charts, width: width, canvas: ruler)
    let canvas = SVGCanvas(
      size: Size(width, height ?? layout.height), identifier: "\(identifier)-\(name)", ruler: ruler, address: address)
    layout.draw(at: Point(0, 0), height: height, on: canvas)
    return canvas
  }

  /// - Parameter more: what a slider exchanges in the picture, or where its axes are.
  func markup(_ svg: String, notes: String, more: String) -> String {
    """
    <div class="picture \(name)">
    \(svg)
    <script type="application/json" class="notes">\(notes)</script>
    \(more)</div>\n
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
