import Foundation
import GRDB
import Learning

/// The tables, and the migration of older files.
enum Schema {
  /// The identifier of Descent's files: "DSCT".
  private static let applicationID = 0x4453_4354

  /// Throws if the file is another program's database, or an archive of a newer version.
  static func refuseForeign(_ db: Database, _ path: String) throws {
    let identity = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    let tables = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sqlite_master") ?? 0
    guard identity == applicationID || tables == 0 else {
      throw Mistake(
        .archive, at: path, value: "another program's database", rule: "it is not an archive of runs",
        remedy: "Move it away, or choose another folder with --output")
    }
    guard try !migrator.hasBeenSuperseded(db) else {
      throw Mistake(
        .archive, at: path, value: "an archive of a newer version", rule: "this version cannot read it",
        remedy: "Update the program, or choose another folder with --output")
    }
  }

  static func isCurrent(_ db: Database) throws -> Bool { try migrator.hasCompletedMigrations(db) }

  /// Whether rows have checksums: those of the first version have none.
  static func hasChecksums(_ db: Database) throws -> Bool { try migrator.completedMigrations(db).contains("2") }

  /// Whether series say how their bytes are encoded: those of older versions are plain numbers.
  static func hasEncodings(_ db: Database) throws -> Bool { try migrator.completedMigrations(db).contains("5") }

  static func prepare(_ file: some DatabaseWriter) throws {
    if try !file.read(isCurrent) {
      try file.writeWithoutTransaction { try $0.execute(sql: "PRAGMA application_id = \(applicationID)") }
      try migrator.migrate(file)
    }
  }

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { db in
      try db.execute(
        sql: """
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
          """)
    }
    migrator.registerMigration("2") { db in
      // Older rows have neither: they are never taken as known.
      try db.execute(sql: "ALTER TABLE run ADD COLUMN contents TEXT; ALTER TABLE run ADD COLUMN checksum TEXT;")
    }
    migrator.registerMigration("3") { try $0.execute(sql: Views.sql) }
    // The view of runs has a new column at its end.
    migrator.registerMigration("4") { db in
      try db.execute(sql: "DROP VIEW IF EXISTS runs; DROP VIEW IF EXISTS run_settings; DROP VIEW IF EXISTS run_series;")
      try db.execute(sql: Views.sql)
    }
    // Series may be compressed. New archives find keys by their beginnings: the index of whole keys, in random order, took a third of
    // the time of writing many small runs.
    migrator.registerMigration("5", foreignKeyChecks: .immediate) { db in
      try db.execute(sql: "DROP VIEW IF EXISTS runs; DROP VIEW IF EXISTS run_settings; DROP VIEW IF EXISTS run_series;")
      if try Int.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM run)") == 0 {
        try db.execute(sql: "DROP TABLE series; DROP TABLE run; \(tables)")
      } else {
        try db.execute(sql: "ALTER TABLE series ADD COLUMN encoding INTEGER NOT NULL DEFAULT 0")
      }
      try db.execute(sql: "CREATE INDEX run_by_key ON run(\(prefix(of: "key"))); \(Views.sql)")
    }
    return migrator
  }

  /// The tables of an archive that was made by this version. Those of older archives have the same columns in another order, and a unique key.
  private static let tables = """
    CREATE TABLE run (
      id INTEGER PRIMARY KEY,
      key TEXT NOT NULL,
      description TEXT NOT NULL,
      diverged_at INTEGER,
      steps INTEGER NOT NULL,
      final_loss REAL,
      best_loss REAL,
      final_gradient_norm REAL,
      finals TEXT NOT NULL,
      contents TEXT,
      revision TEXT NOT NULL,
      toolchain TEXT NOT NULL,
      processor TEXT NOT NULL,
      semantics INTEGER NOT NULL,
      time TEXT NOT NULL,
      checksum TEXT,
      parameters BLOB NOT NULL
    );
    CREATE TABLE series (
      run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
      quantity TEXT NOT NULL,
      every INTEGER NOT NULL,
      encoding INTEGER NOT NULL DEFAULT 0,
      bytes BLOB NOT NULL,
      UNIQUE (run, quantity)
    );
    """

  /// The part of a key that is in the index.
  private static func prefix(of key: String) -> String { "substr(\(key), 1, 12)" }

  /// The condition that a row has a key.
  static func hasKey(_ key: String) -> String { "\(prefix(of: "key")) = \(prefix(of: key)) AND key = \(key)" }

  /// The condition that a row's key is in a JSON array, which is bound to the first place: one list of any length, instead of thousands of bound keys.
  static let isListed =
    "\(prefix(of: "key")) IN (SELECT \(prefix(of: "value")) FROM json_each(?1)) AND key IN (SELECT value FROM json_each(?1))"

  /// The columns covered by a row's checksum, in this order. The checksum of `parameters` is part of `contents`.
  static let covered = [
    "key", "description", "diverged_at", "steps", "final_loss", "best_loss", "final_gradient_norm", "finals",
    "contents",
    "revision", "toolchain", "processor", "semantics", "time",
  ]

  static let insertRun = """
    INSERT INTO run (\(covered.joined(separator: ", ")), checksum, parameters)
    VALUES (\(Array(repeating: "?", count: covered.count + 2).joined(separator: ", ")))
    """

  static let insertSeries = "INSERT INTO series (run, quantity, every, encoding, bytes) VALUES (?, ?, ?, ?, ?)"
}
