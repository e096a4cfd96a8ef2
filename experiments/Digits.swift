import Descent

/// Recognition of handwritten digits of 8×8 pixels by networks of several widths.
struct Digits: Experiment {
  let title = "How many hidden units does the recognition of handwritten digits need?"

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
      The data are 1,797 handwritten digits of 8×8 grey levels. A fifth of them is held out for validation. A network \
      of H ReLU units with a softmax output is trained on the others: cross-entropy, mini-batches of 32, momentum 0.9.
      """)
    Figure("Validation accuracy") { Curve(.validationAccuracy).color(by: .hidden).band(.quartiles) }
    Figure("Training loss of the mini-batch") { Curve(.loss).color(by: .hidden).smoothed(over: 50) }.yScale(.log)
    Figure("Validation loss") { Curve(.validationLoss).color(by: .hidden).band(.quartiles) }.yScale(.log)
    Figure("Final validation accuracy against width") { Sensitivity(.final(.validationAccuracy), to: .hidden) }
    ReportTable(
      "Final validation accuracy over the seeds",
      columns: [.number("H"), .number("median validation accuracy"), "quartiles"]
    ) { results in
      try results.groups(by: .hidden).map { width, runs in
        let shares = try [0.25, 0.5, 0.75].map {
          NumberText.percent(try runs.quantile(.final(.validationAccuracy), $0))
        }
        return ["\(width)", shares[1], "\(shares[0]) – \(shares[2])"]
      }
    }
    Expect(.median(of: .final(.validationAccuracy)), atLeast: 0.95, where: .hidden, is: 32)
    Expect(.median(of: .final(.validationAccuracy)), atMost: 0.95, where: .hidden, is: 4)
  }
}
