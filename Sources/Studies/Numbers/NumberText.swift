import Foundation

/// Numbers for people: as many digits as are needed to distinguish them, no 0.30000000000000004.
public enum NumberText {
  /// At most `digits` significant digits, trailing zeros dropped, powers of ten beyond 10⁵ and below 10⁻³.
  public static func short(_ value: Double, digits: Int = 3) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "−∞" : "∞" }
    if value == 0 { return "0" }
    let size = abs(value)
    if size == size.rounded(), size < 1e6, size >= 1 { return minus(String(Int(value))) }
    if size >= 1e-3, size < 1e5 {
      let decimals = max(0, digits - 1 - Int(floor(log10(size))))
      return minus(trimmed(String(format: "%.\(decimals)f", value)))
    }
    return scientific(value, digits: digits)
  }

  /// Both bounds of an interval, with as many digits (three or more) as are needed to distinguish them.
  public static func interval(_ range: ClosedRange<Double>, between: String = "–") -> String {
    func ends(_ digits: Int) -> (low: String, high: String) {
      (short(range.lowerBound, digits: digits), short(range.upperBound, digits: digits))
    }
    let digits = (3...15).first { ends($0).low != ends($0).high } ?? 3
    return ends(digits).low + between + ends(digits).high
  }

  /// A share as a percentage.
  public static func percent(_ share: Double, decimals: Int = 1) -> String {
    share.isNaN ? "NaN" : minus(trimmed(String(format: "%.\(decimals)f", 100 * share))) + " %"
  }

  /// An interval of shares as percentages: with one decimal, and with as many more as keep its bounds apart from each other and
  /// from 0 and 100 % where they are not these numbers.
  public static func percent(_ range: ClosedRange<Double>) -> String {
    func isFaithful(_ decimals: Int) -> Bool {
      func shown(_ value: Double) -> Double { Double(String(format: "%.\(decimals)f", 100 * value)) ?? .nan }
      let (low, high) = (shown(range.lowerBound), shown(range.upperBound))
      let ends = [(range.lowerBound, low), (range.upperBound, high)]
      let keepsEnds = ends.allSatisfy { exact, shown in
        (shown != 0 || exact == 0) && (shown != 100 || exact == 1)
      }
      return keepsEnds && (low != high || range.lowerBound == range.upperBound)
    }
    let decimals = (1...12).first(where: isFaithful) ?? 12
    return
      "\(percent(range.lowerBound, decimals: decimals).dropLast(2))–\(percent(range.upperBound, decimals: decimals))"
  }

  /// Whole numbers in groups of three, with thin spaces.
  public static func grouped(_ value: Int) -> String {
    var digits = String(abs(value))
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    groups.insert(digits, at: 0)
    return (value < 0 ? "−" : "")
      + (groups.count == 2 && groups[0].count == 1 ? groups.joined() : groups.joined(separator: "\u{202F}"))
  }

  /// A number of things with its noun: "1 run", "2 runs", "12 000 steps".
  public static func count(_ value: Int, _ noun: String) -> String {
    "\(grouped(value)) \(noun)\(value == 1 ? "" : "s")"
  }

  private static func scientific(_ value: Double, digits: Int) -> String {
    let parts = String(format: "%.\(digits - 1)e", value).split(separator: "e")
    let mantissa = trimmed(String(parts[0]))
    let exponent = superscript(Int(parts[1]) ?? 0)
    return minus(mantissa == "1" ? "10\(exponent)" : mantissa == "-1" ? "-10\(exponent)" : "\(mantissa)·10\(exponent)")
  }

  /// A whole number in superscript digits.
  public static func superscript(_ number: Int) -> String {
    let raised: [Character: Character] = [
      "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹", "-": "⁻",
    ]
    return String(String(number).map { raised[$0] ?? $0 })
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var text = text
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  private static func minus(_ text: String) -> String {
    text.hasPrefix("-") ? "−" + text.dropFirst() : text
  }
}
