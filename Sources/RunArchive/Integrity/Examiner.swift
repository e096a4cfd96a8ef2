import GRDB
import Learning

/// Reads every byte of an archive, and names what is damaged. A damaged page does not keep it from reading the others.
struct Examiner {
  private let db: Database
  private(set) var health = ArchiveHealth()
  /// The rows of the sound runs.
  private(set) var sound: [Int64] = []

  init(_ db: Database) { self.db = db }

  /// Rows that are read together.
  private static let batch = 500

  mutating func examine() throws {
    health.structure = try Schema.damage(db) + integrity()
    guard try Schema.hasChecksums(db) else {
      health.runsWithoutChecksums = (try? Int.fetchOne(db, sql: "SELECT count(*) FROM run")) ?? 0
      return
    }
    let rows = rows()
    for start in stride(from: 0, to: rows.count, by: Self.batch) {
      let part = rows[start..<min(start + Self.batch, rows.count)]
      if (try? areSound(part)) == true { sound += part } else { for row in part { examine(row) } }
    }
    health.soundRuns = sound.count
  }

  /// SQLite's own check of pages, cells and indexes.
  private func integrity() -> [String] {
    do {
      return try String.fetchAll(db, sql: "PRAGMA integrity_check(20)").filter { $0 != "ok" }
        .map { $0.replacing("\n", with: " ") }
    } catch {
      return ["SQLite cannot read all of the file (\(Self.text(error)))"]
    }
  }

  // MARK: Rows

  /// The numbers of all rows that can be found: by the table from both ends up to a damaged page, and by the series.
  private func rows() -> [Int64] {
    var found: Set<Int64> = []
    func collect(_ sql: String) -> Bool {
      (try? db.forEachRow(sql) { row in if let id = row.integer(0) { found.insert(Int64(id)) } }) != nil
    }
    if !collect("SELECT id FROM run NOT INDEXED ORDER BY id") {
      _ = collect("SELECT id FROM run NOT INDEXED ORDER BY id DESC")
    }
    _ = collect("SELECT DISTINCT run FROM series")
    return found.sorted()
  }

  /// Whether some runs are sound in every byte, read together.
  private func areSound(_ rows: ArraySlice<Int64>) throws -> Bool {
    var damage = Damage()
    let list = "[" + rows.map(String.init).joined(separator: ",") + "]"
    let found = try RunRow.fetch(db, "WHERE id IN (SELECT value FROM json_each(?1))", list, &damage)
    try RunRow.verifyPresence(db, found, &damage)
    try RunRow.verifyParameters(db, found, &damage)
    try RunRow.verifySeries(db, found, &damage)
    return damage.keys.isEmpty && found.count == rows.count
  }

  /// Examines one run, part after part.
  private mutating func examine(_ row: Int64) {
    var parts: [String] = []
    var run: RunRow?
    func check(_ what: String, _ body: (inout Damage) throws -> Void) {
      var damage = Damage()
      do { try body(&damage) } catch { parts.append("\(what) cannot be read (\(Self.text(error)))") }
      parts += damage.descriptions
    }
    check("its row") { run = try RunRow.fetch(db, "WHERE id = \(row)", nil, &$0).first }
    if let run {
      check("the index of its series") { try RunRow.verifyPresence(db, [run], &$0) }
      check("its block of parameters") { try RunRow.verifyParameters(db, [run], &$0) }
      for name in run.contents.series.keys.sorted() {
        guard let quantity = Quantity(name: name) else { continue }
        check("its series \(name)") { try RunRow.forEachSeries(db, [run], of: quantity, &$0) { _, _ in } }
      }
    } else if parts.isEmpty {
      return examineWithoutRow(row)
    } else if let column = try? RowDamage.column(db, row) {
      parts.append("the damage is in the column \(column)")
    }
    guard !parts.isEmpty else { return sound.append(row) }
    var seen: Set<String> = []
    let texts = try? Row.fetchOne(db, sql: "SELECT key, description FROM run WHERE id = ?", arguments: [row])
    health.damaged.append(
      ArchiveHealth.DamagedRun(
        row: row, key: texts.flatMap { String.fromDatabaseValue($0[0]) },
        settings: (texts.flatMap { String.fromDatabaseValue($0[1]) } ?? "").replacing("\n", with: " "),
        parts: parts.filter { seen.insert($0).inserted }))
  }

  /// A row without a checksum is of the first version; series without a row are all that is left of a run.
  private mutating func examineWithoutRow(_ row: Int64) {
    let count = (try? Int.fetchOne(db, sql: "SELECT count(*) FROM run WHERE id = ?", arguments: [row])) ?? 0
    if count == 1 { return health.runsWithoutChecksums += 1 }
    health.damaged.append(ArchiveHealth.DamagedRun(row: row, key: nil, parts: ["its row is missing"]))
  }

  private static func text(_ error: any Error) -> String { (error as? DatabaseError)?.message ?? "\(error)" }
}
