package import Analysis
import Foundation
import Learning
import Plotting
public import Studies

/// The share of runs whose training loss has been below a threshold, against the step, with pointwise 95 % intervals
/// (Wilson 1927): bands for up to three curves, bars at three steps of each for more.
public struct Convergence: Plot, DrawnPlot {
  let threshold: Double
  package private(set) var colorParameter: String?

  /// The share of runs whose training loss is below a threshold, against the step.
  public init(below threshold: Double) { self.threshold = threshold }

  /// One colour for each value of a parameter.
  public func color<Value>(by parameter: Parameter<Value>) -> Convergence {
    var copy = self
    copy.colorParameter = parameter.name
    return copy
  }

  package var statesCount: Bool { true }
  package var thresholds: [Double] { [threshold] }
  package var metrics: [Metric] { [.stepsToLoss(threshold)] }

  package func draw(_ results: Results, _ look: PlotLook) throws -> PlotContent {
    let lastStep = results.setups.map { Double($0.stop.steps) }.max() ?? 1
    let groups = look.groups(results, by: colorParameter)
    let marks = try Self.marks(
      groups.map { ($0.style, $0.results) }, threshold: threshold, lastStep: lastStep, isLog: look.xKind == .log)
    let counts = Set(groups.map(\.results.count)).sorted()
    let n = counts.count == 1 ? "\(counts[0])" : "\(counts.first ?? 0)–\(counts.last ?? 0)"
    return PlotContent(
      marks: marks, x: AxisStyle("step", look.xKind ?? .linear, domain: look.xKind == .log ? nil : 0...lastStep),
      y: Self.axis(threshold),
      remarks: ["E is the training loss; n = \(n) runs per curve; \(Self.intervals(groups.count))."])
  }

  static func axis(_ threshold: Double) -> AxisStyle {
    AxisStyle("runs with E < \(NumberText.short(threshold)), in %", .linear, domain: 0...100)
  }

  /// More curves than these have intervals at some steps: so many bands would hide each other.
  private static let mostBands = 3
  private static let stations = 3

  /// What shows the uncertainty of so many curves.
  static func intervals(_ count: Int) -> String {
    count <= mostBands ? "bands: Wilson 95 % intervals" : "bars: Wilson 95 % intervals, at three steps of each curve"
  }

  /// Bands and intervals first, then lines, so that no band hides a line.
  static func marks(
    _ groups: [(style: SettingStyle, results: Results)], threshold: Double, lastStep: Double, isLog: Bool
  ) throws -> [Mark] {
    var (uncertainties, lines): ([Mark], [Mark]) = ([], [])
    for (index, (style, group)) in groups.enumerated() {
      let arrivals = try group.arrivals(below: threshold)
      let progress = Progress(arrivals: arrivals, of: group.count, first: isLog ? 1 : 0, last: lastStep)
      lines.append(.steps(progress.shares, Stroke(style.color, width: 1.5, dash: style.dash)))
      if groups.count <= mostBands {
        uncertainties.append(progress.band(style.color.opacity(0.15)))
      } else {
        // Each curve has its own steps, so that bars of two curves do not cover each other.
        let places = (0..<stations).map { station in
          (Double(station) + (Double(index) + 0.5) / Double(groups.count)) / Double(stations)
        }
        let steps = places.map { isLog ? pow(lastStep, $0) : $0 * lastStep }
        uncertainties += steps.map { progress.interval(at: $0, Stroke(style.color, width: 0.9)) }
      }
    }
    return uncertainties + lines
  }

  /// How many runs of a colour have arrived by each step.
  private struct Progress {
    /// Steps at which the count changes, with the count from there on.
    let points: [Point]
    let count: Int

    init(arrivals: [Double], of count: Int, first: Double, last: Double) {
      self.count = count
      points = [Point(first, 0)] + Self.rises(arrivals) + [Point(last, Double(arrivals.count))]
    }

    /// A point for each run; of very many runs one for each step at which runs arrive, which is the same curve.
    private static func rises(_ arrivals: [Double]) -> [Point] {
      let all = arrivals.indices.lazy.map { Point(arrivals[$0], Double($0 + 1)) }
      guard arrivals.count > SingleRuns.most else { return Array(all) }
      return all.filter { point in
        let next = Int(point.y)
        return next == arrivals.count || arrivals[next] > point.x
      }
    }

    var shares: [Point] { points.map { Point($0.x, 100 * $0.y / Double(max(count, 1))) } }

    func interval(at step: Double, _ stroke: Stroke) -> Mark {
      let interval = Statistics.wilson(points.last { $0.x <= step }.map { Int($0.y) } ?? 0, of: count)
      return .interval(x: step, low: 100 * interval.lowerBound, high: 100 * interval.upperBound, stroke)
    }

    func band(_ color: Color) -> Mark {
      let intervals = points.map { Statistics.wilson(Int($0.y), of: count) }
      // Each interval holds until the next step at which a run arrives.
      let held = zip(points, intervals).enumerated().flatMap { index, pair in
        index == 0 ? [pair] : [(pair.0, intervals[index - 1]), pair]
      }
      return .band(
        x: held.map(\.0.x), low: held.map { 100 * $0.1.lowerBound }, high: held.map { 100 * $0.1.upperBound }, color)
    }
  }
}
