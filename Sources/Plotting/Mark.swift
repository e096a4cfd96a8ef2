/// The shape of a point.
public enum Marker: Hashable, Sendable, CaseIterable {
  /// A shape of one size.
  case circle, square, triangle, diamond, cross, ring

  /// The marker of a category, so that categories can be distinguished without colours.
  public static func category(_ index: Int) -> Marker { allCases[index % allCases.count] }
}

/// Dash patterns that distinguish lines without colours.
public enum Dash {
  /// Solid first, then dashes and gaps in points.
  public static let styles: [[Double]] = [[], [5, 2], [1.5, 1.5], [6, 2, 1.5, 2], [3, 2], [8, 2.5]]
  /// The dashes of category `index`.
  public static func category(_ index: Int) -> [Double] { styles[index % styles.count] }
}

/// A direction at a point. All arrows have the same length; the colour shows the magnitude.
public struct Arrow: Hashable, Sendable {
  /// The foot of the arrow, in data units.
  public var at: Point
  /// The direction in data coordinates.
  public var direction: Point
  /// The colour of the arrow.
  public var color: Color

  /// An arrow at a point.
  public init(at: Point, direction: Point, _ color: Color) {
    self.at = at
    self.direction = direction
    self.color = color
  }
}

/// The five-number summary of a distribution at x.
public struct BoxSummary: Hashable, Sendable {
  /// The position on the x axis.
  public var x: Double
  /// The width in x.
  public var width: Double
  /// The least value, the quartiles and the greatest value.
  public var low, first, median, third, high: Double

  /// A box by its five numbers.
  public init(x: Double, width: Double, low: Double, first: Double, median: Double, third: Double, high: Double) {
    (self.x, self.width, self.low, self.first) = (x, width, low, first)
    (self.median, self.third, self.high) = (median, third, high)
  }
}

/// A grid of rectangles, coloured by value. There is one edge more than cells in each direction.
public struct CellGrid: Hashable, Sendable {
  /// Edges of the columns, rising.
  public var xEdges: [Double]
  /// Edges of the rows, rising.
  public var yEdges: [Double]
  /// The values as `values[row][column]`; NaN for a missing value.
  public var values: [[Double]]
  /// The labels of the cells, drawn if they fit; lines are separated by line feeds. Empty for none.
  public var labels: [[String]]

  /// Cells between edges.
  public init(xEdges: [Double], yEdges: [Double], values: [[Double]], labels: [[String]] = []) {
    self.xEdges = xEdges
    self.yEdges = yEdges
    self.values = values
    self.labels = labels
  }
}

/// A point that is drawn slightly beside its position, so that it does not hide others.
public struct JitteredPoint: Hashable, Sendable {
  /// The position in the data, used in notes and exports.
  public var value: Point
  /// The drawn position.
  public var drawn: Point

  /// A value and the place where it is drawn.
  public init(_ value: Point, drawnAt drawn: Point) {
    self.value = value
    self.drawn = drawn
  }
}

/// An element of a chart in data coordinates.
public enum Mark: Hashable, Sendable {
  /// A curve through points, interrupted at values that cannot be shown.
  case line([Point], Stroke)
  /// Many curves with one style and ascending x; large numbers are drawn as one raster image.
  case bundle([[Point]], Stroke)
  /// A curve that keeps each value until the next point.
  case steps([Point], Stroke)
  /// The area between two curves over the same x.
  case band(x: [Double], low: [Double], high: [Double], Color)
  /// A filled outline.
  case area([Point], Color)
  /// Markers at points, `radius` in points of the page.
  case points([Point], Marker, Color, radius: Double)
  /// Points that are drawn slightly beside their positions.
  case jittered([JitteredPoint], Marker, Color, radius: Double)
  /// A bar from zero, or from the lower end of the axis, to a value; `width` is in units of x.
  case bar(x: Double, width: Double, y: Double, Color)
  /// A box of quartiles with whiskers.
  case box(BoxSummary, Color)
  /// Rectangles coloured by value.
  case cells(CellGrid, ColorScale)
  /// Lines of equal value.
  case contours(Field, levels: [Double], Stroke)
  /// Arrows of one length, in points of the page.
  case arrows([Arrow], length: Double)
  /// A vertical line across the frame with a label.
  case verticalRule(Double, label: String, Stroke)
  /// A line across the plot at one y, with a label at its end.
  case horizontalRule(Double, label: String, Stroke)
  /// An interval at x: a vertical line with caps.
  case interval(x: Double, low: Double, high: Double, Stroke)
  /// A text at a point.
  case text(Text, at: Point, Anchor)
  /// Text on a background, readable over lines.
  case tag(Text, at: Point, Anchor)
  /// A small label just above the frame at an x.
  case topLabel(Double, String)
  /// A label to the right of the frame at the height of a line's end, moved if it would overlap another one.
  case endLabel(String, at: Double, Color)

  /// The ranges of x and y that the axes must include.
  var extent: (x: Extent, y: Extent) {
    switch self {
    case .line(let points, _), .steps(let points, _), .points(let points, _, _, _), .area(let points, _):
      Self.extent(points)
    case .jittered(let points, _, _, _): Self.extent(points.map(\.drawn))
    case .bundle(let lines, _):
      lines.reduce((Extent(), Extent())) { sum, line in
        let own = Self.extent(line)
        return (sum.0.union(own.x), sum.1.union(own.y))
      }
    case .band(let x, let low, let high, _): (Extent(x), Extent(low).union(Extent(high)))
    case .bar(let x, let width, let y, _): (Extent([x - width / 2, x + width / 2]), Extent([y]))
    case .box(let box, _): (Extent([box.x - box.width / 2, box.x + box.width / 2]), Extent([box.low, box.high]))
    case .cells(let grid, _): (Extent(grid.xEdges), Extent(grid.yEdges))
    case .contours(let field, _, _): (Extent(field.x), Extent(field.y))
    case .arrows(let arrows, _): (Extent(arrows.map(\.at.x)), Extent(arrows.map(\.at.y)))
    case .verticalRule(let x, _, _): (Extent([x]), Extent())
    case .horizontalRule(let y, _, _): (Extent(), Extent([y]))
    case .interval(let x, let low, let high, _): (Extent([x]), Extent([low, high]))
    case .text(_, let point, _), .tag(_, let point, _): (Extent([point.x]), Extent([point.y]))
    case .topLabel(let x, _): (Extent([x]), Extent())
    case .endLabel(_, let y, _): (Extent(), Extent([y]))
    }
  }

  /// The points, the colour and the radius of the markers; `nil` for other marks.
  var markers: (points: [Point], color: Color, radius: Double)? {
    switch self {
    case .points(let points, _, let color, let radius): (points, color, radius)
    case .jittered(let points, _, let color, let radius): (points.map(\.drawn), color, radius)
    default: nil
    }
  }

  private static func extent(_ points: [Point]) -> (x: Extent, y: Extent) {
    var (x, y) = (Extent(), Extent())
    for point in points {
      x.add(point.x)
      y.add(point.y)
    }
    return (x, y)
  }
}
