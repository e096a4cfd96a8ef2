import Foundation
import Studies
import Synchronization

/// Writes nothing.
struct SilentListener: EventListener {
  func hear(_ event: Event) {}
}

/// Plain lines for a pipe or a file, with progress every five seconds.
final class PlainLog: EventListener {
  /// When a line was last written; a monotonic clock, so that a changed time of day has no effect.
  private let lastLine = Mutex<ContinuousClock.Instant?>(nil)

  func hear(_ event: Event) {
    switch event {
    case .progressed(let progress):
      let isDue = lastLine.withLock { last in
        guard last.map({ .now - $0 >= .seconds(5) }) ?? true else { return false }
        last = .now
        return true
      }
      if isDue { Console.line(EventText.progress(progress)) }
    case .planned:
      lastLine.withLock { $0 = .now }
      EventText.line(event).map(Console.line)
    default: EventText.line(event).map(Console.line)
    }
  }
}

/// A progress bar that is redrawn in place.
final class ProgressBar: EventListener {
  private let isShown = Mutex(false)

  func hear(_ event: Event) {
    isShown.withLock { isShown in
      if case .progressed(let progress) = event {
        Console.write("\r\u{1B}[2K" + bar(progress))
        isShown = true
        return
      }
      guard let line = EventText.line(event) else { return }
      Console.write((isShown ? "\r\u{1B}[2K" : "") + line + "\n")
      isShown = false
    }
  }

  private func bar(_ progress: Event.Progress) -> String {
    let share = progress.steps > 0 ? min(1, Double(progress.stepsDone) / Double(progress.steps)) : 0
    let text = EventText.progress(progress)
    let room = max(6, min(30, Console.width - text.count - 4))
    let filled = Int(share * Double(room))
    let bar = String(repeating: "━", count: filled) + Console.tinted(String(repeating: "─", count: room - filled), .dim)
    return "\(bar) \(text)"
  }
}

/// One JSON object per line, for other programs.
final class JSONListener: EventListener {
  func hear(_ event: Event) { Self.write(fields(event)) }

  static func write(_ fields: [String: Any]) {
    guard
      let data = try? JSONSerialization.data(withJSONObject: fields, options: [.sortedKeys, .withoutEscapingSlashes])
    else { return }
    Console.line(String(decoding: data, as: UTF8.self))
  }

  private func fields(_ event: Event) -> [String: Any] {
    switch event {
    case .planned(let name, let runs, let cached, let steps):
      return ["event": "planned", "experiment": name, "runs": runs, "cached": cached, "steps": steps]
    case .damaged(let name, let runs): return ["event": "damaged", "experiment": name, "runs": runs]
    case .progressed(let progress): return merged("progressed", progress)
    case .observed(let name, let samples):
      let fields = samples.map { sample -> [String: Any] in
        // JSON has no infinity.
        let loss: Any = sample.loss.isFinite ? sample.loss : "\(sample.loss)"
        return ["run": sample.run, "step": sample.step, "loss": loss]
      }
      return ["event": "observed", "experiment": name, "samples": fields]
    case .diverged(let name, let run, let step):
      return ["event": "diverged", "experiment": name, "run": run, "step": step]
    case .trained(let progress, let seconds, let archive):
      return merged("trained", progress).merging(["trainSeconds": seconds, "archiveSeconds": archive]) { a, _ in a }
    case .judged(let name, let claim, let verdict, let outcome, let mark):
      let fields: [String: Any] = [
        "event": "judged", "experiment": name, "claim": claim, "verdict": verdict, "outcome": outcome.rawValue,
      ]
      return fields.merging(marked(mark, outcome)) { a, _ in a }
    case .composing(let name, let title, let cells):
      return ["event": "report", "experiment": name, "title": title, "cells": cells]
    case .composed(let name, let index, let html):
      return ["event": "cell", "experiment": name, "index": index, "html": html]
    case .wrote(let name, let path): return ["event": "wrote", "experiment": name, "path": path]
    case .noted(let name, let message): return ["event": "noted", "experiment": name, "message": message]
    case .failed(let message): return ["event": "failed", "message": message]
    }
  }

  /// The identifier, the points and the numbers of a claim, as far as it has them.
  private func marked(_ mark: Event.Mark, _ outcome: Event.Outcome) -> [String: Any] {
    var fields: [String: Any] = [:]
    fields["id"] = mark.id
    fields["points"] = mark.points
    if mark.points != nil { fields["score"] = mark.score(outcome) }
    // JSON has no infinity.
    fields["value"] = mark.value.map { $0.isFinite ? $0 : "\($0)" as Any }
    fields["comparison"] = mark.comparison
    fields["bound"] = mark.bound.map { $0.isFinite ? $0 : "\($0)" as Any }
    return fields
  }

  private func merged(_ name: String, _ progress: Event.Progress) -> [String: Any] {
    [
      "event": name, "experiment": progress.experiment, "runs": progress.runs, "runsDone": progress.runsDone,
      "steps": progress.steps, "stepsDone": progress.stepsDone, "diverged": progress.diverged,
      "seconds": progress.seconds, "stepsPerSecond": progress.stepsPerSecond,
    ]
  }
}
