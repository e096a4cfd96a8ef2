import Foundation

/// A number in decimal notation: an optional sign, digits with at most one point, an optional exponent.
///
/// ```
/// [+-] digits [. digits] [(e|E) [+-] digits]
/// ```
/// One of the two groups of digits may be missing. Blanks around the number do not count. Hexadecimal numbers, digit
/// groups, `nan` and `inf` are no decimal numbers.
struct DecimalNumber {
  /// What a field of a file holds.
  enum Reading: Equatable {
    case number(Double)
    /// `nan`, `inf`, `infinity`, or a number beyond the largest double.
    case notFinite
    case text
  }

  private var isNegative = false
  /// The significant digits as a whole number, where there are at most 19.
  private var mantissa: UInt64 = 0
  private var digits = 0
  /// Power of ten that the mantissa is multiplied with.
  private var exponent = 0

  /// The correctly rounded value of a field.
  static func read(_ field: [UInt8]) -> Reading {
    let range = trimmed(field)
    guard let number = DecimalNumber(field[range]) else {
      if let last = field.last, max(last, field[0]) >= 0x80 { return readUnicode(field) }
      return isNotFinite(field[range]) ? .notFinite : .text
    }
    let value = number.value(of: field[range])
    return value.isFinite ? .number(value) : .notFinite
  }

  /// One name for all spellings of a number, `1` for ` 01.0 `; `nil` for texts and for more than 15 digits.
  static func name(_ field: [UInt8]) -> String? {
    let range = trimmed(field)
    guard let number = DecimalNumber(field[range]), number.digits <= 19 else { return nil }
    if number.mantissa == 0 { return "0" }
    var core = number.mantissa
    while core % 10 == 0 { core /= 10 }
    let value = number.value(of: field[range])
    guard core < 1_000_000_000_000_000, value.isFinite, value != 0 else { return nil }
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private static func trimmed(_ field: [UInt8]) -> Range<Int> {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    var range = field.startIndex..<field.endIndex
    while let first = range.first, isBlank(field[first]) { range = first + 1..<range.upperBound }
    while let last = range.last, isBlank(field[last]) { range = range.lowerBound..<last }
    return range
  }

  /// Blanks beyond ASCII, such as the no-break space, are ignored too.
  private static func readUnicode(_ field: [UInt8]) -> Reading {
    let text = String(decoding: field, as: UTF8.self).trimmingCharacters(in: .whitespaces)
    return text.utf8.count < field.count ? read(Array(text.utf8)) : .text
  }

  private static func isNotFinite(_ text: ArraySlice<UInt8>) -> Bool {
    guard text.count <= 9 else { return false }
    var word = String(decoding: text, as: UTF8.self).lowercased()
    if word.hasPrefix("-") || word.hasPrefix("+") { word.removeFirst() }
    return ["nan", "inf", "infinity"].contains(word)
  }

  private init?(_ text: ArraySlice<UInt8>) {
    var i = text.startIndex
    let end = text.endIndex
    if i < end, text[i] == 0x2B || text[i] == 0x2D {
      isNegative = text[i] == 0x2D
      i += 1
    }
    let whole = takeDigits(text, &i)
    var fraction = 0
    if i < end, text[i] == 0x2E {
      i += 1
      fraction = takeDigits(text, &i)
      exponent = -fraction
    }
    guard whole + fraction > 0 else { return nil }
    if i < end, text[i] | 0x20 == 0x65 {
      i += 1
      guard let power = Self.power(text, &i) else { return nil }
      exponent += power
    }
    guard i == end else { return nil }
  }

  /// Appends digits to the mantissa; returns their number.
  private mutating func takeDigits(_ text: ArraySlice<UInt8>, _ i: inout Int) -> Int {
    let start = i
    while i < text.endIndex, text[i] &- 0x30 < 10 {
      let digit = UInt64(text[i] &- 0x30)
      if mantissa != 0 || digit != 0 { digits += 1 }
      if digits <= 19 { mantissa = mantissa &* 10 &+ digit }
      i += 1
    }
    return i - start
  }

  private static func power(_ text: ArraySlice<UInt8>, _ i: inout Int) -> Int? {
    var sign = 1
    if i < text.endIndex, text[i] == 0x2B || text[i] == 0x2D {
      sign = text[i] == 0x2D ? -1 : 1
      i += 1
    }
    let start = i
    var power = 0
    while i < text.endIndex, text[i] &- 0x30 < 10 {
      power = min(100_000, 10 * power + Int(text[i] &- 0x30))
      i += 1
    }
    return i > start ? sign * power : nil
  }

  /// Powers of ten that doubles hold without error.
  private static let powers: [Double] = (0...22).map { Double("1e\($0)") ?? .nan }

  /// The mantissa below 2⁵³ and the power up to 10²² are exact, so that one operation rounds once (Clinger 1990,
  /// doi:10.1145/93542.93557). The standard library reads all other numbers.
  private func value(of text: ArraySlice<UInt8>) -> Double {
    guard digits <= 19, mantissa <= 1 << 53, abs(exponent) <= 22 else {
      return Double(String(decoding: text, as: UTF8.self)) ?? .nan
    }
    let size = Double(mantissa)
    let power = Self.powers[abs(exponent)]
    let value = exponent < 0 ? size / power : size * power
    return isNegative ? -value : value
  }
}
