import ArgumentParser
import Foundation
import Learning
import Scripts
import Studies

/// The task of a process that `descent grade` starts.
struct MarkingJob: Codable {
  /// The folder of the compiled claims.
  let claims: URL
  /// The folder of the compiled submission; `nil` where only the claims are read.
  var submission: URL?
  /// Seeds of the command line in place of those of the lecturer's file.
  var seeds: [UInt64]?
  /// The most steps of all runs together.
  var maximumSteps = 0
  var threads = 1
  /// Folders in which data are looked for, beside those of the submission.
  var dataFolders: [URL] = []
  /// Where the result is written.
  let result: URL
  /// The folder of the archive and of the pages.
  let scratch: URL

  func write(to file: URL) throws { try JSONEncoder().encode(self).write(to: file) }

  static func read(_ path: String) throws -> MarkingJob {
    try JSONDecoder().decode(MarkingJob.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// A compiled script of the job.
  static func script(_ folder: URL) throws -> CompiledScript {
    guard let script = ObjectCache.entry(at: folder) else {
      throw Mistake(
        .environment, at: folder.path, value: "", rule: "the compiled script has disappeared",
        remedy: "Run the same command again")
    }
    return script
  }
}

/// The processes of `descent grade`; not for users.
struct MarkCommand: ScriptCommand {
  static let configuration = CommandConfiguration(
    commandName: "mark", abstract: "Mark one submission, for descent grade.", shouldDisplay: false)

  enum Role: String, ExpressibleByArgument {
    /// Reads the claims of the lecturer's file.
    case describe
    /// Watches the process of a submission. It holds none of its code.
    case watch
    /// Loads a submission and judges it.
    case judge
  }

  @Argument var role: Role
  @Argument var job: String

  var scriptArguments: [String] { [] }
  var loadsScripts: Bool { false }

  func beforeLoading() { if role == .judge { MarkChannel.receive() } }

  func run() throws {
    let job = try MarkingJob.read(job)
    switch role {
    case .describe:
      let scheme = try MarkingScheme(of: try MarkingJob.script(job.claims), seeds: job.seeds)
      try JSONEncoder().encode(scheme).write(to: job.result)
    case .watch: try watch(job)
    case .judge: try Judge(job).run()
    }
  }

  /// Runs the process of the submission and says how it has ended.
  private func watch(_ job: MarkingJob) throws {
    guard let submission = job.submission else { return }
    let script = try MarkingJob.script(submission)
    let voice = ScriptVoice(isForPrograms: false)
    let request = ScriptProcess.Request(argument: script.source.path, script: script)
    let ending = try ScriptProcess([request]).run(["mark", "judge", self.job], errors: voice.say)
    switch ending {
    case .exited(let code): throw ExitCode(code)
    case .trapped(let trap):
      let place = trap.place.map { "\(URL(fileURLWithPath: $0.file).lastPathComponent):\($0.line): " } ?? ""
      voice.say("\(SubmissionEnding.trapSign)\(place)\(trap.reason)\n")
      throw ExitCode(ExitStatus.trapped)
    case .killed(let signal): throw ExitCode(128 + signal)
    }
  }
}
