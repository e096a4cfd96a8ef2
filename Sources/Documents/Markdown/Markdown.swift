/// The subset of Markdown for notes: headings, paragraphs, lists, code, tables and rules; inside a line emphasis, code, links,
/// subscripts, superscripts and formulas.
package enum Markdown {
  /// The nodes of a text. `# Title` has level 2, because level 1 is the title of the document.
  package static func nodes(_ source: String) -> [Document.Node] {
    var parser = MarkdownBlocks(source)
    return parser.parse()
  }

  /// The pieces of a line.
  package static func inlines(_ text: String) -> [Inline] { MarkdownLine(text).parse() }
}
