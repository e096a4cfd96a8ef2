import Foundation
import GRDB
import Learning

/// A damaged archive whose sound runs go to a new file.
struct Salvage {
  private let path: String
  private var aside: String { path + "-repair" }
  private var copy: String { path + "-copy" }
  private var rewrite: String { path + "-rewritten" }

  init(_ path: String) { self.path = path }

  /// Writes the sound runs to a new archive, which takes the place of the former.
  /// - Returns: where the former file is now.
  func save(_ found: Examination) throws -> String {
    try lockOut()
    let queue = try newArchive(aside, reading: found.address)
    try queue.inDatabase { try write(found.sound, $0) }
    try queue.close()
    let former = unused()
    // The log belongs to the file: a new file must not find it.
    for suffix in ["-wal", "-shm", ""] where access(path + suffix, F_OK) == 0 {
      guard rename(path + suffix, former + suffix) == 0 else { throw DatabaseError(resultCode: .SQLITE_CANTOPEN) }
    }
    guard rename(aside, path) == 0 else { throw DatabaseError(resultCode: .SQLITE_CANTOPEN) }
    return former
  }

  /// Removes what a salvage leaves beside the archive.
  func clean() { for file in [aside, copy, rewrite] { Self.remove(file) } }

  /// Throws where another process uses the archive.
  private func lockOut() throws {
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA locking_mode = EXCLUSIVE") }
    do {
      try DatabaseQueue(path: path, configuration: configuration).inDatabase { db in
        try db.execute(sql: "BEGIN EXCLUSIVE; ROLLBACK")
      }
    } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
      throw error
    } catch {
      // A file that cannot even be locked is used by nobody.
    }
  }

  /// An empty archive to which another is attached for reading, as `former`.
  private func newArchive(_ file: String, reading address: String) throws -> DatabaseQueue {
    Self.remove(file)
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA page_size = 65536; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = NORMAL")
    }
    let queue = try DatabaseQueue(path: file, configuration: configuration)
    try Schema.prepare(queue)
    let reading = ArchiveFile.readingAddress(address) ?? address
    try queue.inDatabase { try $0.execute(sql: "ATTACH ? AS former", arguments: [reading]) }
    return queue
  }

  private static let runColumns = (["id"] + Schema.covered + ["checksum", "parameters"]).joined(separator: ", ")
  private static let seriesColumns = "rowid, run, quantity, every, encoding, bytes"

  /// The columns of the attached series; a file of an older version has no encodings.
  private func formerSeries(_ db: Database) throws -> String {
    let sql = "SELECT EXISTS (SELECT 1 FROM pragma_table_info('series', 'former') WHERE name = 'encoding')"
    return try Bool.fetchOne(db, sql: sql) == true
      ? Self.seriesColumns : Self.seriesColumns.replacing("encoding", with: "0")
  }

  private func write(_ sound: [Int64], _ db: Database) throws {
    let (runs, series) = (Self.runColumns, try formerSeries(db))
    for start in stride(from: 0, to: sound.count, by: 500) {
      let part = sound[start..<min(start + 500, sound.count)]
      let rows = "[" + part.map(String.init).joined(separator: ",") + "]"
      let isChosen = "IN (SELECT value FROM json_each(?))"
      try db.inTransaction {
        try db.execute(
          sql: "INSERT INTO main.run (\(runs)) SELECT \(runs) FROM former.run WHERE id \(isChosen)", arguments: [rows])
        try db.execute(
          sql: """
            INSERT INTO main.series (\(Self.seriesColumns))
            SELECT \(series) FROM former.series WHERE run \(isChosen)
            """, arguments: [rows])
        return .commit
      }
    }
    try db.execute(sql: "DETACH former")
  }

  // MARK: Reading without a part

  /// A copy of the file with the first page of a new archive, whose tables begin at the same pages.
  func withFirstPage() throws -> String {
    let (size, template) = (65_536, path + "-template")
    defer { Self.remove(template) }
    Self.remove(template)
    var configuration = Configuration()
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA page_size = 65536") }
    let queue = try DatabaseQueue(path: template, configuration: configuration)
    try Schema.prepare(queue)
    try queue.close()
    let pages = (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0) / size
    guard pages > 1, var page = try FileHandle(forReadingFrom: URL(fileURLWithPath: template)).read(upToCount: size),
      page.count == size
    else { throw DatabaseError(resultCode: .SQLITE_NOTADB) }
    // Number of pages; no free pages; the version for which the number is valid. Source: https://sqlite.org/fileformat.html, section 1.3.
    page.replaceSubrange(28..<32, with: withUnsafeBytes(of: UInt32(pages).bigEndian, Array.init))
    page.replaceSubrange(32..<40, with: Data(count: 8))
    page.replaceSubrange(92..<96, with: page[24..<28])
    Self.remove(copy)
    for suffix in ["", "-wal"] where access(path + suffix, F_OK) == 0 {
      try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
    }
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: copy))
    try file.write(contentsOf: page)
    try file.close()
    return copy
  }

  /// The rows of a file in a new one with new indexes: what can be read of the tables from both ends, whatever it is.
  func rewritten(_ address: String) throws -> String {
    let queue = try newArchive(rewrite, reading: address)
    try queue.inDatabase { db in
      let tables = [("run", Self.runColumns, Self.runColumns), ("series", Self.seriesColumns, try formerSeries(db))]
      for (table, columns, former) in tables {
        let insert =
          "INSERT OR IGNORE INTO main.\(table) (\(columns)) SELECT \(former) FROM former.\(table) NOT INDEXED"
        if !copyRows(db, table, insert, from: .min) { _ = copyRows(db, table, insert, from: .max) }
      }
      try db.execute(sql: "DETACH former")
    }
    try queue.close()
    return rewrite
  }

  /// Copies rows from one end of a table until one cannot be read.
  /// - Returns: whether all were copied.
  private func copyRows(_ db: Database, _ table: String, _ insert: String, from end: Int64) -> Bool {
    var (last, count) = (end, 256)
    let (sign, order) = end == .min ? (">", "ASC") : ("<", "DESC")
    while true {
      let condition = "WHERE rowid \(sign) \(last) ORDER BY rowid \(order) LIMIT \(count)"
      do {
        let rows = try Int64.fetchAll(db, sql: "SELECT rowid FROM former.\(table) NOT INDEXED \(condition)")
        guard let next = rows.last else { return true }
        // In a damaged table the order of rows can be damaged too, and the search would go on forever.
        guard end == .min ? next > last : next < last else { return false }
        try db.inTransaction {
          try db.execute(sql: "\(insert) \(condition)")
          return .commit
        }
        last = next
      } catch  where count > 1 {
        count = 1
      } catch {
        return false
      }
    }
  }

  // MARK: Files

  /// A name beside the archive that no file has.
  private func unused() -> String {
    let first = path + ".damaged"
    var (name, number) = (first, 1)
    while access(name, F_OK) == 0 {
      number += 1
      name = "\(first)-\(number)"
    }
    return name
  }

  private static func remove(_ file: String) {
    for suffix in ["", "-wal", "-shm", "-lock", "-journal"] { unlink(file + suffix) }
  }
}
