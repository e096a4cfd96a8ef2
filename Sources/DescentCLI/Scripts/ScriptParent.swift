import Foundation
import Learning
import Scripts

/// The process that a person starts: it compiles the scripts of a command, and watches the child that runs them.
struct ScriptParent {
  private let command: any ScriptCommand
  private let voice: ScriptVoice

  init(_ command: any ScriptCommand) {
    self.command = command
    voice = ScriptVoice(isForPrograms: command.isForPrograms)
  }

  /// - Returns: the exit code.
  /// - Throws: `Mistake` for names that nothing has, and where compiler or child cannot be started.
  func run() throws -> Int32 {
    try command.checkNames()
    if let job = FrozenJob.current { return try run(try job.requests()) }
    let named = try chosen()
    let results = try ScriptBuild(voice: voice).compile(named.map(\.script))
    var requests: [ScriptProcess.Request] = []
    var status = ExitStatus.success
    for (name, result) in zip(named, results) {
      switch result {
      case .compiled(let script): requests.append(ScriptProcess.Request(argument: name.argument, script: script))
      case .failed(let error):
        voice.failed(error)
        status = max(status, (error as? Mistake).map(ExitStatus.of) ?? ExitStatus.data)
      }
    }
    guard status == ExitStatus.success else { return status }
    return try run(requests)
  }

  private func run(_ requests: [ScriptProcess.Request]) throws -> Int32 {
    let ending = try ScriptProcess(requests).run(Array(CommandLine.arguments.dropFirst()), errors: voice.say)
    let names = requests.compactMap { Script($0.script.source) }.flatMap { DeclaredNames($0).names }
    let experiment = names.count < 4 ? names.joined(separator: " or ") : "an experiment"
    switch ending {
    case .exited(let code): return code
    case .trapped(let trap):
      voice.trapped(trap, experiment: experiment)
      return ExitStatus.trapped
    case .killed(SIGINT), .killed(SIGTERM):
      // Before it could say so itself.
      voice.say("\ninterrupted\n")
      return ExitStatus.interrupted
    case .killed(let signal):
      voice.killed(signal: signal, experiment: experiment)
      return 128 + signal
    }
  }

  /// The scripts of the command with the arguments that name them.
  private func chosen() throws -> [(argument: String, script: Script)] {
    let library = ScriptLibrary()
    guard !command.wantsEveryScript else { return library.scripts.map { ($0.url.path, $0) } }
    var found: [(argument: String, script: Script)] = []
    try Mistakes.collect(
      command.scriptArguments.map { argument in
        { found.append((argument, try library.script(argument))) }
      })
    return found
  }
}
