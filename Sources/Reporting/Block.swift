package import Plotting
import Studies

/// Something that stands on a page at full width: it knows its height before it is drawn.
package protocol Block {
  /// Space above it, dropped at the top of a page.
  var spaceAbove: Double { get }
  /// What a list of contents calls it; `nil` where it has no place in one.
  var outlineTitle: String? { get }
  /// Whether it must not be the last on a page: a heading stays with what follows.
  var keepsWithNext: Bool { get }
  func height(width: Double, canvas: some Canvas) -> Double
  func draw(at origin: Point, width: Double, on canvas: some Canvas)
  /// The part that fits into a height and the rest, if it can be parted.
  func split(height: Double, width: Double, canvas: some Canvas) -> (head: any Block, tail: any Block)?
  /// The block made lower to fit into a height, if that does it no harm.
  func shrunk(to height: Double, width: Double, canvas: some Canvas) -> (any Block)?
}

extension Block {
  package var spaceAbove: Double { 8 }
  package var keepsWithNext: Bool { false }
  package var outlineTitle: String? { nil }
  package func shrunk(to height: Double, width: Double, canvas: some Canvas) -> (any Block)? { nil }
  package func split(height: Double, width: Double, canvas: some Canvas) -> (head: any Block, tail: any Block)? { nil }
}

/// Running text of one size, indented or not.
struct TextBlock: Block {
  var spans: [Text.Span]
  var size = 9.5
  var indent = 0.0
  var marker = ""
  var color = Color.black
  var spaceAbove = 7.0
  var keepsWithNext = false

  var outlineTitle: String? { keepsWithNext ? spans.map(\.string).joined() : nil }

  private func text(_ width: Double) -> Text { Text(spans, size: size, color: color, width: width - indent) }

  func height(width: Double, canvas: some Canvas) -> Double { canvas.measure(text(width)).height }

  func draw(at origin: Point, width: Double, on canvas: some Canvas) {
    if !marker.isEmpty {
      canvas.draw(Text(marker, size: size, color: .gray), at: Point(origin.x + indent - 5, origin.y), anchor: .topRight)
    }
    canvas.draw(text(width), at: Point(origin.x + indent, origin.y))
  }
}

/// Source text on a tinted ground.
struct CodeBlock: Block {
  let source: String

  private func text(_ width: Double) -> Text { Text(source, size: 8.5, style: .monospaced, width: width - 16) }

  func height(width: Double, canvas: some Canvas) -> Double { canvas.measure(text(width)).height + 12 }

  func draw(at origin: Point, width: Double, on canvas: some Canvas) {
    let height = height(width: width, canvas: canvas)
    canvas.fill(.rect(Rect(x: origin.x, y: origin.y, width: width, height: height)), Color(0xF5F5F3))
    canvas.draw(text(width), at: Point(origin.x + 8, origin.y + 6))
  }
}

/// A thin line across.
struct RuleBlock: Block {
  func height(width: Double, canvas: some Canvas) -> Double { 1 }
  func draw(at origin: Point, width: Double, on canvas: some Canvas) {
    canvas.stroke(.line([origin, Point(origin.x + width, origin.y)]), Stroke(.lightGray, width: 0.8))
  }
}

/// Charts with a numbered caption, never torn apart.
package struct FigureBlock: Block {
  let number: Int
  package let title: String
  package let grid: ChartGrid
  let caption: [Text.Span]
  /// The charts' height where it is not their natural one.
  var gridHeight: Double?

  package var spaceAbove: Double { 14 }

  package var outlineTitle: String? { "Figure \(number). \(title)" }

  private var heading: Text { Text("Figure \(number).  \(title)", size: 9.5, style: .bold) }
  private func captionText(_ width: Double) -> Text { Text(caption, size: 8.5, color: .gray, width: width) }
  private func headingHeight(_ canvas: some Canvas) -> Double { canvas.measure(heading).height + 6 }

  private func gridHeight(_ width: Double, _ canvas: some Canvas) -> Double {
    gridHeight ?? GridRenderer.height(of: grid, width: width, canvas: canvas)
  }

  package func height(width: Double, canvas: some Canvas) -> Double {
    headingHeight(canvas) + gridHeight(width, canvas) + 4 + canvas.measure(captionText(width)).height
  }

  package func draw(at origin: Point, width: Double, on canvas: some Canvas) {
    canvas.draw(heading, at: origin)
    let top = origin.y + headingHeight(canvas)
    GridRenderer.draw(grid, at: Point(origin.x, top), width: width, height: gridHeight, on: canvas)
    canvas.draw(captionText(width), at: Point(origin.x, top + gridHeight(width, canvas) + 4))
  }

  /// A figure may lose a quarter of its height rather than leave half a page empty.
  package func shrunk(to height: Double, width: Double, canvas: some Canvas) -> (any Block)? {
    let natural = gridHeight(width, canvas)
    let left = natural - (self.height(width: width, canvas: canvas) - height)
    guard left >= 0.74 * natural else { return nil }
    var copy = self
    copy.gridHeight = left
    return copy
  }
}

/// A claim with its verdict and evidence.
struct VerdictBlock: Block {
  let verdict: Expect.Verdict

  var spaceAbove: Double { 6 }

  private var sign: Text {
    let word = verdict.outcome.word
    return Text(word, size: 8, style: .bold, color: color)
  }
  private var color: Color {
    switch verdict.outcome {
    case .passed: .pass
    case .failed: .fail
    case .untested: .gray
    }
  }
  private func text(_ width: Double) -> Text {
    Text([Text.Span(verdict.claim + ". "), Text.Span(verdict.evidence, .italic)], size: 9, width: width - 70)
  }

  func height(width: Double, canvas: some Canvas) -> Double { canvas.measure(text(width)).height + 8 }

  func draw(at origin: Point, width: Double, on canvas: some Canvas) {
    let height = height(width: width, canvas: canvas)
    canvas.fill(.rect(Rect(x: origin.x, y: origin.y, width: width, height: height)), color.opacity(0.06))
    canvas.fill(.rect(Rect(x: origin.x, y: origin.y, width: 2.5, height: height)), color)
    canvas.draw(sign, at: Point(origin.x + 10, origin.y + 5))
    canvas.draw(text(width), at: Point(origin.x + 62, origin.y + 4))
  }
}
