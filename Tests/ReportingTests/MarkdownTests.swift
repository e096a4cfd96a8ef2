import Plotting
import Reporting
import Testing

@Suite struct MarkdownTests {
  @Test func blocksAreTold() {
    let blocks = Markdown.blocks(
      """
      # Title
      A paragraph
      of two lines.

      - one
      - two
        goes on
      1. first

      | a | b |
      |---|---|
      | 1 | 2 |

      ```
      code *as is*
      ```
      ---
      """)
    #expect(
      blocks == [
        .heading(level: 1, [Text.Span("Title")]), .paragraph([Text.Span("A paragraph of two lines.")]),
        .item(marker: "•", depth: 0, [Text.Span("one")]), .item(marker: "•", depth: 0, [Text.Span("two goes on")]),
        .item(marker: "1.", depth: 0, [Text.Span("first")]), .table(header: ["a", "b"], rows: [["1", "2"]]),
        .code("code *as is*"), .rule,
      ])
  }

  @Test(arguments: [
    ("plain", [Text.Span("plain")]), ("a **b** c", [Text.Span("a "), Text.Span("b", .bold), Text.Span(" c")]),
    ("*i* and `c*d`", [Text.Span("i", .italic), Text.Span(" and "), Text.Span("c*d", .monospaced)]),
    ("2 * 3 * 4", [Text.Span("2 * 3 * 4")]), ("snake_case_name", [Text.Span("snake_case_name")]),
    ("**b *bi***", [Text.Span("b ", .bold), Text.Span("bi", [.bold, .italic])]),
    ("w<sub>jk</sub><sup>2</sup>", [Text.Span("w"), Text.Span("jk", .subscript), Text.Span("2", .superscript)]),
    ("[text](url)!", [Text.Span("text", .link, target: "url"), Text.Span("!")]), ("a \\*b\\*", [Text.Span("a *b*")]),
    ("E < 0.01", [Text.Span("E < 0.01")]),
  ]) func spansAreTold(_ source: String, _ expected: [Text.Span]) {
    #expect(Self.merged(Markdown.spans(source)) == expected)
  }

  static func merged(_ spans: [Text.Span]) -> [Text.Span] {
    spans.reduce(into: []) { result, span in
      if let last = result.last, last.style == span.style {
        result[result.count - 1].string += span.string
      } else {
        result.append(span)
      }
    }
  }
}
