import Descent

/// The gallery's comparison of minima: the end points of a small network's runs.
struct GalleryMinima: Experiment {
  let title = "Which minima do the runs find?"

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
    Note { results in
      """
      A network with two hidden units is fitted to a sine in \(NumberText.count(results.count, "run")), by full-batch gradient \
      descent with momentum. Every end point is polished (moved to the stationary point near it) and classified by its \
      Hessian. End points that a symmetry of the network maps to each other count as one.
      """
    }
    ReportTable.census("End points of the runs")
    Figure("Comparison of the minima") { results in try results.minimumComparison().grid() }
      .caption(
        """
        The minima that most runs found (at most five), by increasing loss. Bars: share of runs with Wilson 95 \
        % intervals. Loss between neighbouring minima: on the straight line after alignment, and along an elastic band \
        (bent).
        """)
    Figure("Output of the network at each minimum") { results in
      let data = try results.rows.first.flatMap { try results.dataset(of: $0) }?.training
      let points = data.map { data in (0..<data.count).map { Point(data.inputs[$0], data.targets[$0]) } } ?? []
      return try results.minimumComparison().functionGrid(data: points)
    }
    .caption("Rings: the training data.")
    Figure("Number of distinct minima against the number of runs") { results in try results.discoveryChart() }
      .caption(
        """
        Left: distinct minima among the first runs that ended in a minimum. Right: the estimated share of further runs \
        that would end in a minimum not seen so far.
        """)
    Figure("Final loss of every run") { Distribution(.finalLoss) }.yScale(.log)
    Note { try Self.answer($0) }
    Expect(.unseenShare, atMost: 0.05)
    Expect("The lowest loss of all end points is not a minimum: the loss decreases further while weights grow") {
      results in
      let (minimum, limit) = try Self.least(results)
      return (limit < minimum, "limit \(NumberText.short(limit)), least minimum \(NumberText.short(minimum))")
    }
  }

  private static func answer(_ results: Results) throws -> String {
    let census = try results.census()
    let (minimum, limit) = try least(results)
    let order = limit < minimum ? "lower" : "not lower"
    let infinity =
      limit.isFinite
      ? " The least limit of the loss at infinity, where weights grow without bound, is \(NumberText.short(limit)): "
        + "\(order) than at any minimum."
      : ""
    return """
      ## Answer

      End points: \(census.summary). The least loss at a minimum is \(NumberText.short(minimum)).\(infinity)
      """
  }

  /// The least loss at a minimum and at infinity; ∞ where there is no such end point.
  private static func least(_ results: Results) throws -> (minimum: Double, limit: Double) {
    var (minimum, limit) = (Double.infinity, Double.infinity)
    for place in try results.census().places {
      if place.isMinimum { minimum = min(minimum, place.loss) }
      if case .atInfinity = place.kind { limit = min(limit, place.loss) }
    }
    return (minimum, limit)
  }
}
