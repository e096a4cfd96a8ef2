import Foundation

/// The classes of a target column, or the categories of an input column, collected row by row.
///
/// Labels that are the same number are one class, however they are written: `1`, `1.0`, `01` and ` 1 ` are the class
/// `1`. Other labels are told apart by their text without the blanks around it. Numbers of more than 15 digits are too
/// long for a double to tell apart, and count as texts.
struct ClassLabels {
  /// The class of every row, as a place in `found`.
  private var rows: [Int32] = []
  /// The names of classes in the order of their first rows.
  private var found: [String] = []
  private var number: [String: Int32] = [:]
  /// Spellings seen before, so that each is read once.
  private var known: [[UInt8]: Int32] = [:]

  static let most = 1000
  private static let mostKnown = 10_000

  var count: Int { found.count }
  var first: String? { found.first }

  mutating func reserve(_ count: Int) { rows.reserveCapacity(count) }

  /// Adds the label of the next row; returns its place in the order of first rows, or `nil` where there are too many classes.
  mutating func add(_ field: [UInt8]) -> Int? {
    if let label = known[field] {
      rows.append(label)
      return Int(label)
    }
    let name =
      DecimalNumber.name(field)
      ?? String(decoding: field, as: UTF8.self).trimmingCharacters(in: .whitespaces)
    let label = number[name] ?? Int32(found.count)
    if label == found.count {
      guard found.count < Self.most else { return nil }
      number[name] = label
      found.append(name)
    }
    if known.count < Self.mostKnown { known[field] = label }
    rows.append(label)
    return Int(label)
  }

  /// The names in order, and one target for each: 1 for the row's class and 0 for the others.
  func oneHot() -> (names: [String], targets: [Double]) {
    let (names, places) = sorted()
    var targets = [Double](repeating: 0, count: rows.count * found.count)
    for (row, label) in rows.enumerated() { targets[row * found.count + places[Int(label)]] = 1 }
    return (names, targets)
  }

  /// The names in order, and for each label in the order of first rows its place among them.
  func sorted() -> (names: [String], places: [Int]) {
    let order = found.indices.sorted { Self.isBefore(found[$0], found[$1]) }
    var places = [Int](repeating: 0, count: found.count)
    for (i, label) in order.enumerated() { places[label] = i }
    return (order.map { found[$0] }, places)
  }

  /// Numbers by their value, before texts; texts by the numbers in them, `class 2` before `class 10`.
  private static func isBefore(_ a: String, _ b: String) -> Bool {
    switch (DecimalNumber.read(Array(a.utf8)), DecimalNumber.read(Array(b.utf8))) {
    case (.number(let x), .number(let y)) where x != y: return x < y
    case (.number, .text): return true
    case (.text, .number): return false
    default: break
    }
    let order = (a as NSString).compare(b, options: .numeric)
    return order == .orderedSame ? a < b : order == .orderedAscending
  }
}
