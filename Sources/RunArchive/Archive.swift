import Foundation
import GRDB
package import Learning
package import Studies

/// Finished runs in one SQLite file. Several threads and processes may use it at the same time (write-ahead log); on file systems that cannot share
/// memory one process at a time (rollback journal, exclusive lock).
///
/// A run is written in one transaction, completely or not at all. It has checksums of its row, its parameters and its series,
/// and all data that are read are verified with them:
/// - every read verifies the rows of the requested runs;
/// - `known` and `summaries` also verify that every series exists, by the index, without reading curves;
/// - every read of series or parameters verifies their bytes;
/// - `examine` verifies every byte of the requested runs; `descent run` calls it before training.
///
/// A file that is damaged, foreign or made by a newer version is refused and not changed.
package final class Archive: RunStore {
  private let database: any DatabaseReader
  /// `nil` where the archive can only be read.
  private let writer: (any DatabaseWriter)?
  private let path: String
  /// Whether the rows have checksums. An older file that can only be read has none, and no run of the current version.
  private let hasChecksums: Bool
  /// What a reader should know: that the file was created or changed for a file system on which only one process at a time can use it. It is
  /// said once; afterwards the file is of this kind.
  package let note: String?

  /// Opens the archive for reading and writing, and creates it if it does not exist.
  /// - Throws: `Mistake` if the file cannot be created or is not an archive of this version.
  package convenience init(path: String) throws {
    try self.init(path: path, obstacle: FileSystem.obstacle(in: ArchiveFile.folder(of: path)))
  }

  /// - Parameter obstacle: why the file cannot have a write-ahead log; `nil` where it can.
  /// - Throws: `Mistake` if the file cannot be created or is not an archive of this version.
  package init(path: String, obstacle: String?) throws {
    self.path = path
    do {
      try ArchiveFile.refuseForeign(path)
      // One process at a time creates the file, its tables and its write-ahead log.
      (database, writer, note) = try OpeningLock.during(path) {
        if let obstacle { return try Self.exclusive(path, obstacle) }
        try ArchiveFile.refuseForeignDatabase(path)
        let pool = try DatabasePool(path: path, configuration: ArchiveFile.configuration)
        try Schema.prepare(pool)
        return (pool, pool, nil)
      }
      hasChecksums = true
    } catch {
      throw ArchiveError.mistake(error, path, .opening)
    }
  }

  /// Opens the file with a rollback journal, for this process alone.
  private static func exclusive(
    _ path: String, _ obstacle: String
  ) throws -> (any DatabaseReader, (any DatabaseWriter)?, String?) {
    do {
      let (queue, isChanged) = try ArchiveFile.exclusive(path)
      try Schema.prepare(queue)
      let note =
        "\(path) is on a file system (\(obstacle)) that cannot share a write-ahead log: one process at a time can use the archive"
      return (queue, queue, isChanged ? note : nil)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
      throw Mistake(
        .output, at: path, value: "",
        rule: "another process uses the archive, and on this file system (\(obstacle)) only one at a time can",
        remedy: "Wait for it, or choose a folder on a local disk with --output")
    }
  }

  private init(reading path: String) throws {
    self.path = path
    do {
      try ArchiveFile.refuseForeign(path)
      let reader = try ArchiveFile.reader(path)
      hasChecksums = try reader.read(Schema.hasChecksums)
      (database, writer, note) = (reader, nil, nil)
    } catch {
      throw ArchiveError.mistake(error, path, .reading)
    }
  }

  /// The archive at a path; `nil` if there is none. It is opened for reading only if the file or its folder cannot be written,
  /// or the disk is full.
  package static func existing(path: String) throws -> Archive? {
    guard try ArchiveFile.exists(path) else { return nil }
    guard ArchiveFile.isWritable(path) else { return try Archive(reading: path) }
    let obstacle = FileSystem.obstacle(in: ArchiveFile.folder(of: path))
    // Opened for writing, it would lock others out.
    if obstacle != nil, !ArchiveFile.hasLog(path) { return try Archive(reading: path) }
    do {
      return try Archive(path: path, obstacle: obstacle)
    } catch let mistake as Mistake where mistake.kind == .output && ArchiveFile.isOnFullDisk(path) {
      return try Archive(reading: path)
    }
  }

  /// The archive at a path, for reading only.
  /// - Throws: `Mistake` if the file is not an archive of this version.
  package static func reading(path: String) throws -> Archive { try Archive(reading: path) }

  /// Closes the file. What is read or written afterwards throws.
  /// - Throws: `Mistake` where something still uses it.
  package func close() throws {
    do { try database.close() } catch { throw ArchiveError.mistake(error, path, .writing) }
  }

  // MARK: Writing

  /// Writes finished runs in one transaction, replacing runs with the same keys.
  /// - Throws: `Mistake` if the archive cannot be written.
  package func save(_ records: [RunRecord]) throws { try save(records.map(prepare)) }

  /// A run compressed and with its checksums.
  package func prepare(_ record: RunRecord) -> PreparedRun {
    let run = EncodedRun(record)
    return PreparedRun(run, bytes: run.bytes)
  }

  /// Writes prepared runs in one transaction, replacing runs with the same keys.
  /// - Throws: `Mistake` if the archive cannot be written.
  package func save(_ runs: [PreparedRun]) throws {
    guard let writer else {
      throw Mistake(
        .output, at: path, value: "", rule: "the archive can only be read",
        remedy: "Change its permissions, or choose another folder with --output")
    }
    do {
      try writer.write { db in
        let statements = try EncodedRun.Statements(db)
        for run in runs { try run.form(of: EncodedRun.self).write(db, statements) }
      }
    } catch {
      throw ArchiveError.mistake(error, path, .writing)
    }
  }

  /// Rewrites the file without unused pages, and empties the log.
  func vacuum() throws {
    guard let writer else { throw ArchiveError.mistake(DatabaseError(resultCode: .SQLITE_READONLY), path, .writing) }
    try writer.vacuum()
    try writer.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
  }

  /// Changes rows in one transaction, unless the archive can only be read.
  func change(_ body: (Database) throws -> Void) throws {
    guard let writer else { return }
    do {
      try writer.write(body)
    } catch {
      throw ArchiveError.mistake(error, path, .writing)
    }
  }

  // MARK: Reading

  /// The keys whose runs are complete: with a sound row, and with every series. Curves are not read.
  package func known(among keys: [String]) throws -> Set<String> {
    var known: Set<String> = []
    var damage = Damage()
    try readRows(keys, &damage) { db, rows, damage in
      try RunRow.verifyPresence(db, rows, &damage)
      known.formUnion(rows.map(\.key))
    }
    return known.subtracting(damage.keys)
  }

  /// The sound and the damaged ones of these runs, with every byte read and verified.
  package func examine(_ keys: [String]) throws -> (sound: Set<String>, damaged: Set<String>) {
    var found: Set<String> = []
    var damage = Damage()
    try readRows(keys, &damage) { db, rows, damage in
      try RunRow.verifyPresence(db, rows, &damage)
      try RunRow.verifyParameters(db, rows, &damage)
      try RunRow.verifySeries(db, rows, &damage)
      found.formUnion(rows.map(\.key))
    }
    return (found.subtracting(damage.keys), damage.keys)
  }

  /// The summaries of the runs with these keys, by key.
  /// - Throws: `Mistake` if a run is damaged.
  package func summaries(_ keys: [String]) throws -> [String: RunSummary] { try outlines(keys).summaries }

  /// The summaries of the runs with these keys, by key, and their origins, newest first.
  /// - Throws: `Mistake` if a run is damaged.
  package func outlines(_ keys: [String]) throws -> (summaries: [String: RunSummary], provenance: [Provenance]) {
    let decoder = JSONDecoder()
    var result: [String: RunSummary] = [:]
    var newest: [Provenance] = []
    result.reserveCapacity(keys.count)
    try readSound(keys) { db, rows, damage in
      try RunRow.verifyPresence(db, rows, &damage)
      newest = Provenance.newest(newest + rows.map(\.provenance))
      for row in rows {
        result[row.key] = row.summary(decoder)
        if result[row.key] == nil { damage.add(row.key, "a value of its row is not of its kind") }
      }
    } finally: { db, damage in
      let missing = Set(keys).subtracting(result.keys).subtracting(damage.keys)
      if !missing.isEmpty { try RunRow.findLost(db, missing, &damage) }
    }
    return (result, newest)
  }

  /// The recorded values of a quantity, by key, for the runs that have recorded it.
  /// - Throws: `Mistake` if a run is damaged.
  package func series(_ quantity: Quantity, of keys: [String]) throws -> [String: Series] {
    var result: [String: Series] = [:]
    try forEachSeries(quantity, of: keys) { result[$0] = $1 }
    return result
  }

  /// Reads the recorded values of a quantity, run after run: rows in parts, series one at a time.
  /// - Throws: `Mistake` if a run is damaged, after `body` was called with the sound ones; what `body` throws.
  package func forEachSeries(
    _ quantity: Quantity, of keys: [String], _ body: (_ key: String, Series) throws -> Void
  ) throws {
    // An error of the body is not one of the archive.
    var refusal: (any Error)?
    try readSound(keys) { db, rows, damage in
      guard refusal == nil else { return }
      let recorded = rows.filter { $0.contents.series[quantity.name] != nil }
      try RunRow.forEachSeries(db, recorded, of: quantity, &damage) { key, series in
        guard refusal == nil else { return }
        do { try body(key, series) } catch { refusal = error }
      }
    }
    if let refusal { throw refusal }
  }

  /// The quantities that the runs have recorded.
  package func quantities(of keys: [String]) throws -> [Quantity] {
    var names: Set<String> = []
    try readSound(keys) { _, rows, _ in for row in rows { names.formUnion(row.contents.series.keys) } }
    return names.sorted().compactMap(Quantity.init(name:))
  }

  /// The parameters after training, by key.
  /// - Throws: `Mistake` if a run is damaged.
  package func finalParameters(of keys: [String]) throws -> [String: [Double]] {
    var result: [String: [Double]] = [:]
    result.reserveCapacity(keys.count)
    try readSound(keys) { db, rows, damage in
      try RunRow.forEachParameters(db, rows, &damage) { result[$0] = $1 }
    }
    return result
  }

  /// The origins of the runs, newest first; of equal origins the newest time.
  package func provenance(of keys: [String]) throws -> [Provenance] {
    var newest: [Provenance] = []
    try readSound(keys) { _, rows, _ in newest = Provenance.newest(newest + rows.map(\.provenance)) }
    return newest
  }

  /// More rows than these are not held at once.
  private static let mostRows = 4_000

  /// Calls `body` with the sound rows of these keys that have a checksum, part by part; damaged ones are added to `damage`.
  private func readRows(
    _ keys: [String], _ damage: inout Damage, _ body: (Database, [RunRow], inout Damage) throws -> Void
  ) throws {
    guard hasChecksums else { return }
    // One transaction: all parts are of one moment.
    try read { db in
      for part in RunRow.parts(of: keys, atMost: Self.mostRows) {
        let rows = try RunRow.fetch(db, part, &damage)
        try body(db, rows, &damage)
      }
    }
  }

  /// Reads data of sound runs, part by part.
  /// - Throws: `Mistake` that names a damaged run.
  private func readSound(
    _ keys: [String], _ body: (Database, [RunRow], inout Damage) throws -> Void,
    finally end: (Database, inout Damage) throws -> Void = { _, _ in }
  ) throws {
    var damage = Damage()
    try readRows(keys, &damage, body)
    try read { try end($0, &damage) }
    try damage.refuse(path)
  }

  func read<T>(_ body: (Database) throws -> T) throws -> T {
    do {
      return try database.read(body)
    } catch {
      throw ArchiveError.mistake(error, path, .reading)
    }
  }
}
