import Analysis
import Foundation
import Learning
import Plotting
import Studies

/// The curves of some runs, aligned on exact steps: neighbouring steps are never averaged. Of runs with different cadences the steps
/// that all have recorded are shown.
///
/// After its last step, a diverged run counts as the worst possible value: infinite loss, or −∞ for an accuracy. A run that a stop
/// rule ended keeps its last value.
struct CurveBundle {
  private let curves: [(values: [Double], diverged: Bool)]
  /// The positions of the runs in the plan.
  let indices: [Int]
  private let every: Int
  private let scale: Double

  /// The value of a run after it has diverged.
  private let worst: Double

  init(_ results: Results, quantity: Quantity, progress: Curve.Progress, window: Int) throws {
    let series = try results.series(quantity)
    let shared = Self.leastCommonMultiple(series.compactMap { $0?.every })
    every = shared
    scale = progress == .sample ? try results.samplesPerStep : 1
    worst = quantity.prefersMore ? -.infinity : .infinity
    let known = zip(results.rows, series).compactMap { row, series in
      series.flatMap { $0.values.isEmpty ? nil : (row: row, series: $0) }
    }
    curves = known.map { row, series in
      let smooth = Self.smooth(series.values, window: window / series.every)
      let values =
        series.every == shared
        ? smooth : stride(from: 0, to: smooth.count, by: shared / series.every).map { smooth[$0] }
      return (values, row.summary.hasDiverged)
    }
    indices = known.map(\.row.run.index)
  }

  private static func leastCommonMultiple(_ numbers: [Int]) -> Int {
    Set(numbers).reduce(1) { product, number in
      var (a, b) = (product, number)
      while b > 0 { (a, b) = (b, a % b) }
      return product / a * number
    }
  }

  private static func smooth(_ values: [Double], window: Int) -> [Double] {
    guard window > 1, values.count > window else { return values }
    var result: [Double] = []
    result.reserveCapacity(values.count)
    var sum = 0.0
    for (i, value) in values.enumerated() {
      sum += value
      if i >= window { sum -= values[i - window] }
      result.append(sum / Double(min(i + 1, window)))
    }
    return result
  }

  private var length: Int { curves.map(\.values.count).max() ?? 0 }

  private func x(_ index: Int) -> Double { Double(index * every) * scale }

  /// The indices at which quantiles are computed: all, or at most `limit` spread evenly over the axis, with the first and the last.
  func grid(atMost limit: Int, logarithmic: Bool) -> [Int] {
    let count = length
    // Step 0 cannot be shown on a logarithmic axis, and its values must not extend the y range.
    guard count > limit else { return Array((logarithmic ? 1 : 0)..<max(count, 1)) }
    let last = Double(count - 1)
    let picked = (0..<limit).map { i -> Int in
      let share = Double(i) / Double(limit - 1)
      return logarithmic ? max(1, Int(pow(last + 1, share).rounded()) - 1) : Int((share * last).rounded())
    }
    return Array(Set(picked)).sorted()
  }

  private func value(_ curve: (values: [Double], diverged: Bool), _ index: Int) -> Double {
    if index < curve.values.count { return curve.values[index] }
    return curve.diverged ? worst : curve.values[curve.values.count - 1]
  }

  private func column(_ index: Int) -> [Double] { Statistics.sorted(curves.map { value($0, index) }) }

  func quantile(_ grid: [Int], _ p: Double) -> [Point] {
    grid.map { Point(x($0), Statistics.quantile(sorted: column($0), p)) }
  }

  /// The area between two quantiles; among others it is paler and has edges, so that one band does not hide the next.
  func band(_ grid: [Int], _ low: Double, _ high: Double, _ color: Color, among count: Int) -> [Mark] {
    let columns = grid.map(column)
    let xs = grid.map(x)
    let (lower, upper) = (
      columns.map { Statistics.quantile(sorted: $0, low) }, columns.map { Statistics.quantile(sorted: $0, high) }
    )
    let opacity = count > 4 ? 0.07 : count > 1 ? 0.13 : 0.2
    let area = Mark.band(x: xs, low: lower, high: upper, color.opacity(opacity))
    guard count > 1 else { return [area] }
    let edge = Stroke(color.opacity(0.45), width: 0.5)
    return [area] + [lower, upper].map { .line(zip(xs, $0).map { Point($0, $1) }, edge) }
  }

  var runs: [[Point]] { curves.map { curve in curve.values.indices.map { Point(x($0), curve.values[$0]) } } }
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
