import Foundation
import GRDB
package import Learning
package import Studies

/// Finished runs in one SQLite file. Several threads and processes may use it at the same time (write-ahead log).
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
  private let writer: DatabasePool?
  private let path: String
  /// Whether the rows have checksums. An older file that can only be read has none, and no run of the current version.
  private let hasChecksums: Bool

  /// Opens the archive for reading and writing, and creates it if it does not exist.
  /// - Throws: `Mistake` if the file cannot be created or is not an archive of this version.
  package init(path: String) throws {
    self.path = path
    do {
      try ArchiveFile.refuseForeign(path)
      // One process at a time creates the file, its tables and its write-ahead log.
      let pool = try OpeningLock.during(path) {
        try ArchiveFile.refuseForeignDatabase(path)
        let pool = try DatabasePool(path: path, configuration: ArchiveFile.configuration)
        try Schema.prepare(pool)
        return pool
      }
      (database, writer, hasChecksums) = (pool, pool, true)
    } catch {
      throw ArchiveError.mistake(error, path, .opening)
    }
  }

  private init(reading path: String) throws {
    self.path = path
    do {
      try ArchiveFile.refuseForeign(path)
      let reader = try ArchiveFile.reader(path)
      hasChecksums = try reader.read(Schema.hasChecksums)
      (database, writer) = (reader, nil)
    } catch {
      throw ArchiveError.mistake(error, path, .reading)
    }
  }

  /// The archive at a path; `nil` if there is none. It is opened for reading only if the file or its folder cannot be written,
  /// or the disk is full.
  package static func existing(path: String) throws -> Archive? {
    guard try ArchiveFile.exists(path) else { return nil }
    guard ArchiveFile.isWritable(path) else { return try Archive(reading: path) }
    do {
      return try Archive(path: path)
    } catch let mistake as Mistake where mistake.kind == .output && ArchiveFile.isOnFullDisk(path) {
      return try Archive(reading: path)
    }
  }

  // MARK: Writing

  /// Writes finished runs in one transaction, replacing runs with the same keys.
  /// - Throws: `Mistake` if the archive cannot be written.
  package func save(_ records: [RunRecord]) throws {
    guard let writer else {
      throw Mistake(
        .output, at: path, value: "", rule: "the archive can only be read",
        remedy: "Change its permissions, or choose another folder with --output")
    }
    do {
      try writer.write { db in
        let forget = try db.cachedStatement(sql: "DELETE FROM run WHERE key = ?")
        let insertRun = try db.cachedStatement(sql: Schema.insertRun)
        let insertSeries = try db.cachedStatement(sql: Schema.insertSeries)
        for record in records {
          try forget.execute(arguments: [record.key])
          try insertRun.execute(arguments: try RunRow.arguments(of: record))
          let run = db.lastInsertedRowID
          for (quantity, series) in record.result.series {
            try insertSeries.execute(arguments: [run, quantity.name, series.every, RunRow.bytes(series.values)])
          }
        }
      }
    } catch {
      throw ArchiveError.mistake(error, path, .writing)
    }
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
    try read { db in
      var damage = Damage()
      let rows = try rows(db, keys, &damage)
      try RunRow.verifyPresence(db, rows, &damage)
      return Set(rows.map(\.key)).subtracting(damage.keys)
    }
  }

  /// The sound and the damaged ones of these runs, with every byte read and verified.
  package func examine(_ keys: [String]) throws -> (sound: Set<String>, damaged: Set<String>) {
    try read { db in
      var damage = Damage()
      let rows = try rows(db, keys, &damage)
      try RunRow.verifyPresence(db, rows, &damage)
      try RunRow.verifyParameters(db, rows, &damage)
      try RunRow.verifySeries(db, rows, &damage)
      return (Set(rows.map(\.key)).subtracting(damage.keys), damage.keys)
    }
  }

  /// The summaries of the runs with these keys, by key.
  /// - Throws: `Mistake` if a run is damaged.
  package func summaries(_ keys: [String]) throws -> [String: RunSummary] {
    try readSound(keys) { db, rows, damage in
      try RunRow.verifyPresence(db, rows, &damage)
      if rows.count < Set(keys).count { try RunRow.findLost(db, keys, rows, &damage) }
      let decoder = JSONDecoder()
      var result: [String: RunSummary] = [:]
      for row in rows {
        result[row.key] = row.summary(decoder)
        if result[row.key] == nil { damage.add(row.key, "a value of its row is not of its kind") }
      }
      return result
    }
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
    try read { db in
      var damage = Damage()
      for part in RunRow.parts(of: keys, atMost: 4_000) {
        let rows = try rows(db, Array(part), &damage).filter { $0.contents.series[quantity.name] != nil }
        try RunRow.forEachSeries(db, rows, of: quantity, &damage) { key, series in
          guard refusal == nil else { return }
          do { try body(key, series) } catch { refusal = error }
        }
        if refusal != nil { return }
      }
      try damage.refuse(path)
    }
    if let refusal { throw refusal }
  }

  /// The quantities that the runs have recorded.
  package func quantities(of keys: [String]) throws -> [Quantity] {
    try readSound(keys) { _, rows, _ in
      Set(rows.flatMap(\.contents.series.keys)).sorted().compactMap(Quantity.init(name:))
    }
  }

  /// The parameters after training, by key.
  /// - Throws: `Mistake` if a run is damaged.
  package func finalParameters(of keys: [String]) throws -> [String: [Double]] {
    try readSound(keys) { db, rows, damage in
      var result: [String: [Double]] = [:]
      try RunRow.forEachParameters(db, rows, &damage) { result[$0] = $1 }
      return result
    }
  }

  /// The origins of the runs, newest first; of equal origins the newest time.
  package func provenance(of keys: [String]) throws -> [Provenance] {
    try readSound(keys) { _, rows, _ in Provenance.newest(rows.lazy.map(\.provenance)) }
  }

  /// The sound rows of these keys that have a checksum; damaged ones are added to `damage`.
  private func rows(_ db: Database, _ keys: [String], _ damage: inout Damage) throws -> [RunRow] {
    hasChecksums ? try RunRow.fetch(db, keys, &damage) : []
  }

  /// Reads data of sound runs.
  /// - Throws: `Mistake` that names a damaged run.
  private func readSound<T>(_ keys: [String], _ body: (Database, [RunRow], inout Damage) throws -> T) throws -> T {
    try read { db in
      var damage = Damage()
      let rows = try rows(db, keys, &damage)
      let result = try body(db, rows, &damage)
      try damage.refuse(path)
      return result
    }
  }

  func read<T>(_ body: (Database) throws -> T) throws -> T {
    do {
      return try database.read(body)
    } catch {
      throw ArchiveError.mistake(error, path, .reading)
    }
  }
}
