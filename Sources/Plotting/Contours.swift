/// Values on a rectangular grid of points.
public struct Field: Hashable, Sendable {
  /// The x of each column, rising.
  public var x: [Double]
  /// The y of each row, rising.
  public var y: [Double]
  /// `values[row][column]` at (x[column], y[row]).
  public var values: [[Double]]

  /// Values on a lattice.
  public init(x: [Double], y: [Double], values: [[Double]]) {
    self.x = x
    self.y = y
    self.values = values
  }

  /// The line segments on which the interpolated surface has a value, cell by cell (marching squares).
  ///
  /// In a cell with a saddle the value at its centre decides which segments are joined. Cells with a value that is not finite
  /// are omitted.
  package func contour(_ level: Double) -> [(Point, Point)] {
    var segments: [(Point, Point)] = []
    for row in 0..<max(0, y.count - 1) {
      for column in 0..<max(0, x.count - 1) {
        let corner = [
          (column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1),
        ].map { (point: Point(x[$0.0], y[$0.1]), value: values[$0.1][$0.0]) }
        guard corner.allSatisfy({ $0.value.isFinite }) else { continue }
        var crossings: [Point] = []
        for side in 0..<4 {
          let (a, b) = (corner[side], corner[(side + 1) % 4])
          guard (a.value < level) != (b.value < level) else { continue }
          let share = (level - a.value) / (b.value - a.value)
          crossings.append(
            Point(a.point.x + share * (b.point.x - a.point.x), a.point.y + share * (b.point.y - a.point.y)))
        }
        if crossings.count == 2 { segments.append((crossings[0], crossings[1])) }
        if crossings.count == 4 {
          let middle = corner.reduce(0) { $0 + $1.value } / 4
          // The crossings are in the order of the sides; the value at the centre decides which neighbours are joined.
          let joinsFirst = (middle < level) == (corner[0].value < level)
          segments.append((crossings[0], crossings[joinsFirst ? 1 : 3]))
          segments.append((crossings[2], crossings[joinsFirst ? 3 : 1]))
        }
      }
    }
    return segments
  }
}
