import Foundation
import GRDB
import Learning
import Studies

/// Runs of another archive, added to this one.
extension Archive {
  /// What became of the runs of another archive.
  package struct Merge: Hashable, Sendable {
    /// Runs that this archive did not have, those whose row here was damaged included.
    package var added = 0
    /// Runs that both have, equal in every bit.
    package var equal = 0
    /// The keys of runs that both have with other numbers.
    package var conflicts: [String] = []

    /// Nothing yet.
    package init() {}

    /// Adds what became of further runs.
    package mutating func add(_ other: Merge) {
      added += other.added
      equal += other.equal
      conflicts += other.conflicts
    }
  }

  /// Runs of one transaction.
  private static let batch = 10_000

  /// Verifies every byte of every run.
  /// - Throws: `Mistake` where a run is damaged, or the file cannot be read.
  package func verifyAll() throws {
    try forEachBatch { rows in
      let keys = rows.map(\.key)
      let (sound, damaged) = try examine(keys)
      guard damaged.isEmpty, sound.count == keys.count else {
        throw Mistake(
          .archive, at: "run", value: damaged.min() ?? "", rule: "the run is damaged", remedy: "Train it again")
      }
    }
  }

  /// Adds the runs of another archive that this one does not have, in transactions of some thousand runs. Others may write to both.
  ///
  /// A run that both have must be equal in every bit, except for who trained it, where and when. A damaged run of this archive is replaced.
  /// - Parameters:
  ///   - other: an archive whose runs are sound.
  ///   - keepConflicts: takes an archive and the rows in it that differ from runs of this one.
  /// - Throws: `Mistake` where one of the files cannot be read or written.
  package func merge(_ other: Archive, keepConflicts: (_ keys: [String]) throws -> Void) throws -> Merge {
    var result = Merge()
    try other.forEachBatch { rows in
      let (sound, damaged) = try examine(rows.map(\.key))
      var late = try absorb(rows.filter { !sound.contains($0.key) }, of: other, replacing: damaged)
      result.added += rows.count - sound.count - late.count
      // Some that another process has added in the meantime.
      late.formUnion(sound)
      let conflicts = try differences(from: other, among: late.sorted())
      if !conflicts.isEmpty { try keepConflicts(conflicts) }
      result.conflicts += conflicts
      result.equal += late.count - conflicts.count
    }
    return result
  }

  /// Adds some runs of another archive, whatever it has.
  /// - Throws: `Mistake` where one of the files cannot be read or written.
  package func add(_ keys: [String], of other: Archive) throws {
    let wanted = Set(keys)
    try other.forEachBatch { rows in
      _ = try absorb(rows.filter { wanted.contains($0.key) }, of: other, replacing: wanted)
    }
  }

  /// How many of the keys have a row, by the index alone; no row is verified.
  /// - Throws: `Mistake` where the file cannot be read.
  package func presentCount(among keys: [String]) throws -> Int {
    try read { db in
      try RunRow.parts(of: keys).reduce(0) { sum, part in
        let sql = "SELECT count(*) FROM run WHERE \(RunRow.isListed)"
        return sum + (try Int.fetchOne(db, sql: sql, arguments: [RunRow.list(part)]) ?? 0)
      }
    }
  }

  /// Whether the file has the tables of this version.
  /// - Throws: `Mistake` where the file cannot be read.
  package func isCurrent() throws -> Bool { try read(Schema.isCurrent) }

  /// Number of runs, whatever their state.
  /// - Throws: `Mistake` where the file cannot be read.
  package func runCount() throws -> Int { try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM run") ?? 0 } }

  /// The keys of all runs, in parts.
  /// - Throws: what `body` throws, and `Mistake` where the file cannot be read.
  package func forEachKeys(_ body: ([String]) throws -> Void) throws { try forEachBatch { try body($0.map(\.key)) } }

  /// Makes a closed archive one file without a log, which can be copied and then read from any disk.
  /// - Throws: `Mistake` where the disk has no space for what is still in the log.
  package static func seal(_ path: String) throws {
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(30)
      // Without shared memory: the disk may be one that cannot map it.
      configuration.prepareDatabase { try $0.execute(sql: "PRAGMA locking_mode = EXCLUSIVE") }
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.inDatabase { db in
        let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode = DELETE")
        guard mode == "delete" else { throw DatabaseError(resultCode: .SQLITE_FULL) }
        // Gives the lock and the journal back, which an exclusive connection keeps.
        try db.execute(sql: "PRAGMA locking_mode = NORMAL; SELECT count(*) FROM sqlite_master")
      }
      try queue.close()
    } catch {
      throw ArchiveError.mistake(error, path, .writing)
    }
    // Neither has a meaning for a file without a log.
    for end in ["-lock", "-shm"] { unlink(path + end) }
  }

