import Descent

// snippet
/// How well do networks of one hidden layer classify wines that they have not seen?
struct WineScores: Experiment {
  let title = "How many hidden units classify the wines best?"

  var setup: Setup {
    Setup(
      data: .csv("wine.csv", targets: ["cultivar"]).validation(share: 0.3).standardized().drawnPerSeed(),
      network: .mlp(hidden: 8, activation: .tanh, output: .softmax),
      loss: .crossEntropy,
      optimizer: .gradientDescent(learningRate: 0.3),
      initialization: .glorot(),
      stop: .after(steps: 300),
      record: .also(.validationLoss, every: 10))
  }

  var sweep: [Axis] {
    Vary(.hidden, over: [1, 2, 8])
    Seeds(0..<16)
  }

  var report: [Cell] {
    Figure("Validation loss") { Curve(.validationLoss).color(by: .hidden).baseline() }.yScale(.log)
    Figure("F1 on the validation part") { Sensitivity(.macroF1(on: .validation), to: .hidden).baseline() }
    MetricTable(of: [.accuracy(on: .validation), .macroF1(on: .validation)], by: .hidden).baseline()
    ReportTable.confusion("8 hidden units", on: .validation).where(.hidden, is: 8)
    ReportTable.classes("8 hidden units", on: .validation).where(.hidden, is: 8)
    Expect(.median(of: .recall(of: "class_1", on: .validation)), atLeast: 0.9, where: .hidden, is: 8)
  }
}
// end

struct DecidedSamples: Experiment {
  let title = "Which rate?"
  var setup: Setup { WineScores().setup }
  var report: [Cell] { Comparison(of: .hidden, by: .final(.validationLoss)) }

  // snippet
  var sweep: [Axis] {
    Vary(.hidden, over: [1, 8])
    Seeds(untilDecided: .final(.validationLoss), between: .hidden, atMost: 512)
  }
  // end
}
