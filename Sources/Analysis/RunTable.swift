import Learning
import Studies

/// `runs.csv`: one line per run.
package struct RunTable {
  private let results: Results
  private let thresholds: [Double]
  /// The final quantities that any run has.
  private let finals: [Quantity]
  private let stopsEarly: Bool

  /// - Parameter thresholds: losses for each of which a column has the first step below it.
  package init(_ results: Results, thresholds: [Double]) {
    self.results = results
    self.thresholds = thresholds
    finals = Set(results.rows.lazy.flatMap { $0.summary.finals.keys }).subtracting([.trainingLoss])
      .sorted { $0.name < $1.name }
    stopsEarly = results.rows.contains { $0.summary.bestStep != nil }
  }

  private var header: String {
    let own = ["seed", "status", "diverged_at", "steps", "final_loss", "best_loss", "final_gradient_norm", "key"]
    // A swept parameter with the name of a result column is renamed.
    let axes = results.plan.axes.map(\.parameter.name)
    var header = axes.map { own.contains($0) ? "set_\($0)" : $0 } + own.dropLast()
    header += finals.map { "final_" + $0.name.replacing("-", with: "_") }
    if stopsEarly { header.append("best_step") }
    header += thresholds.map { "first_step_below_\($0)" } + ["key"]
    return header.map(CSVText.quoted).joined(separator: ",")
  }

  /// Calls `write` with the text, in parts of about a megabyte.
  /// - Throws: what reading the archive and `write` throw.
  package func write(_ write: (String) throws -> Void) throws {
    var text = header + "\n"
    // The settings are the same for many runs in a row.
    var known: (combination: Plan.Combination, text: String)?
    for row in results.rows {
      let combination = row.run.combination
      if known?.combination !== combination {
        known = (combination, combination.settings.map { CSVText.quoted($0.exact) + "," }.joined())
      }
      text += known?.text ?? ""
      try add(row, to: &text)
      if text.utf8.count > 1 << 20 {
        try write(text)
        text.removeAll(keepingCapacity: true)
      }
    }
    try write(text)
  }

  /// Adds what follows the settings. None of it needs quotes.
  private func add(_ row: Results.Row, to text: inout String) throws {
    let summary = row.summary
    switch summary.status {
    case .finished: text += "\(row.seed),finished,,"
    case .diverged(let step): text += "\(row.seed),diverged,\(step),"
    }
    // Empty if a run with smaller batches has not recorded the loss on all training data.
    let best = summary.bestLoss.isNaN ? "" : "\(summary.bestLoss)"
    text += "\(summary.steps),\(summary.finalLoss),\(best),\(summary.finalGradientNorm),"
    for quantity in finals { text += (summary.finals[quantity].map { "\($0)" } ?? "") + "," }
    if stopsEarly { text += (summary.bestStep.map { "\($0)" } ?? "") + "," }
    if !thresholds.isEmpty {
      // Empty if the run did not fall below the threshold, or has not recorded its training loss.
      let knowsLoss = row.run.setup.trainingLossQuantity != nil
      for threshold in thresholds {
        let step = knowsLoss ? try results.firstStep(below: threshold, row) : .infinity
        text += (step.isFinite ? "\(Int(step))" : "") + ","
      }
    }
    text += row.run.key + "\n"
  }
}

/// Text of CSV files.
package enum CSVText {
  /// A field, quoted if necessary (RFC 4180).
  package static func quoted(_ field: String) -> String {
    guard field.utf8.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) else { return field }
    return "\"\(field.replacing("\"", with: "\"\""))\""
  }
}
