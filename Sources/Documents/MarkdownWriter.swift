/// Writes a document as Markdown that refers to its figures as separate files.
package struct MarkdownWriter {
  private let address: (Document.Figure) -> String

  /// A writer of Markdown.
  /// - Parameter address: where the picture of a figure is.
  package init(address: @escaping (Document.Figure) -> String = { "figures/\($0.name).png" }) { self.address = address }

  /// The Markdown of a document.
  package func text(_ document: Document) -> String { document.nodes.map(markup).joined(separator: "\n\n") + "\n" }

  /// The Markdown of one piece.
  func markup(_ node: Document.Node) -> String {
    switch node {
    case .heading(let level, let title): "\(String(repeating: "#", count: level)) \(line(title))"
    case .paragraph(let content, .body), .paragraph(let content, .detail), .provenance(let content): line(content)
    case .paragraph(let content, .notice): "**\(line(content))**"
    case .list(let items): list(items, indent: "")
    case .code(let source): "```\n\(source)\n```"
    case .table(let table): markup(table)
    case .figure(let figure): markup(figure)
    case .verdict(let verdict): "> **\(verdict.word)** \(line(verdict.claim)). *\(line(verdict.evidence))*"
    case .rule: "---"
    }
  }

  private func list(_ items: [Document.ListItem], indent: String) -> String {
    items.map { item in
      let marker = item.number.map { "\($0)." } ?? "-"
      let deeper = item.items.isEmpty ? "" : "\n" + list(item.items, indent: indent + "  ")
      return "\(indent)\(marker) \(line(item.content))\(deeper)"
    }.joined(separator: "\n")
  }

  private func markup(_ figure: Document.Figure) -> String {
    // A bracket would end the words.
    let words = figure.alternative(limit: 300).replacing("[", with: "\\[").replacing("]", with: "\\]")
    return "**\(figure.heading)**\n\n![\(words)](\(address(figure)))"
      + (figure.caption.isEmpty ? "" : "\n\n\(line(figure.caption))")
  }

  private func markup(_ table: Document.Table) -> String {
    func row(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }
    // A vertical bar inside a cell would end the cell.
    func cell(_ content: [Inline]) -> String { line(content).replacing("\\|", with: "|").replacing("|", with: "\\|") }
    let rule = "|\(table.columns.map { $0.kind == .number ? "---:" : "---" }.joined(separator: "|"))|"
    let lines = [row(table.columns.map { cell($0.title) }), rule] + table.rows.map { row($0.map(cell)) }
    return (table.caption.isEmpty ? "" : "**\(line(table.caption))**\n\n") + lines.joined(separator: "\n")
  }

  // MARK: Lines

  /// Special characters are escaped only in lines that would otherwise be read as something else.
  func line(_ content: [Inline]) -> String {
    let plain = Self.markup(content, escapes: false)
    return Markdown.inlines(plain) == content ? plain : Self.markup(content, escapes: true)
  }

  private static func markup(_ content: [Inline], escapes: Bool) -> String {
    content.map { inline in
      switch inline {
      case .text(let text): escapes ? escaped(text) : text
      case .strong(let inner): "**\(markup(inner, escapes: escapes))**"
      case .emphasis(let inner): "*\(markup(inner, escapes: escapes))*"
      case .code(let text): "`\(text)`"
      case .superscript(let inner): "<sup>\(markup(inner, escapes: escapes))</sup>"
      case .subscript(let inner): "<sub>\(markup(inner, escapes: escapes))</sub>"
      case .link(let inner, let target): "[\(markup(inner, escapes: escapes))](\(target))"
      case .math(let source): "$\(source)$"
      }
    }.joined()
  }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { $0 += MarkdownLine.signs.contains($1) ? "\\\($1)" : "\($1)" }
  }
}
