import Foundation
import GRDB
import Learning

/// The archive's file before SQLite opens it.
enum ArchiveFile {
  static var configuration: Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(30)
    configuration.prepareDatabase { db in
      // NORMAL in WAL mode loses nothing when the process is killed, and at most the last second when the power fails.
      // Curves are long: in large pages they take half the time that they take in SQLite's usual ones. Keys are random, so that a
      // transaction of many runs changes every page of their index: where these do not fit into the cache, SQLite writes them again and again.
      let cache = db.configuration.readonly ? 16_384 : 49_152
      try db.execute(
        sql: "PRAGMA page_size = 65536; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -\(cache)")
    }
    return configuration
  }

  private static var readOnly: Configuration {
    var configuration = Configuration()
    configuration.readonly = true
    // Another process may be closing the file, which locks it for a moment.
    configuration.busyMode = .timeout(30)
    return configuration
  }

  /// Opens a file for this process alone, with a journal that needs no shared memory. The lock is held until the file is closed.
  /// - Returns: whether the file is new or had a write-ahead log.
  static func exclusive(_ path: String) throws -> (DatabaseQueue, isChanged: Bool) {
    var exclusive = Configuration()
    exclusive.busyMode = .timeout(10)
    exclusive.prepareDatabase { db in
      // Before the first access: then SQLite keeps the index of a write-ahead log in its own memory.
      try db.execute(
        sql: "PRAGMA locking_mode = EXCLUSIVE; PRAGMA page_size = 65536; PRAGMA cache_size = -49152")
    }
    let queue = try DatabaseQueue(path: path, configuration: exclusive)
    let isChanged = try queue.inDatabase { db in
      try Schema.refuseForeign(db, path)
      let isNew = try Int.fetchOne(db, sql: "PRAGMA page_count") == 0
      let before = try String.fetchOne(db, sql: "PRAGMA journal_mode")
      guard try String.fetchOne(db, sql: "PRAGMA journal_mode = TRUNCATE") == "truncate" else {
        throw DatabaseError(resultCode: .SQLITE_BUSY)
      }
      // The lock is taken now, not at the first run that is stored.
      try db.execute(sql: "BEGIN EXCLUSIVE; COMMIT")
      return isNew || before == "wal"
    }
    return (queue, isChanged)
  }

  /// Whether the header's two bytes on the kind of the journal are damaged. SQLite would read such a file, and not write to it.
  static func hasUnknownJournal(_ path: String) -> Bool {
    guard let handle = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? handle.close() }
    let head = (try? handle.read(upToCount: 20)) ?? Data()
    return head.count == 20 && !(head[18] == head[19] && (1...2).contains(head[18]))
  }

  static func folder(of path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().deletingLastPathComponent().path
  }

  /// Whether the file's header says that it has a write-ahead log.
  static func hasLog(_ path: String) -> Bool {
    guard let handle = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? handle.close() }
    let head = (try? handle.read(upToCount: 20)) ?? Data()
    return head.count == 20 && head[18] == 2
  }

  /// - Throws: `Mistake` where the folder cannot be read.
  static func exists(_ path: String) throws -> Bool {
    var status = stat()
    if stat(path, &status) == 0 { return true }
    if errno == ENOENT { return false }
    throw Mistake(
      .output, at: path, value: "", rule: "the archive cannot be read", remedy: "Check the folder's permissions")
  }

  /// Whether the file and its folder, in which SQLite writes its log, can be written.
  static func isWritable(_ path: String) -> Bool {
    let place = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    return access(place.path, W_OK) == 0 && access(place.deletingLastPathComponent().path, W_OK) == 0
  }

  /// Whether the disk has no space for SQLite's log and its index.
  static func isOnFullDisk(_ path: String) -> Bool {
    var status = statvfs()
    return statvfs(resolved(path), &status) == 0 && status.f_bavail * UInt(status.f_frsize) < 1 << 20
  }

  /// A file that does not begin like an SQLite file belongs to another program, and SQLite must not open it. A pipe or a device
  /// is never opened: that could block.
  static func refuseForeign(_ path: String) throws {
    for suffix in ["", "-wal", "-shm", "-lock"] {
      var status = stat()
      guard stat(path + suffix, &status) == 0, status.st_mode & S_IFMT != S_IFREG else { continue }
      throw Mistake(
        .archive, at: path + suffix, value: "no regular file", rule: "it is not an archive of runs",
        remedy: "Move it away, or choose another folder with --output")
    }
    guard let handle = FileHandle(forReadingAtPath: path) else { return }
    defer { try? handle.close() }
    let head = (try? handle.read(upToCount: 16)) ?? Data()
    guard head.isEmpty || head == Data("SQLite format 3\0".utf8) else {
      throw Mistake(
        .archive, at: path, value: "a file that is no SQLite database", rule: "it is not an archive of runs",
        remedy: "Move it away, or choose another folder with --output")
    }
  }

  /// Checks a file without changing it: opening it for writing would already change its header.
  static func refuseForeignDatabase(_ path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0, status.st_size > 0 else { return }
    let queue = try DatabaseQueue(path: path, configuration: readOnly)
    try queue.read { try Schema.refuseForeign($0, path) }
  }

  /// Opens a file that cannot be written, or whose folder cannot.
  static func reader(_ path: String) throws -> DatabaseQueue {
    try finishRollback(path)
    do {
      return try checked(path, path)
    } catch let error as DatabaseError {
      // SQLite needs its log and an index of it beside the file. Where there is no log, no process is writing, and the file
      // alone is complete.
      var status = stat()
      let hasLog = stat(resolved(path) + "-wal", &status) == 0 && status.st_size > 0
      guard !hasLog else {
        throw Mistake(
          .archive, at: path, value: "",
          rule: "the archive can only be read, and a process is writing to it or was killed",
          remedy: "Wait for that process, or copy descent.sqlite and descent.sqlite-wal to a folder that can be written"
        )
      }
      guard let address = address(path) else { throw error }
      return try checked(address, path)
    }
  }

  /// Undoes the transaction of a process that was killed while it wrote with a rollback journal. SQLite does that when the file is opened for writing.
  private static func finishRollback(_ path: String) throws {
    var status = stat()
    guard stat(resolved(path) + "-journal", &status) == 0, status.st_size > 0, isWritable(path) else { return }
    var writing = Configuration()
    writing.busyMode = .timeout(30)
    try DatabaseQueue(path: path, configuration: writing).read { db in
      _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master")
    }
  }

  private static func checked(_ address: String, _ path: String) throws -> DatabaseQueue {
    let queue = try DatabaseQueue(path: address, configuration: readOnly)
    try queue.read { try Schema.refuseForeign($0, path) }
    return queue
  }

  private static func resolved(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }

  /// The file's address with a flag for SQLite that it is only read.
  static func readingAddress(_ path: String) -> String? {
    resolved(path).addingPercentEncoding(withAllowedCharacters: .urlPathAllowed).map { "file:\($0)?mode=ro" }
  }

  /// The file's address with a flag for SQLite that the file does not change.
  private static func address(_ path: String) -> String? {
    resolved(path).addingPercentEncoding(withAllowedCharacters: .urlPathAllowed).map { "file:\($0)?immutable=1" }
  }
}
