import Plotting

/// A node of a document, measured and drawn on a page.
protocol PageItem: Sendable {
  /// The space above the item, which is omitted at the top of a page.
  var spaceAbove: Double { get }
  /// Whether it may move above a figure that comes before it, so that a page is filled.
  var isMovable: Bool { get }
  /// The item's size, and how it may be split or stretched.
  func shape(width: Double, canvas: some Canvas) -> Pagination.Shape
  /// Draws the item, or some of its rows, in the height that the pagination assigned.
  func draw(_ part: Pagination.Part, at origin: Point, width: Double, on canvas: some Canvas)
  /// The item's title in a table of contents; `nil` if it has no entry.
  var outlineTitle: String? { get }
}

extension PageItem {
  var isMovable: Bool { true }
  var spaceAbove: Double { 8 }
  var outlineTitle: String? { nil }
}

/// Text of one size, with an optional indent.
struct TextItem: PageItem {
  var spans: [Text.Span]
  var size = 9.5
  var indent = 0.0
  var marker = ""
  var color = Color.black
  var spaceAbove = 7.0
  var isHeading = false
  var isMovable = true

  var outlineTitle: String? { isHeading ? spans.map(\.string).joined() : nil }

  private func text(_ width: Double) -> Text { Text(spans, size: size, color: color, width: width - indent) }

  func shape(width: Double, canvas: some Canvas) -> Pagination.Shape {
    .fixed(canvas.measure(text(width)).height, isHeading: isHeading)
  }

  func draw(_ part: Pagination.Part, at origin: Point, width: Double, on canvas: some Canvas) {
    if !marker.isEmpty {
      canvas.draw(Text(marker, size: size, color: .gray), at: Point(origin.x + indent - 5, origin.y), anchor: .topRight)
    }
    canvas.draw(text(width), at: Point(origin.x + indent, origin.y))
  }
}

/// Source code on a tinted background.
struct CodeItem: PageItem {
  let source: String

  private func text(_ width: Double) -> Text { Text(source, size: 8.5, style: .monospaced, width: width - 16) }

  func shape(width: Double, canvas: some Canvas) -> Pagination.Shape {
    .fixed(canvas.measure(text(width)).height + 12)
  }

  func draw(_ part: Pagination.Part, at origin: Point, width: Double, on canvas: some Canvas) {
    canvas.fill(.rect(Rect(x: origin.x, y: origin.y, width: width, height: part.height)), Color(0xF5F5F3))
    canvas.draw(text(width), at: Point(origin.x + 8, origin.y + 6))
  }
}

/// A horizontal line.
struct RuleItem: PageItem {
  var isMovable: Bool { false }

  func shape(width: Double, canvas: some Canvas) -> Pagination.Shape { .fixed(1) }

  func draw(_ part: Pagination.Part, at origin: Point, width: Double, on canvas: some Canvas) {
    canvas.stroke(.line([origin, Point(origin.x + width, origin.y)]), Stroke(.lightGray, width: 0.8))
  }
}

/// A claim with its verdict and evidence.
struct VerdictItem: PageItem {
  let verdict: Document.Verdict

  var spaceAbove: Double { 6 }

  private var color: Color {
    switch verdict.outcome {
    case .passed: .pass
    case .failed: .fail
    case .untested: .gray
    }
  }

  private func text(_ width: Double) -> Text {
    Text(verdict.claim.spans() + [Text.Span(". ")] + verdict.evidence.spans(.italic), size: 9, width: width - 70)
  }

  func shape(width: Double, canvas: some Canvas) -> Pagination.Shape { .fixed(canvas.measure(text(width)).height + 8) }

  func draw(_ part: Pagination.Part, at origin: Point, width: Double, on canvas: some Canvas) {
    canvas.fill(.rect(Rect(x: origin.x, y: origin.y, width: width, height: part.height)), color.opacity(0.06))
    canvas.fill(.rect(Rect(x: origin.x, y: origin.y, width: 2.5, height: part.height)), color)
    let word = Text(verdict.word, size: 8, style: .bold, color: color)
    canvas.draw(word, at: Point(origin.x + 10, origin.y + 5))
    canvas.draw(text(width), at: Point(origin.x + 62, origin.y + 4))
  }
}
