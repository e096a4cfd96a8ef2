import Analysis
import Foundation
import Learning
import Plotting
import Studies

/// The curves of some runs as marks of a figure.
struct CurveBundle {
  private let curves: AlignedCurves
  private let scale: Double

  init(_ results: Results, quantity: Quantity, progress: Curve.Progress, window: Int) throws {
    curves = try AlignedCurves(results, quantity: quantity, window: window)
    scale = progress == .sample ? try results.samplesPerStep : 1
  }

  private func x(_ index: Int) -> Double { Double(index * curves.every) * scale }

  /// The indices at which quantiles are computed: all, or at most `limit` spread evenly over the axis, with the first and the last.
  func grid(atMost limit: Int, logarithmic: Bool) -> [Int] {
    let count = curves.length
    // Step 0 cannot be shown on a logarithmic axis, and its values must not extend the y range.
    guard count > limit else { return Array((logarithmic ? 1 : 0)..<max(count, 1)) }
    let last = Double(count - 1)
    let picked = (0..<limit).map { i -> Int in
      let share = Double(i) / Double(limit - 1)
      return logarithmic ? max(1, Int(pow(last + 1, share).rounded()) - 1) : Int((share * last).rounded())
    }
    return Array(Set(picked)).sorted()
  }

  /// A line of points for each quantile over the runs.
  /// - Throws: what reading the curves throws.
  func quantiles(_ grid: [Int], _ levels: [Double]) throws -> [[Point]] {
    try curves.quantiles(at: grid, levels).map { values in zip(grid, values).map { Point(x($0), $1) } }
  }

  /// The area between two quantiles; among others it is paler and has edges, so that one band does not hide the next.
  static func band(_ lower: [Point], _ upper: [Point], _ color: Color, among count: Int) -> [Mark] {
    let opacity = count > 4 ? 0.07 : count > 1 ? 0.13 : 0.2
    let area = Mark.band(x: lower.map(\.x), low: lower.map(\.y), high: upper.map(\.y), color.opacity(opacity))
    guard count > 1 else { return [area] }
    let edge = Stroke(color.opacity(0.45), width: 0.5)
    return [area] + [lower, upper].map { .line($0, edge) }
  }

  /// The points of single runs: of all, or of an even sample where the figure has very many.
  /// - Throws: what reading the curves throws.
  func single(_ sample: SingleRuns) throws -> [RunTrace] {
    try sample.of(curves.rows).map { row in
      let curve = try curves.curve(row)
      return RunTrace(run: row.run.index, points: (0..<curve.count).map { Point(x($0), curve[$0]) })
    }
  }
}

extension Results {
  /// The batch size; 1 for an objective.
  var samplesPerStep: Double {
    get throws {
      guard let row = rows.first, let data = try dataset(of: row), let batch = row.run.setup.batch else { return 1 }
      return Double(batch.size(samples: data.training.count))
    }
  }
}
