import Descent
import Textbook

/// Batch, mini-batch and stochastic gradient descent from the same initial weights, compared by steps, samples and work.
struct DescentVariants: Experiment {
  let title = "How do batch, mini-batch and stochastic gradient descent compare?"

  var setup: Setup {
    Setup(
      data: .moons(samples: Self.samples, noise: 0.2),
      network: .mlp(hidden: 8, activation: .sigmoid, output: .sigmoid),
      loss: .halfSumOfSquares,
      optimizer: .gradientDescent(learningRate: 0.03),
      initialization: .normal(scale: 1, biases: true),
      batch: .full,
      stop: .after(steps: Self.epochs),
      record: .also(.accuracy, .absoluteError, .trainingLoss, every: 1))
  }

  var sweep: [Axis] {
    Vary(Self.batchSize, over: [1, 4, 16, 64, Self.samples])
    Vary(.learningRate, over: Self.rates)
    Seeds(0..<12)
  }

  private static let samples = 128
  private static let epochs = 600
  /// Steps, samples and multiply-adds are counted until E on all samples is below this.
  private static let bound = 3.0
  private static let rates = [0.01, 0.03, 0.1, 0.3, 1, 3, 10]
  private static let sharedRate = 0.01

  /// The batch size. It also sets the number of steps, so that every run uses the same number of samples.
  private static let batchSize = Parameter<Int>(
    "samples-per-step", symbol: "B", get: { $0.batch?.size(samples: samples) },
    set: { setup, size in
      let size = max(1, size)
      setup.batch = size >= samples ? .full : .mini(size: size)
      setup.stop = .after(steps: max(1, epochs * samples / size))
      setup.record.every = max(1, samples / size)
    })

  var report: [Cell] {
    Note(
      """
      The error of a data set is a sum over its samples: E = Σ_i E^i with E^i = ½ Σ_k (t_k − y_k)². A step of batch descent, \
      W ← W − α∇E, uses the gradient of the whole sum. A step of stochastic descent uses the gradient of a single E^i, \
      a step of mini-batch descent the sum of B of them. The rate α is called η on axes. A 2-8-1 sigmoid network \
      learns \(Self.samples) points of two noisy moons in \(Self.epochs) epochs, for every B. For each seed, all batch \
      sizes start from the same initial weights. The order of the samples is shuffled anew in each epoch. The figures \
      show E on all samples, recorded once per epoch.
      """)
    sharedRate
    ownRates
    noise
    Figure("Loss, absolute error and class error against samples used") { results in try Self.errors(results) }
      .caption(
        """
        Medians of 12 runs of batch and stochastic descent, each at its best rate. The loss is E divided by the number \
        of samples. The class error is the share of samples with a wrong class. Values before the first step are left \
        out.
        """)
    answer
    claims
  }

  @ReportBuilder private var sharedRate: [Cell] {
    Note("## All batch sizes at the same rate")
    Figure("E against steps at α = \(NumberText.short(Self.sharedRate))") {
      Curve(.trainingLoss).color(by: Self.batchSize).band(.quartiles)
    }
    .where(.learningRate, is: Self.sharedRate).xScale(.log).yScale(.log)
    Figure("The loss of single batches: choose B") { Curve(.loss).band(.quartiles) }
      .where(.learningRate, is: Self.sharedRate).where(Self.batchSize, is: 16).xScale(.log).yScale(.log)
      .xRange(1...76_800).yRange(1e-3...20)
      .live(.batchSize, .learningRate, .hiddenUnits, .seeds)
      .caption(
        "The loss of a step is the sum over its batch, before the update. In report.html the page trains batches of 1, 4 and 16 samples, all for \(Self.epochs) epochs."
      )
    Figure("E against samples used, same runs") {
      Curve(.trainingLoss, over: .sample).color(by: Self.batchSize).band(.quartiles)
    }
    .where(.learningRate, is: Self.sharedRate).xScale(.log).yScale(.log)
    .caption(
      """
      The step of a batch is the sum of the steps of its samples. While these are small, it makes little difference \
      whether they are made together or one after the other.
      """)
  }

