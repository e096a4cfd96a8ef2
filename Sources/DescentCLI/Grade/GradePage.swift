import CairoCanvas
import Documents
import Foundation
import Studies

/// `index.html`: all submissions with their points, what happened, and links to the reports.
struct GradePage {
  private let graded: [GradedSubmission]
  private let scheme: MarkingScheme
  /// The conditions of the marking, one sentence each.
  private let conditions: [String]

  init(_ graded: [GradedSubmission], scheme: MarkingScheme, conditions: [String]) {
    self.graded = graded
    self.scheme = scheme
    self.conditions = conditions
  }

  func html() throws -> String {
    var document = Document(title: "Marking", nodes: [.heading(level: 1, [.text("Marking")])])
    document.nodes.append(.paragraph([.text(conditions.joined(separator: " "))], .detail))
    document.nodes += [.table(overview), .table(claims)]
    for one in graded {
      document.nodes.append(.heading(level: 2, [.text(one.submission.name)]))
      document.nodes += nodes(one)
    }
    return HTMLWriter(ruler: try CairoCanvas.ruler(), encode: CairoCanvas.png).page(document)
  }

  private var overview: Document.Table {
    let ids = scheme.claims.map { Document.Column([.text($0.id)], .number) }
    let rows = graded.map { one -> [[Inline]] in
      let marks = one.claims.map { claim -> [Inline] in
        [.text(claim.judged == nil ? "–" : NumberText.points(claim.score))]
      }
      return [[.text(one.submission.name)], [.text(NumberText.points(one.score))]] + marks
        + [[.text(one.summary)], links(one)]
    }
    return Document.Table(
      caption: [.text("Points of \(NumberText.points(scheme.points)). – means that a claim was not judged")],
      columns: ["submission", .number("points")] + ids + ["what happened", "reports"], rows: rows)
  }

  private var claims: Document.Table {
    Document.Table(
      caption: [.text("Claims")], columns: ["identifier", "claim", .number("points")],
      rows: scheme.claims.map { claim in
        [claim.id, claim.claim, NumberText.points(claim.points)].map { [.text($0)] }
      })
  }

  private func links(_ one: GradedSubmission) -> [Inline] {
    let files = one.pages.map(\.name) + ["results.json"]
    return files.enumerated().flatMap { index, file -> [Inline] in
      let link = Inline.link([.text(file)], target: "\(one.submission.name)/\(file)")
      return index == 0 ? [link] : [.text(", "), link]
    }
  }

  private func nodes(_ one: GradedSubmission) -> [Document.Node] {
    let verdicts = one.claims.map { claim -> Document.Node in
      let outcome: Document.Verdict.Outcome =
        switch claim.outcome {
        case .passed: .passed
        case .failed: .failed
        case .untested: .untested
        }
      let points = claim.asked.points
      let score = points > 0 ? " (\(Event.Mark.text(claim.score, of: points)))" : ""
      return .verdict(
        Document.Verdict(
          outcome, word: claim.judged == nil ? "not judged" : claim.outcome.word,
          claim: [.strong([.text(claim.asked.id + score)]), .text(": \(claim.asked.claim)")],
          evidence: [.text(claim.output)]))
    }
    return verdicts + (one.log.isEmpty ? [] : [.code(one.log)])
  }
}
