import Descent

/// The gallery's figures of network width: capacity and overfitting.
struct GalleryCapacity: Experiment {
  let title = "How many hidden units fit the noise?"

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
      Networks with one hidden layer are fitted to 24 noisy points of a sine, and to the same points with random \
      targets. A network that fits random targets has enough capacity to fit the noise of the true targets.
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
    Expect("On random targets, the median final loss of the widest network is below a third of that of the narrowest") {
      results in
      let random = results.where(.data, is: Self.data.withRandomLabels()).groups(by: .hidden)
      let (first, last) = (
        try random.first?.results.median(.finalLoss) ?? .nan, try random.last?.results.median(.finalLoss) ?? .nan
      )
      return (3 * last < first, "\(NumberText.short(last)) (widest), \(NumberText.short(first)) (narrowest)")
    }
  }
}
