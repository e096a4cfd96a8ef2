/// The colour, width and dashes of a line.
public struct Stroke: Hashable, Sendable {
  /// The colour of the line.
  public var color: Color
  /// The width in points.
  public var width: Double
  /// The lengths of dashes and gaps in points; empty for a solid line.
  public var dash: [Double]

  /// A line of a colour, a width in points, and dashes.
  public init(_ color: Color, width: Double = 1, dash: [Double] = []) {
    self.color = color
    self.width = width
    self.dash = dash
  }
}

/// A surface for drawings. Tests use a canvas that records the commands.
package protocol Canvas: AnyObject, SendableMetatype {
  /// The page's size in points.
  var size: Size { get }
  /// Fills the inside of a path.
  func fill(_ path: Path, _ color: Color)
  /// Draws a line along a path.
  func stroke(_ path: Path, _ stroke: Stroke)
  /// Draws a text with its anchor at a point, rotated anticlockwise by `angle` degrees around the point.
  func draw(_ text: Text, at point: Point, anchor: Anchor, angle: Double)
  /// The size of a text's box without rotation.
  func measure(_ text: Text) -> Size
  /// Restricts the drawing of `body` to a rectangle.
  func clip(to rect: Rect, _ body: () -> Void)
  /// Draws a raster, stretched to a rectangle.
  func draw(_ image: Image, in rect: Rect)
  /// Draws a legend entry. On an interactive canvas the entry is a button that shows and hides the marks of its colour.
  func legendEntry(_ color: Color, _ body: () -> Void)
  /// Adds a note at a position. An interactive canvas shows it under the pointer.
  func annotate(_ place: Point, _ note: @autoclosure () -> String)
  /// Tells where the axes of a chart are whose runs a reader can point at.
  func locate(_ frame: Rect, x: Scale, y: Scale)
}

extension Canvas {
  public func legendEntry(_ color: Color, _ body: () -> Void) { body() }
  public func annotate(_ place: Point, _ note: @autoclosure () -> String) {}
  public func locate(_ frame: Rect, x: Scale, y: Scale) {}

  /// Draws a text with its anchor at a point.
  public func draw(_ text: Text, at point: Point, anchor: Anchor = .topLeft) {
    draw(text, at: point, anchor: anchor, angle: 0)
  }
}
