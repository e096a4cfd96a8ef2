import Foundation
import GRDB
import Learning
import RunArchive
import Studies
import Testing

/// `descent archive check` and `repair`: damage anywhere is named or without effect, and everything else stays.
@Suite struct IntegrityTests {
  /// An archive in one closed file.
  static func withFile(_ body: (String) throws -> Void) throws {
    try DamageTests.withArchive { path in
      try ArchiveTests.sql(path, "PRAGMA journal_mode = DELETE")
      try body(path)
    }
  }

  /// What the runs that an archive has say; none may be damaged.
  static func content(_ path: String) throws -> [String: String] { try DamageTests.everything(try Archive(path: path)) }

  static func write(_ data: Data, _ path: String) throws {
    for suffix in ["-wal", "-shm", "-journal", ".damaged", ".damaged-2"] {
      try? FileManager.default.removeItem(atPath: path + suffix)
    }
    try data.write(to: URL(fileURLWithPath: path))
  }

  @Test func aSoundArchiveIsSound() throws {
    try Self.withFile { path in
      let before = try Data(contentsOf: URL(fileURLWithPath: path))
      let health = try Archive.health(path: path)
      #expect(health.isSound && health.soundRuns == 8 && health.runsWithoutChecksums == 0, "\(health)")
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
      #expect(try Archive.repair(path: path).health.isSound)
      let names = try FileManager.default.contentsOfDirectory(
        atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path)
      #expect(
        names.allSatisfy { !$0.contains("copy") && !$0.contains("repair") && !$0.contains("damaged") }, "\(names)")
    }
    for version in [2, 4] {
      try ArchiveTests.withFolder { path in
        try OlderArchive(version: version).write(DamageTests.records, to: path)
        if version == 4 { _ = try Archive(path: path) }
        let health = try Archive.health(path: path)
        #expect(health.soundRuns == 8 && health.damaged.isEmpty, "\(health)")
      }
    }
  }

  @Test(arguments: DamageTests.wounds) func aDamagedRunIsNamedAndRemoved(_ wound: DamageTests.Wound) throws {
    try Self.withFile { path in
      let key = DamageTests.keys[4]
      let statement = wound.sql.replacingOccurrences(of: "WHERE R", with: "WHERE key = '\(key)'")
        .replacingOccurrences(of: "WHERE S", with: "WHERE run = (SELECT id FROM run WHERE key = '\(key)')")
      try ArchiveTests.sql(path, statement)
      let health = try Archive.health(path: path)
      #expect(health.soundRuns == 7 && health.damaged.count == 1, "\(health)")
      let found = try #require(health.damaged.first)
      #expect(found.key == key && found.settings == "loss=mse seed=4", "\(found)")
      #expect(found.parts.contains { $0.contains(wound.says) }, "\(found)")
      #expect(try Archive.repair(path: path).health.damaged.count == 1)
      let after = try Archive.health(path: path)
      #expect(after.isSound && after.soundRuns == 7, "\(after)")
      let sound = Set(DamageTests.keys).subtracting([key])
      #expect(try Archive(path: path).known(among: DamageTests.keys) == sound)
    }
  }

  @Test func theColumnOfAFlippedBitIsNamed() throws {
    try Self.withFile { path in
      var data = try Data(contentsOf: URL(fileURLWithPath: path))
      let place = try #require(data.firstRange(of: Data("loss=mse\nseed=5".utf8)))
      data[place.lowerBound + 5] ^= 4
      try Self.write(data, path)
      let health = try Archive.health(path: path)
      let found = try #require(health.damaged.first)
      #expect(health.damaged.count == 1 && found.key == DamageTests.keys[5])
      #expect(found.parts.contains { $0.contains("column description") }, "\(found)")
      #expect(found.settings == "loss=ise seed=5")
    }
  }

  /// Bits anywhere in the file: found, or without effect on what is read. What is left after a repair is sound and what it was.
  @Test func aFlippedBitIsFoundOrHarmless() throws {
    try Self.withFile { path in
      let good = try Data(contentsOf: URL(fileURLWithPath: path))
      let truth = try Self.content(path)
      try ArchiveTests.sql(path, "PRAGMA journal_mode = DELETE")
      var random = SystemRandomNumberGenerator.seeded(17)
      let used = good.indices.filter { good[$0] != 0 }
      var (found, harmless, kept) = (0, 0, 0)
      for trial in 0..<60 {
        var data = good
        let at =
          switch trial % 3 {
          case 0: 65_536 * (trial / 3 % (good.count / 65_536)) + Int.random(in: 0..<100, using: &random)
          case 1: used[Int.random(in: used.indices, using: &random)]
          default: Int.random(in: good.indices, using: &random)
          }
        data[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        try Self.write(data, path)
        let health = try? Archive.health(path: path)
        if let health, health.isSound {
          harmless += 1
          #expect(try Self.content(path) == truth, "byte \(at)")
          continue
        }
        found += 1
        // What cannot even be opened is refused by name; otherwise the rest is kept.
        guard health != nil, (try? Archive.repair(path: path)) != nil else { continue }
        let after = try Archive.health(path: path)
        #expect(after.isSound, "byte \(at): \(after)")
        for (key, text) in try Self.content(path) { #expect(truth[key] == text, "byte \(at), run \(key)") }
        kept += after.soundRuns
      }
      #expect(found > 15 && harmless > 5, "\(found) found, \(harmless) harmless")
      #expect(kept > 3 * found, "\(kept) runs kept after \(found) repairs")
    }
  }

  /// Many runs, so that tables and indexes have several pages.
  static func withPages(_ body: (_ path: String, _ keys: [String], _ truth: [String: RunSummary]) throws -> Void) throws
  {
    try ArchiveTests.withFolder { path in
      let keys = (0..<600).map { i in
        String(format: "%08x", (i &* 2_654_435_761) & 0xFFFF_FFFF) + String(repeating: "a", count: 56)
      }
      let curve = (0..<300).map { sin(Double($0)) }
      let records = keys.map { key in
        let result = TrainedRun(
          status: .finished, steps: 300, series: [.loss: Series(every: 1, values: curve)],
          finalParameters: [1, 2, 3], finalLoss: 0.5, bestLoss: 0.5, finals: [.accuracy: 0.25], finalGradientNorm: 0.125
        )
        return RunRecord(
          key: key, description: "hidden=4\nseed=\(key)", widths: [2, 1], result: result,
          provenance: ArchiveTests.provenance)
      }
      try Archive(path: path).save(records)
      let truth = try Archive(path: path).summaries(keys)
      // In one closed file.
      try ArchiveTests.sql(path, "PRAGMA journal_mode = DELETE")
      try body(path, keys, truth)
    }
  }

  /// The pages of a table or an index, by SQLite's own list.
  static func pages(_ path: String, _ name: String, leavesOnly: Bool = true) throws -> [Int] {
    let kind = leavesOnly ? "AND pagetype = 'leaf'" : ""
    return try DatabaseQueue(path: path).read {
      try Int.fetchAll($0, sql: "SELECT pageno FROM dbstat WHERE name = ? \(kind) ORDER BY pageno", arguments: [name])
    }
  }

  @Test(arguments: ["run", "series", "run_by_key", "sqlite_autoindex_series_1"])
  func aLostPageCostsItsOwnRunsOnly(_ name: String) throws {
    try Self.withPages { path, keys, truth in
      let pages = try Self.pages(path, name)
      #expect(pages.count > 1 || name == "run_by_key" || name.contains("autoindex"))
      var data = try Data(contentsOf: URL(fileURLWithPath: path))
      let start = 65_536 * (try #require(pages.dropFirst(pages.count / 2).first) - 1)
      data.replaceSubrange(start..<start + 65_536, with: Data(count: 65_536))
      try Self.write(data, path)
      let health = try Archive.health(path: path)
      #expect(!health.structure.isEmpty)
      let repair = try Archive.repair(path: path)
      let former = try #require(repair.former)
      #expect(try Data(contentsOf: URL(fileURLWithPath: former)) == data, "the damaged file is kept as it was")
      #expect(try Archive.health(path: path).isSound)
      let left = try Archive(path: path).summaries(keys)
      for (key, summary) in left { #expect(truth[key] == summary) }
      // An index is made again; a table loses the runs of one page.
      let least = name == "run" || name == "series" ? 300 : 600
      #expect(left.count >= least && left.count == health.soundRuns, "\(name): \(left.count) of 600 runs")
    }
  }

  @Test func aLostFirstPageCostsNothing() throws {
    try Self.withPages { path, keys, truth in
      var data = try Data(contentsOf: URL(fileURLWithPath: path))
      // The beginning stays, by which the file is known as one of SQLite.
      data.replaceSubrange(16..<65_536, with: Data(count: 65_520))
      try Self.write(data, path)
      #expect(DamageTests.mistake { try Archive(path: path) }?.kind == .archive)
      let health = try Archive.health(path: path)
      #expect(health.structure.contains { $0.contains("first page") } && health.soundRuns == 600, "\(health)")
      #expect(try Archive.repair(path: path).former != nil)
      #expect(try Archive(path: path).summaries(keys) == truth)
    }
  }

  @Test func whatIsNoArchiveIsRefused() throws {
    try ArchiveTests.withFolder { path in
      try ArchiveTests.sql(path, "CREATE TABLE theirs (x)")
      let before = try Data(contentsOf: URL(fileURLWithPath: path))
      for body in [{ _ = try Archive.health(path: path) }, { _ = try Archive.repair(path: path) }] {
        #expect(DamageTests.mistake(body)?.description.contains("another program's database") == true)
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }
  }

  @Test func aChangedViewIsFound() throws {
    try Self.withFile { path in
      try ArchiveTests.sql(path, "DROP VIEW run_series; CREATE VIEW run_series AS SELECT 1 AS key")
      let health = try Archive.health(path: path)
      #expect(health.structure.contains { $0.contains("run_series") } && health.soundRuns == 8, "\(health)")
      #expect(try Archive.repair(path: path).former != nil)
      #expect(try Archive.health(path: path).isSound)
    }
  }

  // MARK: Space

  @Test func compactionCompressesOlderCurvesAndKeepsEveryBit() throws {
    try ArchiveTests.withFolder { path in
      try OlderArchive(version: 4).write(DamageTests.records, to: path)
      let truth = try Self.content(path)
      try ArchiveTests.sql(
        path, "DELETE FROM run WHERE key = '\(DamageTests.keys[7])'; DELETE FROM series WHERE run = 8;")
      let done = try Archive.compact(path: path)
      #expect(done.after < done.before && done.compressed > 5, "\(done)")
      #expect(done.after == Archive.bytes(path))
      let left = try Self.content(path)
      #expect(left == truth.filter { $0.key != DamageTests.keys[7] })
      #expect(try Archive.health(path: path).isSound)
      #expect(try Archive.compact(path: path).compressed == 0)
    }
  }

  @Test func partsAddUp() throws {
    try Self.withFile { path in
      let archive = try Archive(path: path)
      let all = try archive.parts()
      let (some, others) = (Array(DamageTests.keys.prefix(3)), Array(DamageTests.keys.suffix(5)))
      let (first, second) = (try archive.parts(of: some), try archive.parts(of: others))
      #expect(all.runs == 8 && first.runs == 3 && second.runs == 5)
      #expect(first.bytes + second.bytes == all.bytes)
      #expect(all.parameters == 8 * DamageTests.records.reduce(0) { $0 + $1.result.finalParameters.count })
      let values = DamageTests.records.flatMap { $0.result.series.values }.reduce(0) { $0 + $1.values.count }
      #expect(all.plainCurves == 8 * values)
      let stored = try ViewTests.rows(path, "SELECT sum(length(encoded)) AS n FROM run_series")[0]["n"] as Int
      #expect(all.curves == stored)
    }
  }
}
