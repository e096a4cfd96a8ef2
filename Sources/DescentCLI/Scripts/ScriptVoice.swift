import Foundation
import Learning
import Scripts
import Studies

/// Says what happens to scripts: to a person on standard error, or to a program as events on standard output.
struct ScriptVoice: Sendable {
  /// Events, one JSON object per line.
  let isForPrograms: Bool
  private static let isTerminal = isatty(STDERR_FILENO) == 1

  // MARK: Compiling

  func compiling(_ scripts: [Script]) {
    guard isForPrograms else { return }
    for script in scripts { event(["event": "compiling", "file": script.url.path]) }
  }

  func progressed(_ done: Int, of count: Int) {
    if !isForPrograms, Self.isTerminal, count > 1 { say("\r\u{1B}[2Kcompiled \(done) of \(count) scripts") }
  }

  func compiled(_ count: Int, seconds: Double) {
    if isForPrograms {
      event(["event": "compiled", "seconds": seconds])
    } else if Self.isTerminal, count > 1 {
      say("\r\u{1B}[2K")
    }
  }

  func warned(_ diagnostics: [Diagnostic]) {
    if isForPrograms {
      for diagnostic in diagnostics { problem(diagnostic, hint: nil) }
    } else {
      for diagnostic in diagnostics { say(Self.tinted(diagnostic.text) + "\n") }
    }
  }

  /// Why a script was not compiled.
  func failed(_ error: any Error) {
    switch error {
    case let errors as CompileErrors:
      for (index, diagnostic) in errors.diagnostics.enumerated() {
        let hint = errors.hints[index]
        if isForPrograms {
          problem(diagnostic, hint: hint)
        } else {
          say(Self.tinted(diagnostic.text) + "\n" + (hint.map { "hint: \($0)\n" } ?? ""))
        }
      }
    case let mistake as Mistake: failed(mistake)
    default:
      failed(Mistake(.environment, at: "script", value: "\(error)", rule: "it cannot be compiled", remedy: "Try again"))
    }
  }

  func failed(_ mistake: Mistake) {
    found(mistake)
    if !isForPrograms { Console.error(mistake.description) }
  }

  /// Tells another program of a mistake.
  func found(_ mistake: Mistake) {
    guard isForPrograms else { return }
    var fields: [String: Any] = ["event": "problem", "severity": "error", "message": mistake.description]
    if let source = mistake.source { fields.merge(["file": source.file, "line": source.line]) { $1 } }
    event(fields)
  }

  // MARK: Running

  /// The end of a child by its own code.
  func trapped(_ trap: Trap, experiment: String) {
    if isForPrograms {
      var fields: [String: Any] = [
        "event": "problem", "severity": "error", "message": "\(experiment) ended: \(trap.reason)",
      ]
      if let place = trap.place {
        fields.merge(["file": place.file, "line": place.line, "column": place.column]) { $1 }
      }
      return event(fields)
    }
    let place = trap.place.map { "\(URL(fileURLWithPath: $0.file).relative):\($0.line):\($0.column): " } ?? ""
    Console.error("\(place)the code of \(experiment) ended the program: \(trap.reason). Finished runs are kept.")
    if let place = trap.place, let line = Self.line(place.line, of: place.file) {
      say("\(line)\n\(String(repeating: " ", count: max(0, place.column - 1)))^\n")
    }
  }

  func killed(signal: Int32, experiment: String) {
    let why =
      signal == SIGKILL
      ? "by the system, as it does where memory runs out, or by another program" : "by signal \(signal)"
    failed(
      Mistake(
        .environment, at: experiment, value: "", rule: "its process was ended \(why)",
        remedy: "Finished runs are kept. Use fewer runs or smaller data if memory ran out"))
  }

  func say(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

  private func problem(_ diagnostic: Diagnostic, hint: String?) {
    var fields: [String: Any] = [
      "event": "problem", "file": diagnostic.file, "line": diagnostic.line, "column": diagnostic.column,
      "severity": diagnostic.severity.rawValue, "message": diagnostic.message,
    ]
    fields["hint"] = hint
    event(fields)
  }

  private func event(_ fields: [String: Any]) { JSONListener.write(fields) }

  private static func line(_ number: Int, of file: String) -> String? {
    let lines = (try? String(contentsOfFile: file, encoding: .utf8))?.split(
      separator: "\n", omittingEmptySubsequences: false)
    return lines.flatMap { $0.indices.contains(number - 1) ? String($0[number - 1]) : nil }
  }

  private static func tinted(_ text: String) -> String {
    guard isTerminal, (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty else { return text }
    return text.replacing(": error: ", with: ": \u{1B}[31merror:\u{1B}[0m ", maxReplacements: 1)
  }
}
