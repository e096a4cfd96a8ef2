import Figures
import Foundation

/// The names of experiments that the text of a script declares: what can be said before it is compiled.
///
/// Only the compiler knows for certain. A name that is computed, or a conformance behind a type alias, is not found here.
package struct DeclaredNames {
  /// The names in the terminal, in the order of the files.
  package let names: [String]

  package init(_ script: Script) {
    self.init(texts: script.texts)
  }

  package init(texts: [String]) {
    names = texts.flatMap(Self.names)
  }

  private static func names(in text: String) -> [String] {
    var found: [String] = []
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      let line = Substring(line)
      if let type = experiment(declaredBy: line) {
        found.append(ExperimentName.kebab(type))
      } else if let name = givenName(in: line), !found.isEmpty {
        found[found.count - 1] = name
      }
    }
    return found
  }

  /// The type of `struct Name: Experiment {`; `nil` for every other line.
  private static func experiment(declaredBy line: Substring) -> String? {
    guard line.utf8.contains(UInt8(ascii: ":")), line.contains("Experiment"), !line.hasPrefix("//") else { return nil }
    let parts = line.split(separator: ":", maxSplits: 1)
    let head = parts[0].split { $0 == " " }
    let conformances = parts.dropFirst().joined().prefix { $0 != "{" }.split { !$0.isLetter && !$0.isNumber }
    guard conformances.contains("Experiment"),
      let kind = head.lastIndex(where: { ["struct", "enum", "class"].contains($0) })
    else { return nil }
    return head.dropFirst(kind + 1).first.map(String.init)
  }

  /// The text of `static let name = "…"`, where a type does not take its own name.
  private static func givenName(in line: Substring) -> String? {
    guard line.contains("static") else { return nil }
    let words = line.split { " :={".contains($0) }
    guard words.first == "static", words.dropFirst(2).first == "name" else { return nil }
    let quoted = line.split(separator: "\"", omittingEmptySubsequences: false)
    return quoted.count == 3 ? String(quoted[1]) : nil
  }
}
