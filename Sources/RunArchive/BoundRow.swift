import GRDB
import GRDBSQLite

/// The values of a row, as its checksum covers them. SQLite takes the texts from the same bytes, without a copy.
struct BoundRow {
  private enum Value {
    case null
    case integer(Int64)
    case number(Double)
    case text(Range<Int>)
  }

  private var bytes: [UInt8] = []
  private var values: [Value] = []

  mutating func add(_ text: String) {
    add("s", UInt64(text.utf8.count))
    let start = bytes.count
    bytes.append(contentsOf: text.utf8)
    values.append(.text(start..<bytes.count))
  }

  mutating func add(_ integer: Int?) {
    guard let integer else { return addNull() }
    add("i", UInt64(bitPattern: Int64(integer)))
    values.append(.integer(Int64(integer)))
  }

  /// A number as SQLite stores it: NaN as NULL, −0 as 0.
  mutating func add(_ number: Double) {
    guard !number.isNaN else { return addNull() }
    add("d", (number + 0).bitPattern)
    values.append(.number(number + 0))
  }

  private mutating func addNull() {
    add("n", 0)
    values.append(.null)
  }

  private mutating func add(_ kind: Unicode.Scalar, _ word: UInt64) { Self.add(kind, word, to: &bytes) }

  /// The kind of a value, with its bits or the length of its text.
  static func add(_ kind: Unicode.Scalar, _ word: UInt64, to bytes: inout [UInt8]) {
    bytes.append(UInt8(truncatingIfNeeded: kind.value))
    withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Bytes of the values and of their kinds.
  var byteCount: Int { bytes.count }

  /// The checksum of the kinds, lengths and bytes of the values so far.
  var checksum: String { bytes.withUnsafeBytes(Checksum.text) }

  /// Calls `body` while the values are bound to the first places of a statement, from 1 on.
  func bound<T>(to statement: SQLiteStatement, _ body: (_ next: Int32) throws -> T) rethrows -> T {
    try bytes.withUnsafeBytes { bytes in
      let texts = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
      var place: Int32 = 1
      for value in values {
        switch value {
        case .null: sqlite3_bind_null(statement, place)
        case .integer(let integer): sqlite3_bind_int64(statement, place, integer)
        case .number(let number): sqlite3_bind_double(statement, place, number)
        case .text(let range):
          sqlite3_bind_text(statement, place, texts.map { $0 + range.lowerBound }, Int32(range.count), nil)
        }
        place += 1
      }
      return try body(place)
    }
  }
}

extension Statement {
  /// Binds bytes that outlive the next step.
  func bind(_ bytes: UnsafeRawBufferPointer, at place: Int32) {
    // Without an address SQLite would store NULL in place of no bytes.
    if bytes.isEmpty {
      sqlite3_bind_zeroblob(sqliteStatement, place, 0)
    } else {
      sqlite3_bind_blob64(sqliteStatement, place, bytes.baseAddress, UInt64(bytes.count), nil)
    }
  }

  /// Executes a statement that returns no rows, with the values bound to it, and forgets them.
  ///
  /// GRDB's own way to bind values takes several times as long as SQLite itself, since packages are built without optimisation.
  func executeBound(_ db: Database) throws {
    let status = sqlite3_step(sqliteStatement)
    let message = db.lastErrorMessage
    sqlite3_reset(sqliteStatement)
    sqlite3_clear_bindings(sqliteStatement)
    guard status == SQLITE_DONE else {
      throw DatabaseError(resultCode: ResultCode(rawValue: status), message: message)
    }
  }
}
