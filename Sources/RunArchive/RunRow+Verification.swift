import Foundation
import GRDB
import Learning

/// Parameters and series of runs, verified with the checksums in their rows.
extension RunRow {
  /// Whether all series are there, by the table's index; no curve is read.
  static func verifyPresence(_ db: Database, _ rows: [RunRow], _ damage: inout Damage) throws {
    let runs = Dictionary(rows.map { ($0.id, $0) }) { $1 }
    var missing = runs.mapValues { Set($0.contents.series.keys) }
    try forEach(db, "SELECT run, quantity FROM series WHERE run", rows) { row in
      guard let id: Int64 = row.value(0), let run = runs[id] else { return }
      guard let name: String = row.value(1), missing[id]?.remove(name) != nil else {
        return damage.add(run.key, "it has a series that it did not record")
      }
    }
    for row in rows {
      if let name = missing[row.id]?.min() { damage.add(row.key, "its series \(name) is missing") }
    }
  }

  /// Calls `body` with the verified parameters of each run.
  static func forEachParameters(
    _ db: Database, _ rows: [RunRow], _ damage: inout Damage, _ body: (String, [Double]) -> Void
  ) throws {
    try forEachParameterBytes(db, rows, &damage) { body($0.key, numbers($1)) }
  }

  static func verifyParameters(_ db: Database, _ rows: [RunRow], _ damage: inout Damage) throws {
    try forEachParameterBytes(db, rows, &damage) { _, _ in }
  }

  private static func forEachParameterBytes(
    _ db: Database, _ rows: [RunRow], _ damage: inout Damage, _ body: (RunRow, Data) -> Void
  ) throws {
    let runs = Dictionary(rows.map { ($0.id, $0) }) { $1 }
    try forEach(db, "SELECT id, parameters FROM run WHERE id", rows) { row in
      guard let id: Int64 = row.value(0), let run = runs[id] else { return }
      try verified(row, at: 1, run.contents.parameters) { data in
        guard let data else { return damage.add(run.key, "its parameters differ from their checksum") }
        body(run, data)
      }
    }
  }

  /// Calls `body` with each run's verified series of a quantity.
  static func forEachSeries(
    _ db: Database, _ rows: [RunRow], of quantity: Quantity, _ damage: inout Damage, _ body: (String, Series) -> Void
  ) throws {
    var missing = Set(rows.map(\.key))
    try forEachSeriesBytes(db, rows, "quantity = '\(quantity.name)' AND", &damage) { run, part, data in
      missing.remove(run.key)
      body(run.key, Series(every: part.every, values: numbers(data)))
    }
    for key in missing { damage.add(key, "its series \(quantity.name) is missing") }
  }

  static func verifySeries(_ db: Database, _ rows: [RunRow], _ damage: inout Damage) throws {
    try forEachSeriesBytes(db, rows, "", &damage) { _, _, _ in }
  }

  private static func forEachSeriesBytes(
    _ db: Database, _ rows: [RunRow], _ condition: String, _ damage: inout Damage,
    _ body: (RunRow, Contents.Part, Data) -> Void
  ) throws {
    let runs = Dictionary(rows.map { ($0.id, $0) }) { $1 }
    try forEach(db, "SELECT run, quantity, every, bytes FROM series WHERE \(condition) run", rows) { row in
      guard let id: Int64 = row.value(0), let run = runs[id], let name: String = row.value(1),
        let part = run.contents.series[name]
      else { return }
      try verified(row, at: 3, part) { data in
        guard let data, row.value(2) == part.every else {
          return damage.add(run.key, "its series \(name) differs from its checksum")
        }
        body(run, part, data)
      }
    }
  }

  /// Calls `body` with the bytes of a column if they are those that were stored, else with `nil`. Nothing is copied.
  private static func verified(_ row: Row, at index: Int, _ part: Contents.Part, _ body: (Data?) -> Void) throws {
    try row.withUnsafeData(atIndex: index) { data in
      let data = data ?? Data()
      let isSound = data.count == 8 * part.count && data.withUnsafeBytes(Checksum.text) == part.checksum
      body(isSound ? data : nil)
    }
  }

  private static func numbers(_ data: Data) -> [Double] {
    let count = data.count / MemoryLayout<Double>.stride
    return [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      _ = data.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
      initialized = count
    }
  }

  /// Calls `body` with every row of a query, which ends in the name of a column of run numbers.
  private static func forEach(
    _ db: Database, _ sql: String, _ rows: [RunRow], _ body: (Row) throws -> Void
  ) throws {
    for start in stride(from: 0, to: rows.count, by: 20_000) {
      let list = "[" + rows[start..<min(start + 20_000, rows.count)].map { "\($0.id)" }.joined(separator: ",") + "]"
      let found = try Row.fetchCursor(db, sql: "\(sql) IN (SELECT value FROM json_each(?))", arguments: [list])
      while let row = try found.next() { try body(row) }
    }
  }
}

extension Row {
  /// A column converted without trapping; `nil` where it is NULL or of another kind.
  fileprivate func value<T: DatabaseValueConvertible>(_ index: Int) -> T? {
    T.fromDatabaseValue(self[index] as DatabaseValue)
  }
}
