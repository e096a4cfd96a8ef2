import Landscape
import Learning
import Reporting
import Studies
import Testing

/// Ends of trained runs as reports see them.
@Suite struct CensusReportTests {
  /// Starts all over Himmelblau's ground, trained to the end.
  static let setup = Setup(
    objective: .himmelblau, start: .normal(scale: 3),
    optimizer: .gradientDescent(learningRate: 0.005), stop: .after(steps: 4000).orGradientNormBelow(1e-12))

  @Test func claimsAboutMinimaAreCounted() throws {
    let results = try ReplayTests.results(Self.setup) { Seeds(0..<60) }
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

  @Test func endsBelongToTheirRuns() throws {
    let results = try ReplayTests.results(Self.setup) { Seeds(0..<20) }
    for (row, end) in zip(results.rows, try results.ends()) {
      #expect(results.parameters(of: row) == end.start || row.summary.hasDiverged)
    }
    // A filtered set has the ends of its own runs, although all were looked at before.
    let some = results.where(.finalLoss, below: 1)
    #expect(try some.ends().map(\.start) == some.rows.map { results.parameters(of: $0) ?? [] })
  }

  @Test func oneLandscapeACensus() throws {
    let swept = try ReplayTests.results(ReplayTests.setup) {
      Vary(.hidden, over: [2, 3])
      Seeds(0..<2)
    }
    #expect(throws: Mistake.self) { try swept.census() }
    #expect(try swept.where(.hidden, is: 2).census().ends.count == 2)
    var perSeed = ReplayTests.setup
    perSeed.data = .moons(samples: 48, noise: 0.1).drawnPerSeed()
    let drawn = try ReplayTests.results(perSeed) { Seeds(0..<2) }
    #expect(throws: Mistake.self) { try drawn.census() }
    #expect(try drawn.ends().count == 2)
  }

  /// The penalty of weight decay belongs to the landscape: a line's minimum lies where (H + λI)θ = b.
  @Test func weightDecayMovesTheMinimum() throws {
    let results = try ReplayTests.results(
      Setup(
        data: .line(samples: 30, noise: 0.1), network: .linear(), loss: .halfMeanSquaredError,
        optimizer: .gradientDescent(learningRate: 0.2, weightDecay: 0.3), initialization: .zero,
        stop: .after(steps: 2000))
    ) { Seeds(0..<1) }
    let end = try #require(try results.ends().first)
    // Descent with decay ends where the polished point is.
    #expect(end.kind == .strictMinimum && end.moved < 1e-12)
  }

  @Test func aClaimMayBeAboutDivergence() throws {
    let results = try ReplayTests.results(Self.setup) { Seeds(0..<2) }
    let claim = Expect("a claim") { _ in (true, "") }
    #expect(try !claim.verdict(on: results).judgesDivergence)
    #expect(try claim.judgingDivergence().verdict(on: results).judgesDivergence)
  }
}