  @ReportBuilder private var ownRates: [Cell] {
    Note(
      """
      ## The best rate for each batch size

      The gradient of a larger batch is a sum over more samples, so the same α gives a longer step. Too long a step \
      increases E. The best rate of each batch size is measured here.
      """)
    Figure("E after \(Self.epochs) epochs against the rate") {
      Sensitivity(.final(.trainingLoss), to: .learningRate).color(by: Self.batchSize)
    }
    .xScale(.log).yScale(.log)
    Figure("E for each batch size at its best rate") { results in try Self.lossCurves(results) }
      .caption(
        """
        Medians of 12 runs at the rate α with the smallest final median of E. Dashed rule: E = \
        \(NumberText.short(Self.bound)). The work is counted in multiply-adds of forward pass, backward pass and \
        update. This count is the same on every machine. It ignores that processors handle large batches faster.
        """)
    ReportTable(
      "Median work until E < \(NumberText.short(Self.bound)) on all samples, each batch size at its best rate",
      columns: [
        .number("B"), .number("best α"), .number("steps"), .number("samples"), .number("multiply-adds"),
        .number("final E"),
      ]
    ) { results in
      try Self.variants(results).map { variant in
        let samples = variant.samplesToBound
        func text(_ value: Double) -> String { value.isFinite ? NumberText.short(value) : "never" }
        return [
          "\(variant.size)", NumberText.short(variant.rate), text(samples / Double(variant.size)), text(samples),
          (samples * variant.workPerSample).isFinite
            ? NumberText.grouped(Int(samples * variant.workPerSample)) : "never",
          NumberText.short(Statistics.median(variant.ends)),
        ]
      }
    }
  }

  @ReportBuilder private var noise: [Cell] {
    Note("## Noise of the gradient of a batch")
    Figure("Distance of a batch's mean gradient from that of all samples") { results in try Self.noiseCharts(results) }
      .caption(
        """
        Markers: root mean square of ‖g_B − g‖₂ over 2000 random batches, at the weights before and after batch \
        descent at its best rate (first seed). Lines: s/√B for samples drawn with replacement, and s/√B·√((n − B)/(n − 1)) \
        for samples drawn without, where s is the root mean square of the same distance for single samples. Dotted \
        rule: ‖g‖₂. Values below 0.02 s are left out.
        """)
    ReportTable(
      "Noise of the first \(Self.noiseSteps) steps of training at α = \(NumberText.short(Self.sharedRate)), in units of s",
      columns: [.number("B"), .number("steps"), .number("measured"), "95 % interval", .number("√((n − B)/((n − 1)B))")]
    ) { results in
      try Self.trainingNoise(results).map { noise in
        [
          "\(noise.size)", "\(noise.steps)", NumberText.short(noise.measured),
          noise.interval.map { NumberText.interval($0) } ?? "–", NumberText.short(noise.predicted),
        ]
      }
    }
    Note(
      """
      The table uses the steps of the runs themselves. The change of the weights divided by −αB is the mean gradient of the \
      batch that the step drew. Its distance from the mean gradient of all samples at the same weights is the noise of the \
      step. Measured: root mean square over the steps of all seeds; s is computed at each of these weights. Interval: bootstrap \
      over the seeds. The last column holds for batches drawn without replacement, as in a shuffled epoch.
      """)
  }

  private var answer: Note {
    Note { results in
      let variants = try Self.variants(results)
      guard let single = variants.first, let full = variants.last else { return "" }
      let fits = try Self.slopes(results)
      guard fits.balance.before.isFinite, fits.balance.after.isFinite else { return "" }
      return """
        ## Answer

        At α = \(Self.sharedRate) the median final losses of all batch sizes differ by \
        \(NumberText.percent(try Self.sharedRatio(results) - 1, decimals: 2)) at most. At its best rate, α = \
        \(NumberText.short(single.rate)), stochastic descent needs \(NumberText.short(single.samplesToBound)) samples \
        in the median to reach E < \(NumberText.short(Self.bound)). Batch descent at its best rate, α = \
        \(NumberText.short(full.rate)), needs \
        \(full.samplesToBound.isFinite ? NumberText.short(full.samplesToBound) : "more than it was given"). In steps \
        these are \(NumberText.short(single.samplesToBound)) and \
        \(NumberText.short(full.samplesToBound / Double(full.size))).

        The noise is proportional to B to the power \(NumberText.short(fits.before)) before training and \
        \(NumberText.short(fits.after)) after it. With the power −½, half the noise needs four times as many samples: \
        the work of a batch is proportional to B, but its noise decreases only as 1/√B. The noise of a batch is as \
        large as the full gradient for about \(NumberText.grouped(Int(fits.balance.before.rounded()))) samples before \
        training, and for about \(NumberText.grouped(Int(fits.balance.after.rounded()))) samples (drawn with \
        replacement) after it.
        """
    }
  }

