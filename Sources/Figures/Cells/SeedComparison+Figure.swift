package import Analysis
import Foundation
import Learning
package import Plotting
import Studies

/// The figure of a comparison: for the steps to a loss the share of runs below it against the step; for other metrics the values of every
/// setting, and the probability that a run of the reference is better.
extension SeedComparison {
  /// More settings than these have tables only.
  package static let mostInFigure = 16

  package var figureTitle: String {
    guard let threshold = metric.threshold else {
      return "\(metric.title.prefix(1).uppercased() + metric.title.dropFirst()) by setting\(onTask)"
    }
    return "Runs with training loss below \(NumberText.short(threshold))\(onTask)"
  }

  package var caption: String {
    let counts = Set(entries.map(\.results.count)).sorted().map(String.init).joined(separator: ", ")
    if let threshold = metric.threshold {
      let loss = NumberText.short(threshold)
      return "Share of runs whose training loss E is below \(loss), against the step; n = \(counts) runs per curve, "
        + "\(Convergence.intervals(entries.count)). \(method)"
    }
    let numbered = labels.key.map { " Settings: \($0)." } ?? ""
    let values =
      "Left: the \(metric.title) of every run (n = \(counts) per setting) with quartiles; "
      + "open triangles at the edge: values that are not finite."
    guard let reference, !pairs.isEmpty else { return values + numbered }
    let name = entries[reference].label
    return values + " Right: the probability that a run of \(name) is better than a run of the other setting, with its "
      + "95 % interval.\(numbered) \(method)"
  }

  /// - Parameter styles: the styles of the entries in their report; `nil` for default styles.
  package func grid(styles: [SettingStyle]? = nil) throws -> ChartGrid {
    let own = SettingStyle.styles(entries.count, ordered: entries.count > Palette.categories.count)
    let styles = styles ?? own
    guard let threshold = metric.threshold else {
      let charts = [valueChart(styles)] + (pairs.isEmpty ? [] : [improvementChart(styles)])
      return ChartGrid([charts], sharesAxes: false, aspect: 1.2)
    }
    let groups = zip(styles, entries).map { (style: $0, results: $1.results) }
    let last = entries.flatMap { $0.results.rows.map { Double($0.run.setup.stop.steps) } }.max() ?? 1
    let chart = Chart(
      x: AxisStyle("step", .linear, domain: 0...last), y: Convergence.axis(threshold),
      marks: try Convergence.marks(groups, threshold: threshold, lastStep: last, isLog: false))
    let legend = zip(entries, groups).map { LegendEntry($0.label, $1.style.color, dash: $1.style.dash) }
    return ChartGrid(chart, legend: legend)
  }

  /// The labels of the settings on an axis, without the symbol that all share; numbers where they would be too long.
  private var labels: (title: String, names: [String], key: String?) {
    let all = entries.map(\.label)
    if let symbol = all.first?.components(separatedBy: " = ").first,
      all.allSatisfy({ $0.hasPrefix("\(symbol) = ") && !$0.contains(", ") })
    {
      let short = all.map { String($0.dropFirst(symbol.count + 3)) }
      if short.map(\.count).reduce(0, +) <= 40 { return (symbol, short, nil) }
    }
    if all.map(\.count).reduce(0, +) <= 30 { return ("setting", all, nil) }
    let numbers = all.indices.map { "\($0 + 1)" }
    return ("setting", numbers, zip(numbers, all).map { "\($0) is \($1)" }.joined(separator: "; "))
  }

  private func valueChart(_ styles: [SettingStyle]) -> Chart {
    var marks: [Mark] = []
    for (place, (entry, style)) in zip(entries, styles).enumerated() {
      let values = Statistics.sorted(entry.values)
      let center = Double(place)
      func quartile(_ p: Double) -> Double { Statistics.quantile(sorted: values, p) }
      marks.append(
        .box(
          BoxSummary(
            x: center - 0.22, width: 0.24, low: quartile(0), first: quartile(0.25), median: quartile(0.5),
            third: quartile(0.75), high: quartile(1)), style.color))
      let points = values.enumerated().map { index, value in
        JitteredPoint(
          Point(center, value), drawnAt: Point(center + 0.2 + 0.2 * (Spread.share(index) - 0.5), value))
      }
      marks.append(.jittered(points, style.marker, style.color.opacity(0.6), radius: 1.5))
    }
    let finite = entries.flatMap(\.values).filter(\.isFinite)
    let spans = (finite.min() ?? 0) > 0 && (finite.max() ?? 0) > 20 * (finite.min() ?? 0)
    var y = AxisStyle(metric.title, spans && metric.limits == nil ? .log : .linear).within(metric.limits)
    if metric.isLoss, y.kind == .log { y.floor = LossFloor(below: finite.max(), values: finite)?.value }
    return Chart(x: AxisStyle(labels.title, .ordinal(labels.names)), y: y, marks: marks)
  }

  private func improvementChart(_ styles: [SettingStyle]) -> Chart {
    var marks: [Mark] = [.horizontalRule(50, label: "", Stroke(.gray, width: 0.8))]
    for (place, (entry, style)) in zip(entries, styles).enumerated() {
      guard let pair = pairs.first(where: { $0.label == entry.label }) else { continue }
      let (share, x) = (pair.improvement, Double(place))
      marks.append(
        .interval(
          x: x, low: 100 * share.interval.lowerBound, high: 100 * share.interval.upperBound,
          Stroke(style.color, width: 1.2)))
      marks.append(.points([Point(x, 100 * share.value)], style.marker, style.color, radius: 2.5))
    }
    let name = reference.map { entries[$0].label } ?? ""
    return Chart(
      x: AxisStyle(labels.title, .ordinal(labels.names)),
      y: AxisStyle("\(name) is better, in %", .linear, domain: -4...104), marks: marks)
  }
}

extension Metric {
  /// Whether it is a loss, which may fall to rounding errors.
  fileprivate var isLoss: Bool {
    switch self {
    case .finalLoss, .bestLoss: true
    case .final(let quantity), .best(let quantity): quantity.isLoss
    case .finalGradientNorm, .steps, .bestStep, .stepsToLoss, .score: false
    }
  }
}
