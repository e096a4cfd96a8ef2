import Studies

/// A metric of runs, each with what it shares with the run that it is compared with: the seed and some of the settings.
package struct PairedValues {
  /// What the two runs of a pair have in common.
  private struct Key: Hashable {
    let seed: UInt64
    let settings: [Setting]
  }

  private let entries: [(key: Key, value: Double)]
  /// The first value of each key.
  private let values: [Key: Double]

  /// - Parameter compared: the parameters in which the runs of a pair differ. `nil`: all, so that runs pair by their seed.
  package init(_ metric: Metric, of results: Results, compared: [String]?) throws {
    let shared = results.plan.axes.indices.filter { axis in
      compared.map { !$0.contains(results.plan.axes[axis].parameter.name) } ?? false
    }
    entries = try results.rows.map { row in
      (Key(seed: row.seed, settings: shared.map { row.run.settings[$0] }), try results.value(metric, row))
    }
    values = Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
  }

  /// The pairs that these values form with others, in the order of these.
  package func pairs(with others: PairedValues) -> [(seed: UInt64, own: Double, other: Double)] {
    entries.compactMap { key, value in others.values[key].map { (key.seed, value, $0) } }
  }
}
