import Descent

struct SweepSamples: Experiment {
  let title = "Samples of sweeps"

  var setup: Setup {
    Setup(
      data: .noisySine(), network: .mlp(hidden: 4), loss: .halfMeanSquaredError,
      optimizer: .momentum(learningRate: 0.1), initialization: .fanIn(), stop: .after(steps: 100))
  }

  // snippet
  var sweep: [Axis] {
    Vary(.learningRate, over: .logarithmic(0.01...1, count: 5))
    Vary(.hidden, over: [2, 4, 8])
    Variants(
      "method",
      [
        Variant("plain") { $0.optimizer.rule = .gradientDescent },
        Variant("momentum 0.9") { $0.optimizer.rule = .momentum(0.9) },
      ])
    Seeds(0..<16)
  }
  // end

  // snippet
  var report: [Cell] {
    Figure("Loss") { Curve(.loss).color(by: .learningRate) }
      .facets(rows: .variant("method"), columns: .hidden)
    Figure("Final loss, all methods together") { Sensitivity(.finalLoss, to: .learningRate) }
      .where(.hidden, is: 8)
      .pooling(.variant("method"))
  }
  // end
}

// snippet
extension Parameter where Value == Double {
  /// The learning rate in units of 1/n, where n is the number of samples.
  static let scaledRate = Parameter(
    "scaled-rate", symbol: "ηn",
    get: { $0.optimizer.learningRate * 64 },
    set: { setup, value in setup.optimizer.learningRate = value / 64 })
}
// end
