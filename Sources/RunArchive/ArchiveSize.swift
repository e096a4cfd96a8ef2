import Learning
package import Studies

/// The size that the runs of a plan can have in the archive, computed from the file format of SQLite before they are trained.
///
/// It is an upper bound: how much a curve can be compressed is not known before. Curves of full batches take a third of it, those of single samples
/// all of it.
///
/// Rows share the leaves of a table, whole. A row of more than 65,501 bytes keeps a part of itself in its leaf and fills pages of its own with the rest.
/// Source: "Database File Format", sections 1.6 and 2.1, https://sqlite.org/fileformat.html, for the archive's pages of 64 KiB.
package enum ArchiveSize {
  private static let page = 65_536.0
  /// The most bytes of a row in a leaf of a table, and the fewest of one that has overflow pages.
  private static let (mostInLeaf, fewestInLeaf) = (65_501, 8_199)
  /// Bytes of an overflow page without the number of the next.
  private static let overflow = 65_532
  /// Bytes of a leaf beside its header.
  private static let leaf = 65_528

  /// Bytes of the runs of a plan at most: rules that end runs early make it smaller, and so does compression.
  /// - Throws: `Mistake` where data cannot be used.
  package static func bytes(of plan: Plan) throws -> Double {
    try plan.storedSizes().reduce(0) { $0 + Double($1.runs) * bytes($1) }
  }

  /// A cadence for `record: .every(…)` with which the runs take at most so many bytes: 10, 100, 1000 …; `nil` where none is
  /// enough.
  /// - Throws: `Mistake` where data cannot be used.
  package static func cadence(for plan: Plan, atMost limit: Double) throws -> Int? {
    let sizes = try plan.storedSizes()
    return [10, 100, 1_000, 10_000].first { every in
      let bytes = sizes.reduce(0.0) { sum, size in
        var thinned = size
        thinned.recording.every = max(every, size.recording.every)
        thinned.recording.lossEvery = max(every, size.recording.lossEvery)
        return sum + Double(size.runs) * self.bytes(thinned)
      }
      return bytes <= limit
    }
  }

  /// Bytes of a run: its row, its series, and its entries in the indexes.
  static func bytes(_ size: Plan.StoredSize) -> Double {
    let recording = size.recording
    let others = Set(recording.quantities).subtracting([.loss, .gradientNorm])
    let names = ["loss", "gradient-norm"] + others.map(\.name)
    // Per part of the contents: its name, cadence, count and a checksum of 16 digits. The rest of the row: the key, five numbers,
    // about four final quantities, provenance, checksum.
    let contents = names.reduce(60) { $0 + $1.utf8.count + 28 }
    let row = size.description + contents + 8 * size.parameters + 64 + 40 + 120 + 150 + 16
    let cadences = [recording.lossEvery, recording.lossEvery] + others.map { _ in recording.every }
    let series = zip(names, cadences).reduce(0.0) { sum, part in
      sum + table(8 * ((size.steps + part.1 - 1) / part.1) + part.0.utf8.count + 12) + Double(part.0.utf8.count + 14)
    }
    // The index has the beginnings of the keys, 21 bytes a run. They arrive in a random order: its leaves are filled to about ln 2.
    return table(row) + series + 21 / 0.69
  }

  /// Bytes of the pages that a row of a table takes.
  private static func table(_ row: Int) -> Double {
    guard row > mostInLeaf else { return page / Double(max(1, leaf / (row + 8))) }
    let rest = fewestInLeaf + (row - fewestInLeaf) % overflow
    let kept = rest <= mostInLeaf ? rest : fewestInLeaf
    return page * Double((row - kept + overflow - 1) / overflow) + page / Double(max(1, leaf / (kept + 12)))
  }
}
