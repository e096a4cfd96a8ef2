import Descent

/// How far can the learning rate be increased before gradient descent diverges?
struct LearningRates: Experiment {
  let title = "How large may the learning rate be?"

  var setup: Setup {
    Setup(
      data: .xor,
      network: .mlp(hidden: 4, activation: .tanh),
      loss: .halfMeanSquaredError,
      optimizer: .gradientDescent(learningRate: 0.1),
      initialization: .normal(scale: 1),
      batch: .full,
      stop: .after(steps: 2_000))
  }

  var sweep: [Axis] {
    Vary(.learningRate, over: .logarithmic(0.01...3, count: 8))
    Vary(.initScale, over: [0.1, 0.5, 1, 2])
    Seeds(0..<32)
  }

  var report: [Cell] {
    Note("The gradient gives the direction of a step. The learning rate gives its length.")
    Figure("Loss") { Curve(.loss).color(by: .learningRate).band(.quartiles) }
      .facets(columns: .initScale).yScale(.log)
    Note { results in "Diverged: \(results.divergedShare)." }
    Expect(.share(of: .finalLoss, below: 1e-3), atLeast: 0.5, where: .learningRate, is: 0.26)
  }
}
