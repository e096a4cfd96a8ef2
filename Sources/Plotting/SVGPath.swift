/// Paths as the `d` attribute of SVG, in tenths of a point and without what no screen shows.
enum SVGPath {
  /// Half a pixel of a page on a desk.
  private static let column = 0.45
  private static let tolerance = 0.1

  /// Every subpath begins at an absolute place, so that the data of two paths can be joined.
  static func data(_ path: Path) -> String {
    var text = ""
    var points: [Point] = []
    func flush() {
      text += line(thinned(points))
      points = []
    }
    for element in path.elements {
      switch element {
      case .move(let point):
        flush()
        points = [point]
      case .line(let point): points.append(point)
      case .circle(let center, let radius):
        flush()
        text += circle(center, radius)
      case .close:
        flush()
        if !text.isEmpty { text += "z" }
      }
    }
    flush()
    return text
  }

  /// Points per pixel column where there are many, and only as many as a curve needs to bend.
  static func thinned(_ points: [Point]) -> [Point] {
    guard points.count > 6 else { return points }
    return Simplification.simplified(stretches(points).flatMap(thinnedStretch), tolerance: tolerance)
  }

  private static func thinnedStretch(_ points: ArraySlice<Point>) -> [Point] {
    guard let first = points.first, let last = points.last, last.x < first.x else {
      return Decimation.thin(Array(points), column: column)
    }
    return Decimation.thin(points.reversed(), column: column).reversed()
  }

  /// The points cut where x turns: each stretch goes to the right or to the left.
  private static func stretches(_ points: [Point]) -> [ArraySlice<Point>] {
    var result: [ArraySlice<Point>] = []
    var start = 0
    var heading = 0.0
    for index in points.indices.dropFirst() {
      let step = points[index].x - points[index - 1].x
      if step * heading < 0 {
        result.append(points[start..<index])
        start = index
        heading = 0
      }
      if step != 0 { heading = step }
    }
    return result + [points[start...]]
  }

  // MARK: Spelling

  private static func line(_ points: [Point]) -> String {
    guard points.count > 1 else { return "" }
    var at = (x: tenths(points[0].x), y: tenths(points[0].y))
    var text = "M" + joined(at.x, at.y)
    for point in points.dropFirst() {
      let next = (x: tenths(point.x), y: tenths(point.y))
      switch (next.x - at.x, next.y - at.y) {
      case (0, 0): continue
      case (let dx, 0): text += "h" + number(dx)
      case (0, let dy): text += "v" + number(dy)
      case (let dx, let dy): text += "l" + joined(dx, dy)
      }
      at = next
    }
    return text
  }

  private static func circle(_ center: Point, _ radius: Double) -> String {
    let r = max(1, tenths(radius))
    let arc = "a\(number(r)) \(number(r)) 0 1 1"
    return "M\(joined(tenths(center.x) - r, tenths(center.y)))\(arc) \(number(2 * r)) 0\(arc)\(number(-2 * r)) 0z"
  }

  /// Beyond a hundred thousand points nothing is seen, and a page's own numbers end.
  private static func tenths(_ value: Double) -> Int { Int((min(max(value, -1e5), 1e5) * 10).rounded()) }

  private static func joined(_ x: Int, _ y: Int) -> String { number(x) + (y < 0 ? "" : " ") + number(y) }

  /// A number of tenths: 12 is "1.2", -5 is "-.5".
  private static func number(_ tenths: Int) -> String {
    let (whole, rest) = abs(tenths).quotientAndRemainder(dividingBy: 10)
    let sign = tenths < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    return "\(sign)\(whole == 0 ? "" : "\(whole)").\(rest)"
  }
}
