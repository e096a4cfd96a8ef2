import Foundation
import GRDB
import Learning
import RunArchive
import Studies
import Testing

/// The views of the archive, as another program reads them with SQLite alone.
@Suite struct ViewTests {
  static func record(_ key: String, _ description: String, widths: [Int], status: RunStatus = .finished) -> RunRecord {
    let like = ArchiveTests.record(key, status: status)
    return RunRecord(
      key: key, description: description, widths: widths, result: like.result, provenance: like.provenance)
  }

  static func rows(_ path: String, _ sql: String) throws -> [Row] {
    try DatabaseQueue(path: path).read { try Row.fetchAll($0, sql: sql) }
  }

  /// Values that a quoting mistake would change: quotes, backslashes, an n after a backslash, an equals sign, a comma.
  static let awkward = [
    "data": #"csv(C:\new\"x",'y'.csv) targets(a=b,c)"#, "hidden": "4", "loss": "η²=1; ½", "seed": "9007199254740993",
  ]

  @Test func settingsAreThoseOfTheDescription() throws {
    try ArchiveTests.withFolder { path in
      let description = Self.awkward.map { "\($0)=\($1)" }.sorted().joined(separator: "\n")
      try Archive(path: path).save([Self.record("k", description, widths: [2, 4, 1])])
      let row = try #require(try Self.rows(path, "SELECT * FROM runs").first)
      let settings = try JSONDecoder().decode([String: String].self, from: Data((row["settings"] as String).utf8))
      #expect(settings == Self.awkward)
      #expect(row["seed"] as Int64 == 9_007_199_254_740_993)
      let joined = try Self.rows(path, "SELECT name, value FROM runs JOIN run_settings USING (key)")
      #expect(Dictionary(uniqueKeysWithValues: joined.map { ($0["name"], $0["value"]) }) == Self.awkward)
    }
  }

  @Test func runsHaveTheNumbersOfTheirRecords() throws {
    try ArchiveTests.withFolder { path in
      try Archive(path: path).save([
        Self.record("a", "seed=1", widths: [2, 4, 3, 1]), Self.record("b", "seed=2", widths: []),
        Self.record("c", "seed=3", widths: [1, 1], status: .diverged(atStep: 2)),
      ])
      let rows = try Self.rows(path, "SELECT * FROM runs ORDER BY seed")
      #expect(rows.map { $0["layers"] as String? } == ["2-4-3-1", nil, "1-1"])
      #expect(rows.map { $0["status"] as String } == ["finished", "finished", "diverged"])
      #expect(rows.map { $0["diverged_at"] as Int? } == [nil, nil, 2])
      #expect(rows[0]["best_loss"] as Double == 0.1 + 0.2 && rows[0]["steps"] as Int == 3)
      let values = [0.1, -0.0, Double.leastNonzeroMagnitude]
      #expect(rows[0]["parameters"] as Data == values.withUnsafeBytes { Data($0) })
      let series = try Self.rows(path, "SELECT * FROM run_series WHERE key = 'a' AND quantity = 'loss'")
      #expect(series.count == 1 && series[0]["every"] as Int == 1)
      #expect((series[0]["bytes"] as Data).count == 24)
    }
  }

  /// The column of plain numbers has no others: a program that does not know the compression reads NULL instead of wrong numbers.
  @Test func compressedSeriesAreNotShownAsNumbers() throws {
    try ArchiveTests.withFolder { path in
      let smooth = (0..<500).map { 1 / Double(1 + $0) }
      let result = TrainedRun(
        status: .finished, steps: 500,
        series: [.loss: Series(every: 1, values: smooth), .accuracy: Series(every: 250, values: [0.1, 0.7])],
        finalParameters: [1], finalLoss: 1, bestLoss: 1, finals: [:])
      try Archive(path: path).save([
        RunRecord(key: "k", description: "seed=1", result: result, provenance: ArchiveTests.provenance)
      ])
      let rows = try Self.rows(path, "SELECT * FROM run_series ORDER BY quantity")
      #expect(rows.map { $0["encoding"] as Int } == [0, 1])
      #expect(rows[0]["bytes"] as Data? == [0.1, 0.7].withUnsafeBytes { Data($0) })
      #expect(rows[0]["encoded"] as Data? == rows[0]["bytes"] as Data?)
      #expect(rows[1]["bytes"] as Data? == nil)
      let code = try #require(rows[1]["encoded"] as Data?)
      #expect(code.count < 2_600, "\(code.count) of 4000 bytes")
      let decoded = code.withUnsafeBytes { SeriesCode.decode($0, count: 500) }
      #expect(decoded == smooth)
    }
  }

  /// An archive of the version before the views and the widths.
  static func withOlder(_ body: (String) throws -> Void) throws {
    try ArchiveTests.withFolder { path in
      try OlderArchive(version: 2).write([ArchiveTests.record("k1"), ArchiveTests.record("k2")], to: path)
      try body(path)
    }
  }

  @Test func widthsAreAddedToRunsOfAnOlderVersion() throws {
    try Self.withOlder { path in
      let archive = try Archive(path: path)
      #expect(try archive.examine(["k1", "k2"]).sound == ["k1", "k2"])
      #expect(try Self.rows(path, "SELECT layers FROM runs").map { $0["layers"] as String? } == [nil, nil])
      try archive.addWidths(to: ["k2"]) { _ in [2, 1] }
      let layers = try Self.rows(path, "SELECT layers FROM runs ORDER BY key").map { $0["layers"] as String? }
      #expect(layers == [nil, "2-1"])
      // A run can start from one with widths only: without them nobody knows whether its parameters fit.
      #expect(try archive.state(of: "k2")?.widths == [2, 1] && archive.state(of: "k9") == nil)
      #expect(DamageTests.mistake { _ = try archive.state(of: "k1") }?.rule.contains("without the widths") == true)
      #expect(try archive.examine(["k1", "k2"]).sound == ["k1", "k2"])
      // A second time changes nothing.
      try archive.addWidths(to: ["k2"]) { _ in [9, 9] }
      #expect(try Self.rows(path, "SELECT layers FROM runs WHERE key = 'k2'")[0]["layers"] as String? == "2-1")
    }
  }

  /// Reading alone must not need the newest schema: the runs of an older archive in a folder that cannot be written are known.
  @Test(.enabled(if: getuid() != 0)) func anOlderArchiveThatCanOnlyBeReadHasItsRuns() throws {
    try Self.withOlder { path in
      chmod(path, 0o444)
      defer { chmod(path, 0o644) }
      let archive = try #require(try Archive.existing(path: path))
      #expect(try archive.known(among: ["k1", "k2"]) == ["k1", "k2"])
    }
  }
}
