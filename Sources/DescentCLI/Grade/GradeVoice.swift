import Foundation
import Learning
import Scripts
import Studies

/// Says how the marking goes: to a person as a table, to a program as events.
struct GradeVoice {
  private let options: VoiceOptions

  init(_ options: VoiceOptions) { self.options = options }

  private var isTerminal: Bool { isatty(STDERR_FILENO) == 1 && !options.quiet && !options.json }

  func begins(_ submission: Submission, _ index: Int, of count: Int) {
    if isTerminal { say("\r\u{1B}[2Kmarking \(index) of \(count): \(submission.name)") }
  }

  func ended(_ graded: GradedSubmission) {
    if isTerminal { say("\r\u{1B}[2K") }
    guard options.json else { return }
    for claim in graded.claims {
      JSONListener.write([
        "event": "marked", "submission": graded.submission.name, "id": claim.asked.id, "claim": claim.asked.claim,
        "outcome": claim.judged == nil ? "not judged" : claim.outcome.rawValue, "score": claim.score,
        "points": claim.asked.points, "verdict": claim.output,
      ])
    }
    JSONListener.write([
      "event": "graded", "submission": graded.submission.name, "score": graded.score, "points": graded.points,
      "outcome": graded.ending.rawValue, "message": graded.message, "seconds": graded.seconds,
    ])
  }

  func table(_ graded: [GradedSubmission], _ scheme: MarkingScheme) {
    guard !options.quiet, !options.json else { return }
    let head = ["submission", "points", "of", "what happened"]
    let rows = graded.map { one in
      [
        one.submission.name, NumberText.points(one.score), NumberText.points(one.points),
        Quoted.short(one.summary, limit: 200),
      ]
    }
    Console.line(Console.table([head] + rows, rightAligned: [1, 2]))
  }

  func wrote(_ page: URL) { options.listener.hear(.wrote(experiment: "grade", path: page.relative)) }

  func interrupted() {
    options.listener.hear(.failed(message: "interrupted; no results were written"))
  }

  private func say(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}

/// The conditions under which submissions were marked, for the overview.
struct GradeConditions {
  let claims: String
  let grader: Grader

  var sentences: [String] {
    let limits = grader.limits
    let protection =
      grader.isIsolated
      ? "Each submission ran without network, and could write in a folder of its own only."
      : "The submissions were not confined: only the limits protected files and network."
    return [
      "Claims: \(URL(fileURLWithPath: claims).lastPathComponent).", "Seeds: \(grader.scheme.seedText).",
      "Limits: \(EventText.duration(limits.seconds)), \(limits.processorSeconds) s of processor time, \(limits.memory >> 20) MB of memory, "
        + "\(NumberText.count(grader.maximumSteps, "step")), \(limits.fileBytes >> 20) MB of files.", protection,
    ]
  }
}
