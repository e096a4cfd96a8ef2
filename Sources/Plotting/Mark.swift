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
  /// A small label above the frame at an x, in the row above it or, from 1 on, in one above that.
  case topLabel(Double, String, Color, row: Int = 0)
  /// A label to the right of the frame at the height of a line's end; labels that would overlap are moved apart.
  case endLabel(String, at: Double, Color)

  /// The ranges of x and y that the axes must include.
  var extent: (x: Extent, y: Extent) {
    switch self {
    case .line(let points, _), .steps(let points, _), .points(let points, _, _, _), .area(let points, _):
      Self.extent(points)
    case .jittered(let points, _, _, _): Self.extent(points.map(\.drawn))
    case .bundle(let lines, _):
      lines.map(Self.extent).reduce((Extent(), Extent())) { ($0.0.union($1.x), $0.1.union($1.y)) }
    case .band(let x, let low, let high, _): (Extent(x), .room(for: low + high))
    case .bar(let x, let width, let y, _): (Self.extent(x, width), Extent([y]))
    case .box(let box, _): (Self.extent(box.x, box.width), Extent([box.low, box.high]))
    case .cells(let grid, _): (Extent(grid.xEdges), Extent(grid.yEdges))
    case .contours(let field, _, _): (Extent(field.x), Extent(field.y))
    case .arrows(let arrows, _): (Extent(arrows.map(\.at.x)), Extent(arrows.map(\.at.y)))
    case .verticalRule(let x, _, _), .topLabel(let x, _, _, _): (.room(for: [x]), Extent())
    case .horizontalRule(let y, _, _), .endLabel(_, let y, _): (Extent(), .room(for: [y]))
    case .interval(let x, let low, let high, _): (.room(for: [x]), .room(for: [low, high]))
    case .text(_, let point, _), .tag(_, let point, _): (.room(for: [point.x]), .room(for: [point.y]))
    }
  }

  /// The range of something of a width about a place.
  private static func extent(_ place: Double, _ width: Double) -> Extent {
    Extent([place]).union(.room(for: [place - width / 2, place + width / 2]))
  }

  /// The points, colour and size of a mark that is made of markers.
  var markers: (points: [Point], color: Color, radius: Double)? {
    switch self {
    case .points(let points, _, let color, let radius): (points, color, radius)
    case .jittered(let points, _, let color, let radius): (points.map(\.drawn), color, radius)
    default: nil
    }
  }

  /// The text of a mark that is one, and where it is.
  var text: (text: Text, point: Point, anchor: Anchor)? {
    switch self {
    case .text(let text, let point, let anchor), .tag(let text, let point, let anchor): (text, point, anchor)
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
