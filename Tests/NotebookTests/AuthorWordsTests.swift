import Foundation
import Notebook
import Testing

/// The words that the editor completes are words of Descent.
@Suite struct AuthorWordsTests {
  private static func declarations() throws -> String {
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Sources")
    var text = ""
    for module in ["Engine", "Learning", "Studies", "Analysis", "Figures", "Landscape", "Plotting"] {
      let folder = sources.appendingPathComponent(module)
      let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
      for case let file as URL in files ?? .init() where file.pathExtension == "swift" {
        text += try String(contentsOf: file, encoding: .utf8)
      }
    }
    return text
  }

  @Test func everyWordIsDeclared() throws {
    let text = try Self.declarations()
    #expect(text.utf8.count > 100_000)
    let types = Set(
      text.matches(of: /public (?:struct|enum|protocol|final class|typealias) ([A-Za-z]+)/).map { String($0.output.1) })
    let members = Set(
      text.matches(of: /public (?:static )?(?:func|var|let) `?([A-Za-z]+)/).map { String($0.output.1) }
        + text.matches(of: /(?m)^ +case ([^:\n]*)$/).flatMap {
          $0.output.1.matches(of: /[A-Za-z]+/).map { String($0.output) }
        })
    #expect(AuthorWords.types.filter { !types.contains($0) } == [])
    #expect(AuthorWords.members.filter { !members.contains($0) } == [])
    for words in [AuthorWords.types, AuthorWords.members] { #expect(Set(words).count == words.count) }
  }
}
