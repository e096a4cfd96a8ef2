import Plotting

/// A table with a header that is repeated where it runs over pages; columns of numbers are set flush right.
struct TableBlock: Block {
  var caption: String
  let columns: [String]
  let rows: [[String]]

  var spaceAbove: Double { 12 }
  private static let size = 8.0
  private static let padding = 10.0

  private func cell(_ text: String, bold: Bool = false, width: Double? = nil) -> Text {
    Text(Markdown.spans(text, bold ? .bold : []), size: Self.size, width: width)
  }

  private func captionText(_ width: Double) -> Text { Text(caption, size: 9.5, style: .bold, width: width) }

  private func captionHeight(_ width: Double, _ canvas: some Canvas) -> Double {
    caption.isEmpty ? 0 : canvas.measure(captionText(width)).height + 6
  }

  /// Natural widths, shrunk in proportion (text columns first) where the page is too narrow.
  private func widths(_ width: Double, _ canvas: some Canvas) -> [Double] {
    var natural = columns.indices.map { column in
      let cells = [cell(columns[column], bold: true)] + rows.map { cell(column < $0.count ? $0[column] : "") }
      return (cells.map { canvas.measure($0).width }.max() ?? 0) + Self.padding + 1
    }
    var excess = natural.reduce(0, +) - width
    // Take from the widest column until the table fits: it is the one with words to wrap.
    while excess > 0.01, let widest = natural.indices.max(by: { natural[$0] < natural[$1] }) {
      let others = natural.indices.filter { $0 != widest }.map { natural[$0] }.max() ?? 0
      let cut = min(excess, max(natural[widest] - max(others, 36), natural[widest] * 0.05))
      natural[widest] -= cut
      excess -= cut
      if natural[widest] < 30 { break }
    }
    return natural
  }

  func isNumeric(_ column: Int) -> Bool {
    column > 0 && !rows.isEmpty
      && rows.allSatisfy { row in
        guard column < row.count, let first = row[column].first else { return true }
        return first.isNumber || "−-∞~≈±N–".contains(first) || row[column] == "never"
      }
  }

  private func rowHeight(_ row: [String], bold: Bool, _ widths: [Double], _ canvas: some Canvas) -> Double {
    let heights = row.enumerated().map { column, text in
      column < widths.count
        ? canvas.measure(cell(text, bold: bold, width: widths[column] - Self.padding + 0.5)).height : 0
    }
    return (heights.max() ?? 10) + 5
  }

  func height(width: Double, canvas: some Canvas) -> Double {
    let widths = widths(width, canvas)
    return captionHeight(width, canvas) + rowHeight(columns, bold: true, widths, canvas) + 2
      + rows.reduce(0) { $0 + rowHeight($1, bold: false, widths, canvas) }
  }

  func draw(at origin: Point, width: Double, on canvas: some Canvas) {
    let widths = widths(width, canvas)
    let total = widths.reduce(0, +)
    var y = origin.y
    if !caption.isEmpty {
      canvas.draw(captionText(width), at: origin)
      y += captionHeight(width, canvas)
    }
    func rule(_ weight: Double) {
      canvas.stroke(.line([Point(origin.x, y), Point(origin.x + total, y)]), Stroke(.gray, width: weight))
    }
    rule(0.9)
    y += 1
    drawRow(columns, bold: true, widths, Point(origin.x, y), canvas)
    y += rowHeight(columns, bold: true, widths, canvas)
    rule(0.5)
    y += 1
    for row in rows {
      drawRow(row, bold: false, widths, Point(origin.x, y), canvas)
      y += rowHeight(row, bold: false, widths, canvas)
    }
    rule(0.9)
  }

  private func drawRow(_ row: [String], bold: Bool, _ widths: [Double], _ origin: Point, _ canvas: some Canvas) {
    var x = origin.x
    for (column, text) in row.enumerated() where column < widths.count {
      let isRight = isNumeric(column)
      var set = cell(text, bold: bold, width: widths[column] - Self.padding + 0.5)
      set.alignment = isRight ? .right : .left
      canvas.draw(set, at: Point(x + Self.padding / 2, origin.y + 2.5))
      x += widths[column]
    }
  }

  func split(height: Double, width: Double, canvas: some Canvas) -> (head: any Block, tail: any Block)? {
    let widths = widths(width, canvas)
    var used = captionHeight(width, canvas) + rowHeight(columns, bold: true, widths, canvas) + 2
    var count = 0
    while count < rows.count {
      let next = rowHeight(rows[count], bold: false, widths, canvas)
      if used + next > height { break }
      used += next
      count += 1
    }
    guard count >= 3, rows.count - count >= 2 else { return nil }
    let rest = caption.isEmpty || caption.hasSuffix(" (continued)") ? caption : caption + " (continued)"
    return (
      TableBlock(caption: caption, columns: columns, rows: Array(rows[..<count])),
      TableBlock(caption: rest, columns: columns, rows: Array(rows[count...]))
    )
  }
}
