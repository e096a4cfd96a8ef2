import Descent

/// Training and validation loss of networks with 1 to 64 hidden units on a noisy sine.
struct HiddenSizes: Experiment {
  let title = "How many hidden units are enough?"

  var setup: Setup {
    Setup(
      data: .noisySine(samples: 32, noise: 0.1).validation(fresh: 256),
      network: .mlp(hidden: 8, activation: .tanh),
      loss: .halfMeanSquaredError,
      optimizer: .momentum(0.9, learningRate: 0.05),
      initialization: .fanIn(scale: 1),
      batch: .full,
      stop: .after(steps: 5_000),
      record: .also(.validationLoss, every: 50))
  }

  var sweep: [Axis] {
    Vary(.hidden, over: [1, 2, 3, 4, 6, 8, 16, 32, 64])
    Seeds(0..<24)
  }

  var report: [Cell] {
    widths
    claims
  }

  @ReportBuilder private var widths: [Cell] {
    Note(
      """
      A network with H hidden tanh units is fitted to 32 noisy points of sin 3x (noise σ = 0.1) and validated on 256 \
      fresh points. With too few units, the network cannot follow the curve. If the network fits the noise of the \
      training points, its validation loss is larger than its training loss. A network that equals sin 3x has a \
      validation loss of about ½σ² = 0.005, because the fresh points are noisy, too.
      """)
    Figure("Training loss") { Curve(.loss).color(by: .hidden).band(.quartiles) }.xScale(.log).yScale(.log)
    Figure("Final training loss against width") { Sensitivity(.finalLoss, to: .hidden) }.yScale(.log)
    Figure("Final validation loss against width") { Sensitivity(.final(.validationLoss), to: .hidden) }.yScale(.log)
    ReportTable(
      "Medians over the seeds",
      columns: [
        .number("hidden units"), .number("final training loss"), .number("final validation loss"),
        .number("validation / training"),
      ]
    ) {
      results in
      try results.groups(by: .hidden).map { width, runs in
        let training = try runs.median(.finalLoss)
        let validation = try runs.median(.final(.validationLoss))
        return [
          "\(width)", NumberText.short(training), NumberText.short(validation), NumberText.short(validation / training),
        ]
      }
    }
    Note { results in
      let best = try results.best(.hidden, by: .final(.validationLoss))
      let one = try results.where(.hidden, is: 1).median(.finalLoss)
      let widest = results.groups(by: .hidden).last
      return """
        ## Answer

        The smallest median validation loss is \
        \(NumberText.short(try best?.results.median(.final(.validationLoss)) ?? .nan)), at H = \
        \(best?.value.description ?? "?"). With one unit, the median training loss is \(NumberText.short(one)). The \
        widest network, H = \(widest?.value.description ?? "?"), has a median training loss of \
        \(NumberText.short(try widest?.results.median(.finalLoss) ?? .nan)) and a median validation loss of \
        \(NumberText.short(try widest?.results.median(.final(.validationLoss)) ?? .nan)).
        """
    }
    Figure("Validation loss during training") { Curve(.validationLoss).color(by: .hidden) }.yScale(.log)
  }

  @ReportBuilder private var claims: [Cell] {
    Expect("The median final training loss of the widest network is below that of the narrowest") { results in
      let groups = results.groups(by: .hidden)
      let first = try groups.first?.results.median(.finalLoss) ?? .nan
      let last = try groups.last?.results.median(.finalLoss) ?? .nan
      return (last < first, "\(NumberText.short(last)) (widest), \(NumberText.short(first)) (narrowest)")
    }
    Expect(.median(of: .finalLoss), atMost: 0.01, where: .hidden, is: 8)
  }
}
