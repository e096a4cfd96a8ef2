import Descent

/// Which width has more capacity than the task needs, and how can one tell?
struct OvercapacityStudy: Experiment {
  static let name = "overcapacity"
  let title = "When does a network have more capacity than its task needs?"

  var setup: Setup {
    Setup(
      data: .noisySine(samples: 16, noise: Self.noise).validation(fresh: 512),
      network: .mlp(hidden: 8, activation: .tanh),
      loss: .halfMeanSquaredError,
      optimizer: .adam(learningRate: 0.02, schedule: .cosine(steps: 6_000)),
      initialization: .normal(scale: 5, biases: true),
      batch: .full,
      stop: .after(steps: 6_000),
      record: .also(.validationLoss, every: 20))
  }

  var sweep: [Axis] {
    Vary(.data, over: [setup.data, setup.data.withRandomLabels()])
    Vary(.hidden, over: [1, 2, 4, 8, 16, 32, 64, 128])
    Seeds(0..<12)
  }

  var report: [Cell] {
    Note {
      results in
      """
      Sixteen points of sin 3x with noise σ = \(NumberText.short(Self.noise)) are fitted by networks of H hidden tanh units. \
      A second task has the same inputs with targets drawn at random from the same values: nothing can be learned there, \
      only memorised. Validation is on 512 fresh points.

      Two numbers to hold against: a perfect model of the sine has a validation loss of about ½σ² = \
      \(NumberText.short(Self.floor)), and the best constant a training loss of half the variance of the targets, \
      \(NumberText.short(try Self.constant(results.where(.data, is: setup.data)))) on the true ones and \
      \(NumberText.short(try Self.constant(results.where(.data, is: random)))) on the random ones. The width says little by \
      itself: H units have 3H + 1 parameters, as many as there are training values at H = 5.
      """
    }
    Note("## The sign from outside: fresh points")
    Figure("True labels: loss against width") { Overcapacity(.hidden) }.where(.data, is: setup.data)
      .caption("Training loss below ½σ² means that noise has been fitted.")
    Figure("What the networks compute, true labels") { FittedCurves().color(by: .hidden) }
      .where(.data, is: setup.data).yRange(-3...3)
    Note { results in
      let rows = try verdicts(results)
      let best = rows.min { $0.validation < $1.validation }
      let last = rows.last
      return """
        The least median validation loss, \(NumberText.short(best?.validation ?? .nan)), is that of H = \(best?.width ?? 0). \
        At H = \(last?.width ?? 0) the training loss has fallen to \(NumberText.short(last?.training ?? .nan)), and the \
        validation loss has risen to \(NumberText.short(last?.validation ?? .nan)), \
        \(NumberText.short((last?.validation ?? .nan) / (best?.validation ?? .nan))) times the least. The wide networks pass \
        through the points, and what they do between them the points do not decide.
        """
    }
    Note("## The sign from inside: random labels")
    Figure("True against random labels") { Overcapacity(.hidden).color(by: .data) }
      .caption("Where both solid lines are low, a low training loss is no sign of having learned anything.")
    Figure("What the networks compute, random labels") { FittedCurves().color(by: .hidden) }
      .where(.data, is: random).yRange(-3...3)
    Note("## The sign in time: does validation turn up?")
    Figure("Learning curves, true labels") { results in Self.curves(results.where(.data, is: setup.data)) }
      .caption("Medians of 12 seeds at every twentieth step. Dashed grey: ½σ².")
    Figure("How far validation has risen from its least value") { results in
      Self.riseFigure(results.where(.data, is: setup.data))
    }
    .caption(
      "Final validation loss of each run, divided by the least it had at any recorded step. 1: it never turned up.")
    Note { results in
      let rises = try verdicts(results)
      let most = rises.max { $0.rise < $1.rise }
      return """
        Of the three signs this one is the weakest here. The median final validation loss is at most \
        \(NumberText.short(most?.rise ?? .nan)) times the least of its own run (H = \(most?.width ?? 0)). A likely \
        reason, not tested here: the starting weights are large, wide networks are rough from the first step on, and there \
        is no smooth stage from which validation could rise far. Watching a learning curve would not have found them.
        """
    }
    Note("## Verdict")
    ReportTable(
      "Medians of 12 seeds",
      columns: [
        "H", "parameters : values", "training", "validation", ": the least", "rise in time", "random labels left",
        "verdict",
      ]
    ) { results in
      try verdicts(results).map { row in
        [
          "\(row.width)", NumberText.short(row.perValue), NumberText.short(row.training),
          NumberText.short(row.validation),
          NumberText.short(row.toBest), NumberText.short(row.rise),
          row.unexplained < 1e-3 ? "< 0.1 %" : NumberText.percent(row.unexplained), row.name,
        ]
      }
    }
    Note { results in
      let rows = try verdicts(results)
      let over = rows.filter(\.isOver)
      let first = over.first
      let best = rows.min { $0.validation < $1.validation }
      let small = rows.filter { $0.name == "too small" }.map { "\($0.width)" }
      return """
        A width is called overcapacity here if it does both: of the spread of random labels it leaves less than a tenth \
        unexplained, and on true labels its validation loss is more than a fifth above the least. Fitting random labels \
        alone is a capacity, not yet a harm; a high validation loss alone may mean that the network is too small\
        \(small.isEmpty ? "" : ", as at H = \(small.joined(separator: ", "))").

        By this measure the overcapacity begins at H = \(first?.width ?? 0): it leaves \
        \(NumberText.percent(first?.unexplained ?? .nan)) of the random labels and validates at \
        \(NumberText.short(first?.toBest ?? .nan)) times the least. H = \(best?.width ?? 0) is enough for the sine and leaves \
        \(NumberText.percent(best?.unexplained ?? .nan)) of the random labels. Both bounds are conventions; the widths \
        depend on the starting scale (large here, so that narrow bumps are within reach) and on the number of steps too.
        """
    }
    Expect("The widest network fits random labels: less than 1 % of their spread is left") { results in
      let last = try verdicts(results).last
      return ((last?.unexplained ?? .nan) < 0.01, "a share of \(NumberText.short(last?.unexplained ?? .nan)) is left")
    }
    Expect("Random labels tell the widths apart: the best one leaves at least a hundred times more than the widest") {
      results in
      let rows = try verdicts(results)
      let best = rows.min { $0.validation < $1.validation }
      let (kept, left) = (best?.unexplained ?? .nan, rows.last?.unexplained ?? .nan)
      return (
        kept > 100 * left, "H = \(best?.width ?? 0): \(NumberText.percent(kept)) against \(NumberText.short(left))"
      )
    }
    Expect("The widest network's validation loss is at least one and a half times the least") { results in
      let last = try verdicts(results).last
      return ((last?.toBest ?? .nan) > 1.5, "\(NumberText.short(last?.toBest ?? .nan)) times")
    }
    Expect("It has fitted the noise: its training loss is below a tenth of ½σ²") { results in
      let last = try verdicts(results).last
      return (
        (last?.training ?? .nan) < 0.1 * Self.floor,
        "\(NumberText.short(last?.training ?? .nan)) of \(NumberText.short(Self.floor))"
      )
    }
  }

