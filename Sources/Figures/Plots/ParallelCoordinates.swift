public import Analysis
import Learning
import Plotting
import Studies

/// A line for each run over all swept parameters, coloured by a metric, on a logarithmic scale where all its values are positive.
public struct ParallelCoordinates: Plot, DrawnPlot {
  let metric: Metric

  /// Runs coloured by a metric.
  public init(_ metric: Metric = .finalLoss) { self.metric = metric }

  package var colorParameter: String? { nil }
  /// All swept parameters are shown.
  package var showsEveryParameter: Bool { true }
  package var metrics: [Metric] { [metric] }

  package func draw(_ results: Results, _ look: PlotLook) throws -> PlotContent {
    let axes = results.plan.axes.filter { $0.values.count > 1 }
    let values = try results.values(metric)
    let isPositive = values.filter(\.isFinite).allSatisfy { $0 > 0 }
    let colors = ColorScale.fitting(metric.title, try look.figure.values(metric), kind: isPositive ? .log : .linear)
    var marks: [Mark] = []
    let order = results.rows.indices.sorted { (values[$0], $0) > (values[$1], $1) }
    let width = results.count > 200 ? 0.5 : 0.8
    let sample = SingleRuns(of: look.figure)
    for index in sample.of(metric.prefersMore ? order.reversed() : order) {
      let row = results.rows[index]
      var points = axes.enumerated().compactMap { place, axis -> Point? in
        let settings = axis.values.map(\.setting)
        guard let setting = results.setting(axis.parameter.name, row) else { return nil }
        // Slightly shifted, so that runs of one setting do not hide each other.
        let apart = 0.05 * (Spread.share(index) - 0.5)
        return Point(Double(place), Self.share(setting, of: settings) + apart / Double(max(1, settings.count - 1)))
      }
      points.append(
        Point(Double(axes.count), colors.scale.shows(values[index]) ? colors.scale.share(values[index]) : 1.03))
      marks.append(.line(points, Stroke((colors.color(values[index]) ?? .gray).opacity(0.55), width: width)))
    }
    for (place, axis) in axes.enumerated() {
      marks.append(.line([Point(Double(place), -0.04), Point(Double(place), 1.04)], Stroke(.black, width: 0.9)))
      // The first title begins at the edge of the panel, as the last one ends there.
      let title = Text(axis.parameter.label, size: 8, style: .bold)
      let isFirst = place == 0
      marks.append(.text(title, at: Point(isFirst ? -0.35 : Double(place), 1.12), isFirst ? Anchor(0, 1) : .bottom))
      let settings = axis.values.map(\.setting)
      let stride = max(1, (settings.count + 9) / 10)
      for (index, setting) in settings.enumerated() where index % stride == 0 {
        let label = Text(setting.title, size: 7, color: .gray)
        marks.append(.tag(label, at: Point(Double(place) - 0.02, Self.share(setting, of: settings)), .right))
      }
    }
    let end = Double(axes.count)
    marks.append(.line([Point(end, -0.04), Point(end, 1.04)], Stroke(.black, width: 0.9)))
    marks.append(.text(Text(metric.title, size: 8, style: .bold), at: Point(end + 0.2, 1.12), Anchor(1, 1)))
    var remarks = [
      sample.isSample ? "Lines: \(sample.words); better ones on top." : "A line per run, better ones on top."
    ]
    let lost = values.count { !$0.isFinite }
    if lost > 0 {
      let verb = lost == 1 ? "ends" : "end"
      remarks.append("\(NumberText.count(lost, "run")) without a finite value \(verb) above the last axis.")
    }
    return PlotContent(
      marks: marks, x: AxisStyle("", domain: -0.35...end + 0.2), y: AxisStyle("", domain: -0.08...1.28),
      remarks: remarks, colors: colors, hasAxes: false, aspect: 2.2)
  }

  /// The position of a setting on its axis: numbers by value (by logarithm over a wide range), others evenly.
  private static func share(_ setting: Setting, of all: [Setting]) -> Double {
    let numbers = all.compactMap(\.number)
    if numbers.count == all.count, let value = setting.number, let low = numbers.min(), let high = numbers.max(),
      low < high
    {
      return Scale(low > 0 && high / low >= 8 ? .log : .linear, domain: low...high).share(value)
    }
    return Double(all.firstIndex(of: setting) ?? 0) / Double(max(1, all.count - 1))
  }
}
