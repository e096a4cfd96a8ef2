import ArgumentParser
import Foundation
import Jobs
import Learning
import RunArchive
import Studies

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show how far the chunks of a submitted sweep are.",
    discussion: """
      A chunk is done when its runs are in the archive. Slurm's queue is asked where there is one; otherwise the files that workers \
      write show which of them run.
      """)

  @Argument(help: ArgumentHelp("An experiment, or the name of a job folder.", valueName: "name"))
  var name: String

  @Flag(name: .long, help: "Print one JSON object per plan.")
  var json = false

  @OptionGroup var place: OutputOptions

  func run() throws {
    let folders = try JobFolder.named(name, in: place.folder)
    let archive = try Archive.existing(path: place.archivePath)
    let queue = SlurmQueue.ask(user: Here.user, SweepSubmission.command)
    for folder in folders {
      let job = try folder.job()
      let keys = try folder.keys(of: job)
      let count = { (runs: [Int]) in try archive?.presentCount(among: runs.map { keys[$0] }) ?? 0 }
      let numbers = folder.planNumbers
      let plans = try numbers.map { number in
        try JobStatus(folder, plan: number, queue: queue, host: Here.host, archived: count)
      }
      let archived = try count(Array(0..<keys.count))
      if json {
        plans.forEach { JSONListener.write($0.fields(job, archived: archived)) }
      } else {
        show(folder, job, archived, plans)
      }
    }
  }

  private func show(_ folder: JobFolder, _ job: Job, _ archived: Int, _ plans: [JobStatus]) {
    Console.line(
      "\(Console.tinted(folder.url.lastPathComponent, .bold)): \(NumberText.grouped(archived)) of "
        + "\(NumberText.count(job.runs, "run")) in the archive")
    let damaged = folder.shards(in: folder.damaged).count
    if damaged > 0 { Console.line("  \(NumberText.count(damaged, "damaged shard")) in \(folder.damaged.relative)") }
    for (index, status) in plans.enumerated() {
      // A later plan has the runs that an earlier one has not trained; of the earlier ones only what is not settled is told.
      let isLast = index == plans.count - 1
      let isOpen = !status.chunks(.running).isEmpty || !status.chunks(.waiting).isEmpty && status.knowsQueue
      guard isLast || isOpen || !status.chunks(.published).isEmpty else { continue }
      status.lines(listsFailures: isLast).forEach { Console.line("  \($0)") }
    }
  }
}

extension JobStatus {
  /// The text for a person.
  func lines(listsFailures: Bool) -> [String] {
    let counts = Phase.allCases.map { "\(NumberText.grouped(chunks($0).count)) \($0.word)" }
    var lines = ["plan \(plan.number), \(NumberText.count(chunks.count, "chunk")): \(counts.joined(separator: ", "))"]
    for chunk in chunks(.running).prefix(20) {
      guard let state = chunk.state else { continue }
      lines.append(
        "  chunk \(chunk.number) on \(state.host): \(NumberText.grouped(state.runsDone)) of "
          + "\(NumberText.count(state.runs, "run")), for \(EventText.duration(state.seconds))")
    }
    if runsPerSecond > 0 { lines.append("  \(NumberText.short(runsPerSecond)) runs/s") }
    if let left = secondsLeft {
      let end = Date(timeIntervalSinceNow: left).formatted(date: .abbreviated, time: .shortened)
      lines.append("  estimated end \(end), in \(EventText.duration(left))")
    }
    let failed = listsFailures ? chunks(.failed) : []
    for chunk in failed.prefix(5) {
      let reason = chunk.state.map { state in state.message ?? "its worker on \(state.host) has ended" }
      lines.append(
        "  chunk \(chunk.number) failed\(chunk.task.map { " (task \($0))" } ?? ""): \(reason ?? "no worker has begun")")
      lines += lastLines(of: chunk).filter { !$0.contains(reason ?? "no worker") }.map { "    \($0)" }
    }
    if failed.count > 5 { lines.append("  and \(failed.count - 5) more failed chunks") }
    if !chunks(.published).isEmpty { lines.append("  to take published runs into the archive: descent collect") }
    if !failed.isEmpty { lines.append("  to send missing runs again: descent submit") }
    return lines
  }

  /// The members of a JSON object.
  func fields(_ job: Job, archived: Int) -> [String: Any] {
    var fields: [String: Any] = [
      "job": folder.url.lastPathComponent, "experiment": job.experiment, "runs": job.runs, "archived": archived,
      "plan": plan.number, "runsPerSecond": runsPerSecond,
    ]
    for phase in Phase.allCases { fields[phase.rawValue] = chunks(phase).count }
    fields["secondsLeft"] = secondsLeft
    fields["chunks"] = chunks.map { chunk -> [String: Any] in
      var one: [String: Any] = [
        "chunk": chunk.number, "phase": chunk.phase.rawValue, "runs": chunk.runs, "archived": chunk.archived,
        "estimate": chunk.seconds,
      ]
      one["task"] = chunk.task
      one["host"] = chunk.state?.host
      one["runsDone"] = chunk.state?.runsDone
      one["message"] = chunk.state?.message
      if chunk.phase == .failed { one["log"] = lastLines(of: chunk) }
      return one
    }
    return fields
  }
}

extension JobStatus.Phase {
  /// The word for a person.
  fileprivate var word: String {
    switch self {
    case .waiting: "waiting"
    case .running: "running"
    case .published: "published"
    case .done: "done"
    case .failed: "failed"
    }
  }
}
