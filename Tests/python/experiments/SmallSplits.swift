import Descent

/// A standardised data set with a validation part, drawn per seed.
struct SmallSplits: Experiment {
  let title = "Small splits"

  var setup: Setup {
    Setup(
      data: .csv("DATA", targets: ["u", "v"]).validation(share: 0.25).standardized().drawnPerSeed(),
      network: .mlp(hidden: 5, activation: .tanh),
      loss: .halfMeanSquaredError,
      optimizer: .gradientDescent(learningRate: 0.2),
      initialization: .fanIn(scale: 1),
      batch: .full,
      stop: .after(steps: 60),
      record: .also(.validationLoss, every: 20))
  }

  var sweep: [Axis] {
    Vary(.hidden, over: [2, 5])
    Seeds(0..<3)
  }

  var report: [Cell] {
    Figure("Validation loss") { Curve(.validationLoss).color(by: .hidden) }
    ReportTable("Median of loss_of_E, in %", columns: ["units & η", .number("loss", unit: "10⁻³"), .number("n")]) {
      results in
      try results.groups(by: .hidden).map { hidden, runs in
        ["\(hidden) units", NumberText.short(1000 * (try runs.median(.finalLoss))), "−\(runs.count)"]
      }
    }
  }
}
