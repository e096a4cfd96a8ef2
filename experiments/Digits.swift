import Descent

/// Handwritten digits of 8×8 pixels.
struct Digits: Experiment {
  let title = "Reading handwritten digits"

  var setup: Setup {
    Setup(
      data: .csv("digits.csv", targets: ["digit"], targetIsClass: true, inputScale: 1.0 / 16).validation(share: 0.2),
      network: .mlp(hidden: 32, activation: .relu, output: .softmax),
      loss: .crossEntropy,
      optimizer: .momentum(0.9, learningRate: 0.1),
      initialization: .he(),
      batch: .mini(size: 32),
      stop: .after(steps: 1_500),
      record: .also(.validationLoss, .validationAccuracy, every: 50))
  }

  var sweep: [Axis] {
    Vary(.hidden, over: [4, 8, 16, 32, 64])
    Seeds(0..<8)
  }

  var report: [Cell] {
    Note(
      """
      1,797 digits of 8×8 grey levels, a fifth held out, learnt by a network of H ReLU units with a softmax output: \
      cross-entropy, mini-batches of 32, momentum 0.9. The question is how wide the hidden layer has to be.
      """)
    Figure("Validation accuracy") { Curve(.validationAccuracy).color(by: .hidden).band(.quartiles) }
    Figure("Training loss of the mini-batch") { Curve(.loss).color(by: .hidden).smoothed(over: 50) }.yScale(.log)
    Figure("Validation loss") { Curve(.validationLoss).color(by: .hidden).band(.quartiles) }.yScale(.log)
    Figure("Final validation accuracy against width") { Sensitivity(.final(.validationAccuracy), to: .hidden) }
    Note { results in
      let groups = results.groups(by: .hidden)
      let lines = try groups.map { width, runs in
        "| \(width) | \(NumberText.percent(try runs.median(.final(.validationAccuracy)))) | \(NumberText.percent(try runs.quantile(.final(.validationAccuracy), 0.25))) – \(NumberText.percent(try runs.quantile(.final(.validationAccuracy), 0.75))) |"
      }
      return """
        ## Answer

        | H | median validation accuracy | quartiles |
        |---|---|---|
        \(lines.joined(separator: "\n"))

        Over \(groups.first?.results.count ?? 0) seeds each.
        """
    }
    Expect(.median(of: .final(.validationAccuracy)), atLeast: 0.95, where: .hidden, is: 32)
    Expect(.median(of: .final(.validationAccuracy)), atMost: 0.95, where: .hidden, is: 4)
  }
}
