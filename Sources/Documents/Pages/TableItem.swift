import Plotting

/// A table. Its head is repeated on every page that it continues on.
struct TableItem: PageItem {
  let table: Document.Table

  var spaceAbove: Double { 12 }
  private static let size = 8.0
  private static let padding = 10.0
  private static let ruleHeight = 1.0

  // MARK: Measuring

  private func text(_ content: [Inline], isHead: Bool = false, width: Double? = nil) -> Text {
    Text(content.spans(isHead ? .bold : []), size: Self.size, width: width)
  }

  private func caption(_ part: Pagination.Part, _ width: Double) -> Text {
    let continued = part.isContinued ? [Text.Span(" (continued)", .bold)] : []
    return Text(table.caption.spans(.bold) + continued, size: 9.5, width: width)
  }

  private func captionHeight(_ part: Pagination.Part, _ width: Double, _ canvas: some Canvas) -> Double {
    table.caption.isEmpty ? 0 : canvas.measure(caption(part, width)).height + 6
  }

  /// The widths of the columns. Of a table that is too wide, the widest column is narrowed until the table fits.
  private func widths(_ width: Double, _ canvas: some Canvas) -> [Double] {
    var natural = table.columns.indices.map { column in
      let cells = [text(table.columns[column].title, isHead: true)] + table.rows.map { text($0[column]) }
      return (cells.map { canvas.measure($0).width }.max() ?? 0) + Self.padding + 1
    }
    var excess = natural.reduce(0, +) - width
    while excess > 0.01, let widest = natural.indices.max(by: { natural[$0] < natural[$1] }) {
      let others = natural.indices.filter { $0 != widest }.map { natural[$0] }.max() ?? 0
      let cut = min(excess, max(natural[widest] - max(others, 36), natural[widest] * 0.05))
      natural[widest] -= cut
      excess -= cut
      if natural[widest] < 30 { break }
    }
    return natural
  }

  private func rowHeight(_ row: [[Inline]], isHead: Bool, _ widths: [Double], _ canvas: some Canvas) -> Double {
    let heights = zip(row, widths).map { content, width in
      canvas.measure(text(content, isHead: isHead, width: width - Self.padding + 0.5)).height
    }
    return (heights.max() ?? 10) + 5
  }

  func shape(width: Double, canvas: some Canvas) -> Pagination.Shape {
    let widths = widths(width, canvas)
    // Where the table continues, its caption has one word more, which may need a line of its own.
    let captions = [0..<0, 1..<1].map { captionHeight(Pagination.Part(height: 0, rows: $0), width, canvas) }
    return .rows(
      head: (captions.max() ?? 0)
        + rowHeight(table.columns.map(\.title), isHead: true, widths, canvas) + 2 * Self.ruleHeight,
      table.rows.map { rowHeight($0, isHead: false, widths, canvas) })
  }

  // MARK: Drawing

  func draw(_ part: Pagination.Part, at origin: Point, width: Double, on canvas: some Canvas) {
    let widths = widths(width, canvas)
    var y = origin.y
    if !table.caption.isEmpty {
      canvas.draw(caption(part, width), at: origin)
      y += captionHeight(part, width, canvas)
    }
    func rule(_ weight: Double) {
      let end = Point(origin.x + widths.reduce(0, +), y)
      canvas.stroke(.line([Point(origin.x, y), end]), Stroke(.gray, width: weight))
    }
    func row(_ cells: [[Inline]], isHead: Bool) {
      draw(cells, isHead: isHead, widths, Point(origin.x, y), canvas)
      y += rowHeight(cells, isHead: isHead, widths, canvas)
    }
    rule(0.9)
    y += Self.ruleHeight
    row(table.columns.map(\.title), isHead: true)
    rule(0.5)
    y += Self.ruleHeight
    for cells in table.rows[part.rows ?? 0..<table.rows.count] { row(cells, isHead: false) }
    rule(0.9)
  }

  private func draw(
    _ cells: [[Inline]], isHead: Bool, _ widths: [Double], _ origin: Point, _ canvas: some Canvas
  ) {
    var x = origin.x
    for (column, content) in cells.enumerated() {
      var set = text(content, isHead: isHead, width: widths[column] - Self.padding + 0.5)
      set.alignment = table.columns[column].kind == .number ? .right : .left
      canvas.draw(set, at: Point(x + Self.padding / 2, origin.y + 2.5))
      x += widths[column]
    }
  }
}
