public import Analysis
import Lanes
package import Learning
import Plotting
import Studies

/// The loss over a plane through the end point of one run in parameter space, with the trajectories of runs.
///
/// The trajectories are projected onto the plane. They lie on the drawn surface only as far as they lie in the plane.
public struct LossSurface: Plot, DrawnPlot {
  /// The two directions of the plane.
  public enum Plane: Sendable {
    /// Two parameters, counted from 0, or the two variables of a function.
    case parameters(Int, Int)
    /// Two orthogonal random directions. The part of each unit is proportional to the norm of its weights (filter normalisation,
    /// Li et al. 2018, arXiv:1712.09913). Each direction has length 1, so that distances in the figure are distances.
    case random(seed: UInt64)
    /// The two principal directions of the run's trajectory.
    case principal
  }

  private let plane: Plane
  let choice: Results.Choice
  private let paths: Int
  private let window: (x: ClosedRange<Double>, y: ClosedRange<Double>)?

  /// - Parameters:
  ///   - plane: the two directions of the plane.
  ///   - choice: the run through whose end point the plane passes.
  ///   - paths: the number of trajectories, that of the chosen run first.
  ///   - window: the range shown, in units of the directions from the end point; without it, the range of the trajectories.
  public init(
    _ plane: Plane, through choice: Results.Choice = .best(.finalLoss), paths: Int = 1,
    x: ClosedRange<Double>? = nil, y: ClosedRange<Double>? = nil
  ) {
    self.plane = plane
    self.choice = choice
    self.paths = paths
    if let x, let y { window = (x, y) } else { window = nil }
  }

  /// The two parameters of a plane of parameters; `nil` for another plane.
  var coordinates: (Int, Int)? { if case .parameters(let i, let j) = plane { (i, j) } else { nil } }

  package var colorParameter: String? { nil }
  package var metrics: [Metric] { choice.metrics }
  package var isReplayed: Bool { true }
  package func mistakes(_ task: PlotTask) -> [Mistake] {
    guard let count = task.network?.parameterCount ?? task.setup.objective?.parameterCount else { return [] }
    if case .parameters(let i, let j) = plane, i == j || min(i, j) < 0 || max(i, j) >= count {
      return [
        task.mistake(
          "parameters \(i) and \(j)", "a run has \(count), counted from 0", "Choose two different ones of them")
      ]
    }
    guard count >= 2 else {
      return [task.mistake("\(count) parameter", "a plane needs two directions", "Draw a curve instead")]
    }
    return []
  }

  package func draw(_ results: Results, _ look: PlotLook) throws -> PlotContent {
    guard let row = try results.run(choice) else { throw results.nothingToShow("a run") }
    let end = try results.finalParameters(of: row)
    let path = try results.drawnPath(of: row)
    let trajectory = path.whole
    let directions = try directions(results, row, end, trajectory)
    let isCoordinate = if case .parameters = plane { true } else { false }
    // The coordinates are the parameters themselves, or the distances from the end point along the directions.
    let origin = isCoordinate ? directions.map { Self.dot($0, end) } : [0, 0]
    func project(_ theta: [Double]) -> Point {
      let moved = zip(theta, end).map { $0 - $1 }
      return Point(origin[0] + Self.dot(directions[0], moved), origin[1] + Self.dot(directions[1], moved))
    }
    let others = results.rows.filter { $0.run.index != row.run.index && !$0.summary.hasDiverged }.prefix(
      max(0, paths - 1))
    let all = (paths > 0 ? [path] : []) + (try others.map { try results.drawnPath(of: $0) })
    // In a figure that plays, the range and the surface are those of the whole paths in every frame.
    let (xs, ys) = range(all.flatMap { $0.whole.map(project) } + [project(end)])
    let trajectories = all.map { $0.shown.map(project) }
    func point(_ x: Double, _ y: Double) -> [Double] {
      end.indices.map { end[$0] + (x - origin[0]) * directions[0][$0] + (y - origin[1]) * directions[1][$0] }
    }
    let name = "\(row.run.index) \(plane) \(xs) \(ys)"
    let field: Field = try results.moment.sharedInFrames(name) {
      try self.field(xs, ys, like: row, in: results, point: point)
    }
    let losses = field.values.flatMap(\.self)
    let isPositive = losses.filter(\.isFinite).allSatisfy { $0 > 0 }
    let colors = ColorScale.fitting("loss E", losses, kind: isPositive ? .log : .linear)
    let surface = Surface.marks(
      field, x: Scale(.linear, domain: xs), y: Scale(.linear, domain: ys), colors, levels: 14)
    let titles = axisTitles
    return PlotContent(
      marks: surface + trajectories.enumerated().flatMap { Self.marks($1, isChosen: $0 == 0) },
      x: AxisStyle(titles.0, domain: xs), y: AxisStyle(titles.1, domain: ys),
      remarks: remarks(trajectories.count, isSlice: end.count > 2), colors: colors, aspect: 1.4)
  }

