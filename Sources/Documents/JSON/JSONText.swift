/// JSON as it is written: members in the order in which they are added, numbers with every digit.
///
/// JSON has no numbers that are not finite: they are the strings "NaN", "Infinity" and "-Infinity".
package struct JSONText: Hashable, Sendable, CustomStringConvertible {
  package let description: String

  private init(_ text: String) { description = text }

  /// A text that is JSON already.
  package static func verbatim(_ json: String) -> Self { Self(json) }

  /// A string with its special characters escaped.
  package static func string(_ text: String) -> Self {
    var json = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": json += "\\\""
      case "\\": json += "\\\\"
      case "\n": json += "\\n"
      case "\r": json += "\\r"
      case "\t": json += "\\t"
      case let control where control.value < 0x20:
        let digits = String(control.value, radix: 16)
        json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: json.unicodeScalars.append(scalar)
      }
    }
    return Self(json + "\"")
  }

  /// A number; a string where it is not finite.
  package static func number(_ value: Double) -> Self {
    if value.isFinite { return Self("\(value)") }
    return string(value.isNaN ? "NaN" : value > 0 ? "Infinity" : "-Infinity")
  }

  /// A whole number.
  package static func integer(_ value: Int) -> Self { Self("\(value)") }

  /// An array of numbers on one line.
  package static func numbers(_ values: some Sequence<Double>) -> Self {
    var json = "["
    for value in values {
      if json.utf8.count > 1 { json += "," }
      json += number(value).description
    }
    return Self(json + "]")
  }

  /// An array; each element begins a line.
  package static func array(_ elements: [JSONText]) -> Self {
    Self(elements.isEmpty ? "[]" : "[\n" + elements.map(\.description).joined(separator: ",\n") + "\n]")
  }

  /// An array of strings on one line.
  package static func strings(_ texts: [String]) -> Self {
    Self("[" + texts.map { string($0).description }.joined(separator: ", ") + "]")
  }

  /// An object; members without a value are left out.
  package static func object(_ members: KeyValuePairs<String, JSONText?>) -> Self {
    object(members.map { ($0, $1) })
  }

  /// An object; members without a value are left out.
  package static func object(_ members: [(String, JSONText?)]) -> Self {
    let written = members.compactMap { name, value in value.map { "\(string(name)): \($0)" } }
    return Self("{" + written.joined(separator: ", ") + "}")
  }
}
