package import Foundation
import Learning

/// The folder of a job: `output/jobs/NAME-DIGEST`.
///
/// ```
/// job.json  keys  descent  work  slurm.sh       written once
/// programs/ lib/ scripts/ data/                 copies that no edit reaches
/// plan-001.json  plan-001.slurm.json            the chunks of each submission, and its jobs
/// state/ logs/                                  what workers say
/// shards/ merged/ damaged/ conflicts/           what they have trained
/// ```
package struct JobFolder: Hashable, Sendable {
  package let url: URL

  /// The folder at a place; equal places are equal, whether they end in a slash or not.
  package init(_ url: URL) { self.url = URL(fileURLWithPath: url.path, isDirectory: true).standardizedFileURL }

  /// Whether another path leads to the same folder.
  package func isSame(as other: JobFolder) -> Bool {
    var (mine, theirs) = (stat(), stat())
    return stat(jobFile.path, &mine) == 0 && stat(other.jobFile.path, &theirs) == 0 && mine.st_dev == theirs.st_dev
      && mine.st_ino == theirs.st_ino
  }

  /// A file or folder in it.
  package func file(_ name: String) -> URL { url.appendingPathComponent(name) }

  /// Shards that workers have published and that no archive has yet.
  package var shards: URL { file("shards") }
  /// Shards whose runs an archive has.
  package var merged: URL { file("merged") }
  /// Shards that cannot be read.
  package var damaged: URL { file("damaged") }
  /// Runs that differ from those of the archive with the same key.
  package var conflicts: URL { file("conflicts") }
  package var logs: URL { file("logs") }
  package var states: URL { file("state") }
  package var jobFile: URL { file("job.json") }
  package var keyFile: URL { file("keys") }

  /// The folders that workers write in.
  package var workFolders: [URL] { [shards, merged, damaged, conflicts, logs, states] }

  /// The description of the job.
  /// - Throws: `Mistake` where the folder is not a job's, or is a newer version's.
  package func job() throws -> Job {
    let job = try JSONFile.read(Job.self, from: jobFile)
    guard job.version <= Job.currentVersion else {
      throw Mistake(
        .data, at: jobFile.path, value: "version \(job.version)", rule: "the job was made by a newer version",
        remedy: "Update the program")
    }
    return job
  }

  /// The keys of the job's runs.
  /// - Throws: `Mistake` where their list is damaged.
  package func keys(of job: Job) throws -> KeyList { try KeyList(file: keyFile, digest: job.keys) }

  /// The numbers of its plans, in their order.
  package var planNumbers: [Int] {
    names(in: url).compactMap { name in
      guard name.hasPrefix("plan-"), name.hasSuffix(".json"), !name.hasSuffix(".slurm.json") else { return nil }
      return Int(name.dropFirst(5).dropLast(5))
    }.sorted()
  }

  /// A plan of chunks.
  /// - Throws: `Mistake` where there is none of this number.
  package func plan(_ number: Int) throws -> ChunkPlan {
    try JSONFile.read(ChunkPlan.self, from: file(ChunkPlan.fileName(number)))
  }

  /// The newest state of a chunk; `nil` where no worker has begun with it.
  package func state(_ name: String) -> ChunkState? {
    FileManager.default.contents(atPath: stateFile(name).path).flatMap {
      try? JSONDecoder().decode(ChunkState.self, from: $0)
    }
  }

  /// The file of a chunk's state.
  package func stateFile(_ name: String) -> URL { states.appendingPathComponent("\(name).json") }

  /// The log of a chunk's workers.
  package func log(_ name: String) -> URL { logs.appendingPathComponent("\(name).log") }

  /// The shards in one of its folders; those that are being copied have no name yet.
  package func shards(in folder: URL) -> [Shard] {
    names(in: folder).sorted().compactMap { Shard(folder.appendingPathComponent($0)) }
  }

  private func names(in folder: URL) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
  }

  // MARK: Finding

  /// The job folders of an output folder.
  package static func all(in output: URL) -> [JobFolder] {
    let jobs = output.appendingPathComponent("jobs")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: jobs.path)) ?? []
    return names.filter { !$0.hasPrefix(".") }.sorted().map { JobFolder(jobs.appendingPathComponent($0)) }.filter {
      FileManager.default.fileExists(atPath: $0.jobFile.path)
    }
  }

  /// The job folders of an experiment, or the one of this name.
  /// - Throws: `Mistake` where there is none.
  package static func named(_ name: String, in output: URL) throws -> [JobFolder] {
    let all = all(in: output)
    let found = try all.filter { try $0.url.lastPathComponent == name || $0.job().experiment == name }
    guard found.isEmpty else { return found }
    let names = try Set(all.map { try $0.job().experiment }).sorted()
    let near = Spelling.nearest(to: name, among: names).map { "Did you mean \($0)? " } ?? ""
    throw Mistake(
      .data, at: output.appendingPathComponent("jobs").path, value: name, rule: "there is no job of this name",
      remedy: "\(near)To send one: descent submit \(name)")
  }
}
