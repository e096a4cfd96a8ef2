/// A position on a page in points (1/72 inch), with y downwards from the top; or a position in data coordinates.
public struct Point: Hashable, Sendable {
  /// The horizontal coordinate, from the left.
  public var x: Double
  /// The vertical coordinate, from the top.
  public var y: Double

  /// A point by its coordinates.
  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}

/// Width and height in points.
package struct Size: Hashable, Sendable {
  /// The width.
  package var width: Double
  /// The height.
  package var height: Double

  /// A size by its width and height.
  package init(_ width: Double, _ height: Double) {
    self.width = width
    self.height = height
  }

  /// Width and height 0.
  package static let zero = Size(0, 0)
}

/// A rectangle with horizontal and vertical sides.
public struct Rect: Hashable, Sendable {
  /// The horizontal coordinate, from the left.
  public var x: Double
  /// The vertical coordinate, from the top.
  public var y: Double
  /// The width.
  public var width: Double
  /// The height.
  public var height: Double

  /// A rectangle by its upper left corner and its size.
  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// The right edge.
  package var right: Double { x + width }
  /// The lower edge.
  package var bottom: Double { y + height }
  /// The centre.
  package var center: Point { Point(x + width / 2, y + height / 2) }

  /// The rectangle without a margin on every side.
  package func inset(by amount: Double) -> Rect {
    Rect(x: x + amount, y: y + amount, width: width - 2 * amount, height: height - 2 * amount)
  }

  /// Whether `other` lies inside the rectangle, within a tolerance.
  package func contains(_ other: Rect, tolerance: Double = 0.01) -> Bool {
    other.x >= x - tolerance && other.y >= y - tolerance && other.right <= right + tolerance
      && other.bottom <= bottom + tolerance
  }

  /// Whether the interiors of the rectangles overlap.
  package func overlaps(_ other: Rect) -> Bool {
    x < other.right && other.x < right && y < other.bottom && other.y < bottom
  }
}

/// An outline of straight lines and circles.
package struct Path: Hashable, Sendable {
  /// The pieces of a path.
  package enum Element: Hashable, Sendable {
    /// Begins a part at a point.
    case move(Point)
    /// A straight line to a point.
    case line(Point)
    /// A full circle.
    case circle(center: Point, radius: Double)
    /// A straight line to the beginning of the part.
    case close
  }

  /// The pieces in order.
  package private(set) var elements: [Element] = []

  /// An empty path.
  package init() {}

  /// Begins a part at a point.
  package mutating func move(to point: Point) { elements.append(.move(point)) }
  /// Adds a straight line to a point.
  package mutating func line(to point: Point) { elements.append(.line(point)) }
  /// Adds a circle.
  package mutating func circle(at center: Point, radius: Double) {
    elements.append(.circle(center: center, radius: radius))
  }
  /// Closes the present part.
  package mutating func close() { elements.append(.close) }

  /// Straight lines through points.
  package static func line(_ points: some Sequence<Point>) -> Path {
    var path = Path()
    for point in points {
      if path.elements.isEmpty { path.move(to: point) } else { path.line(to: point) }
    }
    return path
  }

  /// A closed outline through points.
  package static func polygon(_ points: some Sequence<Point>) -> Path {
    var path = line(points)
    path.close()
    return path
  }

  /// The outline of a rectangle.
  package static func rect(_ rect: Rect) -> Path {
    polygon([
      Point(rect.x, rect.y), Point(rect.right, rect.y), Point(rect.right, rect.bottom), Point(rect.x, rect.bottom),
    ])
  }
}
