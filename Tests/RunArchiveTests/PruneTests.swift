import GRDB
import Learning
import RunArchive
import Studies
import Testing

/// Old runs are found by every condition, and only they are removed.
@Suite struct PruneTests {
  private static func record(_ key: String, setting: String, time: String, semantics: Int) -> RunRecord {
    let plain = ArchiveTests.record(key)
    return RunRecord(
      key: key, description: setting, result: plain.result,
      provenance: Provenance(revision: "r", toolchain: "t", processor: "p", semantics: semantics, time: time))
  }

  /// Four runs: two seeds of one setting, an old one of another, and one of older semantics.
  private static let records = [
    record("a", setting: "h=1\nseed=0", time: "2026-05-01T00:00:00Z", semantics: TrainingSemantics.version),
    record("b", setting: "h=1\nseed=1", time: "2026-06-01T00:00:00Z", semantics: TrainingSemantics.version),
    record("c", setting: "h=2\nseed=0", time: "2025-01-01T00:00:00Z", semantics: TrainingSemantics.version),
    record("d", setting: "h=1\nseed=5", time: "2024-01-01T00:00:00Z", semantics: TrainingSemantics.version - 1),
  ]
  private static let keys = records.map(\.key)

  private static func rule(_ change: (inout Archive.PruneRule) -> Void) -> Archive.PruneRule {
    var rule = Archive.PruneRule()
    change(&rule)
    return rule
  }

  static let rules: [(Archive.PruneRule, [String])] = [
    (rule { $0.before = "2026-01-01T00:00:00Z" }, ["c", "d"]),
    (rule { $0.hasOtherSemantics = true }, ["d"]),
    (rule { $0.unused = ["a", "c"] }, ["b", "d"]),
    (rule { $0.among = ["a", "c", "x"] }, ["a", "c"]),
    (
      rule {
        $0.unused = ["a", "c"]
        $0.before = "2026-01-01T00:00:00Z"
      }, ["d"]
    ),
    (rule { $0.before = "2020-01-01T00:00:00Z" }, []),
  ]

  @Test(arguments: rules) func onlyChosenRunsAreRemoved(_ rule: Archive.PruneRule, _ chosen: [String]) throws {
    try ArchiveTests.withFolder { path in
      let archive = try Archive(path: path)
      try archive.save(Self.records)
      let found = try archive.chosen(by: rule)
      #expect(found.count == chosen.count && found.groups.reduce(0) { $0 + $1.count } == chosen.count)
      #expect(try archive.known(among: Self.keys) == Set(Self.keys), "nothing is removed by looking")
      #expect(try archive.remove(found) == chosen.count)
      let left = Set(Self.keys).subtracting(chosen)
      #expect(try archive.known(among: Self.keys) == left)
      // The others are whole, and of the removed ones nothing is left.
      #expect(try archive.examine(Self.keys).sound == left)
      let rows = try DatabaseQueue(path: path).read { db in
        try Int.fetchOne(db, sql: "SELECT COUNT(DISTINCT run) FROM series") ?? 0
      }
      #expect(rows == left.count)
    }
  }

  @Test func runsAreGroupedByTheirSetting() throws {
    try ArchiveTests.withFolder { path in
      let archive = try Archive(path: path)
      try archive.save(Self.records)
      let groups = try archive.chosen(by: Archive.PruneRule()).groups
      #expect(Set(groups.map(\.setting)) == [["h=1"], ["h=2"]])
      let one = try #require(groups.first { $0.setting == ["h=1"] })
      #expect(one.count == 3 && one.times == "2024-01-01T00:00:00Z"..."2026-06-01T00:00:00Z")
      #expect(one.bytes > 0)
    }
  }

  @Test func aRunThatWasTrainedAgainIsKept() throws {
    try ArchiveTests.withFolder { path in
      let archive = try Archive(path: path)
      try archive.save(Self.records)
      let found = try archive.chosen(by: Self.rule { $0.among = ["c", "d"] })
      try archive.save([
        Self.record("c", setting: "h=2\nseed=0", time: "2026-11-01T00:00:00Z", semantics: TrainingSemantics.version)
      ])
      #expect(try archive.remove(found) == 1)
      #expect(try archive.known(among: Self.keys) == ["a", "b", "c"])
    }
  }
}
