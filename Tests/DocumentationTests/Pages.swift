import Foundation

/// The texts that people read, and the Swift files that their samples are taken from.
enum Pages {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let catalogue = root.appendingPathComponent("Sources/Descent/Descent.docc")
  static let tests = root.appendingPathComponent("Tests/DocumentationTests")

  static func text(_ url: URL) throws -> String { try String(contentsOf: url, encoding: .utf8) }

  /// The text of a page of the catalogue: `"SettingUp"`.
  static func page(_ name: String) throws -> String { try text(catalogue.appendingPathComponent("\(name).md")) }

  static func readme() throws -> String { try text(root.appendingPathComponent("README.md")) }

  /// Files of a folder with an extension, in the order of their names.
  static func files(_ folder: URL, _ suffix: String) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == suffix }.sorted { $0.path < $1.path }
  }

  /// The Swift blocks of a page.
  static func swiftBlocks(of markdown: String) -> [String] {
    parts(of: markdown, from: { $0 == "```swift" }, to: { $0 == "```" })
  }

  /// The marked parts of a Swift file, without their common indentation.
  static func snippets(of swift: String) -> [String] {
    parts(
      of: swift, from: { $0.trimmingCharacters(in: .whitespaces) == "// snippet" },
      to: { $0.trimmingCharacters(in: .whitespaces) == "// end" }
    ).map(withoutIndentation)
  }

  private static func parts(of text: String, from begins: (String) -> Bool, to ends: (String) -> Bool) -> [String] {
    var found: [String] = []
    var lines: [String]?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if let open = lines, ends(line) {
        found.append(open.joined(separator: "\n"))
        lines = nil
      } else if lines != nil {
        lines?.append(line)
      } else if begins(line) {
        lines = []
      }
    }
    return found
  }

  private static func withoutIndentation(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let width = lines.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
    return lines.map { String($0.dropFirst(width)) }.joined(separator: "\n")
  }
}
