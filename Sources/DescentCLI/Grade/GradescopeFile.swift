import Foundation
import Studies

/// `results.json` of one submission, as Gradescope reads it: https://gradescope-autograders.readthedocs.io/en/latest/specs/
struct GradescopeFile: Encodable {
  /// Who sees a test.
  enum Visibility: String, Encodable, CaseIterable {
    case visible, hidden
    case afterDueDate = "after_due_date"
    case afterPublished = "after_published"
  }

  private struct Test: Encodable {
    let name: String
    let number: String
    let score: Double
    let max_score: Double
    let status: String
    let output: String
    let visibility: Visibility
  }

  private let score: Double
  private let execution_time: Double
  private let output: String
  private let visibility = Visibility.visible
  private let tests: [Test]

  init(_ graded: GradedSubmission, visibility: Visibility) {
    score = graded.score
    execution_time = (graded.seconds * 1000).rounded() / 1000
    output = graded.ending == .marked && graded.message.isEmpty ? "" : "\(graded.summary)\n\(graded.message)"
    tests = graded.claims.map { claim in
      Test(
        name: claim.asked.claim, number: claim.asked.id, score: claim.score, max_score: claim.asked.points,
        status: claim.outcome == .passed ? "passed" : "failed",
        output: claim.outcome == .untested ? "untested: \(claim.output)" : claim.output, visibility: visibility)
    }
  }

  var json: Data { get throws { try Self.pretty(self) } }

  /// JSON for people and programs.
  static func pretty(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value) + Data("\n".utf8)
  }
}

/// `overview.json`: all submissions with their points.
struct GradeOverview: Encodable {
  private struct Entry: Encodable {
    let name: String
    let file: String
    let score: Double
    let maximum: Double
    let outcome: SubmissionEnding
    let message: String
    let seconds: Double
    let results: String
  }

  private let claims: String
  private let seeds: String
  private let points: Double
  private let isolated: Bool
  private let submissions: [Entry]

  init(_ graded: [GradedSubmission], claims: String, scheme: MarkingScheme, isIsolated: Bool) {
    self.claims = claims
    seeds = scheme.seedText
    points = scheme.points
    isolated = isIsolated
    submissions = graded.map { one in
      Entry(
        name: one.submission.name, file: one.submission.path, score: one.score, maximum: one.points,
        outcome: one.ending, message: one.message, seconds: (one.seconds * 1000).rounded() / 1000,
        results: "\(one.submission.name)/results.json")
    }
  }

  var json: Data { get throws { try GradescopeFile.pretty(self) } }
}
