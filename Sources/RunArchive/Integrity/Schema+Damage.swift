import GRDB

extension Schema {
  /// What in the table of contents of a file is not as this program, or an older version of it, has made it. SQLite's own check does not see a changed
  /// letter in the definition of a view.
  static func damage(_ db: Database) throws -> [String] {
    let known = try definitions.get()
    var found: [String] = []
    var names: Set<String> = []
    // The views of an older version are replaced when a file is taken over.
    let isCurrent = try isCurrent(db)
    let kinds = isCurrent ? "sql IS NOT NULL" : "type = 'table'"
    for row in try Row.fetchAll(db, sql: "SELECT name, sql FROM sqlite_master WHERE \(kinds)") {
      let name = String.fromDatabaseValue(row[0]) ?? "without a name"
      names.insert(name)
      if let sql = String.fromDatabaseValue(row[1]), known[name]?.contains(sql) == true { continue }
      found.append("the definition of \(name) is not the program's")
    }
    for table in ["run", "series"] where !names.contains(table) { found.append("the table \(table) is missing") }
    let versions = try String.fetchAll(db, sql: "SELECT identifier FROM grdb_migrations ORDER BY identifier")
    if versions != (1...max(1, versions.count)).map(String.init) { found.append("the table of versions is damaged") }
    if isCurrent, !names.isSuperset(of: known.keys) { found.append("a view or an index is missing") }
    return found
  }

  /// The definitions of all tables, views and indexes of every version, by name: those of new files, and of files that were taken over.
  private static let definitions = Result { try collectDefinitions() }

  private static func collectDefinitions() throws -> [String: Set<String>] {
    var known: [String: Set<String>] = [:]
    for version in 1...latest {
      for isTakenOver in [false, true] {
        let memory = try DatabaseQueue()
        try migrator.migrate(memory, upTo: "\(isTakenOver ? min(version, 4) : version)")
        if isTakenOver {
          try memory.write { try $0.execute(sql: "\(oneRun)") }
          try migrator.migrate(memory, upTo: "\(version)")
        }
        try memory.read { db in
          for row in try Row.fetchAll(db, sql: "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL") {
            known[row[0], default: []].insert(row[1])
          }
        }
      }
    }
    return known
  }

  private static let latest = 5

  /// A migration keeps the tables of a file that has runs.
  private static let oneRun = """
    INSERT INTO run (key, description, steps, finals, parameters, revision, toolchain, processor, semantics, time)
    VALUES ('k', '', 0, '{}', x'', '', '', '', 1, '')
    """
}
