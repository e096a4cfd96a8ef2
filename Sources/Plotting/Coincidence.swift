/// Lines that coincide are drawn one inside the other: each wider than the one above it, so that every colour is seen.
struct Coincidence {
  /// How much wider a line is than the next one, in points.
  private static let step = 1.3
  /// How much wider the widest line is than the narrowest at most: many lines that coincide in part must not become a broad band.
  private static let mostWidening = 4.0
  /// With more lines than this, readers cannot follow a single one, and coinciding lines are drawn as they are.
  private static let most = 60

  /// A line as it is drawn, x rising.
  private struct Drawn {
    let mark: Int
    let points: [Point]
    let isStaircase: Bool
    let stroke: Stroke

    /// The height at an x; `nil` beside the line's ends.
    func height(_ x: Double) -> Double? {
      guard let first = points.first, let last = points.last, x >= first.x, x <= last.x else { return nil }
      var (low, high) = (0, points.count - 1)
      while high - low > 1 {
        let middle = (low + high) / 2
        if points[middle].x <= x { low = middle } else { high = middle }
      }
      let (a, b) = (points[low], points[high])
      if x >= b.x { return b.y }
      return isStaircase || b.x == a.x ? a.y : a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x)
    }

    /// Whether another line covers more than half of this one.
    func isHidden(by other: Drawn) -> Bool {
      guard stroke.color != other.stroke.color, let first = points.first?.x, let last = points.last?.x else {
        return false
      }
      let samples = (0..<64).map { first + (last - first) * (Double($0) + 0.5) / 64 }
      let near = samples.count { x in
        guard let own = height(x), let its = other.height(x) else { return false }
        return abs(own - its) < 0.4 * max(stroke.width, other.stroke.width)
      }
      return near > 32
    }
  }

  /// The marks of a chart with the widths of lines that others would hide.
  /// - Parameter place: a point in page coordinates; `nil` where it is not shown.
  static func spread(_ marks: [Mark], place: (Point) -> Point?) -> [Mark] {
    let lines = marks.indices.compactMap { drawn(marks[$0], $0, place) }
    guard lines.count > 1, lines.count <= most else { return marks }
    var result = marks
    var layers = Array(repeating: 0, count: lines.count)
    for lower in lines.indices.dropLast().reversed() {
      for upper in (lower + 1)..<lines.count where lines[lower].isHidden(by: lines[upper]) {
        layers[lower] = max(layers[lower], layers[upper] + 1)
      }
    }
    let step = min(step, mostWidening / Double(max(1, layers.max() ?? 0)))
    for (line, layer) in zip(lines, layers) { result[line.mark].widen(by: step * Double(layer)) }
    return result
  }

  /// Whether a chart has lines that would hide each other, seen at the size of a page.
  static func isFound(in panel: GridLayout.Panel) -> Bool {
    let renderer = PanelRenderer(panel: panel)
    let marks = panel.chart.marks
    return spread(marks) { renderer.shows($0) ? renderer.place($0) : nil } != marks
  }

  private static func drawn(_ mark: Mark, _ index: Int, _ place: (Point) -> Point?) -> Drawn? {
    let (points, stroke, isStaircase): ([Point], Stroke, Bool)
    switch mark {
    case .line(let line, let look): (points, stroke, isStaircase) = (line, look, false)
    case .steps(let line, let look): (points, stroke, isStaircase) = (line, look, true)
    default: return nil
    }
    let placed = points.compactMap(place)
    guard placed.count > 1, zip(placed, placed.dropFirst()).allSatisfy({ $0.x < $1.x }) else { return nil }
    return Drawn(mark: index, points: placed, isStaircase: isStaircase, stroke: stroke)
  }
}

extension Mark {
  fileprivate mutating func widen(by more: Double) {
    switch self {
    case .line(let points, var stroke):
      stroke.width += more
      self = .line(points, stroke)
    case .steps(let points, var stroke):
      stroke.width += more
      self = .steps(points, stroke)
    default: break
    }
  }
}
