import Analysis
import Documents
import Figures
import Foundation
import Learning
import Plotting
import Reporting
import Studies
import Testing

/// Compares a composed report with its slow twin, number by number.
struct Confirmation {
  private let declaration: RandomDeclaration
  private let twin: SlowTwin
  private let rows: [SlowTwin.Row]
  private let report: ComposedReport
  private var confirmed = 0

  init(_ declaration: RandomDeclaration, _ plan: Plan, _ store: any RunStore, _ report: ComposedReport) throws {
    self.declaration = declaration
    twin = SlowTwin(plan: plan, store: store)
    rows = try twin.rows()
    self.report = report
  }

  /// How many numbers were compared.
  func count() throws -> Int {
    var copy = self
    try copy.losses()
    copy.tables()
    copy.claims()
    copy.medians()
    return copy.confirmed
  }

  private mutating func confirm(_ holds: Bool, _ what: @autoclosure () -> String) {
    confirmed += 1
    #expect(holds, "declaration \(declaration.seed): \(what())")
  }

  /// The final loss is the loss of the final parameters, and the best is no greater.
  private mutating func losses() throws {
    for row in rows {
      if !row.summary.bestLoss.isNaN, !row.summary.finalLoss.isNaN {
        confirm(
          row.summary.bestLoss <= row.summary.finalLoss, "best \(row.summary.bestLoss), final \(row.summary.finalLoss)")
      }
      if twin.isFull(row), !row.summary.hasDiverged {
        let least = (row.losses + [row.summary.finalLoss]).filter { !$0.isNaN }.min() ?? .infinity
        confirm(row.summary.bestLoss == least, "best \(row.summary.bestLoss), least recorded \(least)")
      }
      guard !row.summary.hasDiverged, row.summary.finalLoss.isFinite, row.summary.finalLoss < 1e6,
        row.run.setup.precision != .float32
      else { continue }
      let own = try twin.loss(row)
      // Products that overflow have no bound: a fused multiply-add and a rounded product are then different numbers.
      guard own.value.isFinite, own.error.isFinite else { continue }
      confirm(
        abs(own.value - row.summary.finalLoss) <= own.error,
        "final \(row.summary.finalLoss), recomputed \(own.value) ± \(own.error) of \(row.run.description.replacing("\n", with: " "))"
      )
    }
  }

  /// Rows "| setting | n | solved | …" of the comparisons: n and the share of solved runs.
  private mutating func tables() {
    for line in MarkdownWriter().text(report.document).split(separator: "\n") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 7, let n = Int(cells[1]), cells[2].hasSuffix("%"), let share = percent(cells[2]) else {
        continue
      }
      let solved = (share / 100 * Double(n)).rounded()
      confirm(n <= rows.count && abs(100 * solved / Double(n) - share) < 0.051, "n and share in \(line)")
      let diverged = percent(cells[6]) ?? .nan
      confirm(diverged >= 0 && diverged <= 100, "diverged in \(line)")
    }
  }

  /// Claims on shares of the final loss, and on divergence.
  private mutating func claims() {
    for verdict in report.verdicts where verdict.outcome != .untested {
      let words = verdict.claim.split(separator: " ")
      if verdict.claim.hasPrefix("The share of runs with final training loss E below "), let bound = number(words[10]) {
        let count = rows.count { twin.final($0) < bound }
        confirm(
          verdict.evidence.hasPrefix("\(count) of \(rows.count) "),
          "\(verdict.claim): \(verdict.evidence), own count \(count)")
      }
      if verdict.claim.hasPrefix("The share of diverged runs at η = "), let rate = number(words[8]) {
        let chosen = rows.filter { $0.run.setup.optimizer.learningRate == rate }
        let count = chosen.count { $0.summary.hasDiverged }
        confirm(verdict.evidence.hasPrefix("\(count) of \(chosen.count) "), "\(verdict.claim): \(verdict.evidence)")
      }
      if verdict.claim.hasPrefix("The median final training loss E is ") {
        let median = SlowTwin.quantile(rows.map(twin.final), 0.5)
        confirm(verdict.evidence.hasPrefix("median \(NumberText.short(median))"), "\(verdict.evidence), own \(median)")
      }
    }
  }

  /// Every median that a loss curve draws over all runs of a rate, step by step.
  private mutating func medians() {
    guard rows.allSatisfy(twin.isFull), twin.plan.grid.count == 1, twin.plan.grid[0].parameter == "learning-rate" else {
      return
    }
    let rates = Set(rows.map { $0.run.setup.optimizer.learningRate }).sorted()
    for figure in report.document.figures {
      for chart in figure.charts.charts.joined() where chart.y.title == "training loss E" && chart.title.isEmpty {
        let lines = chart.marks.compactMap { mark -> [Point]? in
          if case .line(let points, let stroke) = mark, stroke.width == 1.5 { points } else { nil }
        }
        guard lines.count == rates.count else { continue }
        for line in lines {
          let matches = rates.contains { rate in line.allSatisfy { $0.y == median(rate, at: Int($0.x)) || $0.y.isNaN } }
          confirm(matches, "a median curve of \(line.count) steps")
        }
      }
    }
  }

  private func median(_ rate: Double, at step: Int) -> Double {
    let own = rows.filter { $0.run.setup.optimizer.learningRate == rate && !$0.losses.isEmpty }
    return SlowTwin.quantile(
      own.map { row in
        let index = step / row.lossSeries.every
        if index < row.losses.count { return row.losses[index] }
        return row.summary.hasDiverged ? .infinity : row.losses[row.losses.count - 1]
      }, 0.5)
  }

  private func percent(_ text: String) -> Double? { Double(text.replacing(" %", with: "")) }
  private func number(_ text: Substring) -> Double? { Double(String(text)) }
}
