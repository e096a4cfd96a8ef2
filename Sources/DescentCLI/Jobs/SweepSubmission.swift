import Foundation
import Jobs
import Learning
import RunArchive
import Scripts
import Studies

/// Sends the missing runs of one experiment.
struct SweepSubmission {
  let maker: JobMaker
  let options: SubmitOptions

  private var name: String { maker.session.name }
  private var threads: Int { options.threads ?? 1 }

  /// Runs a command of Slurm.
  static let command: SlurmSite.Command = { words in
    Subprocess.run(words).flatMap { $0.status == 0 ? $0.output : nil }
  }

  /// - Throws: `Mistake` where something cannot be read, written or sent.
  func send() throws {
    let plan = maker.session.plan
    let site =
      options.slurm ? try SlurmSite.ask(partition: options.partition, user: Here.user, Self.command) : nil
    let elsewhere = try MissingRuns.underway(
      name, output: maker.output, queue: SlurmQueue.ask(user: Here.user, Self.command))
    let archive = try collected()
    let keys = try KeyList(plan.runs().lazy.map(\.key))
    let missing = try MissingRuns(maker.session, keys, archive: archive, elsewhere: elsewhere)
    var text = "\(Console.tinted(name, .bold)): \(NumberText.count(plan.runCount, "run"))"
    text += ", \(NumberText.grouped(missing.archived)) in the archive"
    if missing.underway > 0 { text += ", \(NumberText.grouped(missing.underway)) in chunks that wait or run" }
    Console.line("\(text), \(NumberText.grouped(missing.runs.count)) to send")
    guard !missing.runs.isEmpty else { return }
    let cuts = ChunkCutter.cut(
      try Calibration.groups(plan, runs: missing.runs), target: 60 * options.chunkMinutes * Double(threads))
    let longest = (cuts.map(\.seconds).max() ?? 0) / Double(threads)
    let total = cuts.reduce(0) { $0 + $1.seconds }
    Console.line(
      "  \(NumberText.count(cuts.count, "chunk")), the longest of about \(EventText.duration(longest)); "
        + "all of about \(EventText.duration(total)) of one processor")
    if options.dryRun {
      try show(cuts, site)
    } else {
      try send(cuts, keys, site)
    }
  }

  /// The archive with all runs that are published; `nil` where there is none and nothing to collect.
  private func collected() throws -> Archive? {
    let folders = try JobFolder.all(in: maker.output).filter { try $0.job().experiment == name }
    guard !options.dryRun, !folders.isEmpty else { return try Archive.existing(path: maker.archivePath) }
    let archive = try Archive(path: maker.archivePath)
    let outcome = try Collection(archive: archive).collect(folders, again: false)
    for line in outcome.lines { Console.line("  \(line)") }
    return archive
  }

  private func send(_ cuts: [ChunkCutter.Cut], _ keys: KeyList, _ site: SlurmSite?) throws {
    let folder = try maker.folder(keys)
    let chunks = try cuts.map { cut in
      ChunkPlan.Chunk(
        runs: cut.runs, steps: cut.steps, seconds: cut.seconds, keys: try KeyList.digest(cut.runs.map { keys[$0] }))
    }
    let plan = ChunkPlan(number: (folder.planNumbers.last ?? 0) + 1, threads: threads, chunks: chunks)
    try DurableFile.write(try JSONFile.data(plan), to: folder.file(ChunkPlan.fileName(plan.number)))
    Console.line("  job folder \(folder.url.relative)")
    guard let site else { return explain(folder, plan) }
    try SlurmSending(submission: self, site: site, chunks: cuts.count, seconds: cuts.map(\.seconds).max() ?? 0).send(
      plan.number, folder)
  }

  /// How the chunks are trained without Slurm.
  private func explain(_ folder: JobFolder, _ plan: ChunkPlan) {
    let count = plan.chunks.count
    Console.line("  Train part I of N, on this or another machine, with any N up to \(count):")
    Console.line("    \(SlurmRequest.quoted(folder.file("work").path)) \(ChunkPlan.fileName(plan.number)) I/\(count)")
    Console.line("  Then: descent collect \(name)")
  }

  private func show(_ cuts: [ChunkCutter.Cut], _ site: SlurmSite?) throws {
    guard let site else { return Console.line("  nothing is written (--dry-run)") }
    let folder = JobFolder(maker.output.appendingPathComponent("jobs/\(name)-…"))
    let sending = SlurmSending(
      submission: self, site: site, chunks: cuts.count, seconds: cuts.map(\.seconds).max() ?? 0)
    for command in try sending.commands(1, folder) { Console.line("  " + command) }
    Console.line("  nothing is sent (--dry-run)")
  }
}
