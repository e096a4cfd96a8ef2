public import Analysis
public import Studies

/// The value of a parameter that a report chooses by a metric: the one with the best median.
struct BestSetting: Sendable {
  let parameter: AnyParameter
  let metric: Metric
  private let find: @Sendable (Results) throws -> (value: Setting, results: Results)?

  init<Value>(_ parameter: Parameter<Value>, by metric: Metric) {
    self.parameter = parameter.erased
    self.metric = metric
    find = { try $0.best(parameter, by: metric) }
  }

  /// The runs of the chosen value, with the choice in words; `nil` without runs.
  /// - Throws: what reading the runs throws.
  func chosen(_ results: Results) throws -> (results: Results, words: String)? {
    try find(results).map {
      (
        $0.results,
        "\(parameter.shortTitle) = \($0.value), which has the best median \(metric.title)"
      )
    }
  }
}

extension ReportTable {
  /// Restricts the table to the runs with the best value of a parameter: that with the best median of a metric, over the runs that the
  /// table would have otherwise.
  ///
  /// The choice follows from the runs, so that a test part is read for one setting only. A metric of the test part is a mistake.
  public func `where`<Value>(_ parameter: Parameter<Value>, isBestBy metric: Metric) -> ReportTable {
    var copy = self
    copy.best = BestSetting(parameter, by: metric)
    return copy
  }
}

extension MetricTable {
  /// Restricts the table to the runs with the best value of a parameter: that with the best median of a metric, over the runs that the
  /// table would have otherwise.
  ///
  /// The choice follows from the runs, so that a test part is read for one setting only. A metric of the test part is a mistake.
  public func `where`<Value>(_ parameter: Parameter<Value>, isBestBy metric: Metric) -> MetricTable {
    var copy = self
    copy.best = BestSetting(parameter, by: metric)
    return copy
  }
}
