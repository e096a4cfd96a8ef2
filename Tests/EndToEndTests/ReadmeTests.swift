import Foundation
import Testing

/// The commands, options and experiments that the README names exist.
@Suite struct ReadmeTests {
  private static func readme() throws -> String {
    try String(contentsOf: Program.root.appendingPathComponent("README.md"), encoding: .utf8)
  }

  /// What matches the first group of a pattern, once each.
  private static func words(_ pattern: Regex<(Substring, Substring)>) throws -> Set<String> {
    Set(try readme().matches(of: pattern).map { String($0.output.1) })
  }

  @Test func everyCommandHasHelp() throws {
    let p = try Program()
    defer { p.remove() }
    let commands = try Self.words(#/\| `descent ([a-z]+) /#).union(["list"])
    let overview = try p.run("--help").output
    let listed = overview.matches(of: /\n  ([a-z]+)  +[A-Z]/).map { String($0.output.1) }
    #expect(Set(listed) == commands)
    for command in commands { #expect(try p.run("help", command).output.contains("OVERVIEW: "), "\(command)") }
  }

  @Test func everyOptionIsOneOfRunOrCompare() throws {
    let p = try Program()
    defer { p.remove() }
    let help = try ["run", "compare"].map { try p.run("help", $0).output }.joined()
    let table = try Self.words(/(?m)^\| `(--[a-z]+)/)
    #expect(table.count >= 9)
    for option in table { #expect(help.contains("  \(option) "), "\(option)") }
  }

  @Test func everyExperimentIsListed() throws {
    let p = try Program()
    defer { p.remove() }
    let list = try p.run("list", "--output", p.output).output
    let text = try Self.readme()
    let table = text[(text.range(of: "## Experiments")?.upperBound ?? text.endIndex)...].prefix {
      $0 != "#"
    }
    let names = table.split(separator: "\n").filter { $0.hasPrefix("|") }.flatMap {
      $0.matches(of: /`([a-z-]+)`/).map { String($0.output.1) }
    }
    #expect(names.count > 25)
    for name in names { #expect(list.contains("\n\(name) "), "\(name)") }
  }
}
