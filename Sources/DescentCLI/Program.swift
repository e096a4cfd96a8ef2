import ArgumentParser
import CPlatform
import Descent
import Foundation
import Lanes
import Learning
import Scripts

/// The command line program over a catalogue of experiments.
public enum Program {
  /// The catalogue of the commands; set once, before a command runs.
  nonisolated(unsafe) static var catalogue = Catalogue([])
  /// Whether the experiments are scripts; else they are compiled into the program.
  nonisolated(unsafe) private(set) static var isScripted = false

  /// The scripts of this process, as they were compiled.
  nonisolated(unsafe) private(set) static var scripts: [CompiledScript] = []

  /// The folder of outputs: the project's, or that of a script from elsewhere.
  static var root: URL {
    isScripted && catalogue.types.isEmpty ? ScriptLibrary().folder.deletingLastPathComponent() : catalogue.root
  }

  /// Runs the command that the arguments name over experiments that are compiled into the program, and exits.
  public static func main(_ catalogue: Catalogue) -> Never {
    begin()
    self.catalogue = catalogue
    run { try $0.run() }
  }

  /// Runs the command that the arguments name over scripts, and exits. The code of scripts runs in a child process.
  public static func main() -> Never {
    begin()
    isScripted = true
    guard let requests = ScriptProcess.requests() else {
      run { command in
        guard let command = command as? any ScriptCommand, command.loadsScripts else { return try command.run() }
        leave(try ScriptParent(command).run())
      }
    }
    if descent_end_with_parent(ScriptProcess.parent) == 0 { exit(ExitStatus.interrupted) }
    // Where memory runs out, the system ends this process rather than another.
    try? Data("500".utf8).write(to: URL(fileURLWithPath: "/proc/self/oom_score_adj"))
    run { command in
      (command as? any ScriptCommand)?.beforeLoading()
      catalogue = try Catalogue(loading: requests)
      scripts = requests.map(\.script)
      try command.run()
    }
  }

  private static func begin() {
    refuseForeignProcessor()
    descent_keep_memory()
    // If a reader closes its pipe early, the program ends without a message, not by a signal in the middle of a file.
    signal(SIGPIPE, SIG_IGN)
    Interruption.leaveAtOnce()
  }

  private static func run(_ body: (inout any ParsableCommand) throws -> Void) -> Never {
    do {
      try refuseUnknownCommand()
      try RepeatedOptions.refuse(CommandLine.arguments)
      var command = try DescentCommand.parseAsRoot()
      try body(&command)
      leave(ExitStatus.success)
    } catch {
      leave(error)
    }
  }

  /// The vector code was compiled for one processor. On another without its instructions the program would end with a signal.
  private static func refuseForeignProcessor() {
    guard let missing = InstructionSet.missing else { return }
    Console.error(
      """
      this program was built for a processor with \(missing), and this processor does not have it. \
      Build it on this machine (swift build -c release), or for every x86-64 processor (DESCENT_BASELINE=1 swift build -c release).
      """)
    exit(ExitStatus.environment)
  }

  /// Reports a first word that is not a command, with the nearest command.
  private static func refuseUnknownCommand() throws {
    let commands = DescentCommand.configuration.subcommands.map { $0._commandName } + ["help"]
    guard CommandLine.arguments.count > 1, case let word = CommandLine.arguments[1], !word.hasPrefix("-"),
      !commands.contains(word)
    else { return }
    let near = Spelling.nearest(to: word, among: commands).map { "Did you mean \($0)? " } ?? ""
    throw Mistake(
      at: "command", value: word, rule: "there is no such command",
      remedy: "\(near)The commands are \(commands.joined(separator: ", "))")
  }

  /// Prints a mistake with the line of its declaration; for another program also as an event.
  private static func report(_ mistake: Mistake) {
    ScriptVoice(isForPrograms: CommandLine.arguments.contains("--json")).found(mistake)
    let place = mistake.source.map { "\(URL(fileURLWithPath: $0.file).relative):\($0.line): " } ?? ""
    Console.error(place + mistake.description)
  }

  private static func leave(_ error: any Error) -> Never {
    switch error {
    case let mistake as Mistake:
      report(mistake)
      exit(ExitStatus.of(mistake))
    case let mistakes as Mistakes:
      for mistake in mistakes.all { report(mistake) }
      exit(mistakes.all.first.map(ExitStatus.of) ?? ExitStatus.usage)
    case let code as ExitCode: leave(code.rawValue)
    case _ where DescentCommand.exitCode(for: error).isSuccess:
      // Help and completions.
      Console.line(DescentCommand.fullMessage(for: error))
      leave(ExitStatus.success)
    default:
      // The message quotes what was typed; only line ends are the parser's own.
      let lines = DescentCommand.fullMessage(for: error).split(separator: "\n", omittingEmptySubsequences: false)
      FileHandle.standardError.write(
        Data((lines.map { Quoted.short($0, limit: 500) }.joined(separator: "\n") + "\n").utf8))
      exit(DescentCommand.exitCode(for: error).rawValue)
    }
  }

  /// Exits with a status, or with an error if the output could not be written.
  private static func leave(_ status: Int32) -> Never {
    guard Console.hasFailed else { exit(status) }
    Console.error("standard output: not everything could be written. Check the disk.")
    exit(status == ExitStatus.success ? ExitStatus.output : status)
  }
}

/// The exit codes of the program; the README explains them.
enum ExitStatus {
  static let success: Int32 = 0
  /// `--strict`: a claim failed or was not tested.
  static let strict: Int32 = 1
  static let usage: Int32 = 64
  static let data: Int32 = 65
  static let environment: Int32 = 69
  /// The code of an experiment ended its process.
  static let trapped: Int32 = 70
  static let output: Int32 = 73
  static let archive: Int32 = 74
  /// Ctrl-C; finished runs are kept.
  static let interrupted: Int32 = 130

  static func of(_ mistake: Mistake) -> Int32 {
    switch mistake.kind {
    case .usage: usage
    case .data: data
    case .environment: environment
    case .output: output
    case .archive: archive
    }
  }
}
