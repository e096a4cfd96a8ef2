import Foundation
import Learning
import RunArchive
import Studies
import Testing

/// The bound of an archive's size against the files that are written.
@Suite struct ArchiveSizeTests {
  private struct Deaf: EventListener { func hear(_ event: Event) {} }

  struct Case: Sendable {
    var steps: Int
    var hidden: Int
    var seeds: Int
    var record = Recording.standard
  }

  private static func plan(_ one: Case) throws -> Plan {
    let setup = Setup(
      data: .line(samples: 6), network: .mlp(hidden: one.hidden), loss: .halfMeanSquaredError,
      optimizer: .gradientDescent(learningRate: 0.01), initialization: .fanIn(), stop: .after(steps: one.steps),
      record: one.record)
    return try Plan(
      Study(name: "size", title: "Size", setup: setup, sweep: Seeds(0..<one.seeds).axes), files: DataFiles(folders: []))
  }

  /// Series of which many share a leaf, that fill more than half of one, that overflow by little and by much; many parameters; other
  /// quantities.
  @Test(arguments: [
    Case(steps: 20, hidden: 2, seeds: 3_000), Case(steps: 700, hidden: 2, seeds: 600),
    Case(steps: 5_000, hidden: 3, seeds: 50), Case(steps: 9_000, hidden: 2, seeds: 50),
    Case(steps: 30_000, hidden: 2, seeds: 24), Case(steps: 7_000, hidden: 2, seeds: 600, record: .every(10)),
    Case(steps: 10, hidden: 900, seeds: 200),
    Case(steps: 2_000, hidden: 3, seeds: 1_000, record: .every(50, also: .trainingLoss, .parameterNorm)),
    Case(steps: 2_000, hidden: 3, seeds: 150, record: .also(.trainingLoss, .absoluteError, every: 3)),
  ])
  func theBoundIsWithinAFifthOfAFileOfNoise(_ one: Case) throws {
    try ArchiveTests.withFolder { path in
      let plan = try Self.plan(one)
      let archive = try Archive(path: path)
      let empty = try Self.size(path)
      // What the runs record is replaced by numbers that no program can compress.
      let store = NoiseStore(archive: archive)
      let runner = Runner(plan: plan, store: store, threads: 2, provenance: Self.provenance, listener: Deaf())
      #expect(try runner.run(fresh: false))
      let size = try Self.size(path) - empty
      let estimate = try ArchiveSize.bytes(of: plan)
      #expect((0.8...1.2).contains(estimate / Double(size)), "\(one): \(estimate) for \(size) bytes")
    }
  }

  private static let provenance = Provenance(
    revision: String(repeating: "a", count: 40), toolchain: "Swift version 6.3 (swift-6.3-RELEASE)",
    processor: "AMD EPYC 7B13 64-Core Processor", semantics: 5, time: "2026-01-01T00:00:00Z")

  @Test func realCurvesTakeLess() throws {
    try ArchiveTests.withFolder { path in
      let plan = try Self.plan(Case(steps: 5_000, hidden: 3, seeds: 50))
      let archive = try Archive(path: path)
      let empty = try Self.size(path)
      let runner = Runner(plan: plan, store: archive, threads: 2, provenance: Self.provenance, listener: Deaf())
      #expect(try runner.run(fresh: false))
      let size = Double(try Self.size(path) - empty)
      #expect(size < 0.6 * (try ArchiveSize.bytes(of: plan)), "\(size) bytes")
    }
  }

  /// An archive of random bit patterns in place of the curves.
  private struct NoiseStore: RunStore {
    let archive: Archive

    func save(_ records: [RunRecord]) throws {
      try archive.save(
        records.map { record in
          var random = SystemRandomNumberGenerator.seeded(UInt64(record.key.prefix(15), radix: 16) ?? 0)
          var result = record.result
          result.series = result.series.mapValues { series in
            Series(every: series.every, values: series.values.map { _ in Double(bitPattern: random.next()) })
          }
          return RunRecord(
            key: record.key, description: record.description, widths: record.widths, result: result,
            provenance: record.provenance)
        })
    }

    func known(among keys: [String]) throws -> Set<String> { try archive.known(among: keys) }
    func summaries(_ keys: [String]) throws -> [String: RunSummary] { try archive.summaries(keys) }
    func series(_ quantity: Quantity, of keys: [String]) throws -> [String: Series] {
      try archive.series(quantity, of: keys)
    }
    func finalParameters(of keys: [String]) throws -> [String: [Double]] { try archive.finalParameters(of: keys) }
  }

  private static func size(_ path: String) throws -> Int {
    try ArchiveTests.sql(path, "PRAGMA wal_checkpoint(TRUNCATE)")
    return try #require(FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
  }

  @Test func theCadenceIsTheFirstThatIsEnough() throws {
    let plan = try Self.plan(Case(steps: 100_000, hidden: 2, seeds: 10))
    let whole = try ArchiveSize.bytes(of: plan)
    // 16 bytes a step and run are the least.
    #expect(whole > 16e6 && whole < 18e6)
    #expect(try ArchiveSize.cadence(for: plan, atMost: whole / 2) == 10)
    #expect(try ArchiveSize.cadence(for: plan, atMost: whole / 50) == 100)
    #expect(try ArchiveSize.cadence(for: plan, atMost: 1) == nil)
  }
}
