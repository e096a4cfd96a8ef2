import GRDB
import GRDBSQLite

/// The columns of one row of a query, converted without trapping: a damaged file can have anything anywhere.
struct Columns {
  private let statement: SQLiteStatement

  fileprivate init(_ statement: SQLiteStatement) { self.statement = statement }

  private func kind(_ column: Int32) -> Int32 { sqlite3_column_type(statement, column) }

  func isNull(_ column: Int32) -> Bool { kind(column) == SQLITE_NULL }
  func isBlob(_ column: Int32) -> Bool { kind(column) == SQLITE_BLOB }

  /// `nil` for anything but an integer.
  func integer(_ column: Int32) -> Int? {
    kind(column) == SQLITE_INTEGER ? Int(sqlite3_column_int64(statement, column)) : nil
  }

  /// NULL is NaN; `nil` for anything else that is not a number.
  func number(_ column: Int32) -> Double? {
    switch kind(column) {
    case SQLITE_NULL: .nan
    case SQLITE_FLOAT, SQLITE_INTEGER: sqlite3_column_double(statement, column)
    default: nil
    }
  }

  /// `nil` for anything but a text.
  func text(_ column: Int32) -> String? {
    kind(column) == SQLITE_TEXT ? String(decoding: bytes(column), as: UTF8.self) : nil
  }

  /// The same text as that of the row before, if it is: long texts that all runs share are kept once.
  func text(_ column: Int32, last: String) -> String? {
    guard kind(column) == SQLITE_TEXT else { return nil }
    let found = bytes(column)
    return last.utf8.elementsEqual(found) ? last : String(decoding: found, as: UTF8.self)
  }

  /// The bytes of a text or a blob, until the next row.
  func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
    // The pointer comes before the length: asking for it can convert the value.
    let start = kind(column) == SQLITE_BLOB ? sqlite3_column_blob(statement, column) : text(column)
    return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(statement, column)))
  }

  private func text(_ column: Int32) -> UnsafeRawPointer? {
    sqlite3_column_text(statement, column).map { UnsafeRawPointer($0) }
  }

  /// The checksum of the kinds, lengths and bytes of the first columns, as `BoundRow` computes it.
  func checksum(of count: Int, _ scratch: inout [UInt8]) -> String {
    scratch.removeAll(keepingCapacity: true)
    for column in 0..<Int32(count) {
      switch kind(column) {
      case SQLITE_NULL: BoundRow.add("n", 0, to: &scratch)
      case SQLITE_INTEGER:
        BoundRow.add("i", UInt64(bitPattern: sqlite3_column_int64(statement, column)), to: &scratch)
      case SQLITE_FLOAT:
        BoundRow.add("d", (sqlite3_column_double(statement, column) + 0).bitPattern, to: &scratch)
      case let other:
        let bytes = bytes(column)
        BoundRow.add(other == SQLITE_TEXT ? "s" : "b", UInt64(bytes.count), to: &scratch)
        scratch.append(contentsOf: bytes)
      }
    }
    return scratch.withUnsafeBytes(Checksum.text)
  }
}

extension Database {
  /// Calls `body` with every row of a query, to whose first place a text is bound.
  func forEachRow(_ sql: String, _ argument: String? = nil, _ body: (Columns) throws -> Void) throws {
    let statement = try makeStatement(sql: sql)
    let handle = statement.sqliteStatement
    var bound = BoundRow()
    if let argument { bound.add(argument) }
    // The handle is valid as long as its statement is there.
    try withExtendedLifetime(statement) {
      try bound.bound(to: handle) { _ in
        defer {
          sqlite3_reset(handle)
          sqlite3_clear_bindings(handle)
        }
        while true {
          switch sqlite3_step(handle) {
          case SQLITE_ROW: try body(Columns(handle))
          case SQLITE_DONE: return
          case let status: throw DatabaseError(resultCode: ResultCode(rawValue: status), message: lastErrorMessage)
          }
        }
      }
    }
  }
}