  /// The loss on a grid of the plane.
  private func field(
    _ xs: ClosedRange<Double>, _ ys: ClosedRange<Double>, like row: Results.Row, in results: Results,
    point: (_ x: Double, _ y: Double) -> [Double]
  ) throws -> Field {
    let count = 45
    func grid(_ range: ClosedRange<Double>) -> [Double] {
      (0...count).map { range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(count) }
    }
    let (gx, gy) = (grid(xs), grid(ys))
    let losses = try results.losses(at: gy.flatMap { y in gx.map { point($0, y) } }, like: row)
    return Field(x: gx, y: gy, values: gy.indices.map { Array(losses[$0 * gx.count..<($0 + 1) * gx.count]) })
  }

  /// A trajectory on a white rim: ring at the start, diamond at the end point.
  private static func marks(_ trajectory: [Point], isChosen: Bool) -> [Mark] {
    let color = isChosen ? Color(0xD55E00) : .black
    var marks: [Mark] = [.line(trajectory, Stroke(.white, width: 2)), .line(trajectory, Stroke(color, width: 1.1))]
    if let start = trajectory.first { marks.append(.points([start], .ring, .white, radius: 2.8)) }
    if let last = trajectory.last {
      marks += [.points([last], .diamond, .white, radius: 3.4), .points([last], .diamond, color, radius: 2.4)]
    }
    return marks
  }

  private func remarks(_ count: Int, isSlice: Bool) -> [String] {
    var remarks = ["White lines: equal loss."]
    if count > 0 {
      remarks.append(
        "Trajectories of \(NumberText.count(count, "run")): ring at the start, diamond at the end point.")
    }
    if isSlice {
      let projection = count == 0 ? "" : " (orange); the trajectories are projected onto it"
      remarks.append("The plane passes through the end point of \(choice.phrase)\(projection).")
    }
    return remarks
  }

  private var axisTitles: (String, String) {
    switch plane {
    case .parameters(let i, let j): ("θ\(Self.lowered(i + 1))", "θ\(Self.lowered(j + 1))")
    case .random: ("first random direction", "second random direction")
    case .principal: ("first principal direction", "second principal direction")
    }
  }

  private static func lowered(_ number: Int) -> String {
    String(String(number).map { Character(Unicode.Scalar(0x2080 + UInt32($0.wholeNumberValue ?? 0)) ?? "₀") })
  }

  /// The range of the trajectories with a margin.
  private func range(_ points: [Point]) -> (ClosedRange<Double>, ClosedRange<Double>) {
    if let window { return (window.x, window.y) }
    func range(_ values: [Double]) -> (low: Double, high: Double) { (values.min() ?? 0, values.max() ?? 0) }
    let (x, y) = (range(points.map(\.x).filter(\.isFinite)), range(points.map(\.y).filter(\.isFinite)))
    let least = 0.35 * max(x.high - x.low, y.high - y.low, 1e-3)
    func padded(_ r: (low: Double, high: Double)) -> ClosedRange<Double> {
      let half = max(0.68 * (r.high - r.low), least)
      let middle = (r.low + r.high) / 2
      return middle - half...middle + half
    }
    return (padded(x), padded(y))
  }