  private static let noise = 0.25
  private static let floor = noise * noise / 2
  private var random: DataSource { setup.data.withRandomLabels() }

  /// What the medians say of one width.
  private struct Verdict {
    var width: Int
    var perValue: Double
    var training: Double
    var validation: Double
    var rise: Double
    /// Training loss on random labels, as a share of the best constant's.
    var unexplained: Double
    var toBest = 1.0
    /// A smaller network than the best one.
    var isBeforeBest = false

    var fitsRandom: Bool { unexplained < 0.1 }
    var isOver: Bool { fitsRandom && toBest > 1.2 && !isBeforeBest }
    var name: String {
      if isOver { return "overcapacity" }
      if toBest > 1.2 { return isBeforeBest ? "too small" : "validates worse" }
      return fitsRandom ? "capacity to spare" : "fits the task"
    }
  }

  private func verdicts(_ results: Results) throws -> [Verdict] {
    let shuffled = results.where(.data, is: random)
    let constant = try Self.constant(shuffled)
    var rows = results.where(.data, is: setup.data).groups(by: .hidden).compactMap { setting, runs -> Verdict? in
      guard let number = setting.number else { return nil }
      let width = Int(number)
      return Verdict(
        width: width, perValue: Double(3 * width + 1) / 16, training: runs.median(.finalLoss),
        validation: runs.median(.final(.validationLoss)), rise: Statistics.median(Self.rises(runs)),
        unexplained: shuffled.where(.hidden, is: width).median(.finalLoss) / constant)
    }
    guard let best = rows.min(by: { $0.validation < $1.validation }) else { return [] }
    for index in rows.indices {
      rows[index].toBest = rows[index].validation / best.validation
      rows[index].isBeforeBest = rows[index].width < best.width
    }
    return rows
  }

