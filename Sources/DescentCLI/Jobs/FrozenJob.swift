import ArgumentParser
import Foundation
import Jobs
import Learning
import Scripts
import Studies

/// The job whose copies of program, scripts and data this process uses; its launcher names the folder in the environment.
struct FrozenJob {
  private static let variable = "DESCENT_JOB"

  let folder: JobFolder

  /// The job of this process; `nil` for a program that a person has started.
  static let current = ProcessInfo.processInfo.environment[variable].map {
    FrozenJob(folder: JobFolder(URL(fileURLWithPath: $0)))
  }

  /// The compiled scripts of the job, under the name of its experiment.
  /// - Throws: `Mistake` where one is missing.
  func requests() throws -> [ScriptProcess.Request] {
    let job = try folder.job()
    return try job.scripts.map { file in
      let entry = folder.file(file.name).deletingLastPathComponent()
      guard let script = ObjectCache.entry(at: entry) else {
        throw Mistake(
          .data, at: entry.path, value: "", rule: "a compiled script of the job is missing",
          remedy: "Remove the job folder and send the sweep again: descent submit \(job.experiment)")
      }
      return ScriptProcess.Request(argument: job.experiment, script: script)
    }
  }

  /// The copies of the files of data, by the path under which the experiment reads them.
  var dataCopies: [String: URL] {
    let files = (try? folder.job())?.data ?? []
    return Dictionary(
      files.compactMap { file in file.path.map { ($0, folder.file(file.name)) } }, uniquingKeysWith: { a, _ in a })
  }

  /// Replaces this process by the launcher of a job folder.
  /// - Throws: `Mistake` where there is none.
  static func enter(_ folder: JobFolder, arguments: [String]) throws {
    _ = try folder.job()
    let launcher = folder.file("descent").path
    var words = ([launcher] + arguments).map { strdup($0) } + [nil]
    execv(launcher, &words)
    throw Mistake(
      .environment, at: launcher, value: String(cString: strerror(errno)),
      rule: "the program of the job cannot be started",
      remedy: "Send the sweep again: descent submit NAME")
  }
}

extension Job {
  /// The changes of the command line with which the sweep was sent.
  func overrides() throws -> Overrides {
    var options = try SweepOptions.parse([])
    (options.settings, options.seeds) = (settings, seeds)
    return try options.overrides()
  }
}

/// Names of this machine and this user.
enum Here {
  static var host: String { ProcessInfo.processInfo.hostName }
  static var user: String { ProcessInfo.processInfo.userName }

  /// A new folder on a disk of this machine: of the scheduler's, or for temporary files.
  /// - Throws: `Mistake` where none can be made.
  static func scratch() throws -> URL {
    let environment = ProcessInfo.processInfo.environment
    let places = [environment["SLURM_TMPDIR"], environment["TMPDIR"], "/tmp"].compactMap(\.self)
    for place in places where !place.isEmpty {
      let folder = URL(fileURLWithPath: place).appendingPathComponent("descent-\(UUID().uuidString)")
      if mkdir(folder.path, 0o700) == 0 { return folder }
    }
    throw Mistake(
      .output, at: places.first ?? "/tmp", value: "", rule: "no folder for temporary files can be made",
      remedy: "Set TMPDIR to a folder on a disk of this machine")
  }
}
