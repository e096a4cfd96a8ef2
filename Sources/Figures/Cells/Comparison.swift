package import Analysis
import Learning
public import Studies

/// A comparison of convergence across seeds: a table, paired differences and a figure.
public struct Comparison: CellDeclaration, Sendable {
  package let threshold: Double
  package let parameter: String?
  let label: String?
  package var selection: [Selection] = []
  /// The line of the declaration.
  var place: SourcePlace?

  /// Compares all settings of the sweep.
  public init(below threshold: Double) {
    self.threshold = threshold
    parameter = nil
    label = nil
  }

  /// Compares the values of one parameter.
  public init<Value>(of parameter: Parameter<Value>, below threshold: Double) {
    self.threshold = threshold
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
