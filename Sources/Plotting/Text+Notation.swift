extension Text {
  /// Spans of a string in which `_` sets what follows below the line and `^` above it: `λ_max`, `‖g_k‖`, `w_{i,j}`, `10^{−5}`.
  ///
  /// In braces anything is set so. Without braces a run of letters and digits is, and only behind a symbol: one letter
  /// that no other letter precedes, a closing bracket or bar, for `^` a digit as well. `final_loss` stays a name.
  package static func spans(_ notation: String, style: Style = []) -> [Span] {
    guard notation.contains(where: { scripts[$0] != nil }) else { return [Span(notation, style)] }
    var spans: [Span] = []
    var plain = ""
    var rest = notation[...]
    while let sign = rest.popFirst() {
      guard let script = scripts[sign], let (content, end) = operand(of: sign, after: plain, in: rest, spans.isEmpty)
      else {
        plain.append(sign)
        continue
      }
      if !plain.isEmpty { spans.append(Span(plain, style)) }
      spans.append(Span(content, style.union(script)))
      plain = ""
      rest = rest[end...]
    }
    if !plain.isEmpty { spans.append(Span(plain, style)) }
    return spans
  }

  private static let scripts: [Character: Style] = ["_": .subscript, "^": .superscript]

  /// What a sign sets below or above the line, and where the string goes on; `nil` where the sign is just a sign.
  private static func operand(
    of sign: Character, after plain: String, in rest: Substring, _ isFirst: Bool
  ) -> (content: String, end: Substring.Index)? {
    if rest.first == "{", let close = rest.firstIndex(of: "}"), rest.index(after: rest.startIndex) < close {
      return (String(rest[rest.index(after: rest.startIndex)..<close]), rest.index(after: close))
    }
    guard plain.isEmpty ? !isFirst : isSymbol(plain, for: sign) else { return nil }
    let run = rest.prefix { $0.isLetter || $0.isASCII && $0.isNumber }
    return run.isEmpty ? nil : (String(run), run.endIndex)
  }

  /// Whether a string ends in something that bears an index or an exponent.
  private static func isSymbol(_ plain: String, for sign: Character) -> Bool {
    guard let last = plain.last else { return false }
    if ")]|‖".contains(last) { return true }
    if sign == "^", last.isNumber { return true }
    let before = plain.dropLast().last
    return last.isLetter && before.map { !$0.isLetter && !$0.isNumber && $0 != "_" } ?? true
  }
}

extension String {
  /// The same text with a space that no line breaks at between a number and its percent sign.
  package var withUnbrokenPercents: String {
    contains(" %") ? replacing(/([0-9∞]) %/) { "\($0.1)\u{00A0}%" } : self
  }
}
