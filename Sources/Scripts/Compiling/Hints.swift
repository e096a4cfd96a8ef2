import Foundation
import Learning

/// Advice for frequent errors of the compiler, in the words of Descent.
package struct Hints {
  private let text: String
  private let types: [String]
  private let vocabulary = Vocabulary.current

  package init(_ script: Script) {
    text = script.texts.joined(separator: "\n")
    types = text.matches(of: /\b(?:struct|enum|class|typealias)\s+(\w+)/).map { String($0.output.1) }
  }

  /// The hint for an error; `nil` where the compiler's words are enough.
  package func hint(for diagnostic: Diagnostic) -> String? {
    guard diagnostic.severity == .error else { return nil }
    if let hidden = hiddenType(in: diagnostic.message) { return hidden }
    if let found = diagnostic.message.firstMatch(of: /cannot find (?:type )?'(\w+)' in scope/) {
      return missing(String(found.output.1))
    }
    if let found = diagnostic.message.firstMatch(of: /has no member '(\w+)'/) {
      return misspelt(String(found.output.1))
    }
    if diagnostic.message.contains("does not conform to protocol 'Experiment'") {
      return "an experiment needs title, setup, sweep and report; for an example: descent new NAME"
    }
    return nil
  }

  private func missing(_ word: String) -> String? {
    let isImported = text.contains(/(?m)^\s*import\s+Descent\b/)
    if !isImported, vocabulary.words.contains(word) { return "add the line: import Descent" }
    return misspelt(word)
  }

  private func misspelt(_ word: String) -> String? {
    guard !vocabulary.words.contains(word) else { return nil }
    // Types begin with a capital, everything else does not: "los" is no Loss.
    let isType = word.first?.isUppercase ?? false
    let candidates = vocabulary.sorted.filter { $0.first?.isUppercase == isType }
    return Spelling.nearest(to: word, among: candidates).map { "did you mean \($0)?" }
  }

  /// A type of the script that has the name of one of Descent's hides it: errors at its uses then say little.
  private func hiddenType(in message: String) -> String? {
    types.first { vocabulary.types.contains($0) && message.contains("'\($0)") }.map {
      "the script declares a type \($0), which hides Descent's type of that name: give it another name"
    }
  }
}

/// The public words of Descent, read from its sources.
struct Vocabulary: Sendable {
  let types: Set<String>
  let words: Set<String>

  static let current = Vocabulary()

  /// In a fixed order, so that of two words at the same distance always the same one is proposed.
  var sorted: [String] { words.sorted() }

  private init() {
    let modules = ["Engine", "Learning", "Studies", "Analysis", "Figures", "Landscape", "Plotting", "Documents"]
    var (types, words): (Set<String>, Set<String>) = ([], [])
    for module in modules {
      let root = Toolchain.packageFolder.appendingPathComponent("Sources/\(module)")
      let files =
        FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
      for file in files where file.pathExtension == "swift" {
        for (kind, name) in Self.declarations(in: (try? String(contentsOf: file, encoding: .utf8)) ?? "") {
          words.insert(name)
          if kind { types.insert(name) }
        }
      }
    }
    (self.types, self.words) = (types, words)
  }

  /// The public declarations of a source, each with whether it is a type at the top level.
  private static func declarations(in text: String) -> [(isType: Bool, name: String)] {
    text.split(separator: "\n").compactMap { line in
      let isTop = !line.hasPrefix(" ")
      var words = line.split { $0 == " " || $0 == "(" || $0 == ":" || $0 == "<" || $0 == "," || $0 == "{" }[...]
      let isCase = words.first == "case"
      guard isCase || words.first == "public" else { return nil }
      if isCase { return words.dropFirst().first.flatMap { name in name.hasPrefix(".") ? nil : (false, String(name)) } }
      words = words.drop {
        ["public", "static", "final", "mutating", "indirect", "package(set)", "private(set)"].contains($0)
      }
      guard let kind = words.first, let name = words.dropFirst().first,
        ["struct", "enum", "class", "protocol", "typealias", "func", "var", "let"].contains(kind)
      else { return nil }
      return (isTop && !["func", "var", "let"].contains(kind), String(name))
    }
  }
}
