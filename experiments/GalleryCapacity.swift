import Descent

/// The gallery's figures of width: what more units fit, and what they fit too well.
struct GalleryCapacity: Experiment {
  let title = "How much is too much?"

  private static let data = DataSource.noisySine(samples: 24, noise: 0.25).validation(fresh: 512)

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
      Networks of one hidden layer are fitted to 24 noisy points of a sine, and to the same points with their targets drawn \
      at random. What fits random targets has capacity to spare: on true ones it will fit the noise.
      """)
    Figure("Loss against width") { Overcapacity(.hidden) }.where(.data, is: Self.data)
    Figure("Loss against parameters per training value") { Overcapacity(.hidden, against: .parametersPerValue) }
      .where(.data, is: Self.data)
    Figure("True against random labels") { Overcapacity(.hidden).color(by: .data) }
    Figure("What the networks compute") { FittedCurves().color(by: .hidden) }.where(.data, is: Self.data)
    Figure("Learning curves: where validation turns up") {
      Curve(.loss).color(by: .hidden)
      Curve(.validationLoss).color(by: .hidden).dashed()
    }
    .where(.data, is: Self.data).xScale(.log).yScale(.log)
    Expect("The widest network fits random targets three times as well as the narrowest") { results in
      let random = results.where(.data, is: Self.data.withRandomLabels()).groups(by: .hidden)
      let (first, last) = (
        try random.first?.results.median(.finalLoss) ?? .nan, try random.last?.results.median(.finalLoss) ?? .nan
      )
      return (3 * last < first, "\(NumberText.short(last)) against \(NumberText.short(first))")
    }
  }
}
