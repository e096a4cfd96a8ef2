/// What an examination of every byte of an archive has found.
package struct ArchiveHealth: Sendable {
  /// A run of which something differs from what was stored, or cannot be read.
  package struct DamagedRun: Sendable {
    /// The number of its row.
    package var row: Int64
    /// `nil` where the row cannot be read.
    package var key: String?
    /// Its settings in one line, `name=value` with blanks between; empty where the row cannot be read.
    package var settings = ""
    /// What is damaged: "its series loss differs from its checksum".
    package var parts: [String]
  }

  /// Runs that are sound in every byte.
  package internal(set) var soundRuns = 0
  /// Runs of the first version, which have no checksums and are not used.
  package internal(set) var runsWithoutChecksums = 0
  /// The damaged runs by their rows.
  package internal(set) var damaged: [DamagedRun] = []
  /// Damage of the file's structure, which belongs to no run: indexes, pages, the table of contents.
  package internal(set) var structure: [String] = []

  /// Whether nothing is damaged.
  package var isSound: Bool { damaged.isEmpty && structure.isEmpty }
}
