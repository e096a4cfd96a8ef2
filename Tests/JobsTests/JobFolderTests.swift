import Foundation
import Jobs
import Learning
import RunArchive
import Studies
import Testing

/// The folder of a job, its shards, and what its files say of the chunks.
@Suite struct JobFolderTests {
  static func withOutput(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private static func key(_ run: Int) -> String { Digest.sha256("\(run)") }

  /// A job of so many runs, whose program is a file with this text.
  static func make(_ output: URL, program: String = "a program", seeds: String? = nil, runs: Int = 4) throws
    -> JobFolder
  {
    let file = output.appendingPathComponent("program")
    try Data(program.utf8).write(to: file)
    let keys = try KeyList((0..<runs).map(key))
    let job = Job(
      experiment: "seeds", settings: ["hidden=2"], seeds: seeds, semantics: 5, runs: runs, keys: keys.digest,
      revision: "abc")
    var freezer = try Freezer(job, output: output)
    try freezer.add(program: file, as: "1-this")
    try freezer.add(data: file, path: "../x/points.csv")
    return try freezer.finish(keys: keys)
  }

  @Test func theNameFollowsTheContent() throws {
    try Self.withOutput { output in
      let one = try Self.make(output)
      #expect(one.url.lastPathComponent.hasPrefix("seeds-"))
      #expect(try Self.make(output) == one)
      #expect(try Self.make(output, program: "an edited program") != one)
      #expect(try Self.make(output, seeds: "0..<4") != one)
      #expect(JobFolder.all(in: output).count == 3)
      // Nothing unfinished is left.
      let names = try FileManager.default.contentsOfDirectory(atPath: output.appendingPathComponent("jobs").path)
      #expect(names.count == 3)
      let job = try one.job()
      #expect(job.settings == ["hidden=2"] && job.data.map(\.path) == ["../x/points.csv"])
      let copy = try String(contentsOf: one.file(job.data[0].name), encoding: .utf8)
      #expect(copy == "a program")
      #expect(try one.keys(of: job)[3] == Self.key(3))
    }
  }

  /// Two jobs with one program have it once on the disk; an edit of the original reaches neither.
  @Test func equalFilesAreLinked() throws {
    try Self.withOutput { output in
      let folders = [try Self.make(output), try Self.make(output, seeds: "0..<2")]
      let numbers = try folders.map { folder in
        try FileManager.default.attributesOfItem(atPath: folder.file("programs/1-this/descent").path)[.systemFileNumber]
          as? Int
      }
      #expect(numbers[0] != nil && numbers[0] == numbers[1])
    }
  }

  @Test func namesFindTheFolders() throws {
    try Self.withOutput { output in
      let folder = try Self.make(output)
      #expect(try JobFolder.named("seeds", in: output) == [folder])
      #expect(try JobFolder.named(folder.url.lastPathComponent, in: output) == [folder])
      #expect(throws: Mistake.self) { try JobFolder.named("seds", in: output) }
    }
  }

  @Test func aDamagedListOfKeysIsRefused() throws {
    try Self.withOutput { output in
      let folder = try Self.make(output)
      let job = try folder.job()
      var bytes = try Data(contentsOf: folder.keyFile)
      bytes[40] ^= 1
      try bytes.write(to: folder.keyFile)
      #expect(throws: Mistake.self) { try folder.keys(of: job) }
    }
  }

  @Test func theLibrariesOfTheSystemStayOnTheirMachine() {
    let names = LoadedLibraries.toCopy.map(\.lastPathComponent)
    #expect(names.contains("libswiftCore.so"))
    #expect(names.contains { $0.hasPrefix("libglib-2.0.so") })
    #expect(!names.contains { $0.hasPrefix("libc.so") || $0.hasPrefix("ld-linux") || $0.hasPrefix("libm.so") })
  }

  // MARK: Shards

  @Test func aShardIsWholeOrNot() throws {
    try Self.withOutput { output in
      let file = output.appendingPathComponent("x.sqlite")
      try Data((0..<200_000).map { UInt8(truncatingIfNeeded: $0 * 7) }).write(to: file)
      let url = try Shard.publish(file, chunk: "001-0007", to: output)
      let shard = try #require(Shard(url))
      #expect(shard.chunk == "001-0007" && shard.isWhole)
      let bytes = try Data(contentsOf: url)
      for damaged in [bytes.dropLast(), bytes + [0], bytes.prefix(0), Data([bytes[0] ^ 1]) + bytes.dropFirst()] {
        try Data(damaged).write(to: url)
        #expect(!shard.isWhole)
      }
      // Files that are being copied, and those of others, are none.
      for name in [".new-1", "001-0007.sqlite", "x.sqlite", ".001-0007-\(String(repeating: "0", count: 32)).sqlite"] {
        #expect(Shard(output.appendingPathComponent(name)) == nil)
      }
    }
  }

  // MARK: Status

  private static func state(
    _ phase: ChunkState.Phase, slurm: String? = nil, process: Int32 = getpid(), host: String = "here"
  )
    -> ChunkState
  {
    ChunkState(
      phase: phase, runs: 1, runsDone: 0, steps: 1, stepsDone: 0, seconds: 1, host: host, process: process, slurm: slurm
    )
  }

  private static func publish(_ chunk: String, in folder: JobFolder) throws {
    let file = folder.file("some")
    try Data(chunk.utf8).write(to: file)
    _ = try Shard.publish(file, chunk: chunk, to: folder.shards)
  }

  @Test func chunksAreWhatTheirFilesSay() throws {
    try Self.withOutput { output in
      let folder = try Self.make(output, runs: 6)
      let plan = ChunkPlan(
        number: 1, threads: 1,
        chunks: (0..<6).map { ChunkPlan.Chunk(runs: [$0], steps: 1, seconds: 10, keys: "") })
      try JSONFile.data(plan).write(to: folder.file(ChunkPlan.fileName(1)))
      let dead: Int32 = 4_194_305
      let states: [Int: ChunkState] = [
        2: Self.state(.running), 3: Self.state(.running, process: dead), 4: Self.state(.published),
        5: Self.state(.failed), 6: Self.state(.failed),
      ]
      for (chunk, state) in states {
        try JSONFile.data(state).write(to: folder.stateFile(plan.name(ofChunk: chunk)))
      }
      try Self.publish("001-0004", in: folder)
      // Chunk 6 failed, and another worker has trained its run: done is what the archive has.
      let status = try JobStatus(folder, plan: 1, queue: nil, host: "here") { $0 == [5] ? 1 : 0 }
      #expect(status.chunks.map(\.phase) == [.waiting, .running, .failed, .published, .failed, .done])
      #expect(status.secondsLeft.map { $0 > 0 } == true)
    }
  }

  @Test func theQueueDecidesForItsTasks() throws {
    try Self.withOutput { output in
      let folder = try Self.make(output, runs: 4)
      let plan = ChunkPlan(
        number: 1, threads: 1,
        chunks: (0..<4).map { ChunkPlan.Chunk(runs: [$0], steps: 1, seconds: 10, keys: "") })
      try JSONFile.data(plan).write(to: folder.file(ChunkPlan.fileName(1)))
      let record = SlurmRecord(tasks: 4, parts: [SlurmArrays.Part(offset: 0, count: 4, id: "17")])
      try JSONFile.data(record).write(to: folder.slurmFile(1))
      #expect(folder.planNumbers == [1])
      for chunk in [1, 2] {
        let state = Self.state(.running, slurm: "17_\(chunk - 1)", host: "node")
        try JSONFile.data(state).write(to: folder.stateFile(plan.name(ofChunk: chunk)))
      }
      // Task 1 was killed; task 3 was cancelled before it began.
      let queue = SlurmQueue("17_0 RUNNING\n17_2 PENDING\n")
      let status = try JobStatus(folder, plan: 1, queue: queue, host: "here") { _ in 0 }
      #expect(status.chunks.map(\.phase) == [.running, .failed, .waiting, .failed])
      #expect(status.chunks.map(\.task) == ["17_0", "17_1", "17_2", "17_3"])
    }
  }
}
