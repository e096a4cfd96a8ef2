/// A run in the archive whose parameters another run starts from.
public struct StoredRun: Hashable, Sendable {
  /// The key: 64 hexadecimal digits.
  package let key: String

  /// The run of a key.
  /// - Parameter key: the run's key, the last column of runs.csv.
  public static func run(_ key: String) -> Self { Self(key: key) }

  /// The name in descriptions. A key depends on everything that the run's numbers depend on, so that the key of a run that starts
  /// from it does too.
  var name: String { "run(\(key))" }

  /// What a run has after its training.
  package struct State: Hashable, Sendable {
    /// Number of inputs, then the number of units of each layer; empty for an objective.
    package let widths: [Int]
    /// θ in the network's order.
    let parameters: [Double]
    /// Whether the run diverged.
    let hasDiverged: Bool

    /// A run's parameters with the widths of its layers.
    package init(widths: [Int], parameters: [Double], hasDiverged: Bool) {
      self.widths = widths
      self.parameters = parameters
      self.hasDiverged = hasDiverged
    }
  }
}
