/// The Markdown that authors write notes in: headings, paragraphs, lists, code, tables, rules; inside a line emphasis, code, links,
/// sub- and superscripts, formulas.
public enum Markdown {
  /// The nodes of a text. Headings begin below the document's own title: `# Title` has level 2.
  public static func nodes(_ source: String) -> [Document.Node] {
    var parser = MarkdownBlocks(source)
    return parser.parse()
  }

  /// The pieces of a line.
  public static func inlines(_ text: String) -> [Inline] { MarkdownLine(text).parse() }
}
