import Foundation

/// Remedies for fields that cannot be read.
enum CSVAdvice {
  /// Other separators in a row without commas: "4 semicolons".
  static func separator(in text: String) -> String? {
    let kinds: [(Character, String)] = [(";", "semicolon"), ("\t", "tab"), ("|", "vertical bar")]
    let counts = kinds.map { kind in (count: text.count { $0 == kind.0 }, name: kind.1) }
    guard let most = counts.max(by: { $0.count < $1.count }), most.count > 0 else { return nil }
    return "\(most.count) \(most.name)\(most.count == 1 ? "" : "s")"
  }

  /// The mistake of a row with another number of fields than the header.
  /// - Parameter start: the row's first field.
  static func raggedRow(_ count: Int, of width: Int, path: String, line: Int, start: [UInt8]) -> Mistake {
    Mistake(
      .data, at: "\(path), line \(line)", value: count == 1 ? "1 field" : "\(count) fields",
      rule: "every row has as many fields as the header, here \(width)",
      remedy: ragged(count: count, of: width, start: start))
  }

  private static func ragged(count: Int, of width: Int, start: [UInt8]) -> String {
    let text = String(decoding: start.prefix(10_000), as: UTF8.self)
    if count == 1, let found = separator(in: text) {
      return "The row has no comma but \(found): save the table with commas between the fields"
    }
    return count < width
      ? "Mend the row; a value that is unknown still needs its comma"
      : "Mend the row, or quote the field that holds a comma; a decimal point is written as a point, not as a comma"
  }

  /// - Parameter alternative: a further remedy besides writing a number.
  static func number(_ text: String, or alternative: String) -> String {
    if text.isEmpty { return "Fill in the value, remove the row, \(alternative)" }
    if let hint = hint(text) { return "\(hint), \(alternative)" }
    return "Write a number, \(alternative)"
  }

  private static func hint(_ text: String) -> String? {
    let short = Quoted.short(text)
    if let comma = comma(text) { return comma }
    if let hex = hexadecimal(text) { return "\(short) looks like a hexadecimal number: write \(hex)" }
    if text.unicodeScalars.contains("\u{2212}"), isNumber(text.replacingOccurrences(of: "\u{2212}", with: "-")) {
      return "The sign is a mathematical minus, U+2212: write the hyphen-minus -"
    }
    if text.hasSuffix("%"), isNumber(String(text.dropLast())) { return "Leave the % sign out" }
    if isNumber(text.filter { $0 != "_" && $0 != " " && $0 != "'" }) { return "Write the digits without groups" }
    if ["true", "false", "yes", "no"].contains(text.lowercased()) { return "Write 1 and 0" }
    if isMissing(text) { return "A missing value is not allowed: fill it in, remove the row" }
    return nil
  }

  /// Whether a field has one of the usual signs for a value that is not known.
  static func isMissing(_ text: String) -> Bool {
    ["na", "n/a", "#n/a", "null", "none", "nil", "?", "-", "--", "."].contains(text.lowercased())
  }

  private static func comma(_ text: String) -> String? {
    guard text.contains(","), text.count < 40 else { return nil }
    let short = Quoted.short(text)
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let point = text.replacingOccurrences(of: ",", with: ".")
    let joined = text.replacingOccurrences(of: ",", with: "")
    if parts.count == 2, isNumber(point) {
      return parts[1].count == 3
        ? "\(short) has a comma: write \(point) or \(joined), whichever is meant"
        : "\(short) looks like a decimal comma: write \(point)"
    }
    if isNumber(joined), text.lastIndex(of: ".") ?? text.endIndex > text.lastIndex(of: ",") ?? text.startIndex {
      return "\(short) looks like commas between thousands: write \(joined)"
    }
    let swapped = text.replacingOccurrences(of: ".", with: "").replacingOccurrences(of: ",", with: ".")
    return isNumber(swapped) ? "\(short) looks like a decimal comma: write \(swapped)" : nil
  }

  private static func hexadecimal(_ text: String) -> String? {
    let lower = text.lowercased()
    guard lower.hasPrefix("0x"), let value = UInt64(lower.dropFirst(2), radix: 16) else { return nil }
    return "\(value)"
  }

  private static func isNumber(_ text: String) -> Bool {
    if case .number = DecimalNumber.read(Array(text.utf8)) { return true }
    return false
  }
}
