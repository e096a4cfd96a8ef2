import ArgumentParser
import Foundation
import Jobs
import Learning

/// How a sweep is cut and sent.
struct SubmitOptions: ParsableArguments {
  @Flag(name: .long, help: "Send the chunks to Slurm, as job arrays. Without it, only the job folder is made.")
  var slurm = false

  @Option(name: .long, help: .option("Slurm's partition.", default: "that of the site", "name"))
  var partition: String?

  @Option(
    name: .long,
    help: .option("Slurm's limit of time for a task, as in 2:00:00.", default: "three times the estimate", "time"))
  var time: String?

  @Option(name: .long, help: .option("Tasks that run at the same time, at most.", default: "no limit", "number"))
  var maxJobs: Int?

  @Option(
    name: .long,
    help: .option(
      "Another option for sbatch, such as --sbatch=--account=physics. May be repeated.", default: "none", "option"))
  var sbatch: [String] = []

  @Option(
    name: .long,
    help: .option(
      "What follows as a job of its own when no task is left: collect, or collect,render.", default: "nothing",
      "commands"))
  var then: String?

  @Option(
    name: .long, help: ArgumentHelp("Minutes that a chunk should take, from a short calibration.", valueName: "minutes")
  )
  var chunkMinutes = 20.0

  @Option(name: .long, help: .option("Threads of a worker, and processors of a task.", default: "1", "number"))
  var threads: Int?

  @Flag(
    name: .long,
    help: "Copy the build for every x86-64 processor, too, for nodes that lack an instruction of this machine.")
  var baseline = false

  @Option(
    name: .long,
    help: .option(
      "The program of --baseline.", default: ".build/baseline/release/descent in the package", "file"))
  var baselineProgram: String?

  @Flag(name: .long, help: "Show what would be sent, and write nothing.")
  var dryRun = false

  /// The commands of `--then`.
  var followers: [String] { then?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } ?? [] }

  /// - Throws: `Mistakes`, one for each option that cannot be used.
  func check() throws {
    func refuse(_ isWrong: Bool, _ place: String, _ value: String, _ rule: String, _ remedy: String) -> () throws ->
      Void
    {
      { if isWrong { throw Mistake(at: place, value: value, rule: rule, remedy: remedy) } }
    }
    let onlySlurm: [(String, String?)] = [
      ("--partition", partition), ("--time", time), ("--max-jobs", maxJobs.map { "\($0)" }), ("--sbatch", sbatch.first),
      ("--then", then),
    ]
    try Mistakes.collect(
      onlySlurm.map { name, value in
        refuse(value != nil && !slurm, name, value ?? "", "it is an option of Slurm's jobs", "Add --slurm")
      } + [
        refuse(
          !(1e-6...1440 ~= chunkMinutes), "--chunk-minutes", "\(chunkMinutes)", "must be above 0 and at most 1440",
          "Leave it out for 20"),
        refuse(
          !(1...1024 ~= threads ?? 1), "--threads", "\(threads ?? 1)", "must be between 1 and 1024",
          "Leave it out for 1"),
        refuse(
          !(1...1_000_000 ~= maxJobs ?? 1), "--max-jobs", "\(maxJobs ?? 1)", "must be at least 1",
          "Leave it out for no limit"),
        refuse(
          ![[], ["collect"], ["collect", "render"]].contains(followers), "--then", then ?? "", "only these can follow",
          "Write --then collect, or --then collect,render"),
      ])
  }
}
