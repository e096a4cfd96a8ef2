import Analysis
import Figures
import Learning
import Planted
import Plotting
import Studies
import Testing

/// A caption says which runs a figure covers, where the experiment has others too.
@Suite struct FigureScopeTests {
  private static func caption(_ figure: Figure, seeds: Range<Int> = 0..<5) throws -> String {
    let results = try PlantedRuns.results {
      Vary(.learningRate, over: [0.1, 0.3])
      Vary(.initScale, over: [0.5, 1, 2])
      Seeds(seeds)
    } run: { _, _ in
      PlantedRuns.Run()
    }
    return try Drawn(results, figure).caption
  }

  private static func ecdf() -> Figure { Figure("f") { Distribution(.finalLoss).color(by: .learningRate) } }

  @Test func aChosenSettingIsNamed() throws {
    let caption = try Self.caption(Self.ecdf().where(.initScale, is: 2))
    #expect(caption.hasSuffix("Runs: σ₀ = 2; n\u{00A0}=\u{00A0}5 for each η."))
  }

  @Test func pooledParametersAreNamedAndTheirRunsCounted() throws {
    let caption = try Self.caption(Self.ecdf().pooling(.initScale))
    #expect(caption.hasSuffix("Runs: all 3 values of σ₀ together; n\u{00A0}=\u{00A0}15 for each η."))
  }

  @Test func facetsTellSettingsApart() throws {
    let caption = try Self.caption(Self.ecdf().facets(columns: .initScale))
    #expect(caption.hasSuffix("Runs: n\u{00A0}=\u{00A0}5 for each η, σ₀."))
  }

  @Test func aSingleRunHasNoCount() throws {
    #expect(try !Self.caption(Self.ecdf().facets(columns: .initScale), seeds: 0..<1).contains("n\u{00A0}="))
  }

  @Test func aPlotThatStatesItsCountIsNotRepeated() throws {
    let curve = Figure("f") { Curve(.loss).color(by: .learningRate) }.facets(columns: .initScale)
    #expect(try !Self.caption(curve).contains("n\u{00A0}="))
  }
}
