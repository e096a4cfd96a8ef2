/// The range of the finite values among some values.
struct Extent: Hashable, Sendable {
  private(set) var least = Double.infinity
  private(set) var leastPositive = Double.infinity
  private(set) var greatest = -Double.infinity
  private var hasData = false
  private var hasFractions = false

  /// Whether all data are whole numbers, such as counts, layers and steps. Their axes have no ticks in between.
  var isWhole: Bool { hasData && !hasFractions }

  init() {}
  init(_ values: some Sequence<Double>) { for value in values { add(value) } }

  /// The range of positions that are not data: the sides of a bar, the ends of an interval, the position of a label.
  static func room(for values: some Sequence<Double>) -> Extent {
    var extent = Extent(values)
    (extent.hasData, extent.hasFractions) = (false, false)
    return extent
  }

  mutating func add(_ value: Double) {
    guard abs(value) <= Scale.greatest else { return }
    hasData = true
    if value != value.rounded() { hasFractions = true }
    if value < least { least = value }
    if value > 0, value < leastPositive { leastPositive = value }
    if value > greatest { greatest = value }
  }

  func union(_ other: Extent) -> Extent {
    var result = self
    result.least = min(least, other.least)
    result.leastPositive = min(leastPositive, other.leastPositive)
    result.greatest = max(greatest, other.greatest)
    result.hasData = hasData || other.hasData
    result.hasFractions = hasFractions || other.hasFractions
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

  /// The extent without values below `floor`.
  func cut(below floor: Double) -> Extent {
    var result = self
    result.least = max(least, floor)
    result.leastPositive = max(leastPositive, floor)
    result.greatest = max(greatest, floor)
    return result
  }
}
