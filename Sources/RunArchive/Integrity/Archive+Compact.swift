import Foundation
import GRDB

/// Giving space back to the disk.
extension Archive {
  /// What compaction did.
  package struct Compaction: Sendable {
    /// Bytes of the file and its log before.
    package var before: Int
    /// Bytes of the file after.
    package var after: Int
    /// Series of an older version that are compressed now.
    package var compressed: Int
  }

  /// Compresses the series that an older version has stored plainly, and rewrites the file without unused pages.
  /// - Throws: `Mistake` where the file is damaged, is used by another process, or the disk has no space for a copy.
  package static func compact(path: String) throws -> Compaction {
    let before = bytes(path)
    let archive = try Archive(path: path)
    do {
      let compressed = try archive.compress()
      try archive.vacuum()
      return Compaction(before: before, after: bytes(path), compressed: compressed)
    } catch {
      throw ArchiveError.mistake(error, path, .writing)
    }
  }

  /// Bytes of an archive and its log.
  package static func bytes(_ path: String) -> Int {
    ["", "-wal"].reduce(0) { sum, suffix in
      var status = stat()
      return sum + (stat(path + suffix, &status) == 0 ? Int(status.st_size) : 0)
    }
  }

  /// Series that are compressed in one transaction.
  private static let batch = 500

  private func compress() throws -> Int {
    var (last, compressed) = (0 as Int64, 0)
    while true {
      var codes: [(row: Int64, code: [UInt8])] = []
      let before = last
      try read { db in
        try db.forEachRow(
          "SELECT rowid, bytes FROM series WHERE encoding = 0 AND rowid > \(last) ORDER BY rowid LIMIT \(Self.batch)"
        ) { row in
          guard let id = row.integer(0) else { return }
          last = Int64(id)
          if let code = SeriesCode.encode(RunRow.numbers(row.bytes(1))), row.bytes(1).count % 8 == 0 {
            codes.append((last, code))
          }
        }
      }
      guard last > before else { return compressed }
      let encoding = EncodedRun.Encoding.differences.rawValue
      try change { db in
        for (row, code) in codes {
          try db.execute(
            sql: "UPDATE series SET encoding = ?, bytes = ? WHERE rowid = ?", arguments: [encoding, Data(code), row])
        }
      }
      compressed += codes.count
    }
  }
}
