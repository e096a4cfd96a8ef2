/// The few operations on vectors that the landscape needs, in plain loops: short vectors, read once.
enum Linear {
  static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in 0..<min(a.count, b.count) { sum += a[i] * b[i] }
    return sum
  }

  /// ‖a‖₂, also where a square would overflow.
  static func norm(_ a: [Double]) -> Double {
    let square = dot(a, a)
    guard square == .infinity else { return square.squareRoot() }
    let largest = a.reduce(0) { max($0, abs($1)) }
    guard largest.isFinite else { return largest }
    return largest * a.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }.squareRoot()
  }

  static func distance(_ a: [Double], _ b: [Double]) -> Double { norm(add(a, -1, b)) }

  /// a + s·b
  static func add(_ a: [Double], _ s: Double, _ b: [Double]) -> [Double] {
    var sum = a
    for i in 0..<min(a.count, b.count) { sum[i] += s * b[i] }
    return sum
  }

  static func scale(_ s: Double, _ a: [Double]) -> [Double] { a.map { s * $0 } }

  /// `nil` for a vector without length.
  static func unit(_ a: [Double]) -> [Double]? {
    let length = norm(a)
    return length > 0 && length.isFinite ? scale(1 / length, a) : nil
  }
}
