import Documents
import Testing

@Suite struct MarkdownTests {
  @Test func nodesAreTold() {
    let nodes = Markdown.nodes(
      """
      # Title
      A paragraph
      of two lines.

      - one
      - two
        goes on
        - deeper
      1. first

      | a | b \\| c |
      |---|--:|
      | 1 | 2 |

      ```
      code *as is*
      ```
      ---
      """)
    #expect(
      nodes == [
        .heading(level: 2, [.text("Title")]), .paragraph([.text("A paragraph of two lines.")]),
        .list([
          .init([.text("one")]), .init([.text("two goes on")], items: [.init([.text("deeper")])]),
          .init(number: 1, [.text("first")]),
        ]),
        .table(
          Document.Table(
            columns: [.text("a"), .number("b | c")], rows: [[[.text("1")], [.text("2")]]])),
        .code("code *as is*"), .rule,
      ])
  }

  static let lines: [(String, [Inline])] = [
    ("plain", [.text("plain")]), ("a **b** c", [.text("a "), .strong([.text("b")]), .text(" c")]),
    ("*i* and `c*d`", [.emphasis([.text("i")]), .text(" and "), .code("c*d")]), ("2 * 3 * 4", [.text("2 * 3 * 4")]),
    ("snake_case_name", [.text("snake_case_name")]),
    ("**b *bi***", [.strong([.text("b "), .emphasis([.text("bi")])])]),
    ("w<sub>jk</sub><sup>2</sup>", [.text("w"), .subscript([.text("jk")]), .superscript([.text("2")])]),
    ("[text](url)!", [.link([.text("text")], target: "url"), .text("!")]), ("a \\*b\\*", [.text("a *b*")]),
    ("E < 0.01", [.text("E < 0.01")]), ("at $w_k$", [.text("at "), .math("w_k")]),
  ]

  @Test(arguments: lines) func linesAreTold(_ source: String, _ expected: [Inline]) {
    #expect(Markdown.inlines(source) == expected)
  }

  /// Whatever is written is read again as what it was.
  @Test(arguments: lines) func writtenLinesAreReadAgain(_ source: String, _ expected: [Inline]) {
    let written = MarkdownWriter().text(Document(title: "", nodes: [.paragraph(expected)]))
    #expect(Markdown.nodes(written) == [.paragraph(expected)])
  }
}
