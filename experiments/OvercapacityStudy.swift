import Descent

/// Which width has more capacity than the task needs, and how can one tell?
///
/// Sources: Zhang et al. 2017, arXiv:1611.03530; Belkin et al. 2019, doi:10.1073/pnas.1903070116; Hastie et al. 2022,
/// doi:10.1214/21-AOS2133; Nakkiran et al. 2020, arXiv:1912.02292.
struct OvercapacityStudy: Experiment {
  static let name = "overcapacity"
  let title = "When does a network have more capacity than its task needs?"

  var setup: Setup {
    Setup(
      data: .noisySine(samples: 16, noise: Self.noise).validation(fresh: 512).drawnPerSeed(),
      network: .mlp(hidden: 8, activation: .tanh),
      loss: .halfMeanSquaredError,
      optimizer: .adam(learningRate: 0.02, schedule: .cosine(steps: 6_000)),
      initialization: .normal(scale: 5, biases: true),
      batch: .full,
      stop: .after(steps: 6_000),
      record: .also(.validationLoss, every: 20))
  }

  private static let noise = 0.25
  private static let widest = 128
  private static let task = Parameter<String>.variant("task")
  private static let labels = Parameter<String>.variant("labels")

  var sweep: [Axis] {
    Variants("task", [Variant("sine") { _ in }, Variant("teacher", change: Self.teacher)])
    Variants("labels", [Variant("true") { _ in }, Variant("random") { $0.data = $0.data?.withRandomLabels() }])
    Vary(.hidden, over: [1, 2, 4, 8, 16, 32, 64, Self.widest])
    // Eight widths have 28 pairs; 11 seeds are the least with which any of them can be told apart.
    Seeds(0..<32)
  }

  /// The networks of `double-descent`: small starting weights, in place of the sine's large ones.
  @Sendable private static func teacher(_ setup: inout Setup) {
    setup.data = .teacher(inputs: 4, hidden: 3, samples: DoubleDescent.samples, noise: DoubleDescent.noise)
      .validation(fresh: 500).drawnPerSeed()
    setup.initialization = .fanIn(scale: 1)
    setup.optimizer = .adam(learningRate: 0.01)
  }

  private static func capacity(_ name: String) -> @Sendable (Results) throws -> Capacity {
    { results in
      let runs = results.where(task, is: name)
      return try Capacity(runs, of: .hidden, randomLabels: runs.where(labels, is: "random"))
    }
  }
  private static let sine = capacity("sine")
  private static let teacher = capacity("teacher")

