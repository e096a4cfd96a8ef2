import Descent

/// A network without biases.
struct SmallWithoutBias: Experiment {
  let title = "Small without biases"

  var setup: Setup {
    Setup(
      data: .csv("DATA", targets: ["u", "v"]), network: .layers([(4, .sine)], bias: false),
      loss: .halfMeanSquaredError, optimizer: .gradientDescent(learningRate: 0.1), initialization: .fanIn(scale: 1),
      batch: .full, stop: .after(steps: 30))
  }

  var sweep: [Axis] { Seeds(0..<2) }

  var report: [Cell] {
    Figure("Loss") { Curve(.loss) }
  }
}
