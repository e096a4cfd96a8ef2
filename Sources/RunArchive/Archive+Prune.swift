import Foundation
import GRDB
import Learning
import Studies

/// Old runs: which there are, and their removal.
extension Archive {
  /// The conditions that runs must all fulfil to be removed.
  package struct PruneRule: Sendable {
    /// Only runs that were trained before this time, in ISO 8601, UTC.
    package var before: String?
    /// Only runs of other training semantics than this version's. No experiment uses them any more.
    package var hasOtherSemantics = false
    /// Only runs with other keys than these.
    package var unused: Set<String>?
    /// Only runs with these keys.
    package var among: Set<String>?

    /// A rule that all runs fulfil.
    package init() {}

    fileprivate func holds(_ key: String, _ semantics: Int?, _ time: String) -> Bool {
      if let before, time >= before { return false }
      if hasOtherSemantics, semantics == TrainingSemantics.version { return false }
      if let unused, unused.contains(key) { return false }
      return among?.contains(key) ?? true
    }
  }

  /// Runs that a rule chooses, grouped by their setting.
  package struct PrunedRuns: Sendable {
    /// The runs of a setting, which differ in their seeds.
    package struct Group: Sendable {
      /// The lines of the canonical description without the seed.
      package let setting: [String]
      /// Number of runs.
      package fileprivate(set) var count = 0
      /// Bytes of their rows and curves.
      package fileprivate(set) var bytes = 0
      /// When the first and the last of them were trained.
      package fileprivate(set) var times: ClosedRange<String>
    }

    /// The groups, those with the most bytes first.
    package fileprivate(set) var groups: [Group] = []
    fileprivate var rows: [(id: Int64, key: String, time: String)] = []

    /// Number of runs.
    package var count: Int { rows.count }
    /// Bytes of all runs.
    package var bytes: Int { groups.reduce(0) { $0 + $1.bytes } }
  }

  /// The runs that fulfil a rule. Nothing is changed.
  /// - Throws: `Mistake` where the archive cannot be read.
  package func chosen(by rule: PruneRule) throws -> PrunedRuns {
    try read { db in
      let curves = try Self.curveBytes(db)
      var found = PrunedRuns()
      var groups: [String: PrunedRuns.Group] = [:]
      let rows = try Row.fetchCursor(db, sql: Self.outline)
      while let row = try rows.next() {
        func text(_ index: Int) -> String { String.fromDatabaseValue(row[index] as DatabaseValue) ?? "" }
        guard let id = Int64.fromDatabaseValue(row[0] as DatabaseValue) else { continue }
        let (key, time) = (text(1), text(4))
        guard rule.holds(key, Int.fromDatabaseValue(row[3] as DatabaseValue), time) else { continue }
        found.rows.append((id, key, time))
        let setting = text(2)
        var group =
          groups[setting]
          ?? PrunedRuns.Group(setting: setting.split(separator: "\n").map(String.init), times: time...time)
        group.count += 1
        group.bytes += (Int.fromDatabaseValue(row[5] as DatabaseValue) ?? 0) + (curves[id] ?? 0)
        group.times = min(group.times.lowerBound, time)...max(group.times.upperBound, time)
        groups[setting] = group
      }
      found.groups = groups.values.sorted { ($0.bytes, $1.setting.joined()) > ($1.bytes, $0.setting.joined()) }
      return found
    }
  }

  /// Of every run: its number, key, setting, semantics, time, and the bytes of its row.
  ///
  /// The setting is the description without its last line, which is the seed.
  private static let outline = """
    SELECT id, key,
      CASE WHEN substr(rtrim(description, '0123456789'), -6) = char(10) || 'seed='
        THEN substr(description, 1, length(rtrim(description, '0123456789')) - 6) ELSE description END,
      semantics, time, length(description) + length(finals) + ifnull(length(contents), 0) + length(parameters) + 250
    FROM run
    """

  /// The bytes of the curves of every run, by its number. The curves are not read.
  private static func curveBytes(_ db: Database) throws -> [Int64: Int] {
    var bytes: [Int64: Int] = [:]
    let rows = try Row.fetchCursor(db, sql: "SELECT run, SUM(length(bytes) + 40) FROM series GROUP BY run")
    while let row = try rows.next() {
      if let id = Int64.fromDatabaseValue(row[0] as DatabaseValue) {
        bytes[id] = Int.fromDatabaseValue(row[1] as DatabaseValue)
      }
    }
    return bytes
  }

  /// Removes runs, in one transaction. A run that was trained again since `chosen(by:)` is kept.
  /// - Returns: the number of removed runs.
  /// - Throws: `Mistake` where the archive cannot be written.
  package func remove(_ runs: PrunedRuns) throws -> Int {
    var removed = 0
    try change { db in
      let series = try db.cachedStatement(sql: "DELETE FROM series WHERE run = ?")
      let run = try db.cachedStatement(sql: "DELETE FROM run WHERE id = ? AND key = ? AND time = ?")
      removed = 0
      for row in runs.rows {
        try run.execute(arguments: [row.id, row.key, row.time])
        guard db.changesCount > 0 else { continue }
        removed += 1
        try series.execute(arguments: [row.id])
      }
    }
    return removed
  }
}
