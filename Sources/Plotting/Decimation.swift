/// Reduces a curve to the points that affect the picture.
enum Decimation {
  /// The first, lowest, highest and last point of a curve in every pixel column. The points are in page coordinates with
  /// ascending x. A stroke within a column covers exactly the pixels between its lowest and highest point, and the first and
  /// last points connect the columns. Columns are half a pixel wide at 200 dpi, so that none overlaps two pixels.
  static func thin(_ points: [Point], column: Double = 0.18) -> [Point] {
    guard points.count > 8, let first = points.first, let last = points.last, last.x > first.x else { return points }
    if Double(points.count) < 4 * (last.x - first.x) / column { return points }
    var result: [Point] = []
    var bucket = Bucket(first, 0)
    var current = Int.min
    for (index, point) in points.enumerated() {
      let slot = Int((point.x / column).rounded(.down))
      if slot != current {
        if current != Int.min { bucket.append(to: &result) }
        bucket = Bucket(point, index)
        current = slot
      } else {
        bucket.add(point, index)
      }
    }
    bucket.append(to: &result)
    return result
  }

  private struct Bucket {
    var first, low, high, last: (point: Point, index: Int)

    init(_ point: Point, _ index: Int) {
      first = (point, index)
      low = first
      high = first
      last = first
    }

    mutating func add(_ point: Point, _ index: Int) {
      if point.y < low.point.y { low = (point, index) }
      if point.y > high.point.y { high = (point, index) }
      last = (point, index)
    }

    /// Appends the four points in their order along the curve, without repetitions.
    func append(to result: inout [Point]) {
      var previous = -1
      for candidate in [first, low, high, last].sorted(by: { $0.index < $1.index }) where candidate.index != previous {
        result.append(candidate.point)
        previous = candidate.index
      }
    }
  }
}
