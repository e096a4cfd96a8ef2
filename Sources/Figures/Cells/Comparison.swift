public import Analysis
import Learning
public import Studies

/// A comparison of settings across seeds by one metric: a verdict, a table, a figure and the comparisons with the best setting.
///
/// The best setting is the one with the best median of this metric. Runs are paired by their seed, and tested by the exact sign
/// test with Holm’s correction for several settings. Each data set and each loss function has a comparison of its own.
public struct Comparison: CellDeclaration, Sendable {
  package let metric: Metric
  package let parameter: String?
  let label: String?
  package var selection: [Selection] = []
  /// The line of the declaration.
  var place: SourcePlace?

  /// Compares all settings of the sweep by the steps to a training loss.
  public init(below threshold: Double) { self.init(by: .stepsToLoss(threshold)) }

  /// Compares the values of one parameter by the steps to a training loss.
  public init<Value>(of parameter: Parameter<Value>, below threshold: Double) {
    self.init(of: parameter, by: .stepsToLoss(threshold))
  }

  /// Compares all settings of the sweep by a metric.
  public init(by metric: Metric) {
    self.metric = metric
    parameter = nil
    label = nil
  }

  /// Compares the values of one parameter by a metric.
  public init<Value>(of parameter: Parameter<Value>, by metric: Metric) {
    self.metric = metric
    self.parameter = parameter.name
    label = parameter.erased.label
  }

  /// Restricts the comparison to the runs in which a parameter has a value.
  public func `where`<Value>(_ parameter: Parameter<Value>, is value: Value) -> Comparison {
    var copy = self
    copy.selection.append(Selection(parameter, value))
    return copy
  }

  public var cell: Cell { .comparison(self) }
}
