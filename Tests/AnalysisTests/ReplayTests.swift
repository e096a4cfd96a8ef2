import Analysis
import Learning
import Planted
import Studies
import Testing

/// Runs looked at again agree with what was stored of them, and with closed forms.
@Suite struct ReplayTests {
  @Test func aTrajectoryEndsWhereTheRunEnded() throws {
    let results = try TrainedRuns.results(TrainedRuns.setup) { Seeds(0..<3) }
    for row in results.rows {
      let way = try results.trajectory(of: row, at: [0, 1, 30, 60, 1000])
      #expect(try way[3] == results.parameters(of: row) && way[4] == way[3])
      #expect(way[0] != way[1] && way[2] != way[3])
      let losses = try results.losses(at: [way[0], way[3]], like: row)
      #expect(abs(losses[1] - row.summary.finalLoss) < 1e-14)
      #expect(losses[0] > losses[1])
    }
  }

  /// With early stopping a run keeps the parameters of its best step, and replay finds them there.
  @Test func aTrajectoryEndsAtTheBestStep() throws {
    var setup = TrainedRuns.setup
    setup.data = .moons(samples: 48, noise: 0.3).validation(share: 0.25)
    setup.network = .mlp(hidden: 6).dropout(0.2)
    setup.optimizer = .momentum(0.9, learningRate: 0.5)
    setup.stop = StopRule.after(steps: 400).orEarlyStopping(patience: 3, every: 5)
    setup.record = .every(4, also: .parameterNorm)
    let results = try TrainedRuns.results(setup) { Seeds(0..<6) }
    var early = 0
    for row in results.rows {
      let best = try #require(row.summary.bestStep)
      let found = try results.trajectory(of: row, at: [best, row.summary.steps - 1, row.summary.steps, 1_000])
      let kept = try results.parameters(of: row)
      #expect(found[0] == kept && found[2] == kept && found[3] == kept)
      if best < row.summary.steps - 1 {
        early += 1
        #expect(found[1] != kept)
      }
      #expect(results.pathSteps(of: row).last == best)
      // Of quantities that are not measured at the end the value recorded last before the best step.
      let norm = try #require(try results.series(.parameterNorm)[row.run.index]?.values[best / 4])
      #expect(try results.value(.final(.parameterNorm), row) == norm)
    }
    #expect(early > 0)
    #expect(try results.values(.bestStep) == results.rows.map { Double($0.summary.bestStep ?? -1) })
    let reference = try results.values(.finalLoss)
    let losses = try results.rows.map { row in
      try results.losses(at: [results.parameters(of: row)], like: row)[0]
    }
    #expect(zip(reference, losses).allSatisfy { abs($0 - $1) < 1e-14 })
  }

  /// A line y = wx + b under ½·mean squared error: the Hessian is [[mean x², mean x], [mean x, 1]].
  @Test func theHessianOfALine() throws {
    let results = try TrainedRuns.results(
      Setup(
        data: .line(samples: 40, noise: 0.1), network: .linear(), loss: .halfMeanSquaredError,
        optimizer: .gradientDescent(learningRate: 0.1), initialization: .zero, stop: .after(steps: 50))
    ) { Seeds(0..<1) }
    let row = try #require(results.rows.first)
    let data = try #require(try results.dataset(of: row))
    let n = Double(data.training.count)
    let a = data.training.inputs.reduce(0) { $0 + $1 * $1 } / n
    let m = data.training.inputs.reduce(0, +) / n
    let root = ((a - 1) * (a - 1) / 4 + m * m).squareRoot()
    let values = try results.hessianEigenvalues(at: row)
    #expect(values.count == 2)
    #expect(abs(values[0] - ((a + 1) / 2 - root)) < 1e-13 && abs(values[1] - ((a + 1) / 2 + root)) < 1e-13)
  }

  @Test func whichRunIsShown() throws {
    let results = try TrainedRuns.results(TrainedRuns.setup) { Seeds(0..<5) }
    let sorted = results.rows.map(\.summary.finalLoss).sorted()
    #expect(try results.run(.best(.finalLoss))?.summary.finalLoss == sorted[0])
    #expect(try results.run(.middle(.finalLoss))?.summary.finalLoss == sorted[2])
    #expect(try results.run(.worst(.finalLoss))?.summary.finalLoss == sorted[4])
    #expect(try results.run(.seed(3))?.seed == 3)
    #expect(try results.run(.seed(99)) == nil)
  }

  @Test(arguments: [Objective.himmelblau, .sixHumpCamel, .rosenbrock]) func gradientsOfTestFunctions(
    _ function: Objective
  ) {
    for point in [[0.3, -0.7], [1.5, 2], [-1.1, 0.4]] {
      let gradient = function(point).gradient
      for i in 0..<2 {
        let h = 1e-5
        var (up, down) = (point, point)
        up[i] += h
        down[i] -= h
        let difference = (function(up).value - function(down).value) / (2 * h)
        #expect(abs(gradient[i] - difference) < 1e-6 * max(1, abs(difference)))
      }
    }
  }
}
