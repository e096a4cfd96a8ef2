import Foundation
import Learning
package import Studies

/// Events as lines of text.
package enum EventText {
  /// The line for an event; `nil` for events without one.
  package static func line(_ event: Event) -> String? {
    switch event {
    case .planned(let name, let runs, let cached, let steps):
      return "\(Console.tinted(name, .bold)): \(planned(runs, cached: cached, steps: steps))"
    case .damaged(let name, let runs):
      return
        "\(Console.tinted(name, .bold)): \(NumberText.count(runs, "damaged run")) in the archive, trained again"
    case .progressed(let progress): return Self.progress(progress)
    case .diverged, .observed, .composing, .composed: return nil
    case .trained(let progress, let seconds, let archive):
      let diverged = progress.diverged > 0 ? ", \(NumberText.grouped(progress.diverged)) diverged" : ""
      return "trained \(NumberText.count(progress.runsDone, "run")) in \(duration(seconds))\(diverged)"
        + " (\(NumberText.short(progress.stepsPerSecond)) steps/s, \(duration(archive)) for the archive)"
    case .judged(_, let claim, let verdict, let outcome, let mark):
      let tint: Console.Tint = outcome == .passed ? .green : outcome == .failed ? .red : .dim
      let title = mark.title(outcome).map { "\($0)  " } ?? ""
      return Console.tinted(outcome.word, tint) + "  \(title)\(claim): \(verdict)"
    case .wrote(_, let path): return Console.tinted("wrote", .dim) + " \(Quoted.short(path, limit: Int(PATH_MAX)))"
    case .noted(_, let message): return Console.tinted("note", .dim) + "  \(message)"
    case .failed(let message): return message
    }
  }

  private static func planned(_ runs: Int, cached: Int, steps: Int) -> String {
    guard cached == runs else {
      let missing = NumberText.grouped(runs - cached)
      return "\(missing) of \(NumberText.count(runs, "run")) to train, \(NumberText.count(steps, "step")) at most"
    }
    return runs == 1 ? "the only run is in the archive" : "all \(NumberText.count(runs, "run")) are in the archive"
  }

  static func progress(_ progress: Event.Progress) -> String {
    let share = progress.steps > 0 ? min(1, Double(progress.stepsDone) / Double(progress.steps)) : 0
    var parts = [
      NumberText.percent(share, decimals: 0),
      "\(NumberText.grouped(progress.runsDone))/\(NumberText.count(progress.runs, "run"))",
      "\(NumberText.short(Double(progress.stepsDone)))/\(NumberText.short(Double(progress.steps))) steps",
      "\(NumberText.short(progress.stepsPerSecond)) steps/s",
    ]
    if let left = progress.secondsLeft { parts.append("\(duration(left)) left") }
    if progress.diverged > 0 { parts.append("\(progress.diverged) diverged") }
    return parts.joined(separator: "  ")
  }

  /// A time in its largest unit: "85 ms", "4.2 s", "3 min 20 s", "2 h 5 min".
  package static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<1: "\(Int((seconds * 1000).rounded())) ms"
    case ..<60: "\(NumberText.short(seconds)) s"
    case ..<3600: "\(Int(seconds) / 60) min \(Int(seconds) % 60) s"
    default: "\(Int(seconds) / 3600) h \(Int(seconds) % 3600 / 60) min"
    }
  }
}