  var report: [Cell] {
    Note(
      """
      Networks of H hidden tanh units are fitted to two tasks. *Sine*: sixteen points of sin 3x with noise σ = \
      \(NumberText.short(Self.noise)), from large starting weights, so that narrow bumps are within reach. *Teacher*: 40 outputs \
      of a small network with 4 inputs and noise σ = 0.5, from small starting weights. Each seed draws its own samples and \
      starting weights. Each task is also trained with its targets dealt out at random: there is nothing to be learned, only \
      to be memorised. Validation is on 512 and 500 fresh samples, where a perfect model has a loss of about ½σ²: \
      \(NumberText.short(Self.noise * Self.noise / 2)) and \
      \(NumberText.short(DoubleDescent.noise * DoubleDescent.noise / 2)). The width says little by itself: on the sine, H units \
      have 3H + 1 parameters, as many as there are training values at H = 5.

      ## The sign from outside: fresh points
      """)
    Figure("The sine: loss against width") { Overcapacity(.hidden) }.where(Self.task, is: "sine")
      .where(Self.labels, is: "true").yRange(1e-6...1).caption("True labels. Open triangle: a median below the axis.")
    Figure("What the networks compute, true labels") { FittedCurves(.firstSeed).color(by: .hidden) }
      .where(Self.task, is: "sine").where(Self.labels, is: "true").yRange(-3...3)
    Note { results in
      let capacity = try Self.sine(results)
      let (best, last) = (capacity.best, capacity.widths.last ?? capacity.best)
      return """
        The least median validation loss is that of H = \(best.width), \(NumberText.short(best.validation.median)). At \
        H = \(last.width) it is \(NumberText.short(last.validation.median)), with a training loss of \
        \(NumberText.short(last.training.median)). The wide networks pass through the points, and what they do between them \
        the points do not decide.

        ## The sign from inside: random labels
        """
    }
    Figure("The sine: true and random labels, and what the width costs") { try Self.sine($0).grid() }
      .caption(
        "Left: runs with a training loss below 1 % of the best constant's; Wilson 95 % intervals; dotted: one half. Right: "
          + "validation loss over that of the best width, seed by seed: median with the sign test's interval, all pairs jointly 95 %."
      )
    Figure("What the networks compute, random labels") { FittedCurves(.firstSeed).color(by: .hidden) }
      .where(Self.task, is: "sine").where(Self.labels, is: "random").yRange(-3...3)
    Note("## The sign in time: does validation turn up?")
    Figure("Validation loss in the course of training, true labels") { Curve(.validationLoss).color(by: .hidden) }
      .where(Self.labels, is: "true").facets(columns: Self.task).xScale(.log).xRange(20...6_000).yRange(0.03...3)
    Note { results in
      func most(_ capacity: Capacity) -> String {
        let rises = capacity.widths.map { (rise: $0.rise?.median ?? .nan, width: $0.width) }
        let most = rises.max { $0.rise < $1.rise }
        return "\(NumberText.short(most?.rise ?? .nan)) times the least of its own run (H = \(most?.width ?? 0))"
      }
      return """
        Of the three signs this one is the least to be relied on. On the sine the median final validation loss is at most \
        \(most(try Self.sine(results))): who watches the learning curve sees no turn. On the teacher it is up to \
        \(most(try Self.teacher(results))). A likely reason, not tested here, is the start: from large weights wide networks \
        are rough from the first step on, and there is no smooth stage from which validation could rise.

        ## Verdict
        """
    }
    ReportTable("The sine", of: Self.sine)
    Note { "\(try Self.sine($0))" }
    ReportTable("The teacher", of: Self.teacher)
    Note { "\(try Self.teacher($0))" }
    Note { "How it is judged. \(try Self.sine($0).rules)" }
    Note(
      """
      ## Beyond the threshold: the exactly solvable case beside a trained network

      Is more always worse, then? Least squares on n = 40 samples with p Gaussian inputs has an exact answer, which \
      `double-descent` checks against draws and against descent: the expected loss of the solution of least norm rises to \
      infinity at p = n and falls again. Beside it stand the networks on the teacher: as many samples, the same noise.
      """)
    Figure("Loss on fresh data against parameters per training value") { try Self.beside($0) }
      .caption(
        "Left: exact expectation ½(R + σ²), R the excess risk, ‖β‖ = 1; nothing is drawn at random. Right: median over n = 32 "
          + "runs a width, band: first to third quartile. Dashed: p = n. Shaded: between the two widths where half of the "
          + "networks begin to interpolate. Dotted: ½σ², the noise alone.")
    Note { results in
      let (sine, teacher) = (try Self.sine(results), try Self.teacher(results))
      return """
        The panels agree in shape; that they share a cause is not shown. The formula is for weights of least norm and inputs \
        without structure, the networks are trained by Adam, and no formula says where they end. Nor does the second descent \
        make up for the peak: the widest networks still have \(teacher.widths.last?.toBest ?? teacher.best.toBest) times the \
        loss of H = \(teacher.best.width), as the right branch of the formula stays above the left. And it is no law of width: \
        on the sine, \(sine.secondDescent). Thresholds and verdicts belong to the starting scale, the optimizer and the number \
        of steps as much as to the width.
        """
    }
    // Fewer parameters than values cannot pass through values in general position; to come within 1 % is not ruled out,
    // only unlikely: the claim is that nobody does.
    Expect("No run with fewer parameters than training values interpolates random labels") { results in
      let widths = try [Self.sine(results), Self.teacher(results)].flatMap(\.widths).filter {
        $0.parametersPerValue < 1
      }
      let found = widths.compactMap(\.random?.interpolating)
      let count = found.reduce(0) { $0 + $1.count }
      return (
        count > 0 && found.allSatisfy { $0.successes == 0 },
        "\(found.reduce(0) { $0 + $1.successes }) of \(count) runs"
      )
    }
    // Zhang et al. 2017: what has many times more parameters than values memorises.
    Expect("The widest networks memorise the sine's random labels") { try Self.sine($0).memorises(at: Self.widest) }
    // By the rules above, without a bound of its own.
    Expect("The widest networks have overcapacity for the sine") { try Self.sine($0).claims(.over, at: Self.widest) }
    // Otherwise random labels would not tell the widths apart.
    Expect("The best width for the sine does not memorise") { results in
      let capacity = try Self.sine(results)
      let memorises = capacity.memorises(at: capacity.best.width)
      return (!memorises.passed, memorises.evidence)
    }
    // Belkin et al. 2019 and Nakkiran et al. 2020: the peak stands where training just begins to fit every value.
    Expect("On the teacher validation falls a second time, beyond a peak at the interpolation threshold") {
      try Self.teacher($0).descendsTwice()
    }
  }

