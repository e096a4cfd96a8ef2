package import Analysis
package import Documents
import Learning
import Studies

/// The tables of a comparison.
extension SeedComparison {
  static let arrivalColumns: [Document.Column] = [
    "setting", .number("n"), .number("solved"), .number("95 % interval"), .number("steps to threshold"),
    .number("final loss"), .number("diverged"),
  ]

  private var columns: [Document.Column] {
    guard metric.threshold == nil else { return Self.arrivalColumns }
    return ["setting", .number("n"), .number("median"), .number("first – third quartile"), .number("diverged")]
  }

  package var table: Document.Table { Document.Table(title, columns, rows) }

  package var rows: [[String]] {
    entries.map { entry in
      guard let arrival = entry.arrival else {
        return [
          entry.label, "\(entry.results.count)", NumberText.short(entry.quartiles[1]),
          Self.range(entry.quartiles[0], entry.quartiles[2]), NumberText.percent(entry.diverged.value),
        ]
      }
      return [
        entry.label, "\(entry.results.count)", NumberText.percent(arrival.solved.value),
        NumberText.percent(arrival.solved.interval), Self.steps(entry, arrival), Self.quartiles(arrival.finalLoss),
        NumberText.percent(entry.diverged.value),
      ]
    }
  }

  static let pairColumns: [Document.Column] = [
    "other setting", .number("seeds"), .number("better, tied, worse"), .number("median difference"),
    .number("95 % interval"), .number("probability of improvement"), .number("p"), .number("p after Holm"),
  ]

  /// The table of the comparisons with the reference; `nil` if there are none.
  package var pairTable: Document.Table? { pairTitle.map { Document.Table($0, Self.pairColumns, pairRows) } }

  package var pairRows: [[String]] {
    pairs.map { pair in
      [
        pair.label, "\(pair.test.count)", "\(pair.test.better), \(pair.test.tied), \(pair.test.worse)",
        NumberText.short(pair.median), pair.interval.map { NumberText.interval($0, between: " to ") } ?? "–",
        Self.improvement(pair), Self.p(pair.p), Self.p(pair.corrected),
      ]
    }
  }

  /// "84 % (73–92 %)"
  static func improvement(_ pair: PairedComparison) -> String {
    "\(NumberText.percent(pair.improvement.value)) (\(NumberText.percent(pair.improvement.interval)))"
  }

  /// A p value with two digits.
  static func p(_ value: Double) -> String { value < 1e-300 ? "< 10⁻³⁰⁰" : NumberText.short(value, digits: 2) }

  /// "median (first – third quartile)". If at most a quarter of the runs is solved, also the first of them.
  private static func steps(_ entry: Entry, _ arrival: Arrival) -> String {
    guard arrival.first.isFinite else { return "never" }
    return entry.quartiles[0].isFinite
      ? quartiles(entry.quartiles) : "\(quartiles(entry.quartiles)), first \(NumberText.short(arrival.first))"
  }

  /// "median (first – third quartile)"
  private static func quartiles(_ values: [Double]) -> String {
    if values.allSatisfy({ $0 == .infinity }) { return "∞" }
    return "\(NumberText.short(values[1])) (\(range(values[0], values[2])))"
  }

  private static func range(_ low: Double, _ high: Double) -> String {
    "\(NumberText.short(low))–\(NumberText.short(high))"
  }

  /// ", data = noisy sine" for selected runs; ", on XOR, squared-error(half-mean)" if there are several tasks.
  var onTask: String {
    (selection.isEmpty ? "" : ", \(selection)") + (task.map { ", on \($0.title)" } ?? "")
  }

  /// The title of the table, the same in a terminal and in a report.
  package var title: String {
    guard let threshold = metric.threshold else { return "\(metric.title.capitalizedFirst) by setting\(onTask)" }
    return "Convergence below a training loss of \(NumberText.short(threshold)), by setting\(onTask)"
  }

  /// The title of the table of comparisons; `nil` if there are none.
  package var pairTitle: String? {
    guard let reference, !pairs.isEmpty else { return nil }
    let better = metric.prefersMore ? "higher is better" : "lower is better"
    return
      "\(metric.title.capitalizedFirst) of \(entries[reference].label) minus that of each other setting, same seeds "
      + "(\(better))\(onTask)"
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
