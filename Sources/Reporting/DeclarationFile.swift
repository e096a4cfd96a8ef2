import Analysis
import Figures
import Foundation
import Learning
import Studies

/// `experiment.json`: the resolved declaration, the claims and the provenance of the runs.
struct DeclarationFile {
  private struct Content: Encodable {
    struct Axis: Encodable {
      let parameter: String
      let values: [String]
    }
    struct Claim: Encodable {
      let claim: String
      let outcome: Expect.Verdict.Outcome
      let evidence: String
      let id: String?
      let points: Double?
      let score: Double?
      let comparison: String?
      // JSON has no infinity.
      let value: Double?
      let bound: Double?

      init(_ verdict: Expect.Verdict) {
        (claim, outcome, evidence) = (verdict.claim, verdict.outcome, verdict.evidence)
        let mark = verdict.mark
        (id, points, comparison) = (mark.id, mark.points, mark.comparison)
        score = mark.points.map { _ in mark.score(verdict.outcome) }
        value = mark.value.flatMap { $0.isFinite ? $0 : nil }
        bound = mark.bound.flatMap { $0.isFinite ? $0 : nil }
      }
    }

    let name: String
    let title: String
    let runs: Int
    /// The changes of the command line; empty for an unchanged declaration.
    let changes: [String]
    let axes: [Axis]
    let seeds: [UInt64]
    /// The canonical description of the first setting; the others differ in the parameters of the axes.
    let declaration: [String: String]
    let expectations: [Claim]
    let provenance: [Provenance]
  }

  private let content: Content

  init(_ report: ComposedReport) throws {
    let plan = report.results.plan
    let description = plan.published(try plan.run(0).description)
    let pairs = description.split(separator: "\n").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
    content = Content(
      name: plan.name, title: plan.title, runs: plan.runCount, changes: plan.changes,
      axes: plan.axes.map { axis in
        .init(parameter: axis.parameter.name, values: axis.values.map { plan.published($0.setting.exact) })
      },
      seeds: plan.seeds,
      declaration: Dictionary(
        pairs.map { ($0[0], $0.count > 1 ? $0[1] : "") }, uniquingKeysWith: { first, _ in first }),
      expectations: report.verdicts.map(Content.Claim.init),
      provenance: report.provenance)
  }

  /// Whether a file belongs to a report of the unchanged declaration; so do files of older versions, which have no `changes`.
  static func isUnchanged(_ json: Data) -> Bool {
    struct Part: Decodable { let changes: [String]? }
    guard let part = try? JSONDecoder().decode(Part.self, from: json) else { return false }
    return part.changes?.isEmpty ?? true
  }

  var json: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return try encoder.encode(content) + Data("\n".utf8)
    }
  }
}
