import ArgumentParser
import Foundation
import Learning
import Notebook

/// The command `descent notebook`.
@main
struct NotebookProgram: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "descent notebook",
    abstract: "Open a page with the source and the report of an experiment's file.",
    discussion: """
      The page is served on this computer alone, at the address that is printed. When the file is saved, in the page or by any \
      editor, it is compiled and run. Ctrl-C ends the program; finished runs are kept.
      """)

  @Argument(help: "The Swift file of the experiment. The only one in this folder if left out.")
  var file: String?

  @Option(help: ArgumentHelp("Port of the page. (default: that of the last time, or a free one)", valueName: "number"))
  var port: UInt16?

  @Flag(name: .customLong("no-open"), help: "Print the address only; do not open a browser.")
  var staysClosed = false

  @Flag(name: .customLong("run"), help: "Run the file at once, not only when it is saved.")
  var runsAtOnce = false

  @Option(
    help: ArgumentHelp("Folder of the reports and the archive. (default: output in the project)", valueName: "folder"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Most memory of the script's data in GB; 0 for no limit. (default: 80 % of the computer's)", valueName: "number"))
  var memory: Double?

  @Option(help: .hidden)
  var descent: String?

  @Option(help: .hidden)
  var codemirror: String?

  func run() async throws {
    do {
      try await serve()
    } catch let mistake as Mistake {
      FileHandle.standardError.write(Data("error: \(mistake.description)\n".utf8))
      throw ExitCode(mistake.kind == .output ? 73 : mistake.kind == .environment ? 69 : mistake.kind == .data ? 65 : 64)
    }
  }

  private func serve() async throws {
    signal(SIGPIPE, SIG_IGN)
    let script = try ScriptFile(path: try chosenFile())
    let session = try NotebookSession(
      NotebookSession.Configuration(
        script: script, program: try program(), output: output.map { URL(fileURLWithPath: $0).path },
        memory: try memoryLimit()))
    let assets = codemirror.map { PageAssets(codeMirror: $0) } ?? PageAssets()
    let memory = PageMemory(script: script)
    let server = try await PageServer.listening(to: session, assets: assets, port: port, memory: memory)
    if !assets.hasEditor {
      say("the editor is plain: CodeMirror is not installed (apt-get install libjs-codemirror)")
    }
    say("\(script.name) is open at \(server.access.address)")
    say("Ctrl-C ends the page")
    if !staysClosed, let opener = memory.opener(to: server.access.address) { Browser.open(opener) }
    if runsAtOnce { await session.start() }
    let serving = Task { try await server.serve() }
    await Signals.next()
    serving.cancel()
    await session.leave()
  }

  private func say(_ text: String) { FileHandle.standardOutput.write(Data("\(text)\n".utf8)) }

  private func chosenFile() throws -> String {
    if let file { return file }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: ".")) ?? []
    let scripts = names.filter { name in
      guard name.hasSuffix(".swift") else { return false }
      return (try? String(contentsOfFile: name, encoding: .utf8))?.contains("import Descent") ?? false
    }.sorted()
    if let only = scripts.first, scripts.count == 1 { return only }
    throw Mistake(
      at: "notebook", value: scripts.isEmpty ? "" : "\(scripts.count) experiments in this folder",
      rule: "no file is named",
      remedy: "Name the file of an experiment: descent notebook experiments/LearningRates.swift")
  }

  /// The program that runs scripts: beside this one.
  private func program() throws -> String {
    let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let path = descent ?? own.deletingLastPathComponent().appendingPathComponent("descent").path
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw Mistake(
        .environment, at: "notebook", value: path, rule: "the program that runs experiments is not built",
        remedy: "Build it: swift build -c release --product descent")
    }
    return path
  }

  private func memoryLimit() throws -> UInt64 {
    guard let memory else { return ProcessInfo.processInfo.physicalMemory / 5 * 4 }
    guard memory == 0 || (0.1...1e6).contains(memory) else {
      throw Mistake(
        at: "--memory", value: "\(memory)", rule: "must be 0 or at least 0.1",
        remedy: "Leave it out for 80 % of the computer's memory")
    }
    return UInt64(memory * 1e9)
  }
}
