import Descent

/// XOR from initial weights of seven scales: from zero no run learns, and from large weights few do.
struct InitializationScales: Experiment {
  let title = "How large should the initial weights be?"

  var setup: Setup {
    Setup(
      data: .xor,
      network: .mlp(hidden: 4, activation: .tanh, output: .sigmoid),
      loss: .meanSquaredError,
      optimizer: .gradientDescent(learningRate: 1),
      initialization: .normal(scale: 1),
      batch: .full,
      stop: .after(steps: 4_000))
  }

  var sweep: [Axis] {
    Vary(.initScale, over: [0, 0.01, 0.1, 0.3, 1, 3, 10])
    Seeds(0..<64)
  }

  var report: [Cell] {
    Note { results in
      let hidden = results.groups(by: .hidden).map(\.value.description).joined(separator: ", ")
      return """
        A network with \(hidden) hidden tanh units learns XOR by plain full-batch gradient descent. Its initial weights are σ₀ \
        times standard normal numbers, and its initial biases are zero. At σ₀ = 0 all hidden units are equal. They receive the \
        same gradient, here zero, and stay equal. At large σ₀ the tanh units are saturated: their slope 1 − tanh² is nearly zero.
        """
    }
    ReportTable(
      "Slope 1 − tanh² of the hidden units at the initial weights: median over all seeds, units and patterns but (0, 0)",
      columns: [.number("σ₀"), .number("median slope")]
    ) { results in
      try results.groups(by: .initScale).map { scale, runs in ["\(scale)", NumberText.short(try Self.slope(runs))] }
    }
    Figure("Loss against step") { Curve(.loss).color(by: .initScale).band(.quartiles) }.xScale(.log).yScale(.log)
    Figure("Gradient norm against step") { Curve(.gradientNorm).color(by: .initScale).band(.quartiles) }.xScale(.log)
      .yScale(.log)
    Figure("Final loss against initialization scale") { Sensitivity(.finalLoss, to: .initScale) }.yScale(.log)
    Comparison(of: .initScale, below: 0.01)
    Note { results in
      let zero = results.where(.initScale, is: 0)
      let solved = try zero.share(of: .finalLoss, below: 0.01).successes
      let shares = try results.groups(by: .initScale).map {
        ($0.value, try $0.results.share(of: .finalLoss, below: 0.01))
      }
      let top = shares.map(\.1.value).max() ?? 0
      let best = shares.filter { $0.1.value == top }
      let tiny = try results.where(.initScale, is: 0.01).share(of: .finalLoss, below: 0.01)
      let slow = try Self.slowness(results)
      return """
        ## Answer

        A run solves XOR if its final loss is below 0.01. At σ₀ = 0, \(solved) of \(zero.count) runs do, and the median final \
        loss is \(NumberText.short(try zero.median(.finalLoss))). A network with the constant output ½ has the loss ¼. The \
        largest share of solved runs is at σ₀ = \(best.map { "\($0.0)" }.joined(separator: ", ")): \
        \(best.first.map { "\($0.1)" } ?? "none"). At σ₀ = 10 it is \
        \(try results.where(.initScale, is: 10).share(of: .finalLoss, below: 0.01)).

        Small weights are slow, because the runs start near the saddle at zero: at σ₀ = 0.01, \(tiny.successes) of \
        \(tiny.count) runs reach a loss below 0.01 within the given steps. At σ₀ = 0.1 a run needs \
        \(NumberText.short(slow.median)) times as many steps as the run of the same seed at σ₀ = 1 (median of \(slow.pairs) \
        pairs, 95 % interval \(slow.interval.map { NumberText.interval($0) } ?? "unknown")).
        """
    }
    Expect("At σ₀ = 0 no run learns: every run ends at E = ¼") { results in
      let values = try results.where(.initScale, is: 0).values(.finalLoss)
      let worst = values.map { abs($0 - 0.25) }.max() ?? .infinity
      return (worst < 1e-12, "largest distance from ¼: \(NumberText.short(worst)), n = \(values.count)")
    }
    Expect("Large weights solve XOR less often: the share at σ₀ = 10 is below that at σ₀ = 1 (disjoint 95 % intervals)")
    {
      results in
      let one = try results.where(.initScale, is: 1).share(of: .finalLoss, below: 0.01)
      let ten = try results.where(.initScale, is: 10).share(of: .finalLoss, below: 0.01)
      return (ten.interval.upperBound < one.interval.lowerBound, "σ₀ = 10: \(ten); σ₀ = 1: \(one)")
    }
    Expect("Small weights are slow: σ₀ = 0.1 needs more steps to E < 0.01 than σ₀ = 1 (ratio above 1, paired by seed)")
    {
      results in
      let slow = try Self.slowness(results)
      guard let interval = slow.interval else { throw Untested("too few seeds for an interval") }
      return (
        interval.lowerBound > 1,
        "median \(NumberText.short(slow.median)), 95 % interval \(NumberText.interval(interval)), \(slow.pairs) pairs"
      )
    }
  }

  /// The median slope 1 − tanh² of the hidden units at the initial weights, without the pattern (0, 0), where it is 1.
  private static func slope(_ runs: Results) throws -> Double {
    let slopes = try runs.rows.flatMap { row -> [Double] in
      guard let architecture = try runs.network(of: row)?.architecture,
        let start = try runs.trajectory(of: row, at: [0]).first
      else { return [] }
      let network = TrainedNetwork(architecture: architecture, parameters: start)
      return [[0.0, 1], [1, 0], [1, 1]].flatMap { network.layers(at: $0)[0].map { 1 - $0 * $0 } }
    }
    return Statistics.median(slopes)
  }

  /// The steps to E < 0.01 at σ₀ = 0.1, divided by those of the same seed at σ₀ = 1.
  private static func slowness(
    _ results: Results
  ) throws -> (median: Double, interval: ClosedRange<Double>?, pairs: Int) {
    let (small, one) = (results.where(.initScale, is: 0.1), results.where(.initScale, is: 1))
    let base = Dictionary(zip(one.rows.map(\.seed), try one.values(.stepsToLoss(0.01)))) { first, _ in first }
    let ratios = zip(small.rows.map(\.seed), try small.values(.stepsToLoss(0.01))).compactMap { seed, steps in
      base[seed].flatMap { $0.isFinite ? steps / $0 : nil }
    }
    return (Statistics.median(ratios), Statistics.medianInterval(ratios, confidence: 0.95), ratios.count)
  }
}
