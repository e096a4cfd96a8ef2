import Foundation
import GRDB
import Learning
import RunArchive
import Studies

/// Archives as earlier versions wrote them, by SQL of this file alone: version 1 without checksums, 2 with them, 4 with views and widths.
struct OlderArchive {
  let version: Int

  func write(_ records: [RunRecord], to path: String) throws {
    var configuration = Configuration()
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA page_size = 65536; PRAGMA journal_mode = WAL") }
    try DatabaseQueue(path: path, configuration: configuration).write { db in
      try db.execute(sql: statements)
      for identifier in 1...version {
        try db.execute(sql: "INSERT INTO grdb_migrations VALUES (?)", arguments: ["\(identifier)"])
      }
      for record in records { try write(record, db) }
    }
  }

  /// The words of those versions, to the letter: a file keeps them.
  private static let tables = """
    PRAGMA application_id = 1146307412;
    CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
    CREATE TABLE run (
      id INTEGER PRIMARY KEY,
      key TEXT NOT NULL UNIQUE,
      description TEXT NOT NULL,
      diverged_at INTEGER,
      steps INTEGER NOT NULL,
      final_loss REAL,
      best_loss REAL,
      final_gradient_norm REAL,
      finals TEXT NOT NULL,
      parameters BLOB NOT NULL,
      revision TEXT NOT NULL,
      toolchain TEXT NOT NULL,
      processor TEXT NOT NULL,
      semantics INTEGER NOT NULL,
      time TEXT NOT NULL
    );
    CREATE TABLE series (
      run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
      quantity TEXT NOT NULL,
      every INTEGER NOT NULL,
      bytes BLOB NOT NULL,
      UNIQUE (run, quantity)
    );
    """

  private var statements: String {
    let sums = "ALTER TABLE run ADD COLUMN contents TEXT; ALTER TABLE run ADD COLUMN checksum TEXT;"
    let views = ["runs", "run_series", "run_settings"].map { "CREATE VIEW \($0) AS SELECT key FROM run;" }
    return Self.tables + (version >= 2 ? sums : "") + (version >= 3 ? views.joined() : "")
  }

  private func write(_ record: RunRecord, _ db: Database) throws {
    let result = record.result
    var divergedAt: Int?
    if case .diverged(let step) = result.status { divergedAt = step }
    func number(_ value: Double) -> DatabaseValue { value.isNaN ? .null : (value + 0).databaseValue }
    let finals = result.finals.map { #""\#($0.name)":"\#($1)""# }.sorted().joined(separator: ",")
    let made = record.provenance
    let values: [(String, DatabaseValue)] = [
      ("key", record.key.databaseValue), ("description", record.description.databaseValue),
      ("diverged_at", divergedAt.databaseValue), ("steps", result.steps.databaseValue),
      ("final_loss", number(result.finalLoss)), ("best_loss", number(result.bestLoss)),
      ("final_gradient_norm", number(result.finalGradientNorm)), ("finals", "{\(finals)}".databaseValue),
      ("contents", contents(record).databaseValue), ("revision", made.revision.databaseValue),
      ("toolchain", made.toolchain.databaseValue), ("processor", made.processor.databaseValue),
      ("semantics", made.semantics.databaseValue), ("time", made.time.databaseValue),
    ]
    var columns = values + [("parameters", Self.bytes(result.finalParameters).databaseValue)]
    if version >= 2 {
      columns.append(("checksum", Self.checksum(values.map(\.1)).databaseValue))
    } else {
      columns.removeAll { $0.0 == "contents" }
    }
    let marks = Array(repeating: "?", count: columns.count).joined(separator: ", ")
    try db.execute(
      sql: "INSERT INTO run (\(columns.map(\.0).joined(separator: ", "))) VALUES (\(marks))",
      arguments: StatementArguments(columns.map(\.1)))
    let run = db.lastInsertedRowID
    for (quantity, series) in result.series {
      try db.execute(
        sql: "INSERT INTO series VALUES (?, ?, ?, ?)",
        arguments: [run, quantity.name, series.every, Self.bytes(series.values)])
    }
  }

  private static func bytes(_ values: [Double]) -> Data { values.withUnsafeBytes { Data($0) } }

  private func contents(_ record: RunRecord) -> String {
    func line(_ name: String, _ every: Int, _ values: [Double]) -> String {
      "\(name) \(every) \(values.count) \(values.withUnsafeBytes(Checksum.text))"
    }
    let series = record.result.series.map { line($0.name, $1.every, $1.values) }.sorted()
    let widths = version >= 3 ? ["layers none"] : []
    return ([line("parameters", 1, record.result.finalParameters)] + widths + series).joined(separator: "\n")
  }

  /// The checksum of a row as the page ArchiveSchema describes it, computed a second time here.
  static func checksum(_ values: [DatabaseValue]) -> String {
    var bytes: [UInt8] = []
    for value in values {
      let (kind, word, text): (String, UInt64, String) =
        switch value.storage {
        case .int64(let number): ("i", UInt64(bitPattern: number), "")
        case .double(let number): ("d", number.bitPattern, "")
        case .string(let text): ("s", UInt64(text.utf8.count), text)
        case .null, .blob: ("n", 0, "")
        }
      bytes += Array(kind.utf8) + (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } + Array(text.utf8)
    }
    return String(("0000000000000000" + String(bytes.withUnsafeBytes(Checksum.of), radix: 16)).suffix(16))
  }
}
