import Foundation
import GRDB
import Learning
import RunArchive
import Studies
import Testing

/// Runs of another archive, added to this one.
@Suite struct MergeTests {
  private static func withTwo(_ body: (_ main: Archive, _ shard: Archive, _ shardPath: String) throws -> Void) throws {
    try ArchiveTests.withFolder { path in
      let shard = path + ".shard"
      try body(try Archive(path: path), try Archive(path: shard), shard)
    }
  }

  private static func merge(_ main: Archive, _ shard: Archive) throws -> (Archive.Merge, [String]) {
    var kept: [String] = []
    let merge = try main.merge(shard) { kept += $0 }
    return (merge, kept)
  }

  @Test func mergedRunsHaveEveryBit() throws {
    try Self.withTwo { main, shard, _ in
      let records = (0..<40).map {
        ArchiveTests.record(
          "k\($0)", loss: $0 == 3 ? .nan : Double($0), status: $0 == 3 ? .diverged(atStep: 2) : .finished)
      }
      try main.save(Array(records[..<5]))
      try shard.save(Array(records[5...]))
      let (merge, kept) = try Self.merge(main, shard)
      #expect(merge.added == 35 && merge.equal == 0 && merge.conflicts.isEmpty && kept.isEmpty)
      let keys = records.map(\.key)
      #expect(try main.examine(keys).sound.count == 40)
      #expect(try main.differences(from: shard, among: Array(keys[5...])).isEmpty)
      // The numbers, apart from the comparison that is under test.
      for key in keys {
        let series = try #require(try main.series(.gradientNorm, of: [key])[key])
        #expect(series.values[0] == 2 && series.values[1].isNaN && series.values[2] == 1e-300)
        #expect(try main.finalParameters(of: [key])[key]?[1].sign == .minus)
      }
      #expect(try main.provenance(of: keys) == [ArchiveTests.provenance])
    }
  }

  @Test func aSecondMergeChangesNothing() throws {
    try Self.withTwo { main, shard, _ in
      try shard.save((0..<20).map { ArchiveTests.record("k\($0)") })
      _ = try Self.merge(main, shard)
      let (again, kept) = try Self.merge(main, shard)
      #expect(again.added == 0 && again.equal == 20 && kept.isEmpty)
      #expect(try main.runCount() == 20)
    }
  }

  /// Where and when a run was trained does not make it another run.
  @Test func anotherMachineIsNoConflict() throws {
    try Self.withTwo { main, shard, _ in
      let one = ArchiveTests.record("k")
      let elsewhere = Provenance(revision: "x", toolchain: "y", processor: "z", semantics: 1, time: "2030")
      try main.save([one])
      try shard.save([RunRecord(key: "k", description: one.description, result: one.result, provenance: elsewhere)])
      let (merge, _) = try Self.merge(main, shard)
      #expect(merge.equal == 1 && merge.conflicts.isEmpty)
      #expect(try main.provenance(of: ["k"]).map(\.revision) == ["abc"])
    }
  }

  /// Each changes one bit of a run.
  private static let changes: [@Sendable (inout TrainedRun) -> Void] = [
    { $0.finalParameters[1] = 0 }, { $0.finalLoss = $0.finalLoss.nextUp }, { $0.steps = 2 },
    { $0.status = .diverged(atStep: 1) }, { $0.finals[.accuracy] = 1.0.nextDown }, { $0.finals[.accuracy] = nil },
    { $0.series[.gradientNorm] = Series(every: 1, values: [2, .nan, 1e-300.nextUp]) },
    { $0.series[.loss] = Series(every: 2, values: [1, 0.1 + 0.2, .infinity]) },
    { $0.series[.layerGradientNorm(2)] = nil },
    { $0.series[.gradientNorm] = Series(every: 1, values: [2, Double(nan: 5, signaling: false), 1e-300]) },
  ]

