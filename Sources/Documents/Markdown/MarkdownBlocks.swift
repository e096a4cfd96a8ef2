/// Parses Markdown line by line.
struct MarkdownBlocks {
  private let lines: [String]
  private var position = 0
  private var nodes: [Document.Node] = []
  private var paragraph: [String] = []

  init(_ source: String) {
    lines = source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  mutating func parse() -> [Document.Node] {
    while position < lines.count {
      let line = lines[position]
      let trimmed = line.drop { $0 == " " }
      if trimmed.isEmpty {
        endParagraph()
      } else if trimmed.hasPrefix("```") {
        code()
      } else if let level = headingLevel(trimmed) {
        add(.heading(level: level + 1, Markdown.inlines(String(trimmed.dropFirst(level + 1)))))
      } else if trimmed == "---" || trimmed == "***" {
        add(.rule)
      } else if Marker(line) != nil {
        endParagraph()
        nodes.append(.list(list(depth: 0)))
        continue
      } else if trimmed.hasPrefix("|"), position + 1 < lines.count, isSeparator(lines[position + 1]) {
        table()
        continue
      } else {
        paragraph.append(String(trimmed))
      }
      position += 1
    }
    endParagraph()
    return nodes
  }

  private mutating func add(_ node: Document.Node) {
    endParagraph()
    nodes.append(node)
  }

  private mutating func endParagraph() {
    if !paragraph.isEmpty { nodes.append(.paragraph(Markdown.inlines(paragraph.joined(separator: " ")))) }
    paragraph = []
  }

  private func headingLevel(_ line: Substring) -> Int? {
    let level = line.prefix { $0 == "#" }.count
    return (1...4).contains(level) && line.dropFirst(level).hasPrefix(" ") ? level : nil
  }

  private mutating func code() {
    endParagraph()
    var body: [String] = []
    position += 1
    while position < lines.count, !lines[position].drop(while: { $0 == " " }).hasPrefix("```") {
      body.append(lines[position])
      position += 1
    }
    nodes.append(.code(body.joined(separator: "\n")))
  }

  // MARK: Lists

  /// The beginning of a list item: "- ", "* " or "3. ", indented by two spaces per level.
  private struct Marker {
    let depth: Int
    let number: Int?
    let text: String

    init?(_ line: String) {
      let trimmed = line.drop { $0 == " " }
      depth = (line.count - trimmed.count) / 2
      let digits = trimmed.prefix { $0.isASCII && $0.isNumber }
      if trimmed.hasPrefix("- ") || trimmed.hasPrefix("* ") {
        (number, text) = (nil, String(trimmed.dropFirst(2)))
      } else if let own = Int(digits), trimmed.dropFirst(digits.count).hasPrefix(". ") {
        (number, text) = (own, String(trimmed.dropFirst(digits.count + 2)))
      } else {
        return nil
      }
    }
  }

  /// The items of a depth with the deeper ones inside them. Indented lines that begin no item continue the item above.
  private mutating func list(depth: Int) -> [Document.ListItem] {
    var items: [Document.ListItem] = []
    while position < lines.count, let marker = Marker(lines[position]), marker.depth >= depth {
      if marker.depth > depth, !items.isEmpty {
        items[items.count - 1].items += list(depth: marker.depth)
        continue
      }
      var text = marker.text
      position += 1
      while position < lines.count, lines[position].hasPrefix("  "), Marker(lines[position]) == nil,
        case let next = lines[position].drop(while: { $0 == " " }), !next.isEmpty
      {
        text += " " + next
        position += 1
      }
      items.append(Document.ListItem(number: marker.number, Markdown.inlines(text)))
    }
    return items
  }

  // MARK: Tables

  private func isSeparator(_ line: String) -> Bool {
    let trimmed = line.filter { $0 != " " }
    return trimmed.hasPrefix("|") && trimmed.contains("-") && trimmed.allSatisfy { "|-:".contains($0) }
  }

  /// Parses a table. A column whose rule ends in a colon holds numbers: `|---:|`.
  private mutating func table() {
    endParagraph()
    let kinds = cells(lines[position + 1]).map { $0.hasSuffix(":") ? Document.Column.Kind.number : .text }
    let columns = cells(lines[position]).enumerated().map { index, title in
      Document.Column(Markdown.inlines(title), index < kinds.count ? kinds[index] : .text)
    }
    position += 2
    var rows: [[[Inline]]] = []
    while position < lines.count, lines[position].drop(while: { $0 == " " }).hasPrefix("|") {
      rows.append(cells(lines[position]).map(Markdown.inlines))
      position += 1
    }
    nodes.append(.table(Document.Table(columns: columns, rows: rows)))
  }

  /// The texts between the vertical bars of a line. A bar after a backslash is part of the text.
  private func cells(_ line: String) -> [String] {
    var parts = [""]
    var isEscaped = false
    for character in line {
      if character == "|", !isEscaped {
        parts.append("")
      } else {
        if character == "|" { parts[parts.count - 1].removeLast() }
        parts[parts.count - 1].append(character)
      }
      isEscaped = character == "\\" && !isEscaped
    }
    parts = parts.map { part in
      String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
    if parts.first == "" { parts.removeFirst() }
    if parts.last == "" { parts.removeLast() }
    return parts
  }
}
