import Analysis
import Landscape
import Learning
import Planted
import Studies
import Testing

/// End points of the runs of a sweep.
@Suite struct CensusOfRunsTests {
  /// Starts all over Himmelblau's ground, trained to the end.
  static let setup = Setup(
    objective: .himmelblau, start: .normal(scale: 3),
    optimizer: .gradientDescent(learningRate: 0.005), stop: .after(steps: 4000).orGradientNormBelow(1e-12))

  @Test func endsBelongToTheirRuns() throws {
    let results = try TrainedRuns.results(TrainedRuns.himmelblau) { Seeds(0..<20) }
    for (row, end) in zip(results.rows, try results.ends()) {
      #expect(try results.parameters(of: row) == end.start || row.summary.hasDiverged)
    }
    // A filtered set has the ends of its own runs, although all were looked at before.
    let some = try results.where(.finalLoss, below: 1)
    #expect(try some.ends().map(\.start) == some.rows.map { try results.parameters(of: $0) })
  }

  @Test func oneLandscapeACensus() throws {
    let swept = try TrainedRuns.results(TrainedRuns.setup) {
      Vary(.hidden, over: [2, 3])
      Seeds(0..<2)
    }
    #expect(throws: Mistake.self) { try swept.census() }
    #expect(try swept.where(.hidden, is: 2).census().ends.count == 2)
    var perSeed = TrainedRuns.setup
    perSeed.data = .moons(samples: 48, noise: 0.1).drawnPerSeed()
    let drawn = try TrainedRuns.results(perSeed) { Seeds(0..<2) }
    #expect(throws: Mistake.self) { try drawn.census() }
    #expect(try drawn.ends().count == 2)
  }

  /// The penalty of weight decay belongs to the landscape: a line's minimum lies where (H + λI)θ = b.
  @Test func weightDecayMovesTheMinimum() throws {
    let results = try TrainedRuns.results(
      Setup(
        data: .line(samples: 30, noise: 0.1), network: .linear(), loss: .halfMeanSquaredError,
        optimizer: .gradientDescent(learningRate: 0.2, weightDecay: 0.3), initialization: .zero,
        stop: .after(steps: 2000))
    ) { Seeds(0..<1) }
    let end = try #require(try results.ends().first)
    // Descent with decay ends where the polished point is.
    #expect(end.kind == .strictMinimum && end.moved < 1e-12)
  }

  /// An L1 penalty has no second derivatives at 0, where its minima lie.
  @Test func endPointsOfAnL1PenaltyAreNotClassified() throws {
    let results = try TrainedRuns.results(
      Setup(
        data: .line(samples: 30, noise: 0.1), network: .linear(), loss: .halfMeanSquaredError,
        optimizer: Optimizer.gradientDescent(learningRate: 0.2).withL1Penalty(0.1), initialization: .zero,
        stop: .after(steps: 20))
    ) { Seeds(0..<1) }
    #expect { try results.ends() } throws: { "\($0)".contains("l1-penalty 0.1") }
    let row = try #require(results.rows.first)
    #expect(try results.hessianEigenvalues(at: row).count == 2)
  }

  /// What is called the loss has no penalty: its Hessian is the slope of its gradient.
  @Test func theHessianOfTheLossHasNoPenalty() throws {
    let results = try TrainedRuns.results(
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
}
