import Documents
import Plotting
import Testing

/// One document with every kind of node, in each of the writers.
@Suite struct WriterTests {
  static let document = Document(
    title: "Losses",
    nodes: [
      .heading(level: 1, [.text("Losses")]), .paragraph([.code("losses"), .text(" · 8 runs")], .detail),
      .paragraph([.text("Changed on the command line: seeds.")], .notice), .rule,
      .heading(level: 2, [.text("Set-up")]),
      .paragraph([.text("One "), .strong([.text("bold")]), .text(" word, w"), .subscript([.text("k")]), .text(" < 1")]),
      .list([
        .init(number: 1, [.text("first")], items: [.init([.text("inner")])]), .init(number: 2, [.text("second")]),
      ]),
      .code("let a = 1 < 2"),
      .table(
        Document.Table(
          caption: [.text("Medians")], columns: ["class", .number("runs"), .number("time", unit: "s")],
          rows: [[[.text("a|b")], [.text("12")], [.text("0.5")]], [[.text("c")]]])),
      .figure(
        Document.Figure(
          number: 1, title: "Loss & step",
          charts: ChartGrid(
            Chart(
              x: AxisStyle("step"), y: AxisStyle("loss"),
              marks: [.line([Point(0, 1), Point(10, 0.5)], Stroke(.black))])),
          caption: [.text("One line.")])),
      .verdict(
        Document.Verdict(.failed, word: "FAIL", claim: [.text("The loss is small")], evidence: [.text("3 of 8")])),
      .provenance([.text("Trained today.")]),
    ])

  /// On its second page the caption of a table has one word more, and may need one line more.
  @Test(arguments: 60...120) func nothingIsDrawnOverTheEndOfAContinuedTable(caption length: Int) throws {
    let rows = (1...60).map { [[Inline.text("row \($0)")]] }
    let words = String(repeating: "word ", count: 40).prefix(length)
    let table = Document.Table(caption: [.text(String(words))], columns: ["number"], rows: rows)
    let document = Document(title: "", nodes: [.table(table), .paragraph([.text("After the table.")])])
    let pages = PageWriter(document, canvas: RecordingCanvas(size: PageWriter.size))
    let canvas = RecordingCanvas(size: PageWriter.size)
    pages.draw(page: 1, on: canvas)
    let last = try #require(canvas.texts.first { $0.text.string == "row 60" })
    let after = try #require(canvas.texts.first { $0.text.string == "After the table." })
    #expect(after.box.y >= last.box.y + last.box.height)
  }

  @Test func markdown() {
    #expect(
      MarkdownWriter().text(Self.document) == """
        # Losses

        `losses` · 8 runs

        **Changed on the command line: seeds.**

        ---

        ## Set-up

        One **bold** word, w<sub>k</sub> < 1

        1. first
          - inner
        2. second

        ```
        let a = 1 < 2
        ```

        **Medians**

        | class | runs | time in s |
        |---|---:|---:|
        | a\\|b | 12 | 0.5 |
        | c |  |  |

        **Figure 1. Loss & step**

        ![Line chart of loss against step. A line goes from 1 to 0.5.](figures/01-loss-step.png)

        One line.

        > **FAIL** The loss is small. *3 of 8*

        Trained today.

        """)
  }

  @Test func html() {
    let page = HTMLWriter(ruler: RecordingCanvas(size: Size(640, 400)), encode: { _ in [] }).page(Self.document)
    for part in [
      "<title>Losses</title>", "<h1>Losses</h1>", "<p class=\"small\"><code>losses</code> · 8 runs</p>",
      "<p class=\"notice\">Changed on the command line: seeds.</p>", "<h2>Set-up</h2>",
      "<p>One <strong>bold</strong> word, w<sub>k</sub> &lt; 1</p>",
      "<ol>\n<li>first<ul>\n<li>inner</li>\n</ul>\n</li>\n<li>second</li>\n</ol>",
      "<pre><code>let a = 1 &lt; 2</code></pre>", "<caption>Medians</caption>",
      "<th scope=\"col\">class</th><th scope=\"col\" class=\"number\">runs</th>",
      "<tr><td>a|b</td><td class=\"number\">12</td><td class=\"number\">0.5</td></tr>",
      "<tr><td>c</td><td class=\"number\"></td><td class=\"number\"></td></tr>",
      "<h3 id=\"figure1-title\">Figure 1. Loss &amp; step</h3>",
      "<figcaption>One line.</figcaption>",
      "<p class=\"verdict failed\"><b>FAIL</b> <span>The loss is small. <em>3 of 8</em></span></p>",
      "<p class=\"small\">Trained today.</p>",
    ] { #expect(page.contains(part), "\(part)") }
  }

  /// A failed claim has not the colour of one that passed: the style names the words that the markup has.
  @Test func everyOutcomeHasItsStyle() {
    for outcome in Document.Verdict.Outcome.allCases where outcome != .passed {
      #expect(PageStyle.css.contains(".verdict.\(outcome.rawValue) {"), "\(outcome)")
    }
  }

  /// Everything that the document says is drawn, in its order.
  @Test func pages() {
    let pages = PageWriter(Self.document, canvas: RecordingCanvas(size: PageWriter.size))
    #expect(pages.count == 1)
    let canvas = RecordingCanvas(size: PageWriter.size)
    pages.draw(page: 0, on: canvas)
    let texts = canvas.texts.map(\.text.string)
    let expected = [
      "Losses", "losses · 8 runs", "Changed on the command line: seeds.", "Set-up", "One bold word, wk < 1", "1.",
      "first", "•", "inner", "2.", "second", "let a = 1 < 2", "Medians", "class", "runs", "time in s", "a|b", "12",
      "0.5", "c", "Figure 1.  Loss & step", "step", "loss", "One line.", "FAIL", "The loss is small. 3 of 8",
      "Trained today.", "1 / 1",
    ]
    var rest = expected[...]
    for text in texts where text == rest.first { rest = rest.dropFirst() }
    #expect(rest.isEmpty, "not drawn in order: \(rest.first ?? "")")
    #expect(pages.outline.map(\.title) == ["Losses", "Set-up", "Figure 1. Loss & step"])
  }

  @Test func aLinkThatRunsIsNoLink() {
    let document = Document(
      title: "", nodes: [.paragraph([.link([.text("go")], target: "javascript:alert(1)")])])
    let page = HTMLWriter(ruler: RecordingCanvas(size: Size(640, 400)), encode: { _ in [] }).page(document)
    #expect(page.contains("<p>go</p>") && !page.contains("alert"))
  }
}
