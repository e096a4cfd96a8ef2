import Analysis
import Learning
import Studies

/// `runs.csv`: one line per run.
struct RunTable {
  private let report: ComposedReport

  init(_ report: ComposedReport) { self.report = report }

  /// The content of the file.
  /// - Throws: what reading the archive throws.
  func csv() throws -> String {
    let results = report.results
    let axes = results.plan.axes.map(\.parameter.name)
    let finals = Set(results.rows.flatMap { $0.summary.finals.keys }).subtracting([.trainingLoss])
      .sorted { $0.name < $1.name }
    let own = ["seed", "status", "diverged_at", "steps", "final_loss", "best_loss", "final_gradient_norm", "key"]
    // A swept parameter with the name of a result column is renamed.
    var header = axes.map { own.contains($0) ? "set_\($0)" : $0 } + own.dropLast()
    header += finals.map { "final_" + $0.name.replacing("-", with: "_") }
    let stopsEarly = results.rows.contains { $0.summary.bestStep != nil }
    if stopsEarly { header.append("best_step") }
    header += report.thresholds.map { "first_step_below_\($0)" } + ["key"]
    var lines = [header.map(Self.quoted).joined(separator: ",")]
    lines.reserveCapacity(results.count + 1)
    for row in results.rows {
      var fields = row.run.settings.map(\.exact) + ["\(row.seed)"]
      switch row.summary.status {
      case .finished: fields += ["finished", ""]
      case .diverged(let step): fields += ["diverged", "\(step)"]
      }
      fields += [
        "\(row.summary.steps)", "\(row.summary.finalLoss)",
        // Empty if a run with smaller batches has not recorded the loss on all training data.
        row.summary.bestLoss.isNaN ? "" : "\(row.summary.bestLoss)", "\(row.summary.finalGradientNorm)",
      ]
      fields += finals.map { row.summary.finals[$0].map { "\($0)" } ?? "" }
      if stopsEarly { fields.append(row.summary.bestStep.map { "\($0)" } ?? "") }
      // Empty if the run did not fall below the threshold, or has not recorded its training loss.
      fields += try report.thresholds.map { threshold in
        guard row.run.setup.trainingLossQuantity != nil else { return "" }
        let step = try results.firstStep(below: threshold, row)
        return step.isFinite ? "\(Int(step))" : ""
      }
      fields.append(row.run.key)
      lines.append(fields.map(Self.quoted).joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A field of a CSV file, quoted if necessary (RFC 4180).
  static func quoted(_ field: String) -> String {
    guard field.contains(where: { ",\"\n\r".contains($0) }) else { return field }
    return "\"\(field.replacing("\"", with: "\"\""))\""
  }
}
