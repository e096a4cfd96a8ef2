package import Analysis
package import Documents
import Learning
package import Plotting
import Studies

/// The tables and the figure of a comparison.
extension SeedComparison {
  static let columns: [Document.Column] = [
    "setting", .number("n"), .number("solved"), .number("95 % interval"), .number("steps to threshold"),
    .number("final loss"), .number("diverged"),
  ]

  package var table: Document.Table { Document.Table(title, Self.columns, rows) }

  package var rows: [[String]] {
    entries.map { entry in
      [
        entry.label, "\(entry.results.count)", NumberText.percent(entry.solved.value),
        NumberText.percent(entry.solved.interval), Self.steps(entry), Self.quartiles(entry.finalLoss),
        NumberText.percent(entry.diverged.value),
      ]
    }
  }

  static let pairColumns: [Document.Column] = [
    "setting", .number("pairs"), .number("median difference"), .number("95 % interval"),
    .number("seeds with lower loss"),
  ]

  /// The table of paired differences; `nil` if there are no pairs.
  package var pairTable: Document.Table? { pairTitle.map { Document.Table($0, Self.pairColumns, pairRows) } }

  package var pairRows: [[String]] {
    pairs.map { pair in
      [
        pair.label, "\(pair.count)", NumberText.short(pair.median),
        pair.interval.map { NumberText.interval($0, between: " to ") } ?? "–",
        NumberText.percent(pair.better.value, decimals: 0),
      ]
    }
  }

  /// "median (first – third quartile)". If at most a quarter of the runs is solved, also the first of them.
  private static func steps(_ entry: Entry) -> String {
    guard entry.firstArrival.isFinite else { return "never" }
    return entry.steps[0].isFinite
      ? quartiles(entry.steps) : "\(quartiles(entry.steps)), first \(NumberText.short(entry.firstArrival))"
  }

  /// "median (first – third quartile)"
  private static func quartiles(_ values: [Double]) -> String {
    if values.allSatisfy({ $0 == .infinity }) { return "∞" }
    return "\(NumberText.short(values[1])) (\(NumberText.short(values[0]))–\(NumberText.short(values[2])))"
  }

  /// ", data = noisy sine" for selected runs; ", on XOR, squared-error(half-mean)" if there are several tasks.
  private var onTask: String {
    (selection.isEmpty ? "" : ", \(selection)") + (task.map { ", on \($0.title)" } ?? "")
  }

  /// The title of the table, the same in a terminal and in a report.
  package var title: String {
    "Convergence below a training loss of \(NumberText.short(threshold)), by setting\(onTask)"
  }
  package var figureTitle: String { "Runs with training loss below \(NumberText.short(threshold))\(onTask)" }
  /// The title of the table of paired differences; `nil` if there are no pairs.
  package var pairTitle: String? {
    guard let reference, !pairs.isEmpty else { return nil }
    return "Final training loss minus that of \(entries[reference].label), same seeds\(onTask)"
  }

  // MARK: As a figure

  /// - Parameter styles: the styles of the entries in their report; `nil` for default styles.
  package func grid(styles: [SettingStyle]? = nil) throws -> ChartGrid {
    let own = SettingStyle.styles(entries.count, ordered: entries.count > Palette.categories.count)
    let groups = zip(styles ?? own, entries).map { (style: $0, results: $1.results) }
    let last = entries.flatMap { $0.results.rows.map { Double($0.run.setup.stop.steps) } }.max() ?? 1
    let chart = Chart(
      x: AxisStyle("step", .linear, domain: 0...last), y: Convergence.axis(threshold),
      marks: try Convergence.marks(groups, threshold: threshold, lastStep: last, isLog: false))
    let legend = zip(entries, groups).map { LegendEntry($0.label, $1.style.color, dash: $1.style.dash) }
    return ChartGrid(chart, legend: legend)
  }

  package var caption: String {
    let counts = Set(entries.map(\.results.count)).sorted().map(String.init).joined(separator: ", ")
    return
      "Share of runs whose training loss E is below \(NumberText.short(threshold)), against the step; n = \(counts) runs per curve, \(Convergence.intervals(entries.count))."
  }
}
