import Descent

/// Small runs whose numbers another program computes again: two hidden layers of different activations, two outputs.
struct SmallNetworks: Experiment {
  let title = "Small networks"

  var setup: Setup {
    Setup(
      data: .csv("DATA", targets: ["u", "v"]),
      network: .layers([(4, .tanh), (3, .sigmoid)]),
      loss: .halfMeanSquaredError,
      optimizer: .gradientDescent(learningRate: 0.1),
      initialization: .fanIn(scale: 1),
      batch: .full,
      stop: .after(steps: 40),
      record: .also(.parameterNorm, every: 10))
  }

  var sweep: [Axis] {
    Vary(.learningRate, over: [0.05, 0.3, 1e9])
    Seeds(3..<7)
  }

  var report: [Cell] {
    Note("# Small")
    Figure("Loss") { Curve(.loss).color(by: .learningRate) }.yScale(.log)
    Expect(.share(of: .finalLoss, below: 10), atLeast: 0.5)
  }
}
