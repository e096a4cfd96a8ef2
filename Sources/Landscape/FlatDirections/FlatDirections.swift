/// Directions at a stationary point along which the Hessian has no curvature, counted by their cause.
///
/// A direction is counted once, under the first cause that explains it, in the order of the properties.
public struct FlatDirections: Hashable, Sendable {
  /// Units whose output is 0 for every sample, or whose outgoing weights are 0.
  public var deadUnits = 0
  /// Units whose slope is 0 at every sample: their weights change nothing, and their constant output acts like a bias.
  public var saturation = 0
  /// Continuous symmetries: scaling between layers of ReLU units, mixing of linear units, the common shift of softmax inputs.
  public var symmetry = 0
  /// Pairs of units with equal outputs: outgoing weight can be shifted from one to the other.
  public var duplicateUnits = 0
  /// No training output changes along them to first order: there are fewer values to fit than parameters.
  public var data = 0
  /// Training outputs change, and yet the loss has no curvature. A degenerate Hessian does not decide about these.
  public var unexplained = 0

  /// No flat direction.
  public init() {}

  /// Number of flat directions of all causes.
  public var count: Int { deadUnits + saturation + symmetry + duplicateUnits + data + unexplained }

  /// "9: dead 4, symmetry 2, data 3"; empty for none.
  public var description: String {
    let parts = [
      (deadUnits, "dead"), (saturation, "saturated"), (symmetry, "symmetry"), (duplicateUnits, "duplicates"),
      (data, "data"), (unexplained, "unexplained"),
    ]
    let named = parts.filter { $0.0 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
    return count == 0 ? "" : "\(count): \(named)"
  }
}
