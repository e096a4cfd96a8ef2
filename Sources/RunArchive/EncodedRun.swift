import GRDB
import GRDBSQLite
import Learning
import Studies

/// A finished run in the form in which it is stored. It is encoded before the transaction begins, so that nobody waits for it.
struct EncodedRun: Sendable {
  /// The values of the bytes in a series.
  enum Encoding: Int64 {
    /// Little-endian 64-bit IEEE 754 numbers.
    case plain = 0
    /// `SeriesCode`
    case differences = 1
  }

  private struct Curve {
    var name: String
    var every: Int
    var bytes: Bytes
  }

  private enum Bytes {
    case plain([Double])
    case differences([UInt8])

    init(_ values: [Double]) { self = SeriesCode.encode(values).map(Bytes.differences) ?? .plain(values) }

    var count: Int {
      switch self {
      case .plain(let values): 8 * values.count
      case .differences(let code): code.count
      }
    }
  }

  let key: String
  private let row: BoundRow
  private let parameters: [Double]
  private let curves: [Curve]

  init(_ record: RunRecord) {
    key = record.key
    parameters = record.result.finalParameters
    curves = record.result.series.map { quantity, series in
      Curve(name: quantity.name, every: series.every, bytes: Bytes(series.values))
    }.sorted { $0.name < $1.name }
    let summary = RunSummary(record.result)
    let contents = RunRow.Contents(
      parameters: RunRow.Contents.Part(every: 1, values: parameters), widths: record.widths,
      bestStep: summary.bestStep,
      series: Dictionary(
        record.result.series.map { ($0.name, RunRow.Contents.Part(every: $1.every, values: $1.values)) },
        uniquingKeysWith: { $1 }))
    row = Self.row(record, summary, contents)
  }

  /// Bytes of memory, about: what it has beside its numbers and texts is small.
  var bytes: Int { curves.reduce(row.byteCount + 8 * parameters.count + 512) { $0 + $1.bytes.count + 128 } }

  /// The covered columns and their checksum, in the order of `Schema.insertRun`.
  private static func row(_ record: RunRecord, _ summary: RunSummary, _ contents: RunRow.Contents) -> BoundRow {
    var row = BoundRow()
    row.add(record.key)
    row.add(record.description)
    if case .diverged(let step) = summary.status { row.add(step) } else { row.add(nil as Int?) }
    row.add(summary.steps)
    row.add(summary.finalLoss)
    row.add(summary.bestLoss)
    row.add(summary.finalGradientNorm)
    row.add(json(summary.finals))
    row.add(contents.text)
    row.add(record.provenance.revision)
    row.add(record.provenance.toolchain)
    row.add(record.provenance.processor)
    row.add(record.provenance.semantics)
    row.add(record.provenance.time)
    row.add(row.checksum)
    return row
  }

  /// Names and numbers of quantities, which have no characters that JSON would escape.
  private static func json(_ finals: [Quantity: Double]) -> String {
    let pairs = finals.map { (name: $0.name, text: "\"\($0.name)\":\"\($1)\"") }.sorted { $0.name < $1.name }
    return "{" + pairs.map(\.text).joined(separator: ",") + "}"
  }

  /// Writes the run, replacing one with the same key.
  func write(_ db: Database, _ statements: Statements) throws {
    var key = BoundRow()
    key.add(self.key)
    try key.bound(to: statements.forget.sqliteStatement) { _ in try statements.forget.executeBound(db) }
    try row.bound(to: statements.insertRun.sqliteStatement) { next in
      try parameters.withUnsafeBytes { bytes in
        statements.insertRun.bind(bytes, at: next)
        try statements.insertRun.executeBound(db)
      }
    }
    let run = db.lastInsertedRowID
    for curve in curves { try write(curve, run, db, statements.insertSeries) }
  }

  private func write(_ curve: Curve, _ run: Int64, _ db: Database, _ statement: Statement) throws {
    var row = BoundRow()
    row.add(Int(run))
    row.add(curve.name)
    row.add(curve.every)
    let encoding: Encoding =
      switch curve.bytes {
      case .plain: .plain
      case .differences: .differences
      }
    row.add(Int(encoding.rawValue))
    try row.bound(to: statement.sqliteStatement) { next in
      func insert(_ bytes: UnsafeRawBufferPointer) throws {
        statement.bind(bytes, at: next)
        try statement.executeBound(db)
      }
      switch curve.bytes {
      case .plain(let values): try values.withUnsafeBytes(insert)
      case .differences(let code): try code.withUnsafeBytes(insert)
      }
    }
  }

  /// The statements that write runs.
  struct Statements {
    let forget: Statement
    let insertRun: Statement
    let insertSeries: Statement

    init(_ db: Database) throws {
      forget = try db.cachedStatement(sql: "DELETE FROM run WHERE \(Schema.hasKey("?1"))")
      insertRun = try db.cachedStatement(sql: Schema.insertRun)
      insertSeries = try db.cachedStatement(sql: Schema.insertSeries)
    }
  }
}
