import Foundation
import Learning

/// A message of the Swift compiler.
package struct Diagnostic: Hashable, Sendable {
  package enum Severity: String, Sendable {
    case error, warning, note
  }

  package let severity: Severity
  package let file: String
  package let line: Int
  package let column: Int
  package let message: String
  /// The message as the compiler wrote it, with the line of the source and the caret.
  package var text: String

  package init(severity: Severity, file: String, line: Int, column: Int, message: String, text: String) {
    self.severity = severity
    self.file = file
    self.line = line
    self.column = column
    self.message = message
    self.text = text
  }

  /// The messages in the compiler's output, in its order.
  package static func parse(_ output: String) -> [Diagnostic] {
    var found: [Diagnostic] = []
    for line in output.split(separator: "\n", omittingEmptySubsequences: false) {
      if let head = line.wholeMatch(of: /(.+?):(\d+):(\d+): (error|warning|note): (.*)/) {
        let (_, file, row, column, severity, message) = head.output
        found.append(
          Diagnostic(
            severity: Severity(rawValue: String(severity)) ?? .error, file: String(file), line: Int(row) ?? 0,
            column: Int(column) ?? 0, message: String(message), text: String(line)))
      } else if let last = found.indices.last, !line.isEmpty {
        found[last].text += "\n" + line
      }
    }
    return found
  }
}

/// What keeps a script from being compiled.
package struct CompileErrors: Error, Sendable {
  /// Errors, warnings and notes, those in the user's files first.
  package let diagnostics: [Diagnostic]
  /// A hint for a frequent error, by its position in `diagnostics`.
  package let hints: [Int: String]

  package init(_ diagnostics: [Diagnostic], script: Script) {
    let own = Set(script.files.map(\.path))
    let sorted = Self.groups(diagnostics).enumerated().sorted { a, b in
      let (x, y) = (own.contains(a.element[0].file) ? 0 : 1, own.contains(b.element[0].file) ? 0 : 1)
      return (x, a.offset) < (y, b.offset)
    }.flatMap(\.element)
    self.diagnostics = sorted
    let words = Hints(script)
    // Each hint once, at the first error that it is about.
    var hints: [Int: String] = [:]
    for (index, diagnostic) in sorted.enumerated() {
      if let hint = words.hint(for: diagnostic), !hints.values.contains(hint) { hints[index] = hint }
    }
    self.hints = hints
  }

  /// An error or a warning with the notes that follow it.
  private static func groups(_ diagnostics: [Diagnostic]) -> [[Diagnostic]] {
    var groups: [[Diagnostic]] = []
    for diagnostic in diagnostics {
      if diagnostic.severity == .note, !groups.isEmpty {
        groups[groups.count - 1].append(diagnostic)
      } else {
        groups.append([diagnostic])
      }
    }
    return groups
  }
}
