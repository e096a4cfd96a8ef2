package import Plotting
import Synchronization

/// A figure with its caption, which is never split between pages.
package struct FigureItem: PageItem {
  private let figure: Document.Figure
  private let measured = Measured()

  /// The charts' measures at the width last asked for: a page asks for heights first and draws later.
  private final class Measured: Sendable {
    let layout = Mutex<(width: Double, grid: GridLayout)?>(nil)
  }

  package init(_ figure: Document.Figure) { self.figure = figure }

  private func layout(_ width: Double, _ canvas: some Canvas) -> GridLayout {
    if let known = measured.layout.withLock(\.self), known.width == width { return known.grid }
    let grid = GridLayout(figure.charts, width: width, canvas: canvas)
    measured.layout.withLock { $0 = (width, grid) }
    return grid
  }

  var spaceAbove: Double { 14 }
  var outlineTitle: String? { figure.heading }

  private var heading: Text { Text("Figure \(figure.number).  \(figure.title)", size: 9.5, style: .bold) }
  private func caption(_ width: Double) -> Text {
    Text(figure.caption.spans(), size: 8.5, color: .gray, width: width)
  }

  /// The height of the heading, the caption and the gaps around the charts.
  private func wordsHeight(_ width: Double, _ canvas: some Canvas) -> Double {
    canvas.measure(heading).height + 6 + 4 + canvas.measure(caption(width)).height
  }

  package func height(width: Double, canvas: some Canvas) -> Double {
    wordsHeight(width, canvas) + layout(width, canvas).height
  }

  /// How far the charts may shrink or grow, so that pages are filled.
  package static let stretch = 0.75...1.25

  func shape(width: Double, canvas: some Canvas) -> Pagination.Shape {
    let (words, charts) = (wordsHeight(width, canvas), layout(width, canvas).height)
    return .flexible(
      words + charts, least: words + Self.stretch.lowerBound * charts, most: words + Self.stretch.upperBound * charts)
  }

  package func draw(at origin: Point, width: Double, on canvas: some Canvas) {
    draw(Pagination.Part(height: height(width: width, canvas: canvas)), at: origin, width: width, on: canvas)
  }

  func draw(_ part: Pagination.Part, at origin: Point, width: Double, on canvas: some Canvas) {
    canvas.draw(heading, at: origin)
    let top = origin.y + canvas.measure(heading).height + 6
    let height = part.height - wordsHeight(width, canvas)
    layout(width, canvas).draw(at: Point(origin.x, top), height: height, on: canvas)
    canvas.draw(caption(width), at: Point(origin.x, top + height + 4))
  }
}
