/// The shape of a point.
public enum Marker: Hashable, Sendable, CaseIterable {
  case circle, square, triangle, diamond, cross, ring

  /// The marker of category `index`, so that categories differ in grey print too.
  public static func category(_ index: Int) -> Marker { allCases[index % allCases.count] }
}

/// Dashes that tell lines apart in grey print.
public enum Dash {
  public static let styles: [[Double]] = [[], [5, 2], [1.5, 1.5], [6, 2, 1.5, 2], [3, 2], [8, 2.5]]
  public static func category(_ index: Int) -> [Double] { styles[index % styles.count] }
}

/// A piece of a chart, in data coordinates.
public enum Mark: Hashable, Sendable {
  /// A curve through points; where a value cannot be shown the line is interrupted.
  case line([Point], Stroke)
  /// A curve that keeps each value until the next.
  case steps([Point], Stroke)
  /// The area between two curves over the same x.
  case band(x: [Double], low: [Double], high: [Double], Color)
  case points([Point], Marker, Color, radius: Double)
  /// A bar from the axis's lower end (or zero) to a value, `width` wide in x.
  case bar(x: Double, width: Double, y: Double, Color)
  /// A line across the plot at one x, with a label at its end.
  case verticalRule(Double, label: String, Stroke)
  case horizontalRule(Double, label: String, Stroke)
  /// A vertical span with caps: an interval at x.
  case interval(x: Double, low: Double, high: Double, Stroke)
  case text(Text, at: Point, Anchor)
  /// A small label just above the frame at an x.
  case topLabel(Double, String)

  /// The values of x and y that the axes have to hold.
  var extent: (x: [Double], y: [Double]) {
    switch self {
    case .line(let points, _), .steps(let points, _), .points(let points, _, _, _):
      (points.map(\.x), points.map(\.y))
    case .band(let x, let low, let high, _): (x, low + high)
    case .bar(let x, let width, let y, _): ([x - width / 2, x + width / 2], [y])
    case .verticalRule(let x, _, _): ([x], [])
    case .horizontalRule(let y, _, _): ([], [y])
    case .interval(let x, let low, let high, _): ([x], [low, high])
    case .text(_, let point, _): ([point.x], [point.y])
    case .topLabel(let x, _): ([x], [])
    }
  }
}
