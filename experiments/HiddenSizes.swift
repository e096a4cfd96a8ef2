import Descent

/// Training and validation loss of networks with 1 to 64 hidden units on a noisy sine.
struct HiddenSizes: Experiment {
  let title = "How many hidden units are enough?"

  var setup: Setup {
    Setup(
      data: .noisySine(samples: 32, noise: 0.1).validation(fresh: 256).drawnPerSeed(),
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
    Note { results in
      let noise = results.groups(by: .noise).first?.value.number ?? .nan
      let samples = results.groups(by: .samples).map(\.value.description).joined(separator: ", ")
      let momentum = results.groups(by: .momentum).map(\.value.description).joined(separator: ", ")
      return """
        A network with H hidden tanh units is fitted to \(samples) noisy points of sin 3x (noise σ = \(NumberText.short(noise))) and \
        validated on 256 fresh points. Training is full-batch gradient descent with momentum: v ← μv + ∇E, θ ← θ − ηv with \
        μ = \(momentum). Every seed draws its own points and its own initial weights. With too few units, the network cannot follow the \
        curve. If the network fits the noise of the training points, its validation loss is larger than its training loss. A \
        network that equals sin 3x has a validation loss of about ½σ² = \(NumberText.short(noise * noise / 2)), because the fresh \
        points are noisy, too.
        """
    }
    Figure("Training loss") { Curve(.loss).color(by: .hidden).band(.quartiles) }.xScale(.log).yScale(.log)
    Figure("Final training loss against width") { Sensitivity(.finalLoss, to: .hidden) }.yScale(.log)
    Figure("Final validation loss against width") { Sensitivity(.final(.validationLoss), to: .hidden) }.yScale(.log)
    ReportTable(
      "Medians over the seeds; ratio to H = 8: validation loss divided by that of the same seed with eight units",
      columns: [
        .number("hidden units"), .number("final training loss"), .number("final validation loss"),
        .number("validation / training"), .number("ratio to H = 8"), .number("interval"),
      ]
    ) {
      results in
      let compared = try Self.compared(results)
      return try results.groups(by: .hidden).map { width, runs in
        let training = try runs.median(.finalLoss)
        let validation = try runs.median(.final(.validationLoss))
        let ratio = compared.first { $0.width == width }
        return [
          "\(width)", NumberText.short(training), NumberText.short(validation), NumberText.short(validation / training),
          ratio.map { NumberText.short($0.median) } ?? "–",
          ratio.flatMap { $0.interval }.map { NumberText.interval($0) } ?? "–",
        ]
      }
    }
    Note(
      "The intervals of all ratios hold together with 95 % confidence (sign test of the median, corrected by Bonferroni)."
    )
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

        \(try Self.sentence(results))
        """
    }
    Figure("Validation loss during training") { Curve(.validationLoss).color(by: .hidden) }.yScale(.log)
  }

  @ReportBuilder private var claims: [Cell] {
    Expect("The widest network has a lower final training loss than the narrowest (ratio below 1, paired by seed)") {
      results in
      let groups = results.groups(by: .hidden)
      guard groups.count > 1, let first = groups.first, let last = groups.last else { throw Untested("only one width") }
      let (median, interval) = try Self.ratio(.finalLoss, of: last.results, to: first.results)
      guard let interval else { throw Untested("too few seeds for an interval") }
      return (
        interval.upperBound < 1, "median \(NumberText.short(median)), 95 % interval \(NumberText.interval(interval))"
      )
    }
    Expect("One unit is too few: its validation loss is larger than with eight units (ratio above 1)") { results in
      let (one, eight) = (results.where(.hidden, is: 1), results.where(.hidden, is: 8))
      let (median, interval) = try Self.ratio(.final(.validationLoss), of: one, to: eight)
      guard let interval else { throw Untested("too few seeds for an interval") }
      return (
        interval.lowerBound > 1, "median \(NumberText.short(median)), 95 % interval \(NumberText.interval(interval))"
      )
    }
    Expect(
      "No width from 2 to 64 has more than twice the validation loss of eight units (a bound chosen after looking; upper bounds of "
        + "all intervals)"
    ) { results in
      let compared = try Self.compared(results).filter { ($0.width.number ?? 0) >= 2 }
      let tops = compared.compactMap { $0.interval?.upperBound }
      guard tops.count == compared.count, !tops.isEmpty else { throw Untested("too few seeds for an interval") }
      let worst = compared.max { ($0.interval?.upperBound ?? 0) < ($1.interval?.upperBound ?? 0) }
      return (
        tops.allSatisfy { $0 < 2 },
        "greatest upper bound \(NumberText.short(tops.max() ?? .nan)), at H = \(worst.map { "\($0.width)" } ?? "–")"
      )
    }
    Expect(
      "Eight units reach the noise: the median final training loss at H = 8 is at most σ², twice that of sin 3x itself"
    ) {
      results in
      let runs = results.where(.hidden, is: 8)
      guard let noise = results.groups(by: .noise).first?.value.number else { throw Untested("the noise is not known") }
      let median = try runs.median(.finalLoss)
      return (median <= noise * noise, "median \(NumberText.short(median)), σ² = \(NumberText.short(noise * noise))")
    }
  }

  // MARK: Comparison of widths

  /// The validation loss of each other width, divided by that of eight units.
  private static func compared(
    _ results: Results
  ) throws -> [(width: Setting, median: Double, interval: ClosedRange<Double>?)] {
    let eight = results.where(.hidden, is: 8)
    let others = results.groups(by: .hidden).filter { $0.value.number != 8 }
    return try others.map { width, runs in
      let (median, interval) = try ratio(
        .final(.validationLoss), of: runs, to: eight, confidence: 1 - 0.05 / Double(others.count))
      return (width, median, interval)
    }
  }

  /// Which widths differ clearly from eight units.
  private static func sentence(_ results: Results) throws -> String {
    let compared = try compared(results)
    func list(_ holds: (ClosedRange<Double>) -> Bool) -> String {
      compared.filter { $0.interval.map(holds) ?? false }.map { "\($0.width)" }.joined(separator: ", ")
    }
    let (worse, better) = (list { $0.lowerBound > 1 }, list { $0.upperBound < 1 })
    return
      (worse.isEmpty
      ? "No width is clearly worse than eight units." : "Clearly worse than eight units on fresh points: H = \(worse).")
      + (better.isEmpty ? " No width is clearly better." : " Clearly better: H = \(better).")
  }

  /// The ratio of a metric between runs of equal seeds: its median, and an interval of the median (sign test).
  private static func ratio(
    _ metric: Metric, of runs: Results, to others: Results, confidence: Double = 0.95
  ) throws -> (median: Double, interval: ClosedRange<Double>?) {
    let base = Dictionary(zip(others.rows.map(\.seed), try others.values(metric))) { first, _ in first }
    let ratios = zip(runs.rows.map(\.seed), try runs.values(metric)).compactMap { seed, value in
      base[seed].map { value / $0 }
    }
    return (Statistics.median(ratios), Statistics.medianInterval(ratios, confidence: confidence))
  }
}
