import Analysis
import Learning
import Plotting
import Studies

/// The lines of the baselines in a plot of a metric, with the sentence of the caption.
///
/// Runs with the same data have the same baselines. Where each seed draws its own data, a line is at the median over the runs.
struct BaselineLines {
  /// A baseline for each group of runs; one value where all groups have the same.
  private struct Line {
    let baseline: Baseline
    let values: [Double]

    /// The only value, to rounding.
    var common: Double? {
      guard let first = values.first, values.allSatisfy({ abs($0 - first) <= 1e-9 * abs(first) }) else { return nil }
      return first
    }
  }

  private let metric: Metric
  private let groups: [(style: SettingStyle, results: Results)]
  private let lines: [Line]
  /// Whether the runs are all runs of the figure. Several panels have values of their own, which one sentence cannot give.
  private let isWhole: Bool

  /// - Parameters:
  ///   - groups: the runs of each colour in a panel.
  ///   - figure: the runs of all panels.
  init(_ metric: Metric, _ groups: [(style: SettingStyle, results: Results)], of figure: Results) throws {
    self.metric = metric
    isWhole = groups.reduce(0) { $0 + $1.results.count } == figure.count
    self.groups = groups.filter { !$0.results.isEmpty }
    let parts = self.groups.map(\.results)
    lines = try Baseline.allCases.compactMap { baseline in
      let values = try parts.compactMap { try $0.medianBaseline(baseline, metric) }
      return values.count == parts.count && !values.isEmpty ? Line(baseline: baseline, values: values) : nil
    }
  }

  /// Rules across the axis of the metric.
  func rules(vertical: Bool = false) -> [Mark] {
    lines.flatMap { line -> [Mark] in
      if let value = line.common { return Self.rule(value, line.baseline, .gray, vertical) }
      return zip(groups, line.values).flatMap { Self.rule($1, line.baseline, $0.style.color, vertical) }
    }
  }

  /// A rule with its name: beside the plot where it is horizontal, so that no marks cover the name.
  private static func rule(_ value: Double, _ baseline: Baseline, _ color: Color, _ vertical: Bool) -> [Mark] {
    let (stroke, label) = (baseline.stroke(color), baseline.title)
    return vertical
      ? [.verticalRule(value, label: label, stroke)]
      : [.horizontalRule(value, label: "", stroke), .endLabel(label, at: value, color)]
  }

  /// Rules where the baselines do not depend on a parameter, else lines through their values.
  func curves(over parameter: String, at place: (Setting) -> Double?) throws -> [Mark] {
    try lines.flatMap { line -> [Mark] in
      let curves = try groups.map { _, group in
        try group.groups(named: parameter).compactMap { setting, runs -> Point? in
          guard let x = place(setting), let y = try runs.medianBaseline(line.baseline, metric) else { return nil }
          return Point(x, y)
        }
      }
      let all = Line(baseline: line.baseline, values: curves.flatMap { $0.map(\.y) })
      if let value = all.common { return Self.rule(value, line.baseline, .gray, false) }
      let isShared = curves.allSatisfy { $0 == curves.first }
      return zip(groups, curves).prefix(isShared ? 1 : curves.count).flatMap { group, curve -> [Mark] in
        let color = isShared ? Color.gray : group.style.color
        let label = curve.last.map { [Mark.endLabel(line.baseline.title, at: $0.y, color)] } ?? []
        return [.line(curve, line.baseline.stroke(color))] + label
      }
    }
  }

  /// "Baselines: constant (the mean of the training targets), 0.52; linear model (least squares), 0.31.": what the lines are.
  var remark: String {
    let loss = groups.first?.results.rows.first?.run.setup.loss
    var texts = lines.map { line in
      let method = loss.map { " (\(line.baseline.method($0)))" } ?? ""
      return "\(line.baseline.title)\(method)\(isWhole ? line.common.map { ", \(NumberText.short($0))" } ?? "" : "")"
    }
    if !lines.contains(where: { $0.baseline == .linear }) { texts.append("the linear model could not be computed") }
    let isDrawn = groups.contains { $0.results.rows.contains { $0.run.setup.data?.variesWithSeed ?? false } }
    return "Baselines: \(texts.joined(separator: "; "))\(isDrawn ? "; medians over the data of the runs" : "")."
  }

  /// The values of the axis that the lines need.
  var values: [Double] { lines.flatMap(\.values) }
}

extension Baseline {
  /// Dotted for the constant, dashes and dots for the linear model.
  func stroke(_ color: Color) -> Stroke {
    Stroke(color, width: 0.9, dash: self == .constant ? [1.2, 1.8] : [5, 2, 1.2, 2])
  }
}

extension PlotTask {
  /// The mistakes if a metric has no baseline.
  func hasBaseline(_ isKnown: Bool, _ title: String) -> [Mistake] {
    let mistakes = needsNetwork()
    guard mistakes.isEmpty, !isKnown else { return mistakes }
    return [
      mistake(
        title, "a baseline has outputs, so that it has losses and scores but no steps and norms",
        "Leave .baseline() out, or show a loss or a score")
    ]
  }
}
