import Engine
package import PageEngine

/// Runs of every kind that a page can train, with the results that the program itself computes.
package enum PageCases {
  /// All activations × losses × optimizers × batchings for 100 steps, then what else changes a run.
  package static var all: [PageRuns] {
    var cases: [PageRuns] = []
    for activation in Activation.hidden {
      for loss in losses {
        for optimizer in optimizers {
          for batching in [Batching.full, .mini(size: 4), .single, .singleWithReplacement] {
            cases.append(runs([(5, activation), (3, activation)], loss, optimizer, batching))
          }
        }
      }
    }
    return cases + others
  }

  private static let losses: [Loss] = [
    .sumOfSquares, .meanSquaredError, .halfSumOfSquares, .halfMeanSquaredError, .absoluteError, .binaryCrossEntropy,
    .crossEntropy,
  ]

  private static let optimizers: [Optimizer] = [
    .gradientDescent(learningRate: 0.05), .momentum(learningRate: 0.01), .nesterov(learningRate: 0.01),
    .adaGrad(learningRate: 0.1), .rmsProp(learningRate: 0.01), .adam(learningRate: 0.02),
  ]

  /// Schedules, penalties, initial weights, dropout, ends of runs, shapes, and rates at which a run leaves every range.
  private static var others: [PageRuns] {
    let descent = Optimizer.gradientDescent(learningRate: 0.1)
    var cases = [
      Schedule.step(factor: 0.5, every: 30), .inverse(halving: 20), .exponential(factor: 0.97), .cosine(steps: 80),
      .warmUp(steps: 10, then: .cosine(steps: 50)),
    ].map { runs([(4, .tanh)], .halfMeanSquaredError, .adam(learningRate: 0.05, schedule: $0), .full) }
    cases += [
      descent.withWeightDecay(0.01), descent.withL1Penalty(0.01), descent.clipped(toNorm: 0.1),
    ].map { runs([(4, .sigmoid)], .meanSquaredError, $0, .mini(size: 3)) }
    cases += [
      Initialization.normal(scale: 1, biases: true), .uniform(scale: 0.5), .glorot(), .he(scale: 2), .constant(0.25),
    ].map { runs([(4, .relu)], .halfMeanSquaredError, descent, .full, start: $0) }
    cases.append(runs([(9, .tanh)], .halfMeanSquaredError, descent, .mini(size: 4), dropout: 0.4))
    cases += [StopRule(steps: 100).orNoProgress(window: 10, improvement: 0.1), StopRule(steps: 100).neverDiverging()]
      .map {
        runs([(4, .tanh)], .halfMeanSquaredError, descent, .full, stop: $0)
      }
    // Larger than the widest vectors are used for, and a small network whose batch is cut into tiles.
    cases.append(runs([(40, .tanh)], .halfMeanSquaredError, descent, .full))
    cases.append(runs([(38, .tanh)], .halfMeanSquaredError, descent, .full, samples: 31, inputs: 2))
    cases += [3.0, 30, 1e6, 1e80].flatMap { rate in
      [Activation.identity, .relu, .softplus].map {
        runs(
          [(4, $0)], .sumOfSquares, .gradientDescent(learningRate: rate), .full,
          stop: StopRule(steps: 100).neverDiverging())
      }
    }
    return cases
  }

  private static func runs(
    _ hidden: [(units: Int, activation: Activation)], _ loss: Loss, _ optimizer: Optimizer, _ batching: Batching,
    start: Initialization = .fanIn(), stop: StopRule = StopRule(steps: 100), dropout: Double = 0, samples: Int = 11,
    inputs: Int = 3
  ) -> PageRuns {
    let output: Activation =
      loss == .crossEntropy ? .softmax : loss == .binaryCrossEntropy ? .sigmoid : .identity
    return PageRuns(
      seeds: 3..<6, network: Network.layers(hidden, output: output).dropout(dropout), loss: loss, optimizer: optimizer,
      initialization: start, batching: batching, stop: stop,
      data: (0..<3).map { data(samples, inputs, isClassified: loss == .crossEntropy, seed: $0) })
  }

  private static func data(_ samples: Int, _ inputs: Int, isClassified: Bool, seed: UInt64) -> Dataset {
    let stream = RandomNumbers(seed: seed)
    let x = (0..<samples * inputs).map { 2 * stream.number($0) - 1 }
    let outputs = isClassified ? 3 : 2
    let t = (0..<samples * outputs).map { index -> Double in
      let (sample, output) = (index / outputs, index % outputs)
      return isClassified ? (sample % 3 == output ? 1 : 0) : stream.number(10_000 + index)
    }
    return Dataset(
      name: "numbers", inputNames: (0..<inputs).map { "x\($0)" }, outputNames: (0..<outputs).map { "y\($0)" },
      training: Dataset.Samples(count: samples, inputs: x, targets: t),
      classes: isClassified ? .oneHot(names: ["a", "b", "c"]) : nil)
  }

  /// Numbers in [0, 1) by a rule of their own.
  private struct RandomNumbers {
    let seed: UInt64

    func number(_ index: Int) -> Double {
      var z = (seed &* 1_000_003 &+ UInt64(index)) &* 0x9E37_79B9_7F4A_7C15
      z = (z ^ (z >> 29)) &* 0xBF58_476D_1CE4_E5B9
      return Double((z ^ (z >> 32)) >> 11) * 0x1p-53
    }
  }
}
