import Analysis
import Documents
import Figures
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
      #expect(try results.parameters(of: row) == end.start || row.summary.hasDiverged)
    }
    // A filtered set has the ends of its own runs, although all were looked at before.
    let some = try results.where(.finalLoss, below: 1)
    #expect(try some.ends().map(\.start) == some.rows.map { try results.parameters(of: $0) })
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

  /// What is called the loss has no penalty: its Hessian is the slope of its gradient.
  @Test func theHessianOfTheLossHasNoPenalty() throws {
    let results = try ReplayTests.results(
      Setup(
        data: .line(samples: 30, noise: 0.1), network: .linear(), loss: .halfMeanSquaredError,
        optimizer: .gradientDescent(learningRate: 0.2, weightDecay: 0.3), initialization: .zero,
        stop: .after(steps: 20))
    ) { Seeds(0..<1) }
    let row = try #require(results.rows.first)
    let hessian = try results.hessian(at: [0, 0], like: row)
    let slopes = try results.gradients(at: [[0, 0], [1, 0], [0, 1]], like: row).map(\.gradient)
    for i in 0..<2 {
      for j in 0..<2 { #expect(abs(hessian[i][j] - (slopes[j + 1][i] - slopes[0][i])) < 1e-9) }
    }
    #expect(abs(try results.landscape(of: row).hessian([0, 0])[0][0] - hessian[0][0] - 0.3) < 1e-12)
  }

  /// Both directions of a random plane give each unit its own share, and are orthogonal.
  @Test func bothDirectionsOfARandomPlaneAreFilterNormalised() throws {
    let shape = Network.mlp(hidden: 5, activation: .tanh).architecture(inputs: 4, outputs: 2)
    let end = (0..<shape.parameterCount).map { Double(1 + $0 % 7) }
    let plane = LossSurface.randomPlane(3, like: end, shape)
    for direction in plane {
      var ratios: [Double] = []
      for layer in shape.layers {
        for unit in 0..<layer.units {
          func square(_ v: [Double]) -> Double {
            (0..<layer.inputs).reduce(0) { $0 + v[layer.weight(unit, $1)] * v[layer.weight(unit, $1)] }
          }
          ratios.append((square(direction) / square(end)).squareRoot())
        }
      }
      #expect((ratios.max() ?? 0) - (ratios.min() ?? 1) < 1e-12)
    }
    let products = [(0, 0), (1, 1), (0, 1)].map { a, b in zip(plane[a], plane[b]).reduce(0) { $0 + $1.0 * $1.1 } }
    #expect(abs(products[0] - 1) < 1e-12 && abs(products[1] - 1) < 1e-12 && abs(products[2]) < 1e-12)
  }
}