  @Test(arguments: 0..<10) func oneOtherBitIsAConflictAndBothAreKept(_ change: Int) throws {
    try Self.withTwo { main, shard, _ in
      var result = ArchiveTests.record("k7").result
      Self.changes[change](&result)
      try main.save((0..<10).map { ArchiveTests.record("k\($0)") })
      try shard.save([
        RunRecord(key: "k7", description: "d=k7", result: result, provenance: ArchiveTests.provenance),
        ArchiveTests.record("k8"), ArchiveTests.record("new"),
      ])
      let (merge, kept) = try Self.merge(main, shard)
      #expect(merge == Self.outcome(added: 1, equal: 1, conflicts: ["k7"]) && kept == ["k7"])
      // The archive keeps its own.
      #expect(try main.differences(from: shard, among: ["k7"]) == ["k7"])
      #expect(try main.finalParameters(of: ["k7"])["k7"]?[1].sign == .minus)
      try ArchiveTests.withFolder { path in
        let side = try Archive(path: path)
        try side.add(kept, of: shard)
        #expect(try side.runCount() == 1)
        #expect(try side.differences(from: shard, among: ["k7"]).isEmpty)
      }
    }
  }

  private static func outcome(added: Int, equal: Int, conflicts: [String]) -> Archive.Merge {
    var merge = Archive.Merge()
    (merge.added, merge.equal, merge.conflicts) = (added, equal, conflicts)
    return merge
  }

  @Test func aDamagedRunOfTheArchiveIsReplaced() throws {
    try ArchiveTests.withFolder { path in
      let (main, shard) = (try Archive(path: path), try Archive(path: path + ".shard"))
      try main.save((0..<3).map { ArchiveTests.record("k\($0)") })
      try shard.save((0..<3).map { ArchiveTests.record("k\($0)") })
      try ArchiveTests.sql(path, "UPDATE run SET final_loss = 9 WHERE key = 'k1'")
      #expect(try main.examine(["k0", "k1", "k2"]).damaged == ["k1"])
      let (merge, _) = try Self.merge(main, shard)
      #expect(merge == Self.outcome(added: 1, equal: 2, conflicts: []))
      #expect(try main.examine(["k0", "k1", "k2"]).sound.count == 3)
    }
  }

  @Test func aDamagedShardIsRefusedAsAWhole() throws {
    try ArchiveTests.withFolder { path in
      let shard = try Archive(path: path)
      try shard.save((0..<3).map { ArchiveTests.record("k\($0)") })
      try shard.verifyAll()
      try ArchiveTests.sql(path, "UPDATE run SET steps = 9 WHERE key = 'k1'")
      #expect(throws: Mistake.self) { try shard.verifyAll() }
    }
  }

  @Test func aSealedArchiveIsOneFile() throws {
    try ArchiveTests.withFolder { path in
      let archive = try Archive(path: path)
      try archive.save((0..<50).map { ArchiveTests.record("k\($0)") })
      try archive.close()
      try Archive.seal(path)
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["a.sqlite"])
      let again = try Archive.reading(path: path)
      #expect(try again.runCount() == 50 && again.isCurrent())
      #expect(try again.presentCount(among: ["k1", "k49", "k50", "x"]) == 2)
      // Reading leaves nothing beside it.
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.sqlite"])
    }
  }

  @Test func manyMergeAtOnce() throws {
    try ArchiveTests.withFolder { path in
      for shard in 0..<6 {
        let archive = try Archive(path: "\(path).\(shard)")
        // Neighbours share half of their runs.
        try archive.save((shard * 50..<shard * 50 + 100).map { ArchiveTests.record("k\($0)") })
        try archive.close()
        try Archive.seal("\(path).\(shard)")
      }
      DispatchQueue.concurrentPerform(iterations: 12) { index in
        #expect(throws: Never.self) {
          let main = try Archive(path: path)
          let merge = try main.merge(try Archive.reading(path: "\(path).\(index % 6)")) { _ in }
          #expect(merge.added + merge.equal == 100 && merge.conflicts.isEmpty)
        }
      }
      let main = try Archive(path: path)
      #expect(try main.runCount() == 350)
      #expect(try main.examine((0..<350).map { "k\($0)" }).sound.count == 350)
    }
  }
}