  @ReportBuilder private var claims: [Cell] {
    Expect(
      "At α = \(NumberText.short(Self.sharedRate)), where steps are short, the median final losses of all batch sizes lie within "
        + "a factor of 1.01"
    ) { results in
      let ratio = try Self.sharedRatio(results)
      return (ratio < 1.01, "factor \(NumberText.short(ratio, digits: 6))")
    }
    Expect(
      "At their best rates, stochastic descent reaches E < \(NumberText.short(Self.bound)) with fewer samples than batch "
        + "descent, for most seeds"
    ) { results in
      let pair = try [1, Self.samples].map { try Self.variants(results.where(Self.batchSize, is: $0)).first }
      let (single, full) = (pair[0]?.arrivals ?? [], pair[1]?.arrivals ?? [])
      let share = Share(zip(single, full).count { $0 < $1 }, of: single.count)
      return (
        share.interval.lowerBound > 0.5,
        "\(share); medians \(NumberText.short(Statistics.median(single))) samples (stochastic), "
          + "\(NumberText.short(Statistics.median(full))) (batch)"
      )
    }
    Expect(
      "The noise of the steps of training is that of batches drawn without replacement: measured over predicted is within 10 % "
        + "of 1 for every B"
    ) { results in
      let noises = try [1, 4, 16, 64].map { size in
        try Self.trainingNoise(results.where(Self.batchSize, is: size)).first
      }
      let ratios = noises.map { $0.map { $0.measured / $0.predicted } ?? .nan }
      let words = noises.compactMap { $0 }.map { "B = \($0.size): \(NumberText.short($0.measured / $0.predicted))" }
      return (ratios.allSatisfy { abs($0 - 1) <= 0.1 }, words.joined(separator: "; "))
    }
    Expect(
      "Verifies the sampler of the figure: the noise of a batch drawn with replacement is proportional to 1/√B; fitted powers are "
        + "within 0.05 of −½"
    ) {
      results in
      let fits = try Self.slopes(results)
      return (
        abs(fits.before + 0.5) <= 0.05 && abs(fits.after + 0.5) <= 0.05,
        "\(NumberText.short(fits.before)) before training, \(NumberText.short(fits.after)) after"
      )
    }
    Expect(
      "Verifies the gradients: the textbook's gradients of single samples add up to the engine's gradient within 10⁻¹⁰ (relative)"
    ) {
      results in
      let worst = try Self.clouds(results).map(\.mismatch).max() ?? .nan
      return (worst < 1e-10, "relative difference \(NumberText.short(worst))")
    }
  }

  // MARK: A rate for each batch size

  private struct Variant {
    let size: Int
    let rate: Double
    let runs: Results
    let ends: [Double]
    /// The samples that each run used until E was below the bound, in the order of the seeds.
    let arrivals: [Double]
    var samplesToBound: Double { Statistics.median(arrivals) }
    let workPerSample: Double
  }

  private static func variants(_ results: Results) throws -> [Variant] {
    try results.groups(by: batchSize).compactMap { size, group in
      guard let best = try group.best(.learningRate, by: .final(.trainingLoss)), let row = best.results.rows.first,
        let network = try results.network(of: row)?.architecture
      else { return nil }
      let size = Int(size.number ?? 1)
      let arrivals = try best.results.series(.trainingLoss).map { series in
        series.flatMap { series in
          series.values.firstIndex { $0 < bound }.map { Double(series.step($0) * size) }
        } ?? .infinity
      }
      // An update is one multiply-add for each parameter.
      let work = network.multiplyAdds(samples: size) + network.parameterCount
      return Variant(
        size: size, rate: best.value.number ?? .nan, runs: best.results,
        ends: try best.results.values(.final(.trainingLoss)), arrivals: arrivals,
        workPerSample: Double(work) / Double(size))
    }
  }

