/// How a line is drawn.
public struct Stroke: Hashable, Sendable {
  public var color: Color
  /// In points.
  public var width: Double
  /// Lengths of dashes and gaps in points; empty for a solid line.
  public var dash: [Double]

  public init(_ color: Color, width: Double = 1, dash: [Double] = []) {
    self.color = color
    self.width = width
    self.dash = dash
  }
}

/// What pictures are drawn on. Small enough to fake: the tests look at a canvas that only takes notes.
public protocol Canvas: AnyObject, SendableMetatype {
  /// The page's size in points.
  var size: Size { get }
  func fill(_ path: Path, _ color: Color)
  func stroke(_ path: Path, _ stroke: Stroke)
  /// Draws a text with its anchor at a point, turned anticlockwise by `angle` degrees about it.
  func draw(_ text: Text, at point: Point, anchor: Anchor, angle: Double)
  /// The size of a text's box, unturned.
  func measure(_ text: Text) -> Size
  /// Draws only what falls into a rectangle.
  func clip(to rect: Rect, _ body: () -> Void)
  func draw(_ image: Image, in rect: Rect)
  /// Draws a legend's entry as one thing that can be pressed, where a canvas can be: it shows and hides its colour.
  func legendEntry(_ color: Color, _ body: () -> Void)
  /// Says what stands at a place, for canvases that can be asked: a page in a browser shows it under the pointer.
  func annotate(_ place: Point, _ note: @autoclosure () -> String)
}

extension Canvas {
  public func legendEntry(_ color: Color, _ body: () -> Void) { body() }
  public func annotate(_ place: Point, _ note: @autoclosure () -> String) {}

  public func draw(_ text: Text, at point: Point, anchor: Anchor = .topLeft) {
    draw(text, at: point, anchor: anchor, angle: 0)
  }
}
