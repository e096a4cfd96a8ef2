import Analysis
import Documents
import Figures
import Planted
import Studies
import Testing

/// Tables and claims of a derivation: what makes them fail is what a wrong formula would do.
@Suite struct DerivationTests {
  private static let sound = [
    DerivationLine("δ_1", "2(ŷ − y)", textbook: 0.25, engine: 0.25),
    DerivationLine("γ_1", "δ_1 v h(1 − h)", textbook: -3e-9, engine: -3e-9 * (1 + 1e-13)),
  ]

  private func verdict(_ lines: [DerivationLine]) throws -> Expect.Verdict {
    let results = try PlantedRuns.results {
      Seeds(0..<2)
    } run: { _, _ in
      PlantedRuns.Run(finalLoss: 1)
    }
    return try Expect.derivation("they agree", within: 1e-11) { _ in lines }.verdict(on: results)
  }

  @Test func equalColumnsPassWithTheirGreatestRelativeDifference() throws {
    let verdict = try verdict(Self.sound)
    #expect(verdict.passed)
    let worst = NumberText.short(Self.sound.map(\.relativeDifference).max() ?? .nan, digits: 2)
    #expect(verdict.evidence == "2 quantities, greatest relative difference \(worst)")
  }

  /// A wrong sign fails in either column, also in a small quantity.
  @Test(arguments: [(1.0, -1.0), (-1.0, 1.0), (1.0, 1.0 + 1e-10), (1.0, .nan), (.nan, 1.0)])
  func aDifferenceInAnyLineFails(_ textbook: Double, _ engine: Double) throws {
    let odd = DerivationLine("s_1", "σ′ Σ δβ", textbook: 1e-7 * textbook, engine: 1e-7 * engine)
    let verdict = try verdict(Self.sound + [odd])
    #expect(!verdict.passed)
    #expect(verdict.evidence.hasPrefix("1 of 3 differ; s_1: textbook"))
  }

  @Test func aQuantityThatIsZeroFails() throws {
    let verdict = try verdict(Self.sound + [DerivationLine("b", "δ", textbook: 0, engine: 0)])
    #expect(!verdict.passed)
    #expect(verdict.evidence == "1 of 3 differ; b: is 0, so that a wrong sign could not be seen")
  }

  @Test func noLineAtAllFails() throws { #expect(try !verdict([]).passed) }

  @Test func theTableShowsBothColumnsAndTheirDifference() throws {
    let results = try PlantedRuns.results {
      Seeds(0..<2)
    } run: { _, _ in
      PlantedRuns.Run(finalLoss: 1)
    }
    let lines = [DerivationLine("δ_1", "2(ŷ − y)", textbook: 0.123456789, engine: 0.123456781)]
    let table = try ReportTable.derivation("One sample") { _ in lines }.content(results)
    #expect(table.columns.map(\.title.plain) == ["quantity", "formula", "textbook", "engine", "difference"])
    #expect(table.rows.map { $0.map(\.plain) } == [["δ_1", "2(ŷ − y)", "0.123457", "0.123457", "8·10⁻⁹"]])
  }
}
