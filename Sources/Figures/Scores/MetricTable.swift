public import Analysis
import Documents
import Learning
public import Studies

/// A table of metrics: a row for each value of a parameter, with the median over its runs and the quartiles.
public struct MetricTable: CellDeclaration, Sendable {
  private let caption: String
  private let metrics: [Metric]
  private let parameter: AnyParameter?
  private var selection: [Selection] = []
  var best: BestSetting?
  private var hasBaseline = false

  /// A row for all runs.
  public init(_ caption: String = "", of metrics: [Metric]) {
    self.caption = caption
    self.metrics = metrics
    parameter = nil
  }

  /// A row for each value of a parameter.
  public init<Value>(_ caption: String = "", of metrics: [Metric], by parameter: Parameter<Value>) {
    self.caption = caption
    self.metrics = metrics
    self.parameter = parameter.erased
  }

  /// Adds rows for the baselines: the best constant and the linear model, measured on the same data by the same metrics.
  public func baseline() -> MetricTable {
    var copy = self
    copy.hasBaseline = true
    return copy
  }

  /// Restricts the table to the runs in which a parameter has a value.
  public func `where`<Value>(_ parameter: Parameter<Value>, is value: Value) -> MetricTable {
    var copy = self
    copy.selection.append(Selection(parameter, value))
    return copy
  }

  public var cell: Cell {
    let needs = ReportTable.Request.Needs.metrics(metrics, by: parameter?.name, baseline: hasBaseline)
    var table = ReportTable(
      request: ReportTable.Request(caption: caption.isEmpty ? "metrics" : caption, needs: needs), content: content)
    table.selection = selection
    table.best = best
    return .table(table)
  }

  private func content(_ results: Results) throws -> Document.Table {
    let groups = groups(results)
    let columns: [Document.Column] =
      [.text(parameter?.shortTitle ?? ""), .number("n")] + metrics.map { .number($0.title) }
    var rows = try groups.map { label, runs in
      [label, "\(runs.count)"] + (try metrics.map { Self.quartiles(try runs.values($0), $0) })
    }
    if hasBaseline {
      for baseline in Baseline.allCases { rows += try baselineRows(baseline, groups) }
    }
    return Document.Table(text(results), columns, rows)
  }

  private func text(_ results: Results) -> String {
    var sentences = caption.isEmpty ? [] : [caption]
    sentences.append("Medians, first – third quartile")
    if hasBaseline, let loss = results.rows.first?.run.setup.loss {
      let methods = Baseline.allCases.map { "\($0.title), \($0.method(loss))" }.joined(separator: "; ")
      sentences.append("Baselines on the data of the same runs: \(methods)")
    }
    if results.divergedCount > 0 {
      let share = "\(NumberText.grouped(results.divergedCount)) of \(NumberText.count(results.count, "run")) diverged"
      sentences.append("\(share) and \(results.divergedCount == 1 ? "counts" : "count") as the worst")
    }
    return sentences.joined(separator: ". ") + "."
  }

  private func groups(_ results: Results) -> [(label: String, runs: Results)] {
    guard let parameter else { return [("all runs", results)] }
    return results.groups(named: parameter.name).map { ($0.value.title, $0.results) }
  }

  /// One row where the baseline is the same for all groups, else one for each.
  private func baselineRows(_ baseline: Baseline, _ groups: [(label: String, runs: Results)]) throws -> [[String]] {
    let rows = try groups.map { _, runs in
      try metrics.map { metric -> String in
        let values = try runs.rows.compactMap { try runs.baseline(baseline, metric, $0) }
        return values.count == runs.count && !values.isEmpty ? Self.quartiles(values, metric) : "–"
      }
    }
    if let first = rows.first, rows.allSatisfy({ $0 == first }) { return [[baseline.title, ""] + first] }
    return zip(groups, rows).map { ["\(baseline.title), \($0.label)", ""] + $1 }
  }

  /// "0.48 (0.45–0.52)"; one number where all are equal, "–" where none is defined.
  private static func quartiles(_ values: [Double], _ metric: Metric) -> String {
    if values.allSatisfy(\.isNaN) { return "–" }
    let ranked = metric.prefersMore ? values.map { $0.isNaN ? -.infinity : $0 } : values
    let (low, middle, high) = (
      Statistics.quantile(ranked, 0.25), Statistics.quantile(ranked, 0.5), Statistics.quantile(ranked, 0.75)
    )
    let median = NumberText.short(middle)
    return low == high ? median : "\(median) (\(NumberText.short(low))–\(NumberText.short(high)))"
  }
}
