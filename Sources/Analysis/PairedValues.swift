import Studies

/// A metric of some runs with the key by which they are paired with other runs: the seed and the shared settings.
package struct PairedValues {
  /// The properties that the two runs of a pair share.
  private struct Key: Hashable {
    let seed: UInt64
    let settings: [Setting]
  }

  private let entries: [(key: Key, value: Double)]
  /// The first value of each key.
  private let values: [Key: Double]

  /// - Parameter compared: the parameters in which the runs of a pair differ. `nil`: all, so that runs pair by their seed.
  package init(_ metric: Metric, of results: Results, compared: [String]?) throws {
    try self.init(of: results, compared: compared) { try results.value(metric, $0) }
  }

  /// - Parameter value: the number of a run.
  init(of results: Results, compared: [String]?, value: (Results.Row) throws -> Double) rethrows {
    let shared = results.plan.axes.indices.filter { axis in
      compared.map { !$0.contains(results.plan.axes[axis].parameter.name) } ?? false
    }
    entries = try results.rows.map { row in
      (Key(seed: row.seed, settings: shared.map { row.run.settings[$0] }), try value(row))
    }
    values = Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
  }

  /// The pairs of these values with others, in the order of these values.
  package func pairs(with others: PairedValues) -> [(seed: UInt64, own: Double, other: Double)] {
    entries.compactMap { key, value in others.values[key].map { (key.seed, value, $0) } }
  }

  /// The seeds of the runs.
  var seeds: Set<UInt64> { Set(entries.map(\.key.seed)) }
}