  private static func sharedRatio(_ results: Results) throws -> Double {
    let medians = try results.where(.learningRate, is: sharedRate).groups(by: batchSize).map {
      try $0.results.median(.final(.trainingLoss))
    }
    return (medians.max() ?? .nan) / (medians.min() ?? .nan)
  }

  /// The median of a quantity over the seeds, against samples used.
  private static func median(_ quantity: Quantity, _ variant: Variant) throws -> [Point] {
    let series = try variant.runs.series(quantity).compactMap(\.self)
    guard let first = series.first else { return [] }
    return first.values.indices.map { i in
      let values = series.compactMap { i < $0.values.count ? $0.values[i] : nil }
      return Point(Double(first.step(i) * variant.size), Statistics.median(values))
    }
  }

  private static func lossCurves(_ results: Results) throws -> ChartGrid {
    let variants = try variants(results)
    let colors = Palette.colors(variants.count, ordered: true)
    let axes: [(title: String, scale: (Variant) -> Double)] = [
      ("steps", { 1 / Double($0.size) }), ("samples used", { _ in 1 }), ("multiply-adds", { $0.workPerSample }),
    ]
    let charts = try axes.map { axis in
      let lines = try variants.enumerated().map { index, variant in
        let points = try median(.trainingLoss, variant).dropFirst().map { Point($0.x * axis.scale(variant), $0.y) }
        return Mark.line(Array(points), Stroke(colors[index], width: 1.5))
      }
      return Chart(
        x: AxisStyle(axis.title, .log), y: AxisStyle("E on all samples", .log),
        marks: lines + [.horizontalRule(bound, label: "", Stroke(.gray, width: 0.7, dash: [3, 2]))])
    }
    let legend = variants.enumerated().map {
      LegendEntry("B = \($1.size), α = \(NumberText.short($1.rate))", colors[$0])
    }
    return ChartGrid([charts], legend: legend, sharesAxes: false, aspect: 0.9)
  }

  private static func errors(_ results: Results) throws -> ChartGrid {
    let all = try variants(results)
    guard let single = all.first, let full = all.last else { return ChartGrid([]) }
    let quantities: [(title: String, quantity: Quantity, value: (Double) -> Double)] = [
      ("loss E/n", .trainingLoss, { $0 / Double(samples) }), ("mean |t − y|", .absoluteError, { $0 }),
      ("class error in %", .accuracy, { 100 * (1 - $0) }),
    ]
    let pairs = [(single, Palette.categories[1], "stochastic"), (full, Palette.categories[0], "batch")]
    let charts = try quantities.map { entry in
      let lines = try pairs.enumerated().map { index, pair in
        let points = try median(entry.quantity, pair.0).dropFirst().map { Point($0.x, entry.value($0.y)) }
        return Mark.line(Array(points), Stroke(pair.1, width: 1.5, dash: Dash.category(index)))
      }
      return Chart(
        title: entry.title, x: AxisStyle("samples used", .log), y: AxisStyle("", including: [0]), marks: lines)
    }
    let legend = pairs.enumerated().map { index, pair in
      LegendEntry("\(pair.2), α = \(NumberText.short(pair.0.rate))", pair.1, dash: Dash.category(index))
    }
    return ChartGrid([charts], legend: legend, sharesAxes: false, aspect: 1)
  }

  // MARK: Gradient noise

  /// The gradients of all single samples at one point.
  private struct Cloud {
    let title: String
    let gradients: [[Double]]
    let mean: [Double]
    /// Root mean square distance of a single gradient from the mean.
    let spread: Double
    /// Relative difference of the sum from the gradient that the training uses.
    let mismatch: Double

