import Descent

/// The gallery's figures of network width: capacity and overfitting.
struct GalleryCapacity: Experiment {
  let title = "How many hidden units fit the noise?"

  private static let noise = 0.25
  private static let data = DataSource.noisySine(samples: 24, noise: noise).validation(fresh: 512)

  var setup: Setup {
    Setup(
      data: Self.data,
      network: .mlp(hidden: 8, activation: .tanh),
      loss: .halfMeanSquaredError,
      optimizer: .adam(learningRate: 0.02),
      initialization: .normal(scale: 1, biases: true),
      batch: .full,
      stop: .after(steps: 6_000),
      record: .also(.validationLoss, every: 25))
  }

  var sweep: [Axis] {
    Vary(.data, over: [Self.data, Self.data.withRandomLabels()])
    Vary(.hidden, over: [1, 2, 4, 8, 16, 32, 64])
    Seeds(0..<12)
  }

  var report: [Cell] {
    Note(
      """
      Networks with one hidden layer are fitted to 24 noisy points of a sine, and to the same points with random \
      targets. All runs share these points; seeds differ in their initial weights. Training uses full batches and Adam, not \
      plain gradient descent. A network that fits random targets has enough capacity to fit the noise of the true targets.
      """)
    Figure("Training and validation loss against width") { Overcapacity(.hidden) }.where(.data, is: Self.data)
    Figure("Training and validation loss against parameters per training value") {
      Overcapacity(.hidden, against: .parametersPerValue)
    }
    .where(.data, is: Self.data)
    Figure("Training loss on true and on random targets") { Overcapacity(.hidden).color(by: .data) }
    Figure("Outputs of the networks") { FittedCurves().color(by: .hidden) }.where(.data, is: Self.data)
    Figure("Training loss and validation loss during training") {
      Curve(.loss).color(by: .hidden)
      Curve(.validationLoss).color(by: .hidden).dashed()
    }
    .where(.data, is: Self.data).xScale(.log).yScale(.log)
    Note { results in
      let floor = Self.noise * Self.noise / 2
      let losses = try results.where(.data, is: Self.data).groups(by: .hidden).map {
        (width: $0.value, loss: try $0.results.median(.finalLoss))
      }
      let first = losses.first { $0.loss < floor }
      let answer =
        first.map {
          "The narrowest width with such a median training loss is H = \($0.width): \(NumberText.short($0.loss))."
        }
        ?? "No width of the sweep has such a median training loss."
      return """
        ## Answer

        A model without error has a loss of about ½σ² = \(NumberText.short(floor)) on these data, where σ = \
        \(NumberText.short(Self.noise)) is the noise. A smaller training loss means that the network fits a part of the noise. \
        \(answer)
        """
    }
    Expect(
      "On random targets every seed ends with a lower training loss in the widest network than in the narrowest, in most "
        + "seeds with less than half of it (interval above ½; factor chosen after the first runs)"
    ) { results in
      let random = results.where(.data, is: Self.data.withRandomLabels())
      let pairs = zip(
        try random.where(.hidden, is: 1).values(.finalLoss), try random.where(.hidden, is: 64).values(.finalLoss))
      let half = Share(pairs.count { 2 * $1 < $0 }, of: random.where(.hidden, is: 64).count)
      return (pairs.allSatisfy { $1 < $0 } && half.interval.lowerBound > 0.5, "less than half: \(half)")
    }
  }
}