  // MARK: Directions

  private func directions(
    _ results: Results, _ row: Results.Row, _ end: [Double], _ trajectory: [[Double]]
  ) throws -> [[Double]] {
    switch plane {
    case .parameters(let i, let j):
      return [i, j].map { index in end.indices.map { $0 == index ? 1 : 0 } }
    case .random(let seed):
      let shape = try results.plan.network(of: row.run)
      return Self.randomPlane(seed, like: end, shape)
    case .principal:
      let moves = trajectory.map { zip($0, end).map { $0 - $1 } }
      let first = Self.principal(moves, seed: 1)
      let rest = moves.map { move in
        let along = Self.dot(move, first)
        return zip(move, first).map { $0 - along * $1 }
      }
      return Self.orthogonal(first, Self.principal(rest, seed: 2)).map(Self.normalized)
    }
  }

  /// Two orthogonal random directions of length 1, both filter-normalised.
  ///
  /// The second direction is made orthogonal to the first unit by unit, before the units are normalised, because a projection of
  /// the whole vector would change the proportions of the units. A unit with a single weight has no orthogonal direction; its
  /// component along the first direction is removed at the end, and then the proportions are not exact.
  package static func randomPlane(_ seed: UInt64, like end: [Double], _ shape: Architecture?) -> [[Double]] {
    let draws = [seed, seed &+ 1].map { RandomStream(seed: $0, role: .analysis).normals(end.count) }
    var second = draws[1]
    for layer in shape?.layers ?? [] where layer.inputs > 1 {
      for unit in 0..<layer.units {
        let indices = (0..<layer.inputs).map { layer.weight(unit, $0) }
        func product(_ a: [Double], _ b: [Double]) -> Double { indices.reduce(0) { $0 + a[$1] * b[$1] } }
        let square = product(draws[0], draws[0])
        guard square > 0 else { continue }
        let along = product(second, draws[0]) / square
        for index in indices { second[index] -= along * draws[0][index] }
      }
    }
    return orthogonal(
      filterNormalized(draws[0], like: end, shape), filterNormalized(second, like: end, shape))
  }

  /// The direction with each unit's incoming weights scaled to the norm of the trained unit's; 0 for biases.
  private static func filterNormalized(_ direction: [Double], like end: [Double], _ shape: Architecture?) -> [Double] {
    guard let shape else { return normalized(direction) }
    var result = Array(repeating: 0.0, count: end.count)
    for layer in shape.layers {
      for unit in 0..<layer.units {
        let indices = (0..<layer.inputs).map { layer.weight(unit, $0) }
        func norm(_ v: [Double]) -> Double { indices.reduce(0) { $0 + v[$1] * v[$1] }.squareRoot() }
        let (own, random) = (norm(end), norm(direction))
        for index in indices where random > 0 { result[index] = direction[index] * own / random }
      }
    }
    return result
  }

  /// Both directions with length 1, the second without its component along the first.
  private static func orthogonal(_ a: [Double], _ b: [Double]) -> [[Double]] {
    let unit = normalized(a)
    let along = dot(b, unit)
    return [unit, normalized(zip(b, unit).map { $0 - along * $1 })]
  }

  /// The direction of the greatest spread, by power iteration on moves · movesᵀ.
  private static func principal(_ moves: [[Double]], seed: UInt64) -> [Double] {
    var v = normalized(RandomStream(seed: seed, role: .analysis).normals(moves.first?.count ?? 0))
    for _ in 0..<200 {
      var next = Array(repeating: 0.0, count: v.count)
      for move in moves {
        let along = dot(move, v)
        for i in next.indices { next[i] += along * move[i] }
      }
      guard next.contains(where: { $0 != 0 }) else { break }
      v = normalized(next)
    }
    return v
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  private static func normalized(_ v: [Double]) -> [Double] {
    let length = dot(v, v).squareRoot()
    return length > 0 ? v.map { $0 / length } : v
  }
}
