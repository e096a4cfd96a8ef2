import Foundation
import Jobs
import Learning
import Scripts
import Studies

/// Sends the chunks of a plan as arrays of tasks.
struct SlurmSending {
  let submission: SweepSubmission
  let site: SlurmSite
  /// Number of chunks.
  let chunks: Int
  /// Estimated seconds of the longest chunk, of one thread.
  let seconds: Double

  private var options: SubmitOptions { submission.options }
  private var followers: [String] { options.followers }

  private func arrays() throws -> SlurmArrays {
    try SlurmArrays(chunks: chunks, site: site, reserved: followers.isEmpty ? 0 : 1)
  }

  private func request(_ plan: Int, _ folder: JobFolder, _ arrays: SlurmArrays) throws -> SlurmRequest {
    let threads = options.threads ?? 1
    let longest = seconds / Double(threads) * Double(arrays.chunksPerTask(chunks))
    // Half a gigabyte for the program, and the runs that train at once with room for their archive.
    let megabytes = 512 + Int(1.5 * (try submission.maker.session.plan.trainingMemory()) / 1e6)
    return SlurmRequest(
      folder: folder.url.path, name: "descent-\(submission.maker.session.name)", plan: plan, threads: threads,
      megabytes: megabytes, partition: options.partition, time: options.time ?? SlurmRequest.time(forSeconds: longest),
      most: options.maxJobs, options: options.sbatch)
  }

  /// The commands, for `--dry-run`.
  func commands(_ plan: Int, _ folder: JobFolder) throws -> [String] {
    let arrays = try arrays()
    let request = try request(plan, folder, arrays)
    var words = arrays.parts.enumerated().map { index, part in
      request.command(part, of: arrays.tasks, after: waits(index) ? "ARRAY-\(index)" : nil)
    }
    if !followers.isEmpty {
      words.append(follower(request, folder, after: arrays.parts.indices.map { "ARRAY-\($0 + 1)" }))
    }
    return words.map { $0.map(SlurmRequest.quoted).joined(separator: " ") }
  }

  /// Whether an array waits for the one before it, so that not more tasks run than are asked for.
  private func waits(_ array: Int) -> Bool { options.maxJobs != nil && array > 0 }

  /// - Throws: `Mistake` where Slurm refuses; what was sent before is written down.
  func send(_ plan: Int, _ folder: JobFolder) throws {
    let arrays = try arrays()
    let request = try request(plan, folder, arrays)
    var record = SlurmRecord(tasks: arrays.tasks, parts: arrays.parts)
    for index in record.parts.indices {
      let before = waits(index) ? record.parts[index - 1].id : nil
      record.parts[index].id = try sbatch(request.command(record.parts[index], of: arrays.tasks, after: before))
      // After each array: a chunk that is in the queue is not sent again.
      try DurableFile.write(try JSONFile.data(record), to: folder.slurmFile(plan))
    }
    let ids = record.parts.compactMap(\.id)
    var text = "  sent \(NumberText.count(arrays.tasks, "task")) as job \(ids.joined(separator: ", "))"
    let several = arrays.chunksPerTask(chunks)
    if several > 1 { text += "; the site allows no more, so a task trains up to \(several) chunks" }
    Console.line(text)
    if !followers.isEmpty {
      record.followers = [try sbatch(follower(request, folder, after: ids))]
      try DurableFile.write(try JSONFile.data(record), to: folder.slurmFile(plan))
      Console.line("  then \(followers.joined(separator: " and ")) as job \(record.followers[0])")
    }
    Console.line("  to follow: descent status \(submission.maker.session.name)")
  }

  private func follower(_ request: SlurmRequest, _ folder: JobFolder, after ids: [String]) -> [String] {
    let maker = submission.maker
    let output = ["--output", maker.output.path]
    let program = folder.file("descent").path
    let changes = maker.sweep.settings.flatMap { ["--set", $0] } + (maker.sweep.seeds.map { ["--seeds", $0] } ?? [])
    let commands = followers.map { command in
      [program, command, maker.session.name] + output + (command == "render" ? changes : [])
    }
    return request.follower(
      after: ids, megabytes: request.megabytes + Int(maker.session.plan.memory / 1e6), commands: commands)
  }

  private func sbatch(_ words: [String]) throws -> String {
    let result = Subprocess.run(words)
    // "17", or "17;cluster".
    let id = result?.output.split(whereSeparator: { $0 == ";" || $0.isWhitespace }).first.map(String.init)
    guard let result, result.status == 0, let id, Int(id) != nil else {
      throw Mistake(
        .environment, at: "sbatch", value: result?.errors.trimmingCharacters(in: .whitespacesAndNewlines) ?? "",
        rule: "Slurm does not take the job",
        remedy: "Change the options; what was sent before stays, and submit sends only what is missing")
    }
    return id
  }
}