    init(_ title: String, _ gradients: [[Double]], whole: [Double]) {
      self.title = title
      self.gradients = gradients
      let n = Double(gradients.count)
      let mean = whole.indices.map { i in gradients.reduce(0) { $0 + $1[i] } / n }
      self.mean = mean
      spread = (gradients.reduce(0) { $0 + DescentVariants.square($1, mean) } / n).squareRoot()
      let zero = whole.map { _ in 0.0 }
      mismatch = (DescentVariants.square(mean.map { $0 * n }, whole) / DescentVariants.square(whole, zero)).squareRoot()
    }

    /// Root mean square distance of a batch's mean gradient from that of all samples, over 2000 batches.
    func noise(batch size: Int, withReplacement: Bool) -> Double {
      var dice = Dice(state: UInt64(size))
      var order = Array(gradients.indices)
      var sum = 0.0
      for _ in 0..<2000 {
        var batch = mean.map { _ in 0.0 }
        for i in 0..<size {
          if !withReplacement { order.swapAt(i, i + dice.index(below: order.count - i)) }
          let chosen = gradients[withReplacement ? dice.index(below: gradients.count) : order[i]]
          for k in batch.indices { batch[k] += chosen[k] / Double(size) }
        }
        sum += DescentVariants.square(batch, mean)
      }
      return (sum / 2000).squareRoot()
    }
  }

  private static func square(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }

  /// Random indices that are the same on every machine: SplitMix64.
  private struct Dice {
    var state: UInt64

