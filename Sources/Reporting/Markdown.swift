package import Plotting

/// The Markdown that notes are written in: headings, paragraphs, lists, code, tables, rules; inside a line emphasis,
/// code, links, sub- and superscripts.
package enum Markdown {
  package enum Block: Hashable, Sendable {
    case heading(level: Int, [Text.Span])
    case paragraph([Text.Span])
    case item(marker: String, depth: Int, [Text.Span])
    case code(String)
    case table(header: [String], rows: [[String]])
    case rule
  }

  package static func blocks(_ source: String) -> [Block] {
    var parser = BlockParser(lines: source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    return parser.parse()
  }

  // MARK: Lines

  private struct BlockParser {
    var lines: [String]
    var position = 0
    var blocks: [Block] = []
    var paragraph: [String] = []

    mutating func parse() -> [Block] {
      while position < lines.count {
        let line = lines[position]
        let trimmed = line.drop { $0 == " " }
        let indent = line.count - trimmed.count
        if trimmed.isEmpty {
          endParagraph()
        } else if trimmed.hasPrefix("```") {
          code()
        } else if let level = headingLevel(trimmed) {
          endParagraph()
          blocks.append(.heading(level: level, spans(String(trimmed.dropFirst(level + 1)))))
        } else if trimmed == "---" || trimmed == "***" {
          endParagraph()
          blocks.append(.rule)
        } else if let (marker, rest) = item(trimmed) {
          endParagraph()
          listItem(marker, depth: indent / 2, rest)
        } else if trimmed.hasPrefix("|"), position + 1 < lines.count, isSeparator(lines[position + 1]) {
          endParagraph()
          table()
        } else {
          paragraph.append(String(trimmed))
        }
        position += 1
      }
      endParagraph()
      return blocks
    }

    private mutating func endParagraph() {
      if !paragraph.isEmpty { blocks.append(.paragraph(spans(paragraph.joined(separator: " ")))) }
      paragraph = []
    }

    private func headingLevel(_ line: Substring) -> Int? {
      let level = line.prefix { $0 == "#" }.count
      return (1...4).contains(level) && line.dropFirst(level).hasPrefix(" ") ? level : nil
    }

    private func item(_ line: Substring) -> (String, String)? {
      for bullet in ["- ", "* "] where line.hasPrefix(bullet) { return ("•", String(line.dropFirst(2))) }
      let digits = line.prefix { $0.isNumber }
      guard !digits.isEmpty, line.dropFirst(digits.count).hasPrefix(". ") else { return nil }
      return ("\(digits).", String(line.dropFirst(digits.count + 2)))
    }

    /// An item goes on over the lines below that are indented and begin no item of their own.
    private mutating func listItem(_ marker: String, depth: Int, _ first: String) {
      var text = first
      while position + 1 < lines.count, lines[position + 1].hasPrefix("  "),
        case let next = lines[position + 1].drop(while: { $0 == " " }), !next.isEmpty, item(next) == nil
      {
        text += " " + next
        position += 1
      }
      blocks.append(.item(marker: marker, depth: depth, spans(text)))
    }

    private mutating func code() {
      endParagraph()
      var body: [String] = []
      position += 1
      while position < lines.count, !lines[position].drop(while: { $0 == " " }).hasPrefix("```") {
        body.append(lines[position])
        position += 1
      }
      blocks.append(.code(body.joined(separator: "\n")))
    }

    private func isSeparator(_ line: String) -> Bool {
      let trimmed = line.filter { $0 != " " }
      return trimmed.hasPrefix("|") && trimmed.contains("-") && trimmed.allSatisfy { "|-:".contains($0) }
    }

    private mutating func table() {
      let header = cells(lines[position])
      position += 2
      var rows: [[String]] = []
      while position < lines.count, lines[position].drop(while: { $0 == " " }).hasPrefix("|") {
        let row = cells(lines[position])
        rows.append(header.indices.map { $0 < row.count ? row[$0] : "" })
        position += 1
      }
      position -= 1
      blocks.append(.table(header: header, rows: rows))
    }

    private func cells(_ line: String) -> [String] {
      var parts = line.split(separator: "|", omittingEmptySubsequences: false).map {
        $0.drop { $0 == " " }.description.reversed().drop { $0 == " " }.reversed().map(String.init).joined()
      }
      if parts.first == "" { parts.removeFirst() }
      if parts.last == "" { parts.removeLast() }
      return parts
    }
  }

  // MARK: Inside a line

  /// Pairs of signs and what they mean; longer signs first.
  private static let pairs: [(open: String, close: String, style: Text.Style)] = [
    ("**", "**", .bold), ("<sub>", "</sub>", .subscript), ("<sup>", "</sup>", .superscript), ("*", "*", .italic),
    ("_", "_", .italic), ("`", "`", .monospaced),
  ]

  package static func spans(_ text: String, _ style: Text.Style = []) -> [Text.Span] {
    var result: [Text.Span] = []
    var plain = ""
    var rest = Substring(text)
    var previous: Character = " "
    func flush() {
      if !plain.isEmpty { result.append(Text.Span(plain, style)) }
      plain = ""
    }
    scan: while let next = rest.first {
      if next == "\\", let escaped = rest.dropFirst().first, "\\`*_[]<".contains(escaped) {
        plain.append(escaped)
        rest = rest.dropFirst(2)
        previous = escaped
        continue
      }
      if next == "[", let link = link(rest) {
        flush()
        result += spans(link.text, style.union(.link)).map { Text.Span($0.string, $0.style, target: link.target) }
        rest = link.rest
        continue
      }
      for (open, close, added) in pairs where rest.hasPrefix(open) {
        // An underscore or asterisk within a word or before a space is no emphasis.
        let isWordSign = open == "_" && (previous.isLetter || previous.isNumber)
        let inner = rest.dropFirst(open.count)
        guard !isWordSign, let first = inner.first, first != " ", let end = Self.end(of: close, in: inner) else {
          continue
        }
        let body = String(inner[..<end.lowerBound])
        guard !body.isEmpty, open == "`" || body.last != " " else { continue }
        flush()
        result += added == .monospaced ? [Text.Span(body, style.union(added))] : spans(body, style.union(added))
        rest = inner[end.upperBound...]
        previous = "x"
        continue scan
      }
      plain.append(next)
      previous = next
      rest = rest.dropFirst()
    }
    flush()
    return result
  }

  /// Where a style ends; of three asterisks the first closes what stands inside.
  private static func end(of close: String, in text: Substring) -> Range<Substring.Index>? {
    guard let found = text.firstRange(of: close) else { return nil }
    guard close == "**", found.upperBound < text.endIndex, text[found.upperBound] == "*" else { return found }
    return text.index(after: found.lowerBound)..<text.index(after: found.upperBound)
  }

  private static func link(_ text: Substring) -> (text: String, target: String, rest: Substring)? {
    guard let middle = text.firstRange(of: "]("), let end = text[middle.upperBound...].firstIndex(of: ")") else {
      return nil
    }
    return (
      String(text[text.index(after: text.startIndex)..<middle.lowerBound]), String(text[middle.upperBound..<end]),
      text[text.index(after: end)...]
    )
  }
}
