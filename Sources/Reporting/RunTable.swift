import Analysis
import Learning
import Studies

/// `runs.csv`: one line a run.
struct RunTable {
  private let report: ComposedReport

  init(_ report: ComposedReport) { self.report = report }

  /// - Throws: what reading the archive throws.
  func csv() throws -> String {
    let results = report.results
    let axes = results.plan.axes.map(\.parameter.name)
    let finals = Set(results.rows.flatMap { $0.summary.finals.keys }).subtracting([.trainingLoss])
      .sorted { $0.name < $1.name }
    let own = ["seed", "status", "diverged_at", "steps", "final_loss", "best_loss", "final_gradient_norm"]
    // A swept parameter of the name of a result: the result keeps it.
    var header = axes.map { own.contains($0) ? "set_\($0)" : $0 } + own
    header += finals.map { "final_" + $0.name.replacing("-", with: "_") }
    header += report.thresholds.map { "first_step_below_\($0)" }
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
        // Empty where runs of smaller batches have not recorded the loss on all training data.
        row.summary.bestLoss.isNaN ? "" : "\(row.summary.bestLoss)", "\(row.summary.finalGradientNorm)",
      ]
      fields += finals.map { row.summary.finals[$0].map { "\($0)" } ?? "" }
      // Empty where the run never got there, or does not know its training loss on the way.
      fields += try report.thresholds.map { threshold in
        guard row.run.setup.trainingLossQuantity != nil else { return "" }
        let step = try results.firstStep(below: threshold, row)
        return step.isFinite ? "\(Int(step))" : ""
      }
      lines.append(fields.map(Self.quoted).joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// RFC 4180: quotes where the field needs them.
  static func quoted(_ field: String) -> String {
    guard field.contains(where: { ",\"\n\r".contains($0) }) else { return field }
    return "\"\(field.replacing("\"", with: "\"\""))\""
  }
}