  /// Half the variance of the training targets.
  private static func constant(_ results: Results) throws -> Double {
    guard let row = results.rows.first, let targets = try results.dataset(of: row)?.training.targets else {
      return .nan
    }
    let mean = targets.reduce(0, +) / Double(targets.count)
    return targets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2 / Double(targets.count)
  }

  private static func rises(_ results: Results) -> [Double] {
    zip(results.values(.final(.validationLoss)), results.values(.best(.validationLoss))).map { $0 / $1 }
  }

  private static func curves(_ results: Results) -> ChartGrid {
    let (first, second) = (Palette.categories[0], Palette.categories[1])
    let charts = [2, 8, 32, 128].map { width in
      let runs = results.where(.hidden, is: width)
      func median(_ quantity: Quantity, every stride: Int) -> [Point] {
        let all = runs.series(quantity).compactMap { $0?.values }
        let count = (all.map(\.count).min() ?? 0) / stride
        return (1..<max(2, count)).map { i in
          Point(Double(20 * i), Statistics.median(all.compactMap { i * stride < $0.count ? $0[i * stride] : nil }))
        }
      }
      return Chart(
        title: "H = \(width)", x: AxisStyle("step", .log), y: AxisStyle("loss E", .log),
        marks: [
          .horizontalRule(floor, label: "", Stroke(.gray, width: 0.8, dash: [3, 2])),
          .line(median(.loss, every: 20), Stroke(first, width: 1.3)),
          .line(median(.validationLoss, every: 1), Stroke(second, width: 1.3, dash: [4, 2])),
        ])
    }
    return ChartGrid(
      [Array(charts.prefix(2)), Array(charts.suffix(2))],
      legend: [LegendEntry("training", first), LegendEntry("validation", second, dash: [4, 2])], aspect: 1.9)
  }

  private static func riseFigure(_ results: Results) -> ChartGrid {
    let groups = results.groups(by: .hidden).map { ($0.number ?? 0, rises($1)) }
    let points = groups.flatMap { width, rises in
      rises.enumerated().map { Point(width * Exact.exp(0.02 * (Double($0) - 5.5)), $1) }
    }
    let medians = groups.map { Point($0.0, Statistics.median($0.1)) }
    let color = Palette.categories[0]
    return ChartGrid(
      Chart(
        x: AxisStyle("hidden units H", .log), y: AxisStyle("final : least validation loss", .log),
        marks: [
          .horizontalRule(1, label: "", Stroke(.gray, width: 0.7)),
          .points(points, .circle, color.opacity(0.4), radius: 1.6),
          .line(medians, Stroke(color, width: 1.5)),
        ]),
      legend: [LegendEntry("a run", color.opacity(0.4), marker: .circle), LegendEntry("median", color)], aspect: 2.1)
  }
}
