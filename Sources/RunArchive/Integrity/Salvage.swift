import Foundation
import GRDB
import Learning

/// A damaged archive whose sound runs go to a new file.
struct Salvage {
  private let path: String
  private var aside: String { path + "-repair" }
  private var copy: String { path + "-copy" }

  init(_ path: String) { self.path = path }

  /// Writes the sound runs to a new archive, which takes the place of the former.
  /// - Returns: where the former file is now.
  func save(_ found: Examination) throws -> String {
    Self.remove(aside)
    try lockOut()
    try write(found)
    let former = unused()
    // The log belongs to the file: a new file must not find it.
    for suffix in ["-wal", "-shm", ""] where access(path + suffix, F_OK) == 0 {
      guard rename(path + suffix, former + suffix) == 0 else { throw DatabaseError(resultCode: .SQLITE_CANTOPEN) }
    }
    guard rename(aside, path) == 0 else { throw DatabaseError(resultCode: .SQLITE_CANTOPEN) }
    return former
  }

  /// Removes what a salvage leaves beside the archive.
  func clean() { for file in [aside, copy] { Self.remove(file) } }

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

  private func write(_ found: Examination) throws {
    var configuration = ArchiveFile.configuration
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(path: aside, configuration: configuration)
    try Schema.prepare(queue)
    let columns = (["id"] + Schema.covered + ["checksum", "parameters"]).joined(separator: ", ")
    try queue.inDatabase { db in
      try db.execute(sql: "ATTACH ? AS former", arguments: [ArchiveFile.readingAddress(found.address) ?? found.address])
      let hasEncodings = try Bool.fetchOne(
        db, sql: "SELECT EXISTS (SELECT 1 FROM pragma_table_info('series', 'former') WHERE name = 'encoding')")
      let encoding = hasEncodings == true ? "encoding" : "0"
      for start in stride(from: 0, to: found.sound.count, by: 500) {
        let part = found.sound[start..<min(start + 500, found.sound.count)]
        let rows = "[" + part.map(String.init).joined(separator: ",") + "]"
        let isChosen = "IN (SELECT value FROM json_each(?))"
        try db.inTransaction {
          try db.execute(
            sql: "INSERT INTO main.run (\(columns)) SELECT \(columns) FROM former.run WHERE id \(isChosen)",
            arguments: [rows])
          try db.execute(
            sql: """
              INSERT INTO main.series (run, quantity, every, encoding, bytes)
              SELECT run, quantity, every, \(encoding), bytes FROM former.series WHERE run \(isChosen)
              """, arguments: [rows])
          return .commit
        }
      }
      try db.execute(sql: "DETACH former")
    }
    try queue.close()
  }

  /// A copy of the file with the first page of a new archive, whose tables begin at the same pages.
  func withFirstPage() throws -> String {
    let (size, template) = (65_536, path + "-template")
    defer { Self.remove(template) }
    try Schema.prepare(try DatabaseQueue(path: template, configuration: ArchiveFile.configuration))
    let pages = (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0) / size
    guard pages > 1, var page = try FileHandle(forReadingFrom: URL(fileURLWithPath: template)).read(upToCount: size),
      page.count == size
    else { throw DatabaseError(resultCode: .SQLITE_NOTADB) }
    // Number of pages; no free pages; the version for which the number is valid. Source: https://sqlite.org/fileformat.html, section 1.3.
    page.replaceSubrange(28..<32, with: withUnsafeBytes(of: UInt32(pages).bigEndian, Array.init))
    page.replaceSubrange(32..<40, with: Data(count: 8))
    page.replaceSubrange(92..<96, with: page[24..<28])
    Self.remove(copy)
    try FileManager.default.copyItem(atPath: path, toPath: copy)
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: copy))
    try file.write(contentsOf: page)
    try file.close()
    return copy
  }

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
