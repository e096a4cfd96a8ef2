/// The range of the finite values among some values.
struct Extent: Hashable, Sendable {
  private(set) var least = Double.infinity
  private(set) var leastPositive = Double.infinity
  private(set) var greatest = -Double.infinity

  init() {}
  init(_ values: some Sequence<Double>) { for value in values { add(value) } }

  mutating func add(_ value: Double) {
    guard abs(value) <= Scale.greatest else { return }
    if value < least { least = value }
    if value > 0, value < leastPositive { leastPositive = value }
    if value > greatest { greatest = value }
  }

  func union(_ other: Extent) -> Extent {
    var result = self
    result.least = min(least, other.least)
    result.leastPositive = min(leastPositive, other.leastPositive)
    result.greatest = max(greatest, other.greatest)
    return result
  }

  /// The extent without values above `ceiling`.
  func cut(above ceiling: Double) -> Extent {
    var result = self
    result.greatest = min(greatest, ceiling)
    result.least = min(least, ceiling)
    if ceiling > 0 { result.leastPositive = min(leastPositive, ceiling) }
    return result
  }
}
