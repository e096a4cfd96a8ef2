import Descent

/// A first real data set: three species, four measures.
struct Iris: Experiment {
  let title = "Telling three species of iris apart"

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
      150 flowers, four measures each, three species; 45 flowers are held out. A network of 8 tanh units with a softmax \
      output learns them by cross-entropy, at four learning rates, from 32 starts each. Inputs are standardized with \
      the training part's mean and deviation.
      """)
    Figure("Training loss") { Curve(.loss).color(by: .learningRate).band(.quartiles) }.xScale(.log).yScale(.log)
    Figure("Validation loss") { Curve(.validationLoss).color(by: .learningRate).band(.quartiles) }.xScale(.log).yScale(
      .log)
    Figure("Validation accuracy") { Curve(.validationAccuracy).color(by: .learningRate).band(.quartiles) }.xScale(.log)
    Figure("Final validation accuracy against learning rate") {
      Sensitivity(.final(.validationAccuracy), to: .learningRate)
    }
    Note { results in
      let lines = try results.groups(by: .learningRate).map { rate, runs in
        "| \(rate) | \(NumberText.percent(try runs.median(.final(.accuracy)))) | \(NumberText.percent(try runs.median(.final(.validationAccuracy)))) | \(NumberText.short(try runs.median(.final(.validationLoss)))) | \(NumberText.short(try runs.median(.best(.validationLoss)))) |"
      }
      return """
        ## Answer

        | η | training accuracy | validation accuracy | final validation loss | best validation loss |
        |---|---|---|---|---|
        \(lines.joined(separator: "\n"))

        Medians over seeds. Where the final validation loss is above the best one, training went on for too long.
        """
    }
    Expect(.median(of: .final(.validationAccuracy)), atLeast: 0.9, where: .learningRate, is: 0.1)
  }
}
