import Descent

/// Recognition of handwritten digits of 8×8 pixels by networks of several widths.
struct Digits: Experiment {
  let title = "How many hidden units does the recognition of handwritten digits need?"

  var setup: Setup {
    Setup(
      data: .csv("digits.csv", targets: ["digit"], targetIsClass: true, inputScale: 1.0 / 16).validation(share: 0.2)
        .drawnPerSeed(),
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
    Seeds(0..<32)
  }

  var report: [Cell] {
    Note { results in
      """
      The data are 1,797 handwritten digits of 8×8 grey levels. A network of H ReLU units with a softmax output is trained \
      with cross-entropy by mini-batches of 32 with momentum 0.9, not by the plain SGD of the lectures. Each of the \
      \(results.groups(by: .hidden).first?.results.count ?? 0) seeds draws its own split, with a fifth of the digits held out \
      for validation, and its own initial weights. At every width a seed has the same split.
      """
    }
    Figure("Validation accuracy") { Curve(.validationAccuracy).color(by: .hidden).band(.quartiles) }
    Figure("Training loss of the mini-batch") { Curve(.loss).color(by: .hidden).smoothed(over: 50) }.yScale(.log)
    Figure("Validation loss") { Curve(.validationLoss).color(by: .hidden).band(.quartiles) }.yScale(.log)
    Figure("Final validation accuracy against width") { Sensitivity(.final(.validationAccuracy), to: .hidden) }
    ReportTable(
      "Final validation accuracy over the splits, and the splits in which it is larger than at the next smaller width",
      columns: [.number("H"), .number("median"), "quartiles", "larger than at the next smaller H"]
    ) { results in
      let gains = try Self.gains(results)
      return try results.groups(by: .hidden).enumerated().map { index, group in
        let shares = try [0.25, 0.5, 0.75].map {
          NumberText.percent(try group.results.quantile(.final(.validationAccuracy), $0))
        }
        return [
          "\(group.value)", shares[1], "\(shares[0]) – \(shares[2])",
          index == 0 ? "–" : gains[index - 1].share.description,
        ]
      }
    }
    Note { results in
      let gains = try Self.gains(results)
      let last = gains.lastIndex { $0.isClear }
      let clear = last.map { "The last clear step leads to H = \(gains[$0].to)." } ?? "No step of this sweep is clear."
      let wider =
        last == gains.indices.last
        ? "The widest network of the sweep is clearly better than the next smaller one, so more units may help."
        : "Wider networks are not clearly better."
      return """
        ## Answer

        A step to the next larger width is called clear if the accuracy increases in more than half of the splits (Wilson 95 % \
        interval above ½). \(clear) \(wider) All \(gains.first?.share.count ?? 0) splits are drawn independently, but from the \
        same digits: the intervals cover the choice of the split and the initial weights, not digits of other writers.
        """
    }
    claims
  }

  @ReportBuilder private var claims: [Cell] {
    for (narrow, wide) in [(4, 8), (8, 16), (16, 32)] {
      Expect("\(wide) units classify more held-out digits than \(narrow) in most splits: interval above ½") { results in
        let share = try Self.share(results.where(.hidden, is: narrow), results.where(.hidden, is: wide))
        return (share.interval.lowerBound > 0.5, "\(share)")
      }
    }
    Expect(
      "At H = 32, at least 95 % of the held-out digits are classified correctly in the median split (bound chosen after the "
        + "first runs)"
    ) { results in
      let values = try results.where(.hidden, is: 32).values(.final(.validationAccuracy))
      let interval = Statistics.medianInterval(values, confidence: 0.95).map { NumberText.interval($0) }
      return (
        Statistics.median(values) >= 0.95,
        "median \(NumberText.short(Statistics.median(values))), 95 % interval over \(values.count) splits of the same "
          + "digits \(interval ?? "–")"
      )
    }
  }

  /// The share of seeds whose second run has the larger accuracy.
  private static func share(_ narrow: Results, _ wide: Results) throws -> Share {
    let pairs = zip(
      try narrow.values(.final(.validationAccuracy)), try wide.values(.final(.validationAccuracy)))
    return Share(pairs.count { $0 < $1 }, of: min(narrow.count, wide.count))
  }

  /// Each step of the sweep from a width to the next larger one.
  private static func gains(_ results: Results) throws -> [(from: String, to: String, share: Share, isClear: Bool)] {
    let groups = results.groups(by: .hidden)
    return try zip(groups, groups.dropFirst()).map { narrow, wide in
      let share = try share(narrow.results, wide.results)
      return ("\(narrow.value)", "\(wide.value)", share, share.interval.lowerBound > 0.5)
    }
  }
}
