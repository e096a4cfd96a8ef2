import ArgumentParser
import Figures
import Foundation
import Jobs
import Learning
import RunArchive
import Studies
import Synchronization

/// Trains chunks of a job, one after the other, and publishes each as a shard.
struct ChunkWorker {
  private let folder: JobFolder
  private let job: Job
  private let plan: ChunkPlan
  private let sweep: Plan
  private let threads: Int

  /// Resolves the job's sweep.
  /// - Throws: `Mistakes` of the declaration, `Mistake` where it is not the one that was sent.
  init(folder: JobFolder, plan: ChunkPlan, threads: Int) throws {
    (self.folder, self.plan, self.threads) = (folder, plan, threads)
    job = try folder.job()
    let experiment = try Program.catalogue.experiment(job.experiment)
    let starts = try job.starts.map { try Archive.reading(path: folder.file($0.name).path) }
    sweep = try Plan(
      try experiment.study(applying: try job.overrides()), files: Program.catalogue.files,
      archive: { try starts?.state(of: $0) })
    guard job.semantics == TrainingSemantics.version, job.runs == sweep.runCount else { throw foreign("the sweep") }
  }

  /// Trains chunks until a signal comes.
  /// - Throws: `ExitCode` after a signal; the first error of a chunk, after the chunks that follow it were tried.
  func train(_ chunks: [Int]) throws {
    let stop = StopRequest()
    var failure: (any Error)?
    Interruption.handling({ stop.request() }) {
      for chunk in chunks where !stop.isRequested {
        do { try train(chunk, stop) } catch {
          if failure == nil { failure = error }
        }
      }
    }
    if stop.isRequested {
      Console.error("interrupted; finished runs are published, and another worker of the same part trains the others")
      throw ExitCode(ExitStatus.interrupted)
    }
    if let failure { throw failure }
  }

  private func train(_ number: Int, _ stop: StopRequest) throws {
    let chunk = plan.chunks[number - 1]
    let report = WorkerReport(folder, name: plan.name(ofChunk: number), runs: chunk.count, steps: chunk.steps)
    do {
      let missing = try missingRuns(of: chunk, name: report.name)
      report.begin(missing: missing.count)
      if !missing.isEmpty { try publish(missing, report, stop) }
      report.end(stop.isRequested ? .interrupted : .published)
    } catch {
      report.end(.failed, message: "\(error)")
      throw error
    }
  }

  /// The runs of a chunk that no shard of an earlier worker has.
  private func missingRuns(of chunk: ChunkPlan.Chunk, name: String) throws -> [Int] {
    let runs = chunk.runs
    let keys = try runs.map { try sweep.run($0).key }
    guard try KeyList.digest(keys) == chunk.keys else { throw foreign("chunk \(name)") }
    var published: Set<String> = []
    for shard in folder.shards(in: folder.shards) + folder.shards(in: folder.merged)
    where shard.chunk == name && shard.isWhole {
      try Archive.reading(path: shard.url.path).forEachKeys { published.formUnion($0) }
    }
    return zip(runs, keys).filter { !published.contains($0.1) }.map(\.0)
  }

  private func foreign(_ what: String) -> Mistake {
    Mistake(
      .data, at: folder.url.path, value: what,
      rule: "this program makes other runs of it than those that were sent: their keys differ",
      remedy: "Start it with the job's own program: \(folder.file("work").path)")
  }

  /// Trains runs into a shard on a disk of this machine, and publishes what is finished even if an error or a signal ends it.
  private func publish(_ runs: [Int], _ report: WorkerReport, _ stop: StopRequest) throws {
    let scratch = try Here.scratch()
    defer { try? FileManager.default.removeItem(at: scratch) }
    let file = scratch.appendingPathComponent("shard.sqlite")
    let archive = try Archive(path: file.path)
    var provenance = Provenance.current(root: nil)
    provenance.revision = job.revision
    let runner = Runner(plan: sweep, store: archive, threads: threads, provenance: provenance, listener: report)
    var failure: (any Error)?
    do {
      try stop.during(runner.cancel) { _ = try runner.run(fresh: true, only: runs) }
    } catch { failure = error }
    let count = try archive.runCount()
    try archive.close()
    if count > 0 {
      let shard = try send(file, report.name)
      report.say("published \(NumberText.count(count, "run")) as \(shard.lastPathComponent)")
    }
    if let failure { throw failure }
  }

  /// Publishes the closed archive as one file.
  private func send(_ file: URL, _ name: String) throws -> URL {
    do {
      try Archive.seal(file.path)
      return try Shard.publish(file, chunk: name, to: folder.shards)
    } catch {
      // The disk of this machine has no space for what is in the log: it is made one file where the shards are.
      let rescue = folder.shards.appendingPathComponent(".rescue-\(UUID().uuidString)")
      defer { for end in ["", "-wal", "-journal"] { unlink(rescue.path + end) } }
      try DurableFile.copy(file, to: rescue)
      if FileManager.default.fileExists(atPath: file.path + "-wal") {
        try DurableFile.copy(URL(fileURLWithPath: file.path + "-wal"), to: URL(fileURLWithPath: rescue.path + "-wal"))
      }
      try Archive.seal(rescue.path)
      return try Shard.publish(rescue, chunk: name, to: folder.shards)
    }
  }
}

/// A signal that asks the worker to stop. Schedulers send it more than once; it stays one request.
final class StopRequest: Sendable {
  private struct State {
    var isRequested = false
    var cancel: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  var isRequested: Bool { state.withLock(\.isRequested) }

  func request() {
    let cancel = state.withLock { state in
      state.isRequested = true
      return state.cancel
    }
    cancel?()
  }

  /// Runs work that a request cancels, also one that came before.
  func during<T>(_ cancel: @escaping @Sendable () -> Void, _ body: () throws -> T) rethrows -> T {
    let isRequested = state.withLock { state in
      state.cancel = cancel
      return state.isRequested
    }
    if isRequested { cancel() }
    defer { state.withLock { $0.cancel = nil } }
    return try body()
  }
}
