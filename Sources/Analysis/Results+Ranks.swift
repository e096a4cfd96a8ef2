import Learning
package import Studies

extension Results {
  /// The values of a metric in ascending order, NaN last, and the positions of their runs in the plan. Equal values keep the order of `rows`.
  /// - Throws: what `values(_:)` throws.
  package func ranked(_ metric: Metric) throws -> (values: [Double], runs: [Int]) {
    let values = try values(metric)
    let order = values.indices.sorted { i, j in
      Statistics.precedes(values[i], values[j]) || i < j && !Statistics.precedes(values[j], values[i])
    }
    return (order.map { values[$0] }, order.map { rows[$0].run.index })
  }

  /// The first steps at which the runs are below a threshold, in ascending order, of those that ever are.
  /// - Throws: what `value(_:_:)` throws for `Metric.stepsToLoss`.
  package func arrivals(below threshold: Double) throws -> [Double] {
    try rows.map { try firstStep(below: threshold, $0) }.filter(\.isFinite).sorted()
  }

  /// The set-ups of the runs, each once, in the order of `rows`.
  package var setups: [Setup] {
    var known: Set<ObjectIdentifier> = []
    var last: Plan.Combination?
    return rows.compactMap { row in
      let own = row.run.combination
      if own === last { return nil }
      last = own
      return known.insert(ObjectIdentifier(own)).inserted ? own.setup : nil
    }
  }
}
