import Foundation
import GRDB
import Learning

/// The tables, and how older files become today's.
enum Schema {
  /// "DSCT": marks the file as one of ours.
  private static let applicationID = 0x4453_4354

  /// Looks at a file without touching it: opening it for writing would already change its header.
  static func refuseForeign(_ path: String) throws {
    let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? Int ?? 0
    guard size > 0 else { return }
    var configuration = Configuration()
    configuration.readonly = true
    // Another process may just be closing the file, which takes it for a moment.
    configuration.busyMode = .timeout(30)
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    let (identity, tables) = try queue.read { db in
      (
        try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0,
        try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sqlite_master") ?? 0
      )
    }
    guard identity == applicationID || tables == 0 else {
      throw Mistake(
        .archive, at: path, value: "another program's database", rule: "it is not an archive of runs",
        remedy: "Move it away, or choose another folder with --output")
    }
    guard try !queue.read({ try migrator.hasBeenSuperseded($0) }) else {
      throw Mistake(
        .archive, at: path, value: "an archive of a newer version", rule: "this version cannot read it",
        remedy: "Update the program, or choose another folder with --output")
    }
  }

  static func prepare(_ pool: DatabasePool) throws {
    if try pool.read({ try !migrator.hasCompletedMigrations($0) }) {
      try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA application_id = \(applicationID)") }
      try migrator.migrate(pool)
    }
  }

  private static var migrator: DatabaseMigrator {
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
    return migrator
  }

  static let insertRun = """
    INSERT INTO run (key, description, diverged_at, steps, final_loss, best_loss, final_gradient_norm, finals,
      parameters, revision, toolchain, processor, semantics, time)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """

  static let insertSeries = "INSERT INTO series (run, quantity, every, bytes) VALUES (?, ?, ?, ?)"
}
