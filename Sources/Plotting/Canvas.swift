/// How a line is drawn.
public struct Stroke: Hashable, Sendable {
  /// The colour of the line.
  public var color: Color
  /// In points.
  public var width: Double
  /// Lengths of dashes and gaps in points; empty for a solid line.
  public var dash: [Double]

  /// A line of a colour, a width in points, and dashes.
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
  /// Fills the inside of a path.
  func fill(_ path: Path, _ color: Color)
  /// Draws a line along a path.
  func stroke(_ path: Path, _ stroke: Stroke)
  /// Draws a text with its anchor at a point, turned anticlockwise by `angle` degrees about it.
  func draw(_ text: Text, at point: Point, anchor: Anchor, angle: Double)
  /// The size of a text's box, unturned.
  func measure(_ text: Text) -> Size
  /// Draws only what falls into a rectangle.
  func clip(to rect: Rect, _ body: () -> Void)
  /// Draws a raster, stretched to a rectangle.
  func draw(_ image: Image, in rect: Rect)
  /// Draws a legend's entry as one thing that can be pressed, where a canvas can be: it shows and hides its colour.
  func legendEntry(_ color: Color, _ body: () -> Void)
  /// Says what stands at a place, for canvases that can be asked: a page in a browser shows it under the pointer.
  func annotate(_ place: Point, _ note: @autoclosure () -> String)
}

extension Canvas {
  public func legendEntry(_ color: Color, _ body: () -> Void) { body() }
  public func annotate(_ place: Point, _ note: @autoclosure () -> String) {}

  /// Draws a text with its anchor at a point.
  public func draw(_ text: Text, at point: Point, anchor: Anchor = .topLeft) {
    draw(text, at: point, anchor: anchor, angle: 0)
  }
}
