public import Analysis
import Foundation
import Learning
import Plotting
public import Studies

/// The share of runs whose training loss has been below a threshold, against the step, with pointwise Wilson 95 % intervals.
public struct Convergence: Plot {
  let threshold: Double
  public private(set) var colorParameter: String?

  /// The share of runs whose training loss is below a threshold, against the step.
  public init(below threshold: Double) { self.threshold = threshold }

  /// One colour for each value of a parameter.
  public func color<Value>(by parameter: Parameter<Value>) -> Convergence {
    var copy = self
    copy.colorParameter = parameter.name
    return copy
  }

  public var statesCount: Bool { true }
  public var thresholds: [Double] { [threshold] }
  public var metrics: [Metric] { [.stepsToLoss(threshold)] }

  public func draw(_ results: Results, _ look: PlotLook) throws -> PlotContent {
    let lastStep = results.rows.map { Double($0.run.setup.stop.steps) }.max() ?? 1
    let groups = look.groups(results, by: colorParameter)
    let marks = try Self.marks(
      groups.map { ($0.style, $0.results) }, threshold: threshold, lastStep: lastStep, isLog: look.xKind == .log)
    let counts = Set(groups.map(\.results.count)).sorted()
    let n = counts.count == 1 ? "\(counts[0])" : "\(counts.first ?? 0)–\(counts.last ?? 0)"
    return PlotContent(
      marks: marks, x: AxisStyle("step", look.xKind ?? .linear, domain: look.xKind == .log ? nil : 0...lastStep),
      y: Self.axis(threshold), remarks: ["n = \(n) runs a curve; bands: Wilson 95 % intervals."])
  }

  static func axis(_ threshold: Double) -> AxisStyle {
    AxisStyle("runs with training loss below \(NumberText.short(threshold)), in %", .linear, domain: 0...100)
  }

  /// Bands first, then lines, so that no band hides a line.
  static func marks(
    _ groups: [(style: SettingStyle, results: Results)], threshold: Double, lastStep: Double, isLog: Bool
  ) throws -> [Mark] {
    var bands: [Mark] = []
    var lines: [Mark] = []
    for (style, group) in groups {
      let arrivals = try group.rows.map { try group.firstStep(below: threshold, $0) }.filter(\.isFinite).sorted()
      var points = [Point(isLog ? 1 : 0, 0)]
      for (i, step) in arrivals.enumerated() { points.append(Point(step, Double(i + 1))) }
      points.append(Point(lastStep, Double(arrivals.count)))
      let n = group.count
      lines.append(
        .steps(
          points.map { Point($0.x, 100 * $0.y / Double(max(n, 1))) }, Stroke(style.color, width: 1.5, dash: style.dash))
      )
      var x: [Double] = []
      var low: [Double] = []
      var high: [Double] = []
      for (i, point) in points.enumerated() {
        let interval = Statistics.wilson(Int(point.y), of: n)
        if i > 0 {
          x.append(point.x)
          low.append(low[low.count - 1])
          high.append(high[high.count - 1])
        }
        x.append(point.x)
        low.append(100 * interval.lowerBound)
        high.append(100 * interval.upperBound)
      }
      bands.append(.band(x: x, low: low, high: high, style.color.opacity(groups.count > 4 ? 0.08 : 0.15)))
    }
    return bands + lines
  }
}
