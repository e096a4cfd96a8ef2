import Learning

/// Compares the declared derivatives of an objective with differences before anything is trained.
///
/// Eight neighbours along a coordinate, one evaluation in lanes, give two differences of fourth order, D(h) and D(h/4). Where
/// the two disagree, or the slopes from left and right do not approach each other, the function is not smooth there, and the
/// entry is not checked.
struct ObjectiveCheck: Hashable {
  let objective: Objective
  let start: Setup.Start

  private typealias Vector = Objective.Vector
  private static let offsets = Vector(1, -1, 2, -2, 0.25, -0.25, 0.5, -0.5)
  /// The number of coordinates that are checked of a large objective, evenly spread.
  private static let mostCoordinates = 256

  /// - Throws: `Mistake` that names the entry with the largest error.
  func check(seed: UInt64, _ data: DataCache) throws {
    let n = objective.parameterCount
    // Mistakes of the start are reported by `SetupCheck`.
    guard n > 0, let theta = try? start.point(count: n, seed: seed, data), theta.count == n else { return }
    let (value, gradient) = objective(theta)
    guard value.isFinite else { return }
    let coordinates =
      n <= Self.mostCoordinates ? Array(0..<n) : (0..<Self.mostCoordinates).map { $0 * n / Self.mostCoordinates }
    let around = coordinates.map { neighbours(of: theta, along: $0) }
    try compare(
      "gradient",
      zip(coordinates, around).map { i, near in
        Entry(row: i, written: gradient[i], here: value, around: near.value, step: near.step)
      }, size: 1e-6 * abs(value), at: theta)
    guard let hessian = objective.hessian?(theta) else { return }
    guard hessian.count == n, hessian.allSatisfy({ $0.count == n }) else {
      throw Mistake(
        at: "objective \(objective.name)",
        value: "a Hessian of \(hessian.count) rows of \(Set(hessian.map(\.count)).sorted()) numbers",
        rule: "\(n) parameters have \(n) rows of \(n)", remedy: "Return all rows, both triangles")
    }
    try compare(
      "Hessian",
      zip(coordinates, around).flatMap { j, near in
        (0..<n).map { i in
          Entry(
            row: i, column: j, written: hessian[i][j], here: gradient[i], around: near.gradient[i], step: near.step)
        }
      }, size: 1e-6 * gradient.reduce(0) { max($0, abs($1)) }, at: theta)
  }

  private func neighbours(of theta: [Double], along i: Int) -> (value: Vector, gradient: [Vector], step: Double) {
    var points = theta.map { Vector(repeating: $0) }
    let step = 1e-3 * max(1, abs(theta[i]))
    for lane in points[i].indices { points[i][lane] += step * Self.offsets[lane] }
    var gradient = points
    return (objective.evaluate(points, &gradient), gradient, step)
  }

  private struct Entry {
    var row: Int
    /// Of the Hessian alone.
    var column: Int?
    var written: Double
    /// The function whose slope it is, at θ and around it.
    var here: Double
    var around: Vector
    var step: Double

    private func slope(_ k: Int, _ h: Double) -> Double {
      CentralDifference.fourthOrder(around[k], around[k + 1], twice: around[k + 2], around[k + 3], step: h)
    }

    /// The difference between the slopes to the right and to the left.
    private func bend(_ k: Int, _ h: Double) -> Double { abs(around[k] - 2 * here + around[k + 1]) / h }

    var name: String { column.map { "∂²E/∂θ[\(row)]∂θ[\($0)]" } ?? "∂E/∂θ[\(row)]" }

    var measured: Double { slope(0, step) }

    /// The error of the declared derivative; `nil` where the function is not smooth to `tolerance`.
    func error(tolerance: Double) -> Double? {
      guard abs(measured - slope(4, step / 4)) <= tolerance, bend(4, step / 4) <= 0.5 * bend(0, step) + tolerance else {
        return nil
      }
      return written.isNaN ? .infinity : abs(written - measured)
    }
  }

  private func compare(_ what: String, _ entries: [Entry], size: Double, at theta: [Double]) throws {
    let known = entries.flatMap { [$0.written, $0.measured] }.filter(\.isFinite).map(abs)
    let size = max(size, known.max() ?? 0)
    let worst = entries.compactMap { entry in entry.error(tolerance: 1e-6 * size).map { (entry, $0) } }
      .max { $0.1 < $1.1 }
    guard let (entry, error) = worst, error > 1e-4 * size else { return }
    let point = theta.prefix(4).map { NumberText.short($0) }.joined(separator: ", ") + (theta.count > 4 ? ", …" : "")
    throw Mistake(
      at: "objective \(objective.name)", value: "\(entry.name) = \(NumberText.short(entry.written)) at θ = (\(point))",
      rule: "differences of the function give \(NumberText.short(entry.measured))",
      remedy: "Correct the \(what); θ is the start of the sweep's first run")
  }
}
