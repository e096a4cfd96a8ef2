import Descent

/// A first real data set: 150 iris flowers, four measurements each, three species.
struct Iris: Experiment {
  let title = "Which learning rate classifies three species of iris best?"

  var setup: Setup {
    Setup(
      data: .csv("iris.csv", targets: ["species"]).standardized().validation(share: 0.3),
      network: .mlp(hidden: 8, activation: .tanh, output: .softmax),
      loss: .crossEntropy,
      optimizer: .gradientDescent(learningRate: 0.1),
      initialization: .glorot(),
      batch: .full,
      stop: .after(steps: 2_000),
      record: .also(.accuracy, .validationAccuracy, .validationLoss, every: 10))
  }

  var sweep: [Axis] {
    Vary(.learningRate, over: [0.03, 0.1, 0.3, 1])
    Seeds(0..<32)
  }

  var report: [Cell] {
    Note(
      """
      The data are four measurements of each of 150 flowers of three species. 45 flowers are held out for validation. A \
      network of 8 tanh units with a softmax output is trained with cross-entropy, at four learning rates. The same seeds, \
      and so the same initial weights, are used at every rate. Inputs are standardized by the mean and the standard \
      deviation of the training samples.
      """)
    Figure("Training loss") { Curve(.loss).color(by: .learningRate).band(.quartiles) }.xScale(.log).yScale(.log)
    Figure("Validation loss") { Curve(.validationLoss).color(by: .learningRate).band(.quartiles) }.xScale(.log).yScale(
      .log)
    Figure("Validation accuracy") { Curve(.validationAccuracy).color(by: .learningRate).band(.quartiles) }.xScale(.log)
    Figure("Final validation accuracy against learning rate") {
      Sensitivity(.final(.validationAccuracy), to: .learningRate)
    }
    Note("## Answer")
    ReportTable(
      "Medians over seeds",
      columns: [
        .number("η"), .number("training accuracy"), .number("validation accuracy"), .number("final validation loss"),
        .number("best validation loss"),
      ]
    ) { results in
      try results.groups(by: .learningRate).map { rate, runs in
        [
          "\(rate)", NumberText.percent(try runs.median(.final(.accuracy))),
          NumberText.percent(try runs.median(.final(.validationAccuracy))),
          NumberText.short(try runs.median(.final(.validationLoss))),
          NumberText.short(try runs.median(.best(.validationLoss))),
        ]
      }
    }
    Note(
      """
      The best validation loss of a run is the least one that was recorded. Where the final validation loss is larger, the \
      validation loss increased late in training, and fewer steps would have given a lower one.
      """)
    Expect(.median(of: .final(.validationAccuracy)), atLeast: 0.9, where: .learningRate, is: 0.1)
  }
}