  // MARK: Rows

  private struct Identity: Sendable {
    var id: Int64
    var key: String
  }

  private func forEachBatch(_ body: ([Identity]) throws -> Void) throws {
    var last: Int64 = .min
    while true {
      let rows = try read { db in
        try Row.fetchAll(
          db, sql: "SELECT id, key FROM run WHERE id > ? AND checksum IS NOT NULL ORDER BY id LIMIT ?",
          arguments: [last, Self.batch]
        ).compactMap { row -> Identity? in
          guard let id = Int64.fromDatabaseValue(row[0] as DatabaseValue) else { return nil }
          return Identity(id: id, key: String.fromDatabaseValue(row[1] as DatabaseValue) ?? "without a key")
        }
      }
      guard let end = rows.last?.id else { return }
      try body(rows)
      last = end
    }
  }

  /// Copies rows in one transaction.
  /// - Parameter replaced: the keys of rows that are replaced.
  /// - Returns: the keys of the rows that were there already, which stay.
  private func absorb(_ rows: [Identity], of other: Archive, replacing replaced: Set<String>) throws -> Set<String> {
    guard let first = rows.first?.id, let last = rows.last?.id else { return [] }
    var late: Set<String> = []
    try change { db in
      let keys = RunRow.list(rows.map(\.key))
      late = Set(try String.fetchAll(db, sql: "SELECT key FROM run WHERE \(RunRow.isListed)", arguments: [keys]))
      late.subtract(replaced)
      let wanted = Set(rows.filter { !late.contains($0.key) }.map(\.id))
      let forget = try db.cachedStatement(sql: "DELETE FROM run WHERE \(Schema.hasKey("?1"))")
      for row in rows where replaced.contains(row.key) { try forget.execute(arguments: [row.key]) }
      try other.read { source in
        let numbers = try Self.copyRuns(from: source, first...last, wanted, to: db)
        try Self.copySeries(from: source, first...last, numbers, to: db)
      }
    }
    return late
  }

  /// - Returns: the new numbers of the rows, by their old ones.
  private static func copyRuns(
    from source: Database, _ range: ClosedRange<Int64>, _ wanted: Set<Int64>, to db: Database
  ) throws -> [Int64: Int64] {
    let names = try columns("run", of: source).filter { $0 != "id" }
    let insert = try db.cachedStatement(sql: insertion("run", names))
    var numbers: [Int64: Int64] = [:]
    let rows = try Row.fetchCursor(
      source, sql: "SELECT id, \(names.joined(separator: ", ")) FROM run WHERE id BETWEEN ? AND ? ORDER BY id",
      arguments: [range.lowerBound, range.upperBound])
    while let row = try rows.next() {
      guard let id = Int64.fromDatabaseValue(row[0] as DatabaseValue), wanted.contains(id) else { continue }
      let values = (1...names.count).map { row[$0] as DatabaseValue }
      try insert.execute(arguments: StatementArguments(values))
      numbers[id] = db.lastInsertedRowID
    }
    return numbers
  }

  private static func copySeries(
    from source: Database, _ range: ClosedRange<Int64>, _ numbers: [Int64: Int64], to db: Database
  ) throws {
    let names = try columns("series", of: source).filter { $0 != "run" }
    let insert = try db.cachedStatement(sql: insertion("series", ["run"] + names))
    let rows = try Row.fetchCursor(
      source, sql: "SELECT run, \(names.joined(separator: ", ")) FROM series WHERE run BETWEEN ? AND ? ORDER BY run",
      arguments: [range.lowerBound, range.upperBound])
    while let row = try rows.next() {
      guard let old = Int64.fromDatabaseValue(row[0] as DatabaseValue), let run = numbers[old] else { continue }
      let values = [run.databaseValue] + (1...names.count).map { row[$0] as DatabaseValue }
      try insert.execute(arguments: StatementArguments(values))
    }
  }

  private static func columns(_ table: String, of db: Database) throws -> [String] {
    try db.columns(in: table).map(\.name)
  }

  private static func insertion(_ table: String, _ columns: [String]) -> String {
    let marks = Array(repeating: "?", count: columns.count).joined(separator: ", ")
    return "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(marks))"
  }
}
