import Foundation
import Learning
import Studies

/// Runs that two archives have, compared bit by bit.
extension Archive {
  /// The keys of the runs whose numbers differ. Who trained them, where and when does not count, nor how the numbers are stored.
  /// - Throws: `Mistake` where a run is damaged, or one of the files cannot be read.
  package func differences(from other: Archive, among keys: [String]) throws -> [String] {
    try stride(from: 0, to: keys.count, by: 1_000).flatMap { start in
      try different(Array(keys[start..<min(start + 1_000, keys.count)]), other)
    }
  }

  private func different(_ keys: [String], _ other: Archive) throws -> [String] {
    var found: Set<String> = []
    let (mine, theirs) = (try summaries(keys), try other.summaries(keys))
    for key in keys where mine[key].map(Self.bits) != theirs[key].map(Self.bits) { found.insert(key) }
    let (parameters, others) = (try finalParameters(of: keys), try other.finalParameters(of: keys))
    for key in keys where parameters[key]?.map(\.bitPattern) != others[key]?.map(\.bitPattern) { found.insert(key) }
    for quantity in try Set(quantities(of: keys) + other.quantities(of: keys)) {
      let (series, others) = (try series(quantity, of: keys), try other.series(quantity, of: keys))
      for key in keys where series[key].map(Self.bits) != others[key].map(Self.bits) { found.insert(key) }
    }
    return keys.filter(found.contains)
  }

  /// NaN differs from itself, and −0 equals 0: numbers are compared by their bits.
  private static func bits(_ summary: RunSummary) -> [String] {
    var divergedAt = "none"
    if case .diverged(let step) = summary.status { divergedAt = "\(step)" }
    let numbers = [summary.finalLoss, summary.bestLoss, summary.finalGradientNorm].map { "\($0.bitPattern)" }
    let finals = summary.finals.map { "\($0.name) \($1.bitPattern)" }.sorted()
    return [divergedAt, "\(summary.steps)", "\(summary.bestStep ?? -1)"] + numbers + finals
  }

  private static func bits(_ series: Series) -> [UInt64] { [UInt64(series.every)] + series.values.map(\.bitPattern) }
}
