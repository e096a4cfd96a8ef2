/// Parses the styles inside a line of Markdown.
struct MarkdownLine {
  private let source: String

  init(_ source: String) { self.source = source }

  /// The characters before and after each style; longer ones first.
  private static let pairs: [(open: String, close: String, style: @Sendable (String) -> Inline)] = [
    ("**", "**", { .strong(Markdown.inlines($0)) }), ("<sub>", "</sub>", { .subscript(Markdown.inlines($0)) }),
    ("<sup>", "</sup>", { .superscript(Markdown.inlines($0)) }), ("*", "*", { .emphasis(Markdown.inlines($0)) }),
    ("_", "_", { .emphasis(Markdown.inlines($0)) }), ("`", "`", { .code($0) }), ("$", "$", { .math($0) }),
  ]
  /// Characters that a backslash makes ordinary text.
  static let signs = "\\`*_[]<$|"

  func parse() -> [Inline] {
    var result: [Inline] = []
    var plain = ""
    var rest = Substring(source)
    var previous: Character = " "
    func flush() {
      if !plain.isEmpty { result.append(.text(plain)) }
      plain = ""
    }
    while let next = rest.first {
      if next == "\\", let escaped = rest.dropFirst().first, Self.signs.contains(escaped) {
        plain.append(escaped)
        rest = rest.dropFirst(2)
        previous = escaped
      } else if let (inline, after) = Self.styled(rest, after: previous) {
        flush()
        result.append(inline)
        rest = after
        previous = "x"
      } else {
        plain.append(next)
        previous = next
        rest = rest.dropFirst()
      }
    }
    flush()
    return result
  }

  /// The style at the beginning of a text, and the rest of the text.
  private static func styled(_ text: Substring, after previous: Character) -> (Inline, rest: Substring)? {
    if let link = link(text) { return link }
    for (open, close, style) in pairs where text.hasPrefix(open) {
      // An underscore inside a word is ordinary text, and so is a character before a space.
      let isLetter = open == "_" && (previous.isLetter || previous.isNumber)
      let inner = text.dropFirst(open.count)
      guard !isLetter, let first = inner.first, first != " ", let end = end(of: close, in: inner) else { continue }
      let body = String(inner[..<end.lowerBound])
      guard !body.isEmpty, open == "`" || body.last != " " else { continue }
      return (style(body), inner[end.upperBound...])
    }
    return nil
  }

  /// The end of a style. Of three asterisks, the first closes the inner style.
  private static func end(of close: String, in text: Substring) -> Range<Substring.Index>? {
    guard let found = text.firstRange(of: close) else { return nil }
    guard close == "**", found.upperBound < text.endIndex, text[found.upperBound] == "*" else { return found }
    return text.index(after: found.lowerBound)..<text.index(after: found.upperBound)
  }

  private static func link(_ text: Substring) -> (Inline, rest: Substring)? {
    guard text.first == "[", let middle = text.firstRange(of: "]("),
      let end = text[middle.upperBound...].firstIndex(of: ")")
    else { return nil }
    let words = String(text[text.index(after: text.startIndex)..<middle.lowerBound])
    return (
      .link(Markdown.inlines(words), target: String(text[middle.upperBound..<end])), text[text.index(after: end)...]
    )
  }
}