    mutating func index(below bound: Int) -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((z ^ (z >> 31)).multipliedFullWidth(by: UInt64(bound)).high)
    }
  }

  /// The gradients before and after batch descent at its best rate, in the run of the first seed.
  private static func clouds(_ results: Results) throws -> [Cloud] {
    guard let full = try variants(results).last, let row = try full.runs.run(.firstSeed) ?? full.runs.rows.first,
      let data = try results.dataset(of: row), let network = try results.network(of: row),
      let start = try results.trajectory(of: row, at: [0]).first
    else { return [] }
    return try [("before training", start), ("after training", network.parameters)].map { title, point in
      let gradients = gradients(textbook(network.architecture, point), data.training)
      return Cloud(title, gradients, whole: try results.gradients(at: [point], like: row).first?.gradient ?? [])
    }
  }

  private static let noiseSteps = 60

  /// The noise of the steps of training for one batch size, in units of the root mean square distance of single samples.
  private struct TrainingNoise {
    let size: Int
    let steps: Int
    let measured: Double
    let interval: ClosedRange<Double>?
    var predicted: Double { (Double(samples - size) / (Double(samples - 1) * Double(size))).squareRoot() }
  }

  private static func trainingNoise(_ results: Results) throws -> [TrainingNoise] {
    try results.where(.learningRate, is: sharedRate).groups(by: batchSize).compactMap { size, runs in
      guard let size = size.number.map({ Int($0) }), size < samples else { return nil }
      // The mean of (distance/s)² over the steps of each run.
      let squares = try runs.rows.map { row -> Double in
        guard let data = try runs.dataset(of: row)?.training, let shape = try runs.network(of: row)?.architecture else {
          return .nan
        }
        let path = try runs.trajectory(of: row, at: Array(0...noiseSteps))
        let ratios = zip(path, path.dropFirst()).map { before, after in
          let single = gradients(textbook(shape, before), data)
          let mean = before.indices.map { i in single.reduce(0) { $0 + $1[i] } / Double(single.count) }
          let spread = single.reduce(0) { $0 + square($1, mean) } / Double(single.count)
          let batch = zip(before, after).map { ($0 - $1) / (sharedRate * Double(size)) }
          return square(batch, mean) / spread
        }
        return ratios.reduce(0, +) / Double(ratios.count)
      }
      let resampled = (0..<500).map { draw -> Double in
        var dice = Dice(state: UInt64(draw))
        return (squares.reduce(0) { sum, _ in sum + squares[dice.index(below: squares.count)] } / Double(squares.count))
          .squareRoot()
      }
      return TrainingNoise(
        size: size, steps: noiseSteps * squares.count,
        measured: (squares.reduce(0, +) / Double(squares.count)).squareRoot(),
        interval: squares.count > 1
          ? Statistics.quantile(resampled, 0.025)...Statistics.quantile(resampled, 0.975) : nil)
    }
  }

  /// The gradients of all single samples, in the order of the engine's parameters: the weights into each unit, then the biases.
  private static func gradients(_ textbook: SigmoidMLP, _ data: Dataset.Samples) -> [[Double]] {
    let (inputs, outputs) = (data.inputs.count / data.count, data.targets.count / data.count)
    return (0..<data.count).map { i in
      let gradient = textbook.gradient(
        Array(data.inputs[i * inputs..<(i + 1) * inputs]), Array(data.targets[i * outputs..<(i + 1) * outputs]))
      return gradient.w.indices.flatMap { l in
        gradient.theta[l].indices.flatMap { unit in gradient.w[l].map { $0[unit] } } + gradient.theta[l]
      }
    }
  }

  private static func textbook(_ network: Architecture, _ point: [Double]) -> SigmoidMLP {
    SigmoidMLP(
      w: network.layers.map { layer in
        (0..<layer.inputs).map { input in (0..<layer.units).map { point[layer.weight($0, input)] } }
      },
      theta: network.layers.map { layer in (0..<layer.units).map { point[layer.bias($0)] } })
  }

  private static let sizes = [1, 2, 4, 8, 16, 32, 64, 128]

  private static func slopes(
    _ results: Results
  ) throws -> (before: Double, after: Double, balance: (before: Double, after: Double)) {
    let clouds = try clouds(results)
    let fits = clouds.map { cloud in
      slope(sizes.map { Point(Exact.log(Double($0)), Exact.log(cloud.noise(batch: $0, withReplacement: true))) })
    }
    // The batch size at which the noise equals the gradient norm: s²/B = ‖g‖².
    let balances = clouds.map { $0.spread * $0.spread / square($0.mean, $0.mean.map { _ in 0 }) }
    return (fits.first ?? .nan, fits.last ?? .nan, (balances.first ?? .nan, balances.last ?? .nan))
  }

  /// The slope of the line of least squares.
  private static func slope(_ points: [Point]) -> Double {
    let n = Double(points.count)
    let mean = Point(points.reduce(0) { $0 + $1.x } / n, points.reduce(0) { $0 + $1.y } / n)
    let above = points.reduce(0) { $0 + ($1.x - mean.x) * ($1.y - mean.y) }
    return above / points.reduce(0) { $0 + ($1.x - mean.x) * ($1.x - mean.x) }
  }

  private static func noiseCharts(_ results: Results) throws -> ChartGrid {
    let kinds = [("with replacement", Palette.categories[1]), ("without replacement", Palette.categories[0])]
    let charts = try clouds(results).map { cloud in
      let n = Double(cloud.gradients.count)
      var marks: [Mark] = []
      for (index, kind) in kinds.enumerated() {
        let law = (0...70).map { i -> Point in
          let size = Exact.exp(Double(i) / 70 * Exact.log(n))
          let rest = index == 0 ? 1 : max(0, (n - size) / (n - 1))
          return Point(size, cloud.spread * (rest / size).squareRoot())
        }
        let points = sizes.filter { $0 <= cloud.gradients.count }.map {
          Point(Double($0), cloud.noise(batch: $0, withReplacement: index == 0))
        }
        marks += [
          .line(law.filter { $0.y > 0.02 * cloud.spread }, Stroke(kind.1, width: 1.1, dash: Dash.category(index))),
          .points(points.filter { $0.y > 0.02 * cloud.spread }, .category(index), kind.1, radius: 2.6),
        ]
      }
      let norm = square(cloud.mean, cloud.mean.map { _ in 0 }).squareRoot()
      marks.append(.horizontalRule(norm, label: "‖g‖₂", Stroke(.gray, width: 0.9, dash: [1.5, 1.5])))
      return Chart(
        title: "\(cloud.title): ‖g‖₂ = \(NumberText.short(norm))", x: AxisStyle("batch size B", .log),
        y: AxisStyle("noise of the mean gradient", .log), marks: marks)
    }
    let legend = kinds.enumerated().map { LegendEntry($1.0, $1.1, dash: Dash.category($0), marker: .category($0)) }
    return ChartGrid([charts], legend: legend, sharesAxes: false, aspect: 1.35)
  }
}
