import ArgumentParser
import Foundation
import Jobs
import Learning
import Studies

struct WorkerCommand: ScriptCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Train a part of a submitted sweep on this machine, and publish its runs.",
    discussion: """
      PLAN is a plan-….json in a job folder. The worker uses the program, the scripts and the data in this folder. It may be \
      started again: what is published already is not trained again. On SIGTERM it publishes the finished runs and ends.
      """)

  @Argument(help: ArgumentHelp("The plan: output/jobs/NAME-…/plan-001.json.", valueName: "plan"))
  var planFile: String

  @Option(
    name: .long,
    help: ArgumentHelp("The part: with 3/40 the chunks 3, 43, 83 … of the plan. Required.", valueName: "i/N"))
  var chunk: String

  @Option(name: .long, help: .option("Number of threads that train.", default: "that of the plan", "number"))
  var threads: Int?

  var scriptArguments: [String] { [planFile] }

  private var folder: JobFolder {
    JobFolder(URL(fileURLWithPath: planFile).standardizedFileURL.deletingLastPathComponent())
  }

  func checkNames() throws {
    _ = try plan().chunks(ofPart: chunk)
    if let current = FrozenJob.current, current.folder.isSame(as: folder) { return }
    try FrozenJob.enter(folder, arguments: Array(CommandLine.arguments.dropFirst()))
  }

  private func plan() throws -> ChunkPlan {
    if let threads, !(1...1024).contains(threads) {
      throw Mistake(
        at: "--threads", value: "\(threads)", rule: "must be between 1 and 1024",
        remedy: "Leave it out to use those of the plan")
    }
    return try JSONFile.read(ChunkPlan.self, from: URL(fileURLWithPath: planFile))
  }

  func run() throws {
    try checkNames()
    let plan = try plan()
    let worker = try ChunkWorker(folder: folder, plan: plan, threads: threads ?? plan.threads)
    try worker.train(try plan.chunks(ofPart: chunk))
  }
}
