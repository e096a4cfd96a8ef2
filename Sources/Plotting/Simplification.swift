import Foundation

/// Drops the points of a polyline that change nothing visible, in one pass.
enum Simplification {
  /// The polyline without points that lie within `tolerance` of the straight line between their kept neighbours.
  ///
  /// From a kept point on, a cone holds the directions that pass all later points within the tolerance. A point outside of the
  /// cone, or nearer than one before it, ends the stretch at its predecessor.
  /// - Complexity: O(n).
  static func simplified(_ points: [Point], tolerance: Double) -> [Point] {
    guard points.count > 2, var last = points.first else { return points }
    var kept = [last]
    var cone = Cone(at: last)
    for point in points.dropFirst() {
      if !cone.accepts(point, within: tolerance) {
        kept.append(last)
        cone = Cone(at: last)
        _ = cone.accepts(point, within: tolerance)
      }
      last = point
    }
    kept.append(last)
    return kept
  }

  private struct Cone {
    let anchor: Point
    /// The distance of the farthest point so far.
    private var reach = 0.0
    /// The directions, as angles from `axis`.
    private var low = -Double.infinity
    private var high = Double.infinity
    private var axis = 0.0

    init(at anchor: Point) { self.anchor = anchor }

    /// Whether a line from the anchor to the point passes all points so far; if so, the cone is narrowed to the point too.
    mutating func accepts(_ point: Point, within tolerance: Double) -> Bool {
      let (x, y) = (point.x - anchor.x, point.y - anchor.y)
      let distance = (x * x + y * y).squareRoot()
      guard distance >= reach else { return false }
      guard distance > tolerance else { return true }
      let direction = atan2(y, x)
      if reach == 0 { axis = direction }
      let angle = (direction - axis).remainder(dividingBy: 2 * .pi)
      guard angle >= low, angle <= high else { return false }
      let half = asin(tolerance / distance)
      (low, high, reach) = (max(low, angle - half), min(high, angle + half), distance)
      return true
    }
  }
}
