import Analysis
import Figures
import Landscape
import Learning
import Planted
import Studies
import Testing

/// Claims of a report, on runs whose numbers are known.
@Suite struct ClaimTests {
  /// Final losses 1, 2 … 8 at the first rate, ten times that at the second; the last run of each diverges.
  private static func results() throws -> Results {
    try PlantedRuns.results {
      Vary(.learningRate, over: [0.1, 0.3])
      Seeds(0..<8)
    } run: { settings, seed in
      PlantedRuns.Run(
        finalLoss: Double(1 + seed) * (settings[0] == .number(0.1) ? 1 : 10), diverged: seed == 7,
        finals: [.accuracy: 0.1 * Double(1 + seed)])
    }
  }

  private func verdict(_ expect: Expect) throws -> Expect.Verdict { try expect.verdict(on: Self.results()) }

  @Test func aShareIsThatOfAllRunsOfItsSetting() throws {
    // 1, 2 and 3 are below 3.5 of eight runs.
    let passed = try verdict(
      Expect(.share(of: .finalLoss, below: 3.5), atLeast: 0.375, where: .learningRate, is: 0.1))
    let bounds = Reference.wilson(3, of: 8)
    #expect(passed.passed && passed.evidence.hasPrefix("3 of 8 (37.5 %"))
    #expect(passed.evidence.contains("\(NumberText.short(bounds.low))–\(NumberText.short(bounds.high)) %"))
    #expect(passed.evidence.hasSuffix("n = 8"))
    #expect(passed.claim.contains("below 3.5 at η = 0.1 is at least 37.5 %"))
    #expect(
      try !verdict(Expect(.share(of: .finalLoss, below: 3.5), atLeast: 0.376, where: .learningRate, is: 0.1)).passed)
    #expect(try verdict(Expect(.share(of: .finalLoss, below: 3.5), atMost: 0.1875)).passed, "3 of all 16")
    #expect(try !verdict(Expect(.share(of: .finalLoss, below: 3), atLeast: 0.1875)).passed, "3 is not below 3")
    // An infinite loss is above every bound, the accuracy of a run that diverged above none.
    let above = Expect.Statistic.shareAbove(of: .finalLoss, above: 6.5)
    #expect(try verdict(Expect(above, atLeast: 0.25, where: .learningRate, is: 0.1)).evidence.hasPrefix("2 of 8"))
    let accurate = Expect.Statistic.shareAbove(of: .final(.accuracy), above: 0.65)
    #expect(try verdict(Expect(accurate, atMost: 0.125, where: .learningRate, is: 0.1)).passed)
    #expect(try verdict(Expect(.divergedShare, atMost: 0.125)).evidence.hasPrefix("2 of 16 (12.5 %"))
  }

  @Test func aMedianHasItsInterval() throws {
    let found = try verdict(Expect(.median(of: .finalLoss), atMost: 4.5, where: .learningRate, is: 0.1))
    #expect(found.passed && found.evidence.hasPrefix("median 4.5, 95 % bootstrap interval "))
    #expect(found.evidence.hasSuffix("n = 8"))
    #expect(try !verdict(Expect(.median(of: .finalLoss), atMost: 4.4, where: .learningRate, is: 0.1)).passed)
    #expect(try verdict(Expect(.median(of: .finalLoss), atLeast: 45, where: .learningRate, is: 0.3)).passed)
  }

  @Test func claimsAboutMinimaAreCounted() throws {
    let results = try TrainedRuns.results(TrainedRuns.himmelblau) { Seeds(0..<60) }
    let census = try results.census()
    #expect(census.minima.count == 4)
    func passes(_ expect: Expect) throws -> Bool { try expect.verdict(on: results).passed }
    #expect(try passes(Expect(.count(of: .minima), equals: 4)))
    #expect(try !passes(Expect(.count(of: .minima), equals: 5)))
    #expect(try passes(Expect(.count(of: .strictMinima), atLeast: 4)))
    #expect(try passes(Expect(.count(of: .levels), equals: 1)))
    #expect(try passes(Expect(.count(of: .degenerateMinima), atMost: 0)))
    #expect(try passes(Expect(.count(of: .saddles), equals: 0)))
    #expect(try passes(Expect(.unseenShare, atMost: 0.01)))
    let share = census.share(endingIn: .minima)
    #expect(share.count == 60 && share.successes == census.ends.count(where: \.isMinimum))
    #expect(try passes(Expect(.shareEnding(in: .minima), atLeast: share.value)))
    #expect(try !passes(Expect(.shareEnding(in: .minima), atLeast: share.value + 0.001)))
  }
}
