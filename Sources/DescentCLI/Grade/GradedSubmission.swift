import Foundation
import Studies

/// The result of a submission.
struct GradedSubmission {
  /// A claim of the lecturer's file with its outcome.
  struct Claim {
    let asked: MarkingScheme.Claim
    /// `nil` where it was not judged.
    let judged: JudgedClaim?
    /// The evidence, or why the claim was not judged.
    let output: String

    var outcome: Event.Outcome { judged.flatMap { Event.Outcome(rawValue: $0.outcome) } ?? .failed }
    var score: Double { outcome == .passed ? asked.points : 0 }
  }

  let submission: Submission
  var ending: SubmissionEnding
  /// What happened, in words; empty where everything went well.
  var message: String
  var claims: [Claim]
  /// Pages by their name in the results.
  var pages: [(name: String, content: Data)] = []
  /// What the submission printed, and what was said about it.
  var log = ""
  var seconds = 0.0

  var score: Double { claims.reduce(0) { $0 + $1.score } }
  var points: Double { claims.reduce(0) { $0 + $1.asked.points } }
  /// Whether every claim passed.
  var isClean: Bool { claims.allSatisfy { $0.outcome == .passed } }

  /// What happened, in one line of a table.
  var summary: String {
    let passed = claims.count { $0.outcome == .passed }
    let counts = "\(passed) of \(NumberText.count(claims.count, "claim")) passed"
    let words = message.split(separator: "\n").first.map(String.init) ?? ""
    if ending == .marked { return words.isEmpty ? counts : "\(counts); \(words)" }
    return words.isEmpty ? ending.rawValue : "\(ending.rawValue): \(words)"
  }

  /// The result of a submission whose claims were not judged, but for those in the records.
  init(
    _ submission: Submission, scheme: MarkingScheme, records: [MarkRecord], ending: SubmissionEnding, message: String
  ) {
    self.submission = submission
    self.ending = ending
    self.message = message
    var judged: [[Int]: JudgedClaim] = [:]
    var refused: [Int: String] = [:]
    for record in records {
      switch record {
      case .claim(let claim): judged[[claim.part, claim.index]] = claim
      case .refused(let part, _, let messages): refused[part] = messages.joined(separator: "\n")
      case .judged, .page, .withoutReport: break
      }
    }
    claims = scheme.parts.enumerated().flatMap { part, asked in
      asked.claims.enumerated().map { index, claim in
        let found = judged[[part, index]]
        let reason = refused[part] ?? (message.isEmpty ? ending.rawValue : "\(ending.rawValue): \(message)")
        return Claim(asked: claim, judged: found, output: found?.evidence ?? reason)
      }
    }
  }
}
