import Documents
import Figures
import Studies

/// The table of the points of a report's claims.
enum PointsTable {
  /// The table with one row for each claim that has points, and the sum; `nil` where no claim has points.
  static func node(_ verdicts: [Expect.Verdict]) -> Document.Node? {
    let marked = verdicts.filter { $0.mark.points != nil }
    guard !marked.isEmpty else { return nil }
    let rows = marked.map { verdict in
      row(
        verdict.mark.id ?? "", verdict.claim, verdict.outcome.word, score: verdict.mark.score(verdict.outcome),
        of: verdict.mark.points ?? 0)
    }
    let score = marked.reduce(0) { $0 + $1.mark.score($1.outcome) }
    let sum = row("sum", "", "", score: score, of: marked.reduce(0) { $0 + ($1.mark.points ?? 0) })
    return .table(
      Document.Table(
        caption: [.text("Points")],
        columns: ["identifier", "claim", "outcome", .number("points"), .number("of")], rows: rows + [sum]))
  }

  private static func row(
    _ id: String, _ claim: String, _ outcome: String, score: Double, of points: Double
  ) -> [[Inline]] {
    [id, claim, outcome, NumberText.points(score), NumberText.points(points)].map { [.text($0)] }
  }
}
