import Documents
import Foundation
import Testing

/// Tables as LaTeX.
@Suite struct LatexTests {
  private static func rows(_ cells: [[Inline]]) throws -> String {
    let table = Document.Table(columns: cells.map { _ in "c" }, rows: [cells])
    let text = try #require(LatexTables().all(Document(title: "", nodes: [.table(table)])).first).text
    let lines = text.split(separator: "\n")
    let rule = try #require(lines.firstIndex { $0.contains("midrule") })
    return lines[rule + 1].trimmingCharacters(in: .whitespaces)
  }

  @Test func aTableHasItsCaptionItsUnitsAndItsRules() {
    let found = LatexTables().all(WriterTests.document)
    #expect(found.map(\.name) == ["01-medians"])
    #expect(
      found.first?.text == """
        % Needs \\usepackage{booktabs}.
        \\begin{table}
          \\centering
          \\caption{Medians}
          \\label{tab:1}
          \\begin{tabular}{lrr}
            \\toprule
            class & runs & time in s \\\\
            \\midrule
            a$|$b & 12 & 0.5 \\\\
            c &  &  \\\\
            \\bottomrule
          \\end{tabular}
        \\end{table}

        """)
  }

  @Test(arguments: [
    ("50 % & $5 #1 a_b {c} ~ ^", ##"50 \% \& \$5 \#1 a\_b \{c\} \textasciitilde{} \textasciicircum{}"##),
    (#"C:\new"#, #"C:\textbackslash{}new"#),
    ("−1.5·10⁻⁴", #"$-$1.5$\cdot$10$^{-4}$"#),
    ("σ₀ = ½, λ₁²", #"$\sigma$$_{0}$ = $\frac{1}{2}$, $\lambda$$_{1}$$^{2}$"#),
    ("0.93–0.97, n ≥ 12\u{202F}000", #"0.93--0.97, n $\ge$ 12\,000"#),
    ("Müller", "Müller"),
  ]) func everySpecialCharacterIsEscaped(_ plain: String, _ latex: String) throws {
    #expect(try Self.rows([[.text(plain)]]) == latex + #" \\"#)
  }

  @Test func stylesAreCommands() throws {
    let cells: [[Inline]] = [
      [.strong([.text("a"), .emphasis([.text("b")])])], [.code("x_1")],
      [.text("w"), .subscript([.text("k")]), .superscript([.text("2")])], [.link([.text("here")], target: "x")],
    ]
    #expect(
      try Self.rows(cells)
        == #"\textbf{a\emph{b}} & \texttt{x\_1} & w\textsubscript{k}\textsuperscript{2} & here \\"#)
  }

  @Test func tablesWithoutCaptionsAreNumbered() {
    let table = Document.Table(columns: ["a"], rows: [])
    let found = LatexTables().all(Document(title: "", nodes: [.table(table), .rule, .table(table)]))
    #expect(found.map(\.name) == ["01-table", "02-table"])
    #expect(found.allSatisfy { !$0.text.contains("caption") })
  }
}
