import Descent

/// How many hidden units does a task need, and what do more of them cost?
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
    Note(
      """
      A network with H hidden tanh units is fitted to 32 noisy points of sin 3x (noise σ = 0.1), and tested on 256 fresh \
      points. A unit too few cannot bend enough; what many units cost is seen only on the fresh points. The noise alone \
      gives a perfect fit a validation loss of about ½σ² = 0.005.
      """)
    Figure("Training loss") { Curve(.loss).color(by: .hidden).band(.quartiles) }.xScale(.log).yScale(.log)
    Figure("Final training loss against width") { Sensitivity(.finalLoss, to: .hidden) }.yScale(.log)
    Figure("Final validation loss against width") { Sensitivity(.final(.validationLoss), to: .hidden) }.yScale(.log)
    ReportTable(
      "Medians over seeds",
      columns: ["hidden units", "final training loss", "final validation loss", "validation / training"]
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

        The least median validation loss is \(NumberText.short(try best?.results.median(.final(.validationLoss)) ?? .nan)), \
        at H = \(best?.value.description ?? "?"). One unit ends at a training loss of \(NumberText.short(one)). The widest \
        network, H = \(widest?.value.description ?? "?"), ends at \(NumberText.short(try widest?.results.median(.finalLoss) ?? .nan)) \
        on the training points and \(NumberText.short(try widest?.results.median(.final(.validationLoss)) ?? .nan)) on fresh ones.
        """
    }
    Figure("Validation loss in the course of training") { Curve(.validationLoss).color(by: .hidden) }.yScale(.log)
    Expect("More units never fit the training points much worse: the median at the widest is below that of one unit") {
      results in
      let groups = results.groups(by: .hidden)
      let first = try groups.first?.results.median(.finalLoss) ?? .nan
      let last = try groups.last?.results.median(.finalLoss) ?? .nan
      return (last < first, "\(NumberText.short(last)) against \(NumberText.short(first))")
    }
    Expect(.median(of: .finalLoss), atMost: 0.01, where: .hidden, is: 8)
  }
}
