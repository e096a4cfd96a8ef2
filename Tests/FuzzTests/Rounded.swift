/// A number with a bound on its error, carried through every operation (running error analysis: Higham, Accuracy and Stability of
/// Numerical Algorithms, 2nd edition, section 3.3). Two programs that compute the same formula in other orders differ by no more than
/// the sum of their bounds.
struct Rounded {
  var value: Double
  var error = 0.0

  /// Two units in the last place for an operation: one of ours, one of the program that is checked.
  private static let unit = 0x1p-51

  init(_ value: Double, error: Double = 0) {
    self.value = value
    self.error = error
  }

  private init(_ value: Double, inherited: Double) {
    self.value = value
    error = inherited + Self.unit * abs(value)
  }

  static func + (a: Rounded, b: Rounded) -> Rounded { Rounded(a.value + b.value, inherited: a.error + b.error) }
  static func - (a: Rounded, b: Rounded) -> Rounded { Rounded(a.value - b.value, inherited: a.error + b.error) }

  static func * (a: Rounded, b: Rounded) -> Rounded {
    Rounded(
      a.value * b.value, inherited: abs(a.value) * b.error + abs(b.value) * a.error + a.error * b.error)
  }

  static func / (a: Rounded, n: Double) -> Rounded { Rounded(a.value / n, inherited: a.error / n) }

  /// A function whose slope is at most `steepness` in size, known to some units in the last place.
  func map(steepness: Double = 1, _ function: (Double) -> Double) -> Rounded {
    Rounded(function(value), inherited: steepness * error + 4 * Self.unit * abs(function(value)))
  }

  /// A function that rises or falls throughout the bound.
  func mapMonotone(_ function: (Double) -> Double) -> Rounded {
    let ends = [function(value - error), function(value + error)].map { abs($0 - function(value)) }
    return Rounded(function(value), inherited: max(ends[0], ends[1]) + 4 * Self.unit * abs(function(value)))
  }

  /// log Σ exp z: it changes by no more than the greatest change of a z.
  static func logSumExp(_ z: [Rounded], _ function: ([Double]) -> Double) -> Rounded {
    let value = function(z.map(\.value))
    return Rounded(value, inherited: (z.map(\.error).max() ?? 0) + Double(4 + z.count) * unit)
  }
}
