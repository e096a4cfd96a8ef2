import Descent

/// A first real data set: 150 iris flowers, four measurements each, three species.
struct Iris: Experiment {
  let title = "Which learning rate classifies three species of iris best?"

  var setup: Setup {
    Setup(
      data: .csv("iris.csv", targets: ["species"]).standardized().validation(share: 0.3).drawnPerSeed(),
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
    Note { results in
      """
      The data are four measurements of each of 150 flowers of three species. A network of 8 tanh units with a softmax \
      output is trained with cross-entropy by full-batch gradient descent, at four learning rates. Each of the \
      \(results.groups(by: .learningRate).first?.results.count ?? 0) seeds draws its own split, with 45 flowers held out for \
      validation, and its own initial weights. At every rate a seed has the same split and the same initial weights. Inputs \
      are standardized by the mean and the standard deviation of the training samples.
      """
    }
    Figure("Training loss") { Curve(.loss).color(by: .learningRate).band(.quartiles) }.xScale(.log).yScale(.log)
    Figure("Validation loss") { Curve(.validationLoss).color(by: .learningRate).band(.quartiles) }.xScale(.log).yScale(
      .log)
    Figure("Validation accuracy") { Curve(.validationAccuracy).color(by: .learningRate).band(.quartiles) }.xScale(.log)
    Figure("Final validation accuracy against learning rate") {
      Sensitivity(.final(.validationAccuracy), to: .learningRate)
    }
    answer
    claims
  }

  @ReportBuilder private var answer: [Cell] {
    Note("## Answer")
    ReportTable(
      "Means over the splits",
      columns: [
        .number("η"), .number("training accuracy"), .number("validation accuracy"), .number("final validation loss"),
        .number("least validation loss"),
      ]
    ) { results in
      try results.groups(by: .learningRate).map { rate, runs in
        [
          "\(rate)", NumberText.percent(try Self.mean(runs, .final(.accuracy))),
          NumberText.percent(try Self.mean(runs, .final(.validationAccuracy))),
          NumberText.short(try Self.mean(runs, .final(.validationLoss))),
          NumberText.short(try Self.mean(runs, .best(.validationLoss))),
        ]
      }
    }
    Note { results in
      let groups = results.groups(by: .learningRate)
      let means = try groups.map { try Self.mean($0.results, .final(.validationAccuracy)) }
      guard let top = means.max(), let best = means.firstIndex(of: top) else { return "" }
      let others = try groups.indices.filter { $0 != best }.map { index in
        let pairs = zip(
          try groups[best].results.values(.final(.validationAccuracy)),
          try groups[index].results.values(.final(.validationAccuracy)))
        let (more, fewer) = (pairs.count { $0 > $1 }, pairs.count { $0 < $1 })
        let isClear = Statistics.wilson(more, of: more + fewer).lowerBound > 0.5
        return "η = \(groups[index].value): more in \(more), fewer in \(fewer) (\(isClear ? "clear" : "not clear"))"
      }
      return """
        The mean validation accuracy is largest at η = \(groups[best].value): \(NumberText.percent(top)). Splits in which \
        this rate classifies more or fewer held-out flowers than another rate: \(others.joined(separator: "; ")). A difference \
        is called clear if the Wilson 95 % interval of the share of “more” among the splits that differ is above ½.

        Each number rests on \(groups[best].results.count) splits. They are drawn independently of each other, but from the same \
        150 flowers: they show how much depends on the split and on the initial weights, not how the rates compare on other \
        flowers. One flower of a split is \(NumberText.percent(1.0 / 45)). The least validation loss of a run is the least that \
        was recorded. Where the final one is larger, the validation loss increased late in training.
        """
    }
  }

  @ReportBuilder private var claims: [Cell] {
    // The bound 0.9 was chosen after the first runs.
    Expect(
      "At η = 0.1, at least 90 % of the held-out flowers are classified correctly in the median split (bound chosen "
        + "after the first runs)"
    ) { results in
      let values = try results.where(.learningRate, is: 0.1).values(.final(.validationAccuracy))
      let interval = Statistics.medianInterval(values, confidence: 0.95).map { NumberText.interval($0) }
      return (
        (Statistics.median(values)) >= 0.9,
        "median \(NumberText.short(Statistics.median(values))), 95 % interval over \(values.count) splits of the same "
          + "flowers \(interval ?? "–")"
      )
    }
    Expect(
      "At η = 1 the validation loss ends above its least value in most splits: by more than 10 %, interval above ½"
    ) {
      results in
      let runs = results.where(.learningRate, is: 1)
      let pairs = zip(try runs.values(.final(.validationLoss)), try runs.values(.best(.validationLoss)))
      let share = Share(pairs.count { $0 > 1.1 * $1 }, of: runs.count)
      return (share.interval.lowerBound > 0.5, "\(share)")
    }
  }

  private static func mean(_ runs: Results, _ metric: Metric) throws -> Double {
    let values = try runs.values(metric)
    return values.reduce(0, +) / Double(values.count)
  }
}
