import Documents
import Figures
import Learning
import Planted
import Reporting
import Studies
import Testing

/// Sentences of a report about one run and about several.
@Suite struct CountSentenceTests {
  private func markdown(seeds: Int, diverged: Int) throws -> String {
    let results = try PlantedRuns.results {
      Seeds(0..<seeds)
    } run: { _, seed in
      PlantedRuns.Run(diverged: seed < diverged, series: [.loss: Series(every: 1, values: [1, 0.5])])
    }
    let figure = Figure("Loss") { Curve(.loss) }
    let report = try ReportComposer.compose([figure.cell], results: results, provenance: [])
    return MarkdownWriter().text(report.document)
  }

  @Test func oneRun() throws {
    let text = try markdown(seeds: 1, diverged: 1)
    #expect(text.contains("1 run") && !text.contains("1 runs"))
    #expect(text.contains("1 of 1 run diverged; it counts as infinite."))
  }

  @Test func severalRuns() throws {
    #expect(try markdown(seeds: 3, diverged: 1).contains("1 of 3 runs diverged; it counts as infinite."))
    #expect(try markdown(seeds: 3, diverged: 2).contains("2 of 3 runs diverged; they count as infinite."))
    #expect(try markdown(seeds: 3, diverged: 2).contains("3 runs"))
    #expect(try !markdown(seeds: 3, diverged: 0).contains("diverged"))
  }
}