  /// The exact expectation and the trained networks on the same axes, both in half the mean squared error.
  private static func beside(_ results: Results) throws -> ChartGrid {
    let capacity = try teacher(results)
    let (exact, trained) = (Palette.categories[0], Palette.categories[1])
    let floor = DoubleDescent.noise * DoubleDescent.noise / 2
    let n = Double(DoubleDescent.samples)
    let levels = 0.1...10.0
    let rules: [Mark] = [
      .verticalRule(1, label: "p = n", Stroke(.gray, width: 0.8, dash: [4, 2])),
      .horizontalRule(floor, label: "", Stroke(.gray, width: 0.8, dash: [1.5, 1.5])),
    ]
    func chart(_ title: String, _ marks: [Mark]) -> Chart {
      Chart(
        title: title, x: AxisStyle("parameters per training value", .log, domain: 0.1...50),
        y: AxisStyle("loss on fresh data", .log, domain: levels), marks: marks)
    }
    let lines = [0.1 * n...n - 1.01, n + 1.01...50 * n].map { side in
      let points = (0...400).map { i -> Point in
        let p = side.lowerBound * Exact.exp(Double(i) / 400 * Exact.log(side.upperBound / side.lowerBound))
        return Point(p / n, ((DoubleDescent.exact(p) ?? .nan) + 2 * floor) / 2)
      }
      return Mark.line(points, Stroke(exact, width: 1.5))
    }
    let x = capacity.widths.map(\.parametersPerValue)
    let medians = capacity.widths.map { Point($0.parametersPerValue, $0.validation.median) }
    var marks = rules
    if let low = capacity.interpolation.parametersPerValueBelow, let high = capacity.interpolation.parametersPerValue {
      let corners = [Point(low, levels.lowerBound), Point(high, levels.lowerBound)]
      marks.insert(.area(corners + corners.reversed().map { Point($0.x, levels.upperBound) }, .lightGray), at: 0)
    }
    marks += [
      .band(
        x: x, low: capacity.widths.map(\.validation.first), high: capacity.widths.map(\.validation.third),
        trained.opacity(0.2)),
      .line(medians, Stroke(trained, width: 1.5)), .points(medians, .square, trained, radius: 2.3),
    ]
    return ChartGrid(
      [[chart("Least squares, exact", rules + lines), chart("Tanh networks, trained", marks)]],
      legend: [
        LegendEntry("exact mean", exact),
        LegendEntry("median of trained networks", trained, marker: .square, hasLine: true),
      ],
      aspect: 1.25)
  }
}
