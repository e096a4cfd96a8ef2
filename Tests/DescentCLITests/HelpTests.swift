import ArgumentParser
import DescentCLI
import Testing

/// The help of every command.
@Suite struct HelpTests {
  /// One line for each option: the text of a long option begins on a line of its own.
  private static func help(_ command: any ParsableCommand.Type) -> [Substring] {
    DescentCommand.helpMessage(for: command, columns: 1000).replacing(/\n {20,}/, with: " ").split(separator: "\n")
  }

  @Test func everyOptionWithAValueSaysWhatHoldsWithoutIt() {
    var count = 0
    for command in DescentCommand.configuration.subcommands {
      for line in Self.help(command) where line.contains(/^ +--[a-z-]+ <[^>]*>/) {
        #expect(line.contains("(default: ") || line.contains("Required."), "\(command): \(line)")
        count += 1
      }
    }
    #expect(count > 15)
  }

  @Test func everyTextIsASentence() {
    for command in DescentCommand.configuration.subcommands {
      let overview = Self.help(command).first { $0.hasPrefix("OVERVIEW: ") } ?? ""
      #expect(overview.hasSuffix(".") && overview.dropFirst(10).first?.isUppercase == true, "\(command): \(overview)")
    }
  }
}
