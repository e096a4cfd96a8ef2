/// Texts of users' files in messages: short, on one line, with control characters escaped.
package enum Quoted {
  /// Most characters of a quoted text, counted as Unicode scalars.
  package static let limit = 60

  /// The first `limit` characters of `text`, and … where more follow.
  ///
  /// Control characters, line ends and invisible characters appear as `\n`, `\t` or `\u{1B}`, so that a message stays
  /// on one line and cannot send commands to a terminal.
  /// - Complexity: O(`limit`), however long the text is.
  package static func short(_ text: some StringProtocol, limit: Int = limit) -> String {
    var result = ""
    for (count, scalar) in text.unicodeScalars.enumerated() {
      if count == limit { return result + "…" }
      result += escaped(scalar)
    }
    return result
  }

  /// The first `limit` texts, each short, and how many more there are.
  package static func list(_ texts: [String], limit: Int = 10) -> String {
    let shown = texts.prefix(limit).map { short($0) }.joined(separator: ", ")
    return texts.count > limit ? "\(shown), … and \(texts.count - limit) more" : shown
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
      return "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    default: return String(scalar)
    }
  }
}
