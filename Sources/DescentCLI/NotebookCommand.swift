import ArgumentParser
import Foundation
import Learning

/// Starts `descent-notebook`, a program of its own: who does not use the page does not build its HTTP server.
struct NotebookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "notebook", abstract: "Open a page with the source and the report of an experiment's file.",
    discussion: "All options: descent notebook --help.")

  @Argument(
    parsing: .captureForPassthrough, help: ArgumentHelp("File and options of the page.", valueName: "arguments"))
  var arguments: [String] = []

  func run() throws {
    let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let program = own.deletingLastPathComponent().appendingPathComponent("descent-notebook")
    guard FileManager.default.isExecutableFile(atPath: program.path) else {
      throw Mistake(
        .environment, at: "notebook", value: program.path, rule: "the program of the page is not built",
        remedy: "Use experiments/run notebook, which builds it. Or: swift build -c release --product descent-notebook")
    }
    var words: [UnsafeMutablePointer<CChar>?] = ([program.path] + arguments).map { strdup($0) } + [nil]
    execv(program.path, &words)
    throw Mistake(
      .environment, at: "notebook", value: program.path, rule: String(cString: strerror(errno)),
      remedy: "Build it again: swift build -c release --product descent-notebook")
  }
}
