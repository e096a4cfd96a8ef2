import Analysis
import CairoCanvas
import Documents
import Figures
import Learning
import Planted
import Plotting
import Reporting
import Studies
import Testing

/// What a whole report says and leaves out.
@Suite struct ReportComposerTests {
  typealias Run = PlantedRuns.Run

  @Test func whatCannotBeReadStopsTheReport() throws {
    let results = try PlantedRuns.results(failing: true) {
      Seeds(0..<3)
    } run: { _, _ in
      Run()
    }
    #expect(throws: PlantedRuns.Unreadable.self) {
      try ReportComposer.compose(
        [Figure("Loss") { Curve(.loss) }.cell], results: results, provenance: [])
    }
    #expect(throws: PlantedRuns.Unreadable.self) {
      try Expect(.share(of: .stepsToLoss(0.1), below: 5), atLeast: 0).verdict(on: results)
    }
  }

  @Test func aSettingThatTheCommandLineRemovedLeavesAClaimUntested() throws {
    let overrides = Overrides(values: [("learning-rate", ["0.5"])])
    let results = try PlantedRuns.results(overrides: overrides) {
      Vary(.learningRate, over: [0.1, 0.3])
      Seeds(0..<4)
    } run: { _, _ in
      Run()
    }
    let claims = [
      Expect(.median(of: .finalLoss), atMost: 1, where: .learningRate, is: 0.3),
      Expect("own words") { results in (try results.where(.learningRate, is: 0.3).median(.finalLoss) < 1, "") },
    ]
    for claim in claims {
      let verdict = try claim.verdict(on: results)
      #expect(verdict.outcome == .untested)
      #expect(verdict.evidence == "the command line removed η = 0.3 from the sweep")
    }
    #expect(try Expect(.median(of: .finalLoss), atMost: 1).verdict(on: results).outcome == .passed)
    let report = try ReportComposer.compose(
      claims.map(\.cell) + [Figure("At 0.3") { Curve(.loss) }.where(.learningRate, is: 0.3).cell], results: results,
      provenance: [])
    let markdown = MarkdownWriter().text(report.document)
    #expect(markdown.contains("> **UNTESTED** "))
    #expect(markdown.contains("Figure “At 0.3” left out"))
  }

  /// A run's loss falls below 0.1 at a step that its rate and scale decide.
  private static func results() throws -> Results {
    try PlantedRuns.results {
      Vary(.learningRate, over: [0.1, 0.2, 0.7])
      Vary(.initScale, over: [1, 2])
      Seeds(0..<4)
    } run: { settings, seed in
      let arrival = (settings[0].number ?? 0) * 10 * (settings[1].number ?? 0)
      return .losses((0..<10).map { Double($0 + seed) < arrival ? 1 : 0.01 })
    }
  }

  @Test func aComparisonHasTheColoursOfTheFigures() throws {
    let cells: [any CellDeclaration] = [
      Figure("Loss") { Curve(.loss).color(by: .learningRate) },
      Comparison(of: .learningRate, below: 0.1).where(.initScale, is: 2),
    ]
    let report = try ReportComposer.compose(cells.map(\.cell), results: Self.results(), provenance: [])
    let figures = report.document.figures
    #expect(figures.map(\.number) == [1, 2] && figures[0].title == "Loss")
    let (curve, comparison) = (figures[0].charts, figures[1].charts)
    #expect(curve.legend.map(\.color) == comparison.legend.map(\.color))
    #expect(curve.legend.map(\.label) == ["0.1", "0.2", "0.7"])
    #expect(comparison.legend.map(\.label) == ["η = 0.1", "η = 0.2", "η = 0.7"])
    let markdown = MarkdownWriter().text(report.document)
    #expect(markdown.contains("| η = 0.7 | 4 | "), "the runs of one scale alone")
    #expect(markdown.contains("σ₀ = 2"))
  }

  /// Cells in the author's order, each once; the head says what was varied.
  @Test func cellsAreInTheirOrder() throws {
    let cells: [any CellDeclaration] = [
      Note { "There are \($0.count) runs." }, ReportTable("Counted", columns: ["n"]) { [["\($0.count)"]] },
      Expect(.divergedShare, atMost: 0), Figure("Loss") { Curve(.loss).color(by: .learningRate) }.caption("Drawn."),
    ]
    let report = try ReportComposer.compose(cells.map(\.cell), results: Self.results(), provenance: [])
    let markdown = MarkdownWriter().text(report.document)
    let parts = [
      "# Planted", "24 runs", "η × 3, σ₀ × 2, seeds × 4", "There are 24 runs.", "**Counted**", "| 24 |",
      "share of diverged runs", "**Figure 1. Loss**", "Drawn. Lines: median of 8 runs",
    ]
    let places = parts.compactMap { markdown.firstRange(of: $0)?.lowerBound }
    #expect(places.count == parts.count && places == places.sorted(), "\(markdown)")
    #expect(report.verdicts.map(\.passed) == [true] && report.divergedCount == 0)
  }

  /// Points are beside their claims, and in a table with their sum; a report without points has no such table.
  @Test func pointsAreInATableWithTheirSum() throws {
    let cells: [any CellDeclaration] = [
      Expect(.divergedShare, atMost: 0, id: "q1", points: 2),
      Expect(.divergedShare, atLeast: 0.5, id: "q2", points: 0.5),
      Expect("no points", id: "q3") { _ in (true, "n") },
      Expect("untested", id: "q4", points: 1) { _ in throw Untested("no reference") },
    ]
    let report = try ReportComposer.compose(cells.map(\.cell), results: Self.results(), provenance: [])
    let markdown = MarkdownWriter().text(report.document)
    #expect(
      markdown.contains("> **pass** **q1 (2 of 2 points)**: The share of diverged runs is at most 0 %."), "\(markdown)")
    #expect(markdown.contains("> **FAIL** **q2 (0 of 0.5 points)**: "))
    #expect(markdown.contains("> **pass** **q3**: no points. *n*"))
    let tables = report.document.nodes.compactMap { if case .table(let table) = $0 { table } else { nil } }
    #expect(tables.map(\.caption.plain) == ["Points"])
    let rows = tables[0].rows.map { row in [0, 2, 3, 4].map { row[$0].plain } }
    #expect(
      rows == [
        ["q1", "pass", "2", "2"], ["q2", "FAIL", "0", "0.5"], ["q4", "UNTESTED", "0", "1"], ["sum", "", "2", "3.5"],
      ])
    let without = try ReportComposer.compose([cells[2].cell], results: Self.results(), provenance: [])
    #expect(!without.document.nodes.contains { if case .table = $0 { true } else { false } })
  }

  /// The live page gets head, cells and foot one by one: together they are the document, and their markup that of its page.
  @Test func partsAreHandedOverAsTheyAreComposed() throws {
    let cells: [any CellDeclaration] = [
      Note("First."), Figure("Loss") { Curve(.loss).color(by: .learningRate) },
      Comparison(of: .learningRate, below: 0.1).where(.initScale, is: 2), Expect(.divergedShare, atMost: 0),
    ]
    var parts: [[Document.Node]] = []
    let report = try ReportComposer.compose(
      cells.map(\.cell), results: Self.results(), provenance: [], eachPart: { nodes, _ in parts.append(nodes) })
    #expect(parts.count == CellMarkup.parts(ofCells: cells.count) && parts.allSatisfy { !$0.isEmpty })
    #expect(parts.flatMap(\.self) == report.document.nodes)
    let markup = try CellMarkup()
    let fragments = parts.map { markup.html($0) }
    #expect(fragments[2].ranges(of: "<figure ").count == 1 && fragments[2].contains("id=\"figure1\""))
    #expect(fragments[3].contains("id=\"figure2\""))
    let page = HTMLWriter(ruler: try CairoCanvas.ruler(), encode: CairoCanvas.png).page(report.document)
    #expect(page.contains("<main>\n\(fragments.joined())</main>"))
  }

  /// What was composed before a cell that fails is not lost.
  @Test func partsBeforeAFailureArriveFirst() throws {
    struct Failure: Error {}
    var count = 0
    #expect(throws: Failure.self) {
      try ReportComposer.compose(
        [Note("First.").cell, Note { _ in throw Failure() }.cell], results: Self.results(), provenance: [],
        eachPart: { _, _ in count += 1 })
    }
    #expect(count == 2)
  }
}
