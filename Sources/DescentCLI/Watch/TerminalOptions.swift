import ArgumentParser
import Foundation
import Gnuplot
import Learning

/// The kind of pictures in a terminal.
struct TerminalOptions: ParsableArguments {
  @Option(
    name: .long,
    help: .option(
      "Pictures in the terminal: dumb (characters), plain (without colour) or sixel.",
      default: "chosen by the terminal", "kind"))
  var terminal: String?

  func picture() throws -> LivePicture {
    guard TerminalPicture.isAvailable else {
      throw Mistake(
        .environment, at: "gnuplot", value: "",
        rule: "gnuplot draws the curves in a terminal, and it is not installed",
        remedy: "Install it: apt-get install gnuplot-nox")
    }
    guard let terminal else {
      let environment = ProcessInfo.processInfo.environment
      return LivePicture(TerminalPicture.kind(environment: environment, isTerminal: Console.hasColor))
    }
    guard let kind = TerminalPicture.Kind(rawValue: terminal) else {
      throw Mistake(
        at: "--terminal", value: terminal, rule: "there is no such kind", remedy: "Write dumb, plain or sixel")
    }
    return LivePicture(kind)
  }
}
