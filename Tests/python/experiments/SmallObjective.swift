import Descent

/// An objective, which has parameters and no layers.
struct SmallObjective: Experiment {
  let title = "Small objective"

  var setup: Setup {
    Setup(
      objective: .rosenbrock, start: .normal(scale: 1), optimizer: .gradientDescent(learningRate: 1e-4),
      stop: .after(steps: 20))
  }

  var sweep: [Axis] { Seeds(0..<2) }

  var report: [Cell] {
    Figure("Loss") { Curve(.loss) }
  }
}
