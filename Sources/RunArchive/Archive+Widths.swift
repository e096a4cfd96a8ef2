import GRDB

/// The widths of the layers of runs that an older version stored without them.
extension Archive {
  /// Adds the widths to the rows that have none. Runs are not trained again for them; an archive that can only be read stays as it is.
  package func addWidths(to keys: [String], _ widths: (_ key: String) throws -> [Int]) throws {
    // Most often there are none, and nothing is written.
    let lacking = try read { try RunRow.keysWithoutWidths($0, keys) }
    guard !lacking.isEmpty else { return }
    try change { db in
      for row in try RunRow.withoutWidths(db, lacking) { try row.add(try widths(row.key), db) }
    }
  }
}

extension RunRow {
  /// The sound rows of these keys that have no widths.
  static func withoutWidths(_ db: Database, _ keys: [String]) throws -> [RunRow] {
    var damage = Damage()
    return try parts(of: keys).flatMap { try fetch(db, $0, &damage) }.filter { $0.contents.widths == nil }
  }

  /// The keys of these whose rows have no widths. No row is verified.
  static func keysWithoutWidths(_ db: Database, _ keys: [String]) throws -> [String] {
    try parts(of: keys).flatMap { part in
      try String.fetchAll(
        db,
        sql: "SELECT key FROM run WHERE checksum IS NOT NULL AND instr(contents, 'layers ') = 0 AND \(Schema.isListed)",
        arguments: [list(part)])
    }
  }

  /// Writes the widths into the row, with its new checksum.
  func add(_ widths: [Int], _ db: Database) throws {
    var contents = contents
    contents.widths = widths
    let columns = Schema.covered.joined(separator: ", ")
    var scratch: [UInt8] = []
    try db.execute(sql: "UPDATE run SET contents = ? WHERE id = ?", arguments: [contents.text, id])
    var checksum = ""
    try db.forEachRow("SELECT \(columns) FROM run WHERE id = \(id)") {
      checksum = $0.checksum(of: Schema.covered.count, &scratch)
    }
    try db.execute(sql: "UPDATE run SET checksum = ? WHERE id = ?", arguments: [checksum, id])
  }
}
