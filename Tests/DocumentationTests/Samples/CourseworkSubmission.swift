// snippet
import Descent

struct XorLab: Experiment {
  let title = "A network that learns XOR"

  var setup: Setup {
    Setup(
      data: .xor, network: .mlp(hidden: 4, activation: .tanh, output: .sigmoid), loss: .meanSquaredError,
      optimizer: .gradientDescent(learningRate: 1), initialization: .fanIn(scale: 1), batch: .full,
      stop: .after(steps: 2_000))
  }

  var sweep: [Axis] {
    Vary(.learningRate, over: [1, 3])
    Seeds(0..<16)
  }

  var report: [Cell] {
    Figure("Loss") { Curve(.loss).color(by: .learningRate) }.yScale(.log)
  }
}
// end
