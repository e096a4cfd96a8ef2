import Foundation
import Learning
import Notebook
import Testing

/// The one file that a page writes.
@Suite struct ScriptFileTests {
  @Test func aSavedTextReplacesTheVersionThatThePageKnows() throws {
    let scratch = try Scratch()
    let path = try scratch.write("one", to: "A.swift")
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    let file = try ScriptFile(path: path)
    let first = try #require(try file.content())
    guard case .saved(let second) = try file.write("two", over: first.version) else { throw Unexpected() }
    #expect(try scratch.text("A.swift") == "two")
    #expect(second.version != first.version)
    #expect(try file.content() == second)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o640)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.folder) == ["A.swift"])
  }

  @Test func anotherVersionIsNeverOverwritten() throws {
    let scratch = try Scratch()
    let file = try ScriptFile(path: try scratch.write("one", to: "A.swift"))
    let first = try #require(try file.content())
    try scratch.write("by another program", to: "A.swift")
    #expect(try file.write("two", over: first.version) == .conflict(ScriptFile.Content("by another program")))
    #expect(try scratch.text("A.swift") == "by another program")
    try FileManager.default.removeItem(atPath: scratch.path("A.swift"))
    #expect(try file.write("two", over: first.version) == .conflict(nil))
    #expect(!FileManager.default.fileExists(atPath: scratch.path("A.swift")))
    // The empty version is that of a removed file.
    #expect(try file.write("two", over: "") == .saved(ScriptFile.Content("two")))
  }

  /// Of many pages that save over one version at the same time, one succeeds, and its text stays.
  @Test func oneOfManyWritersSucceeds() async throws {
    let scratch = try Scratch()
    let file = try ScriptFile(path: try scratch.write("start", to: "A.swift"))
    for round in 0..<20 {
      let base = try #require(try file.content()).version
      let saved = try await withThrowingTaskGroup(of: String?.self) { group in
        for writer in 0..<8 {
          group.addTask {
            let text = "round \(round), writer \(writer)"
            guard case .saved = try file.write(text, over: base) else { return nil }
            return text
          }
        }
        return try await group.reduce(into: [String]()) { all, text in all += [text].compactMap(\.self) }
      }
      let text = try scratch.text("A.swift")
      #expect(saved == [text])
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.folder) == ["A.swift"])
  }

  /// Another program saves again and again while the page does. Every text of the page names the one that it replaces, so that at the
  /// end the last text of the other program is in the file, alone or within a text of the page.
  @Test func nothingOfAnotherProgramIsLost() async throws {
    let scratch = try Scratch()
    let file = try ScriptFile(path: try scratch.write("start", to: "A.swift"))
    let other = Task.detached {
      for version in 0..<400 {
        try scratch.write("other \(version);", to: "new")
        rename(scratch.path("new"), scratch.path("A.swift"))
      }
    }
    var outcomes: Set<Bool> = []
    for _ in 0..<400 {
      guard let base = try file.content(), base.text.count < 2_000 else { continue }
      let outcome = try file.write("page over \(base.text)", over: base.version)
      outcomes.insert(outcome == .saved(ScriptFile.Content("page over \(base.text)")))
    }
    try await other.value
    #expect(try scratch.text("A.swift").contains("other 399;"))
    #expect(outcomes.contains(true))
  }

  @Test func aLinkIsResolvedWhenTheFileIsOpened() throws {
    let scratch = try Scratch()
    try scratch.write("target", to: "Target.swift")
    try scratch.write("secret", to: "Secret.swift")
    let link = scratch.path("Link.swift")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: scratch.path("Target.swift"))
    let file = try ScriptFile(path: link)
    try FileManager.default.removeItem(atPath: link)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: scratch.path("Secret.swift"))
    #expect(try file.content()?.text == "target")
    _ = try file.write("changed", over: ScriptFile.Content("target").version)
    #expect(try scratch.text("Target.swift") == "changed")
    #expect(try scratch.text("Secret.swift") == "secret")
  }

  @Test func whatIsNoTextIsRefused() throws {
    let scratch = try Scratch()
    try Data([0xFF, 0xFE, 0x00]).write(to: URL(fileURLWithPath: scratch.path("B.swift")))
    try Data(count: ScriptFile.limit + 1).write(to: URL(fileURLWithPath: scratch.path("C.swift")))
    for (name, rule) in [
      ("B.swift", "is not UTF-8"), ("C.swift", "at most 2 MB"), ("D.swift", "no such file"), ("", "not a regular file"),
    ] {
      let mistake = #expect(throws: Mistake.self) { try ScriptFile(path: scratch.path(name)) }
      #expect(mistake?.rule.contains(rule) == true, "\(name)")
    }
  }

  struct Unexpected: Error {}
}
