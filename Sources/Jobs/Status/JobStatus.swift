package import Foundation

/// How far the chunks of a job's plan are: from the files of the job folder, and from the scheduler's queue where there is one.
package struct JobStatus: Sendable {
  /// What became of a chunk.
  package enum Phase: String, Sendable, Codable, CaseIterable {
    /// No worker has begun with it.
    case waiting
    /// A worker trains it.
    case running
    /// Its runs are published, and not all of them are in the archive.
    case published
    /// All its runs are in the archive.
    case done
    /// Its worker ended before its last run.
    case failed
  }

  /// One chunk.
  package struct Chunk: Sendable {
    /// Its number, from 1.
    package var number: Int
    package var phase: Phase
    /// Number of its runs, and how many of them are in the archive.
    package var runs, archived: Int
    /// Estimated seconds of one thread.
    package var seconds: Double
    /// What its last worker has said.
    package var state: ChunkState?
    /// The task of Slurm: `17_3`.
    package var task: String?
  }

  package var folder: JobFolder
  package var plan: ChunkPlan
  package var chunks: [Chunk]
  /// Whether the queue of a scheduler was asked.
  package var knowsQueue: Bool

  /// Looks at a plan.
  /// - Parameters:
  ///   - archived: how many of some runs are in the archive.
  ///   - queue: the tasks of Slurm; `nil` where it does not answer.
  ///   - host: this machine.
  /// - Throws: `Mistake` where a file of the job cannot be read.
  package init(
    _ folder: JobFolder, plan number: Int, queue: SlurmQueue?, host: String,
    archived: (_ runs: [Int]) throws -> Int
  ) throws {
    self.folder = folder
    plan = try folder.plan(number)
    let record = folder.slurmRecord(number)
    knowsQueue = queue != nil && record != nil
    let published = Set((folder.shards(in: folder.shards) + folder.shards(in: folder.merged)).map(\.chunk))
    chunks = []
    for (index, chunk) in plan.chunks.enumerated() {
      let name = plan.name(ofChunk: index + 1)
      let state = folder.state(name)
      let task = record?.task(ofChunk: index + 1)
      let count = try archived(chunk.runs)
      let evidence = Evidence(
        isArchived: count == chunk.count, isPublished: published.contains(name), state: state, task: task, queue: queue,
        host: host)
      chunks.append(
        Chunk(
          number: index + 1, phase: evidence.phase, runs: chunk.count, archived: count, seconds: chunk.seconds,
          state: state, task: task))
    }
  }

  /// What is known of a chunk, and what follows from it.
  struct Evidence {
    var isArchived: Bool
    var isPublished: Bool
    var state: ChunkState?
    var task: String?
    var queue: SlurmQueue?
    var host: String

    var phase: Phase {
      // Done means that the runs are in the archive, whatever the queue says.
      if isArchived { return .done }
      if isPublished, state?.phase == .published { return .published }
      if let queue, let task, queue.holds(task) {
        // A task of several chunks runs while some of them wait.
        return !queue.waits(task) && state?.phase == .running ? .running : .waiting
      }
      guard let state else { return task != nil && queue != nil ? .failed : .waiting }
      // A worker that Slurm did not start is known by its own words only.
      if state.slurm == nil || queue == nil, state.seemsAlive(on: host) { return .running }
      return .failed
    }
  }

  /// The chunks of a phase.
  package func chunks(_ phase: Phase) -> [Chunk] { chunks.filter { $0.phase == phase } }

  /// Runs per second of the workers that train now.
  package var runsPerSecond: Double {
    chunks(.running).compactMap(\.state).reduce(0) { $0 + ($1.seconds > 0 ? Double($1.runsDone) / $1.seconds : 0) }
  }

  /// Seconds until the last chunk that waits or runs, if as many workers go on as train now; `nil` where none does.
  package var secondsLeft: Double? {
    let running = chunks(.running)
    guard !running.isEmpty else { return nil }
    let waiting = chunks(.waiting).reduce(0) { $0 + $1.seconds }
    let begun = running.map { chunk in
      chunk.seconds * (1 - (chunk.state.map { Double($0.stepsDone) / Double(max(1, $0.steps)) } ?? 0))
    }
    let left = waiting + begun.reduce(0, +)
    // The estimate of the calibration, corrected by what the workers have needed.
    let spent = chunks.compactMap { chunk in
      chunk.state.map { state in
        (made: chunk.seconds * Double(state.stepsDone) / Double(max(1, state.steps)), took: state.seconds)
      }
    }
    let (made, took) = spent.reduce((0.0, 0.0)) { ($0.0 + $1.made, $0.1 + $1.took) }
    let pace = made > 0 && took > 0 ? took / made : 1 / Double(max(1, plan.threads))
    return left * pace / Double(running.count)
  }

  /// The last lines that the workers of a chunk have left: of the chunk's log, and of Slurm's.
  package func lastLines(of chunk: Chunk, count: Int = 3) -> [String] {
    let own = Self.tail(folder.log(plan.name(ofChunk: chunk.number)), count)
    let slurm = chunk.task.map { Self.tail(folder.logs.appendingPathComponent("slurm-\($0).log"), count) } ?? []
    return (own + slurm.filter { !own.contains($0) }).suffix(2 * count)
  }

  private static func tail(_ file: URL, _ count: Int) -> [String] {
    guard let handle = try? FileHandle(forReadingFrom: file) else { return [] }
    defer { try? handle.close() }
    let size = (try? handle.seekToEnd()) ?? 0
    try? handle.seek(toOffset: size > 4096 ? size - 4096 : 0)
    let text = String(decoding: (try? handle.readToEnd()) ?? Data(), as: UTF8.self)
    return text.split(separator: "\n").suffix(count).map(String.init)
  }
}

extension JobFolder {
  /// The file of the arrays that were sent for a plan.
  package func slurmFile(_ number: Int) -> URL {
    file(ChunkPlan.fileName(number).replacingOccurrences(of: ".json", with: ".slurm.json"))
  }

  /// The arrays that were sent for a plan; `nil` where it was not sent to Slurm.
  package func slurmRecord(_ number: Int) -> SlurmRecord? {
    FileManager.default.contents(atPath: slurmFile(number).path).flatMap {
      try? JSONDecoder().decode(SlurmRecord.self, from: $0)
    }
  }
}
