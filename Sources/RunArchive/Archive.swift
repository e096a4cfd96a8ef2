import Foundation
import GRDB
public import Learning
public import Studies

/// Finished runs in one SQLite file. Several threads and processes may use it at the same time (write-ahead log).
///
/// A run is written whole, in one transaction, or not at all; a file that is damaged, foreign or made by a newer
/// version is refused and left as it is.
public final class Archive: RunStore {
  private let pool: DatabasePool
  private let path: String

  /// Opens the archive, and makes it where there is none.
  /// - Throws: `Mistake` where the file cannot be made or is not an archive of this version.
  public init(path: String) throws {
    self.path = path
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(30)
      configuration.prepareDatabase { db in
        // A kill loses nothing with NORMAL in WAL mode; a power cut at most the last second, never the file.
        // Curves are long: in large pages they cost half of what they cost in SQLite's usual ones.
        try db.execute(sql: "PRAGMA page_size = 65536; PRAGMA synchronous = NORMAL")
      }
      try Self.refuseForeign(path)
      // One process at a time makes the file, its tables and its write-ahead log.
      pool = try OpeningLock.during(path) {
        try Schema.refuseForeign(path)
        let pool = try DatabasePool(path: path, configuration: configuration)
        try Schema.prepare(pool)
        return pool
      }
    } catch let error as DatabaseError {
      throw Self.mistake(error, path)
    }
  }

  /// The archive at a path if there is one; nothing is made.
  public static func existing(path: String) throws -> Archive? {
    FileManager.default.fileExists(atPath: path) ? try Archive(path: path) : nil
  }

  /// A file that does not begin as SQLite does is somebody else's, and SQLite must not touch it.
  private static func refuseForeign(_ path: String) throws {
    guard let handle = FileHandle(forReadingAtPath: path) else { return }
    defer { try? handle.close() }
    let head = (try? handle.read(upToCount: 16)) ?? Data()
    guard head.isEmpty || head == Data("SQLite format 3\0".utf8) else {
      throw Mistake(
        .archive, at: path, value: "a file that is no SQLite database", rule: "it is not an archive of runs",
        remedy: "Move it away, or choose another folder with --output")
    }
  }

  // MARK: Writing

  public func save(_ records: [RunRecord]) throws {
    do {
      try pool.write { db in
        let forget = try db.cachedStatement(sql: "DELETE FROM run WHERE key = ?")
        let insertRun = try db.cachedStatement(sql: Schema.insertRun)
        let insertSeries = try db.cachedStatement(sql: Schema.insertSeries)
        for record in records {
          try forget.execute(arguments: [record.key])
          try insertRun.execute(arguments: Self.columns(record))
          let run = db.lastInsertedRowID
          for (quantity, series) in record.result.series {
            try insertSeries.execute(arguments: [run, quantity.name, series.every, Self.bytes(series.values)])
          }
        }
      }
    } catch let error as DatabaseError {
      throw Self.mistake(error, path)
    }
  }

  private static func columns(_ record: RunRecord) throws -> StatementArguments {
    let summary = RunSummary(record.result)
    var divergedAt: Int?
    if case .diverged(let step) = summary.status { divergedAt = step }
    let finals = Dictionary(uniqueKeysWithValues: summary.finals.map { ($0.name, "\($1)") })
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return [
      record.key, record.description, divergedAt, summary.steps, summary.finalLoss, summary.bestLoss,
      summary.finalGradientNorm, String(decoding: try encoder.encode(finals), as: UTF8.self),
      bytes(record.result.finalParameters), record.provenance.revision, record.provenance.toolchain,
      record.provenance.processor, record.provenance.semantics, record.provenance.time,
    ]
  }

  // MARK: Reading

  public func known(among keys: [String]) throws -> Set<String> {
    try read { db in
      var found = Set<String>()
      for part in Self.parts(of: keys) {
        found.formUnion(
          try String.fetchAll(db, sql: "SELECT key FROM run WHERE \(Self.isListed)", arguments: [Self.list(part)]))
      }
      return found
    }
  }

  public func summaries(_ keys: [String]) throws -> [String: RunSummary] {
    try read { db in
      var result: [String: RunSummary] = [:]
      try Self.forEachRow(
        db,
        """
        SELECT key, diverged_at, steps, final_loss, best_loss, final_gradient_norm, finals FROM run
        WHERE \(Self.isListed)
        """, keys
      ) { row in
        let divergedAt: Int? = row["diverged_at"]
        let texts = try JSONDecoder().decode([String: String].self, from: Data((row["finals"] as String).utf8))
        var finals: [Quantity: Double] = [:]
        for (name, text) in texts {
          if let quantity = Quantity(name: name) { finals[quantity] = Double(text) }
        }
        // SQLite stores NaN as NULL.
        result[row["key"]] = RunSummary(
          status: divergedAt.map { .diverged(atStep: $0) } ?? .finished, steps: row["steps"],
          finalLoss: row["final_loss"] ?? .nan, bestLoss: row["best_loss"] ?? .nan,
          finalGradientNorm: row["final_gradient_norm"] ?? .nan, finals: finals)
      }
      return result
    }
  }

  public func series(_ quantity: Quantity, of keys: [String]) throws -> [String: Series] {
    try read { db in
      var result: [String: Series] = [:]
      try Self.forEachRow(
        db,
        """
        SELECT key, every, bytes FROM run JOIN series ON series.run = run.id
        WHERE quantity = '\(quantity.name)' AND \(Self.isListed)
        """, keys
      ) { row in
        result[row["key"]] = Series(every: row["every"], values: Self.numbers(row["bytes"]))
      }
      return result
    }
  }

  /// Which quantities runs have recorded.
  public func quantities(of keys: [String]) throws -> [Quantity] {
    try read { db in
      let names = try String.fetchAll(
        db,
        sql: "SELECT DISTINCT quantity FROM run JOIN series ON series.run = run.id WHERE \(Self.isListed)",
        arguments: [Self.list(keys)])
      return names.compactMap(Quantity.init(name:)).sorted { $0.name < $1.name }
    }
  }

  public func finalParameters(of keys: [String]) throws -> [String: [Double]] {
    try read { db in
      var result: [String: [Double]] = [:]
      try Self.forEachRow(db, "SELECT key, parameters FROM run WHERE \(Self.isListed)", keys) { row in
        result[row["key"]] = Self.numbers(row["parameters"])
      }
      return result
    }
  }

  /// By what and when the runs were made, newest first.
  public func provenance(of keys: [String]) throws -> [Provenance] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT DISTINCT revision, toolchain, processor, semantics, MAX(time) AS time FROM run WHERE \(Self.isListed)
          GROUP BY revision, toolchain, processor, semantics ORDER BY time DESC
          """, arguments: [Self.list(keys)]
      ).map {
        Provenance(
          revision: $0["revision"], toolchain: $0["toolchain"], processor: $0["processor"], semantics: $0["semantics"],
          time: $0["time"])
      }
    }
  }

  /// Every row of a query over many keys, a part of the keys at a time.
  private static func forEachRow(
    _ db: Database, _ sql: String, _ keys: [String], _ body: (Row) throws -> Void
  ) throws {
    for part in parts(of: keys) {
      let rows = try Row.fetchCursor(db, sql: sql, arguments: [list(part)])
      while let row = try rows.next() { try body(row) }
    }
  }

  private func read<T>(_ body: (Database) throws -> T) throws -> T {
    do {
      return try pool.read(body)
    } catch let error as DatabaseError {
      throw Self.mistake(error, path)
    }
  }

  // MARK: Encoding

  /// One bound list of any length, in place of thousands of bound keys.
  private static let isListed = "key IN (SELECT value FROM json_each(?))"

  /// Keys in parts whose lists stay small beside SQLite's limits.
  private static func parts(of keys: [String]) -> [ArraySlice<String>] {
    stride(from: 0, to: keys.count, by: 20_000).map { keys[$0..<min($0 + 20_000, keys.count)] }
  }

  private static func list(_ keys: some Sequence<String>) -> String {
    "[" + keys.map { "\"\($0)\"" }.joined(separator: ",") + "]"
  }

  /// Little-endian IEEE 754 doubles.
  private static func bytes(_ values: [Double]) -> Data {
    values.withUnsafeBytes { Data($0) }
  }

  private static func numbers(_ data: Data) -> [Double] {
    let count = data.count / MemoryLayout<Double>.stride
    return [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      _ = data.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
      initialized = count
    }
  }

  private static func mistake(_ error: DatabaseError, _ path: String) -> Mistake {
    let message = error.message ?? "\(error.resultCode)"
    switch error.resultCode {
    case .SQLITE_FULL:
      return Mistake(
        .output, at: path, value: message, rule: "the disk is full; every finished run up to here is kept",
        remedy: "Free some space and run the same command again")
    case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_IOERR:
      return Mistake(
        .output, at: path, value: message, rule: "the archive cannot be written",
        remedy: "Check the folder's permissions, or choose another with --output")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return Mistake(
        .output, at: path, value: message, rule: "another process has held the archive for half a minute",
        remedy: "Wait for it, or stop it, and run again")
    default:
      return Mistake(
        .archive, at: path, value: message, rule: "the archive is damaged",
        remedy: "Nothing was written to it. Move it away, or restore a copy")
    }
  }
}
