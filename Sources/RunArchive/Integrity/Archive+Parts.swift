import GRDB

/// What takes the space of an archive.
extension Archive {
  /// Bytes of the parts of some runs.
  package struct Parts: Hashable, Sendable {
    /// Number of runs.
    package var runs = 0
    /// Settings, results and checksums.
    package var rows = 0
    /// Final parameters.
    package var parameters = 0
    /// Recorded series, as they are stored.
    package var curves = 0
    /// The same series as plain numbers.
    package var plainCurves = 0

    package init() {}

    /// All parts together.
    package var bytes: Int { rows + parameters + curves }

    fileprivate mutating func add(_ other: Parts) {
      runs += other.runs
      rows += other.rows
      parameters += other.parameters
      curves += other.curves
      plainCurves += other.plainCurves
    }
  }

  /// Bytes of the parts of all runs, sound or not.
  /// - Throws: `Mistake` where the file cannot be read.
  package func parts() throws -> Parts { try read { try Self.parts($0, "", nil) } }

  /// Bytes of the parts of the runs with these keys.
  /// - Throws: `Mistake` where the file cannot be read.
  package func parts(of keys: [String]) throws -> Parts {
    try read { db in
      var sum = Parts()
      for part in RunRow.parts(of: keys) {
        sum.add(try Self.parts(db, "WHERE \(Schema.isListed)", RunRow.list(part)))
      }
      return sum
    }
  }

  /// Bytes of pages that nothing uses; compaction gives them back.
  /// - Throws: `Mistake` where the file cannot be read.
  package func unusedBytes() throws -> Int {
    try read { db in
      try (Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0) * (Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0)
    }
  }

  private static func parts(_ db: Database, _ condition: String, _ list: String?) throws -> Parts {
    var parts = Parts()
    let arguments = StatementArguments(list.map { [$0] } ?? [])
    let texts = ["key", "description", "finals", "contents", "revision", "toolchain", "processor", "time", "checksum"]
    let length = texts.map { "coalesce(length(\($0)), 0)" }.joined(separator: " + ")
    // Five numbers of 8 bytes and less; the lengths of blobs are read without the blobs.
    let row = try Row.fetchOne(
      db, sql: "SELECT count(*), sum(\(length) + 40), sum(length(parameters)) FROM run \(condition)",
      arguments: arguments)
    parts.runs = row?[0] ?? 0
    parts.rows = row?[1] ?? 0
    parts.parameters = row?[2] ?? 0
    let chosen = condition.isEmpty ? "" : "WHERE run IN (SELECT id FROM run \(condition))"
    parts.curves =
      try Int.fetchOne(db, sql: "SELECT sum(length(bytes)) FROM series \(chosen)", arguments: arguments) ?? 0
    try db.forEachRow("SELECT contents FROM run \(condition)", list) { row in
      guard let contents = row.text(0).flatMap(RunRow.Contents.init) else { return }
      parts.plainCurves += contents.series.values.reduce(0) { $0 + 8 * $1.count }
    }
    return parts
  }
}
