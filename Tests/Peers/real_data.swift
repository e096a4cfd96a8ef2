import Descent

/// The protocol of `wine` at one width, with the numbers of every split, for `real_data`.
struct WineSplits: Experiment {
  let title = "Wine at 8 units, split by split"

  var setup: Setup {
    Setup(
      data: .csv("wine.csv", targets: ["cultivar"]).standardized().validation(share: 0.25, drawn: .perSeed)
        .test(share: 0.25, drawn: .perSeed).stratified(),
      network: .mlp(hidden: 8, activation: .tanh, output: .softmax),
      loss: .crossEntropy,
      optimizer: .gradientDescent(learningRate: 0.3),
      initialization: .glorot(),
      batch: .full,
      stop: .after(steps: 2_000).orEarlyStopping(patience: 20, every: 10),
      record: .also(.validationLoss, every: 10))
  }

  var sweep: [Axis] { Seeds(0..<64) }

  var report: [Cell] {
    ReportTable(
      "Splits",
      columns: [
        .number("seed"), .number("steps"), .number("validation loss"), .number("accuracy"), .number("macro F1"),
        .number("linear accuracy"),
      ]
    ) { results in
      let columns = [
        try results.values(.steps), try results.values(.final(.validationLoss)),
        try results.values(.accuracy(on: .test)),
        try results.values(.macroF1(on: .test)), try results.values(.accuracy(on: .test), of: .linear),
      ]
      return results.rows.indices.map { i in ["\(results.rows[i].seed)"] + columns.map { "\($0[i])" } }
    }
  }
}

/// The protocol of `diabetes` with a test part of its own for each seed, so that there are several of them.
struct DiabetesSplits: Experiment {
  let title = "Diabetes, split by split"

  private static let strength = Parameter<Double>(
    "strength", title: "strength of the penalty", symbol: "λ",
    get: { max($0.optimizer.l1Penalty, $0.optimizer.weightDecay) },
    set: { setup, value in
      if setup.optimizer.l1Penalty > 0 {
        setup.optimizer.l1Penalty = value
      } else {
        setup.optimizer.weightDecay = value
      }
    })
  private static let penalty = Parameter<String>.variant("penalty")

  var setup: Setup {
    Setup(
      data: .csv("diabetes.csv", targets: ["progression"]).standardized().standardizedTargets()
        .test(share: 0.2, drawn: .perSeed).kFold(5, drawn: .perSeed),
      network: .mlp(hidden: 8, activation: .tanh),
      loss: .halfMeanSquaredError,
      optimizer: .momentum(0.9, learningRate: 0.05).withWeightDecay(0.01),
      initialization: .glorot(),
      batch: .full,
      stop: .after(steps: 1_000))
  }

  var sweep: [Axis] {
    Variants(
      "penalty",
      [
        Variant("L2") { _ in },
        Variant("L1") {
          $0.optimizer.l1Penalty = $0.optimizer.weightDecay
          $0.optimizer.weightDecay = 0
        },
      ])
    Vary(Self.strength, over: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3])
    Folds(5, drawn: .perSeed)
    Seeds(0..<20)
  }

  var report: [Cell] {
    ReportTable(
      "Networks",
      columns: [
        "penalty", .number("strength"), .number("seed"), .number("validation"), .number("test"),
        .number("linear validation"), .number("linear test"),
      ]
    ) { results in
      try results.groups(by: Self.penalty).flatMap { penalty, runs in
        try runs.groups(by: Self.strength).flatMap { strength, runs in
          let (validation, test): (Metric, Metric) = (.rSquared(on: .validation), .rSquared(on: .test))
          let columns = [
            try runs.values(validation), try runs.values(test), try runs.values(validation, of: .linear),
            try runs.values(test, of: .linear),
          ]
          return runs.rows.indices.map { i in
            ["\(penalty)", "\(strength)", "\(runs.rows[i].seed)"] + columns.map { "\($0[i])" }
          }
        }
      }
    }
  }
}
