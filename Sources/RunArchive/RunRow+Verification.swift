import GRDB
import Learning

/// Parameters and series of runs, verified with the checksums in their rows.
extension RunRow {
  /// Whether all series are there, by the table's index; no curve is read.
  static func verifyPresence(_ db: Database, _ rows: [RunRow], _ damage: inout Damage) throws {
    let runs = Dictionary(rows.map { ($0.id, $0) }) { $1 }
    var missing = runs.mapValues { Set($0.contents.series.keys) }
    try forEach(db, "SELECT run, quantity FROM series WHERE run", rows) { row in
      guard let id = row.integer(0).map(Int64.init), let run = runs[id] else { return }
      guard let name = row.text(1), missing[id]?.remove(name) != nil else {
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
    _ db: Database, _ rows: [RunRow], _ damage: inout Damage, _ body: (RunRow, UnsafeRawBufferPointer) -> Void
  ) throws {
    let runs = Dictionary(rows.map { ($0.id, $0) }) { $1 }
    try forEach(db, "SELECT id, parameters FROM run WHERE id", rows) { row in
      guard let id = row.integer(0).map(Int64.init), let run = runs[id] else { return }
      let bytes = row.bytes(1)
      guard isSound(bytes, run.contents.parameters) else {
        return damage.add(run.key, "its parameters differ from their checksum")
      }
      body(run, bytes)
    }
  }

  /// Calls `body` with each run's verified series of a quantity.
  static func forEachSeries(
    _ db: Database, _ rows: [RunRow], of quantity: Quantity, _ damage: inout Damage, _ body: (String, Series) -> Void
  ) throws {
    var missing = Set(rows.map(\.key))
    try forEachSeries(db, rows, "quantity = '\(quantity.name)' AND", &damage) { run, part, values in
      missing.remove(run.key)
      body(run.key, Series(every: part.every, values: values))
    }
    for key in missing { damage.add(key, "its series \(quantity.name) is missing") }
  }

  static func verifySeries(_ db: Database, _ rows: [RunRow], _ damage: inout Damage) throws {
    try forEachSeries(db, rows, "", &damage) { _, _, _ in }
  }

  private static func forEachSeries(
    _ db: Database, _ rows: [RunRow], _ condition: String, _ damage: inout Damage,
    _ body: (RunRow, Contents.Part, [Double]) -> Void
  ) throws {
    let runs = Dictionary(rows.map { ($0.id, $0) }) { $1 }
    // A file of an older version that can only be read has no column for it, and plain numbers.
    let encoding = try Schema.hasEncodings(db) ? "encoding" : "0"
    try forEach(db, "SELECT run, quantity, every, \(encoding), bytes FROM series WHERE \(condition) run", rows) { row in
      guard let id = row.integer(0).map(Int64.init), let run = runs[id], let name = row.text(1),
        let part = run.contents.series[name]
      else { return }
      guard row.integer(2) == part.every, let values = values(row, part) else {
        return damage.add(run.key, "its series \(name) differs from its checksum")
      }
      body(run, part, values)
    }
  }

  /// The values of a row whose fourth column is the encoding and whose fifth has the bytes; `nil` where they are not those that were stored.
  private static func values(_ row: Columns, _ part: Contents.Part) -> [Double]? {
    let bytes = row.bytes(4)
    switch row.integer(3).flatMap({ EncodedRun.Encoding(rawValue: Int64($0)) }) {
    case .plain: return isSound(bytes, part) ? numbers(bytes) : nil
    case .differences:
      guard let values = SeriesCode.decode(bytes, count: part.count) else { return nil }
      return values.withUnsafeBytes(Checksum.of) == part.checksum ? values : nil
    case nil: return nil
    }
  }

  private static func isSound(_ bytes: UnsafeRawBufferPointer, _ part: Contents.Part) -> Bool {
    bytes.count == 8 * part.count && Checksum.of(bytes) == part.checksum
  }

  static func numbers(_ bytes: UnsafeRawBufferPointer) -> [Double] {
    let count = bytes.count / MemoryLayout<Double>.stride
    return [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      UnsafeMutableRawBufferPointer(buffer).copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<(8 * count)]))
      initialized = count
    }
  }

  /// Calls `body` with every row of a query, which ends in the name of a column of run numbers.
  private static func forEach(
    _ db: Database, _ sql: String, _ rows: [RunRow], _ body: (Columns) throws -> Void
  ) throws {
    for start in stride(from: 0, to: rows.count, by: 20_000) {
      let list = "[" + rows[start..<min(start + 20_000, rows.count)].map { "\($0.id)" }.joined(separator: ",") + "]"
      try db.forEachRow("\(sql) IN (SELECT value FROM json_each(?1))", list, body)
    }
  }
}
