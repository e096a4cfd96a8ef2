import Descent

/// The gallery's comparison of minima: the places where runs of a small sine network end.
struct GalleryMinima: Experiment {
  let title = "Where do descents end?"

  var setup: Setup {
    Setup(
      data: .noisySine(samples: 24, noise: 0),
      network: .mlp(hidden: 2, activation: .tanh),
      loss: .halfMeanSquaredError,
      optimizer: .momentum(0.9, learningRate: 0.1),
      initialization: .normal(scale: 2, biases: true),
      batch: .full,
      stop: .after(steps: 20_000))
  }

  var sweep: [Axis] { Seeds(0..<200) }

  var report: [Cell] {
    Note(
      """
      Two hidden units are fitted to a sine, 200 times. Every end is polished and classified; ends that a symmetry of the \
      network carries into each other are one place.
      """)
    ReportTable.census("Where the runs ended")
    Figure("Local minima compared") { results in try results.minimumComparison().grid() }
      .caption(
        "Minima by rising loss, of 200 runs; bars: share with Wilson 95 % intervals. Between them: on the straight line after "
          + "alignment, and along an elastic band (bent).")
    Figure("What each computes") { results in
      let data = try results.rows.first.flatMap { try results.dataset(of: $0) }?.training
      let points = data.map { data in (0..<data.count).map { Point(data.inputs[$0], data.targets[$0]) } } ?? []
      return try results.minimumComparison().functionGrid(data: points)
    }
    .caption("Rings: the data.")
    Figure("Do more seeds find more?") { results in try results.discoveryChart() }
    Figure("Every run") { Distribution(.finalLoss) }.yScale(.log)
  }
}
