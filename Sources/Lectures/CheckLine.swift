/// One quantity, computed in two ways.
public struct CheckLine: Sendable {
  /// "∂E/∂W¹"
  public let quantity: String
  /// The two ways: "textbook – engine".
  public let comparison: String
  /// The largest difference, relative to the quantity's largest value; for a sum in which terms cancel, to that of the terms.
  public let difference: Double
  /// The largest difference that passes.
  public let bound: Double

  /// Whether the difference is at most the bound.
  public var passed: Bool { difference <= bound }

  /// Compares values of a quantity, computed in two ways.
  package init(
    _ quantity: String, _ comparison: String, _ a: ArraySlice<Double>, _ b: ArraySlice<Double>, terms: Double = 0,
    bound: Double
  ) {
    self.quantity = quantity
    self.comparison = comparison
    self.bound = bound
    let size = a.map(abs).max() ?? 0
    let largest = zip(a, b).map { abs($0 - $1) }.max() ?? .infinity
    // Different lengths, NaN and nothing but zeros cannot be compared: the check fails.
    let isSound = a.count == b.count && !a.isEmpty && (a + b).allSatisfy(\.isFinite) && size > 0
    difference = isSound ? largest / max(size, terms) : .infinity
  }
}
