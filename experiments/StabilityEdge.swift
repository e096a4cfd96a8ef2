import Descent

/// The edge of stability 2/λ_max: exact for squared errors of linear models, and reached by tanh networks in training.
///
/// Source of the second part: Cohen, Kaur, Li, Kolter & Talwalkar 2021, arXiv:2103.00065.
struct StabilityEdge: Experiment {
  let title = "How does gradient descent behave at the edge of stability?"

  var setup: Setup {
    Setup(
      data: .line(samples: 32),
      network: .linear(),
      loss: .halfMeanSquaredError,
      optimizer: .gradientDescent(learningRate: 0.1),
      initialization: .normal(scale: 1, biases: true),
      batch: .full,
      stop: .after(steps: 10_000),
      record: .also(.sharpness, every: 100))
  }

  var sweep: [Axis] {
    Variants("run", Self.quadratics.map(\.variant) + Self.rates.map(Self.network))
    Seeds(0..<8)
  }

  var report: [Cell] {
    Note(
      """
      All runs use full-batch gradient descent at a constant rate η. On a quadratic it multiplies the error along each eigenvector \
      of the Hessian by 1 − ηλ at every step. Every component decreases exactly when η < 2/λ_max, which is called the edge, and in the long run the error changes by the \
      factor ρ = max|1 − ηλ| per step. The Hessian depends on the convention of the loss: a sum over n samples has n times \
      the λ_max of a mean, and its edge is n times smaller.
      """)
    quadraticCells
    networkCells
    answer
    quadraticClaims
    sharpnessClaims
  }

  @ReportBuilder private var quadraticCells: [Cell] {
    Note(
      """
      ## A quadratic loss

      The two tasks are a line through 32 points (weight and bias), and a regression on 40 samples of six correlated inputs of \
      different sizes. Each task has two losses: half the mean squared error (½ mean) and the sum of squared errors (sum). The \
      eigenvalues are computed from the data alone: H is XᵀX/n for ½ mean and 2XᵀX for sum. Runs have 10 000 steps from \
      random initial weights.
      """)
    Figure("Share of runs that diverge, near the edge") { results in Self.divergence(results) }
      .caption(
        "All seeds of each setting from 0.9 to 1.1 of the edge. Dashed: the predicted edge. The points of the tasks are shifted "
          + "vertically, so that they do not cover each other.")
    Figure("Factor per step of the distance to the closed-form solution") { results in try Self.factors(results) }
      .caption(
        "Marks: measured late in training, first seed. Lines: predicted max|1 − ηλ|, the same for both losses of a task. Above 1 the "
          + "distance grows.")
    ReportTable(
      "Settings within 1 % of the edge: factor per step (first seed) and diverged runs",
      columns: [
        "task", .number("η λ_max/2"), .number("η"), .number("predicted factor"), .number("measured"),
        .number("difference"), .number("diverged"), .number("predicted"),
      ]
    ) { results in
      try Self.measured(results).filter { abs($0.quadratic.share - 1) < 0.011 }.map { m in
        [
          m.quadratic.task.name, NumberText.short(m.quadratic.share, digits: 4),
          NumberText.short(m.quadratic.rate, digits: 4), NumberText.short(m.predicted, digits: 6),
          NumberText.short(m.factor, digits: 6), NumberText.short(m.factor - m.predicted, digits: 2),
          "\(m.diverged)", m.quadratic.share > 1 ? "all" : "none",
        ]
      }
    }
  }

  @ReportBuilder private var networkCells: [Cell] {
    Note(
      """
      ## A network

      The Hessian of a tanh network changes during training. Cohen, Kaur, Li, Kolter & Talwalkar (2021), “Gradient descent on \
      neural networks typically occurs at the edge of stability”, arXiv:2103.00065, found that full-batch gradient descent increases \
      λ_max (progressive sharpening) until it reaches 2/η. After that λ_max stays near 2/η while the loss continues to \
      decrease, but no longer at every step. A 1-24-24-1 network is fitted to 20 points of a Chebyshev polynomial of degree 5, \
      with the mean squared error.
      """)
    Figure("Sharpness during training, with 2/η of each learning rate") { results in try Self.sharpnessCurves(results) }
      .caption("λ_max of the Hessian, first seed, every 100 steps. Dashed: 2/η.")
    Figure("λ_max divided by 2/η") { results in try Self.relative(results) }
      .caption("Median over seeds; band: first to third quartile. At the edge the ratio is 1.")
    Figure("Loss of the same runs") { results in try Self.losses(results) }
      .caption("Loss at every step, first seed.")
    ReportTable(
      "Sharpness in the last quarter of training: median over steps and seeds",
      columns: [
        .number("η"), .number("2/η"), .number("λ_max at the start"), .number("λ_max late"), .number("quartiles"),
        .number("λ_max · η/2"), "verdict", .number("steps with increasing E"), .number("E at the end : before"),
      ]
    ) { results in
      try Self.late(results).map { l in
        [
          NumberText.short(l.rate), NumberText.short(2 / l.rate), NumberText.short(l.first), NumberText.short(l.median),
          "\(NumberText.short(l.quartiles.low))–\(NumberText.short(l.quartiles.high))",
          NumberText.short(l.ratio), abs(l.ratio - 1) <= 0.15 ? "at the edge" : "not at the edge",
          NumberText.percent(l.increases), NumberText.short(l.decrease),
        ]
      }
    }
    Note(
      """
      The last two columns describe the loss in the last quarter: the share of steps at which E increases, and E at the last step \
      divided by E at the first step of the quarter (medians over the seeds).
      """)
  }

  @ReportBuilder private var answer: [Cell] {
    Note { results in
      let measured = try Self.measured(results)
      let wrong = measured.count { !$0.isAsPredicted }
      let worst = Self.worst(measured)
      let late = try Self.late(results)
      let ratios = late.map(\.ratio)
      let rates = late.map(\.rate)
      return """
        ## Answer

        On a quadratic loss the edge separates convergence from divergence: \(measured.count - wrong) of \(measured.count) \
        settings behave as predicted, including those at 0.1 % from the edge. The measured factor per step differs from the \
        prediction by at most \(NumberText.short(worst?.deviation ?? .nan, digits: 2)), at the setting \
        “\(worst?.quadratic.name ?? "none")”. In the network the late λ_max is \
        \(NumberText.short(ratios.min() ?? .nan)) to \(NumberText.short(ratios.max() ?? .nan)) of 2/η, for \(ratios.count) \
        learning rates that differ by a factor of \(NumberText.short((rates.max() ?? 1) / (rates.min() ?? 1))). In the last quarter \
        of training E increases at \(Self.range(late.map(\.increases))) of the \
        steps, and over the whole quarter it \
        \((late.map(\.decrease).max() ?? .nan) < 1 ? "decreases for every η" : "does not decrease for every η").
        """
    }
  }

  /// "50 %" or "48 % to 50 %"
  private static func range(_ shares: [Double]) -> String {
    let (low, high) = (NumberText.percent(shares.min() ?? .nan), NumberText.percent(shares.max() ?? .nan))
    return low == high ? low : "\(low) to \(high)"
  }

  // MARK: Claims

  @ReportBuilder private var quadraticClaims: [Cell] {
    Expect("Verifies the edge: on quadratics every run above 2/λ_max diverges and none below, ±1 % and ±0.1 % included")
    { results in
      let measured = try Self.measured(results)
      let right = measured.count(where: \.isAsPredicted)
      let runs = Set(measured.map(\.runs)).sorted().map(String.init).joined(separator: " or ")
      return (
        right == measured.count && !measured.isEmpty,
        "\(right) of \(measured.count) settings as predicted, \(runs) runs each"
      )
    }
    Expect(
      "Verifies the factor: within 2 % of the edge the factor per step agrees with max |1 − ηλ| to 10⁻⁶, elsewhere to 0.005"
    ) {
      results in
      let measured = try Self.measured(results)
      let near = Self.worst(measured.filter { abs($0.quadratic.share - 1) < 0.021 })?.deviation ?? .nan
      let worst = Self.worst(measured.filter { abs($0.quadratic.share - 1) >= 0.021 })
      let far = worst?.deviation ?? .nan
      return (
        near < 1e-6 && far < 0.005,
        "largest difference \(NumberText.short(near, digits: 2)) near the edge, \(NumberText.short(far, digits: 2)) elsewhere "
          + "(\(worst?.quadratic.name ?? "none"))"
      )
    }
    Expect("Verifies the record: the sharpness of the quadratics is the λ_max of the data, to 10⁻⁶ relative") {
      results in
      let worst = try Self.quadratics.filter { $0.share < 1 }.compactMap { quadratic -> Double? in
        let first = (try results.where(.variant("run"), is: quadratic.name).series(.sharpness).first ?? nil)?.values
          .first
        return first.map { abs($0 / (quadratic.task.eigenvalues.last ?? .nan) - 1) }
      }.max()
      return ((worst ?? .nan) < 1e-6, "largest relative difference \(NumberText.short(worst ?? .nan, digits: 2))")
    }
  }

  @ReportBuilder private var sharpnessClaims: [Cell] {
    Expect(
      "Late in training the sharpness is within 15 % of 2/η for every η: the 95 % interval of the median over the seeds "
        + "(tolerance chosen after looking at seeds 0 to 7)"
    ) { results in
      let late = try Self.rates.map { try Self.late(results, $0) }
      let intervals = late.map { Statistics.medianInterval($0.ratios, confidence: 0.95) }
      let words = zip(late, intervals).map { late, interval in
        "η = \(NumberText.short(late.rate)): \(NumberText.short(late.ratio)) "
          + "(\(interval.map { NumberText.interval($0) } ?? "too few seeds"))"
      }
      return (
        intervals.allSatisfy { $0.map { $0.lowerBound >= 0.85 && $0.upperBound <= 1.15 } ?? false },
        "λ_max·η/2 at " + words.joined(separator: "; ")
      )
    }
    Expect(
      "The sharpness increases to this value: for every η most runs begin with a smaller sharpness than 3/4 of 2/η"
    ) {
      results in
      let shares = try Self.rates.map { rate in
        let firsts = try Self.late(results, rate).firsts
        return Share(firsts.count { $0 * rate / 2 < 0.75 }, of: firsts.count)
      }
      return (
        shares.allSatisfy { $0.interval.lowerBound > 0.5 },
        zip(Self.rates, shares).map { "η = \(NumberText.short($0)): \($1.successes) of \($1.count)" }
          .joined(separator: "; ")
      )
    }
  }
  // MARK: Quadratics

  private struct Task: Sendable {
    var name: String
    var data: DataSource
    var loss: Loss
    var hasBias: Bool
    var inputs: [[Double]]
    var targets: [Double]
    /// The Hessian is this times XᵀX, with a column of ones for the bias.
    var factor: Double

    private var columns: [[Double]] { inputs.map { hasBias ? $0 + [1] : $0 } }

    private var hessian: [[Double]] {
      let x = columns
      let p = x.first?.count ?? 0
      var h = Array(repeating: Array(repeating: 0.0, count: p), count: p)
      for row in x {
        for i in 0..<p {
          for j in 0..<p { h[i][j] += factor * row[i] * row[j] }
        }
      }
      return h
    }

    var eigenvalues: [Double] { SymmetricEigen(hessian)?.values ?? [] }

    /// The closed form: Hθ = c Xᵀt, solved along eigenvectors.
    var solution: [Double] {
      let x = columns
      guard let eigen = SymmetricEigen(hessian, vectors: true), let p = x.first?.count else { return [] }
      var right = Array(repeating: 0.0, count: p)
      for (row, target) in zip(x, targets) {
        for i in 0..<p { right[i] += factor * row[i] * target }
      }
      var theta = Array(repeating: 0.0, count: p)
      for (value, vector) in zip(eigen.values, eigen.vectors) {
        let share = zip(vector, right).reduce(0) { $0 + $1.0 * $1.1 } / value
        for i in 0..<p { theta[i] += share * vector[i] }
      }
      return theta
    }
  }

  private struct Quadratic: Sendable {
    var task: Task
    /// η λ_max/2
    var share: Double
    var name: String { "\(task.name), \(NumberText.short(share, digits: 4)) of the edge" }
    var rate: Double { 2 * share / (task.eigenvalues.last ?? 1) }

    var predicted: Double { task.eigenvalues.map { abs(1 - rate * $0) }.max() ?? .nan }

    var variant: Variant {
      let (task, rate) = (task, rate)
      return Variant(name) { setup in
        setup.data = task.data
        setup.network = .linear(bias: task.hasBias)
        setup.loss = task.loss
        setup.optimizer = .gradientDescent(learningRate: rate)
      }
    }
  }

  private static let shares = [0.2, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 1.001, 1.01, 1.02, 1.05, 1.1]

  private static let tasks: [Task] = {
    let normals = Initialization.normal(scale: 1).parameters(
      of: Network.linear(bias: false).architecture(inputs: 400, outputs: 1), seed: 7)
    func made(_ name: String, _ inputs: [[Double]], _ targets: [Double], bias: Bool) -> [Task] {
      let n = Double(inputs.count)
      let data = DataSource.custom(name) { _ in
        Dataset(name: name, inputs: inputs, targets: targets.map { [$0] })
      }
      return [(Loss.halfMeanSquaredError, "½ mean", 1 / n), (.sumOfSquares, "sum", 2)].map { loss, words, factor in
        Task(
          name: "\(name), \(words)", data: data, loss: loss, hasBias: bias, inputs: inputs, targets: targets,
          factor: factor)
      }
    }
    let x = (0..<32).map { (i: Int) -> Double in 2 * Double(i) / 31 - 1 }
    let line = x.enumerated().map { (i: Int, x: Double) -> Double in 0.5 + 2 * x + 0.1 * normals[i] }
    let rows = (0..<40).map { (i: Int) -> [Double] in
      let z = (0..<6).map { normals[32 + 6 * i + $0] }
      return (0..<6).map { (j: Int) -> Double in
        let mixed = z[j] + 0.4 * z[(j + 1) % 6]
        return mixed * (1 + 0.25 * Double(j))
      }
    }
    let targets = rows.enumerated().map { (i: Int, row: [Double]) -> Double in
      row.reduce(0, +) + 0.5 * normals[300 + i]
    }
    return made("line", x.map { [$0] }, line, bias: true) + made("regression", rows, targets, bias: false)
  }()

  private static let quadratics = tasks.flatMap { task in shares.map { Quadratic(task: task, share: $0) } }

  private struct Measured {
    var quadratic: Quadratic
    var runs: Int
    var diverged: Int
    var factor: Double
    var predicted: Double { quadratic.predicted }
    var deviation: Double { abs(factor - predicted) }
    var isAsPredicted: Bool { diverged == (quadratic.share > 1 ? runs : 0) }
  }

  private static func worst(_ measured: [Measured]) -> Measured? { measured.max { $0.deviation < $1.deviation } }

  /// The factor per step between the last two sampled distances that rounding errors do not dominate.
  private static func measured(_ results: Results) throws -> [Measured] {
    try quadratics.compactMap { quadratic -> Measured? in
      let runs = results.where(.variant("run"), is: quadratic.name)
      guard let row = try runs.run(.firstSeed) else { return nil }
      let solution = quadratic.task.solution
      let steps = [0, 10, 20, 40, 80, 120, 160, 300, 600, 1_200, 2_500, 5_000, 9_999].filter { $0 <= row.summary.steps }
      let path = try results.trajectory(of: row, at: steps)
      let distances = path.map { (theta: [Double]) -> Double in
        var sum = 0.0
        for (a, b) in zip(theta, solution) { sum += (a - b) * (a - b) }
        return sum.squareRoot()
      }
      let usable = distances.indices.filter { distances[$0] > 1e-12 && distances[$0].isFinite }
      guard usable.count > 1, let last = usable.last else { return nil }
      let ratio = Exact.log(distances[last] / distances[last - 1]) / Double(steps[last] - steps[last - 1])
      return Measured(
        quadratic: quadratic, runs: runs.count, diverged: runs.divergedCount, factor: Exact.exp(ratio))
    }
  }

  private static func divergence(_ results: Results) -> ChartGrid {
    var legend: [LegendEntry] = []
    var marks: [Mark] = [.verticalRule(1, label: "", Stroke(.black, width: 0.9, dash: [4, 2]))]
    for (index, task) in tasks.enumerated() {
      let color = Palette.categories[index]
      // Four tasks at one height would cover each other.
      let shift = 2.4 * (Double(index) - 1.5)
      let points = quadratics.filter { $0.task.name == task.name && $0.share >= 0.9 }.map { quadratic in
        let share = results.where(.variant("run"), is: quadratic.name).divergedShare
        return Point(quadratic.share, 100 * share.value + shift)
      }
      marks += [.line(points, Stroke(color, width: 0.7)), .points(points, .category(index), color, radius: 2.4)]
      legend.append(LegendEntry(task.name, color, marker: .category(index)))
    }
    legend.append(LegendEntry("predicted edge", .black, dash: [4, 2]))
    var y = AxisStyle("diverged runs, %", domain: -10...110)
    y.ticks = [0, 25, 50, 75, 100].map { Tick($0, "\(Int($0))") }
    return ChartGrid(
      Chart(x: AxisStyle("η over the edge, η λ_max/2", domain: 0.89...1.11), y: y, marks: marks), legend: legend,
      aspect: 2)
  }

  private static func factors(_ results: Results) throws -> ChartGrid {
    let measured = try measured(results)
    var (lines, marks, legend): ([Mark], [Mark], [LegendEntry]) = ([], [], [])
    for (index, task) in tasks.enumerated() {
      let color = Palette.categories[index]
      let points = measured.filter { $0.quadratic.task.name == task.name }.map { Point($0.quadratic.share, $0.factor) }
      let line = stride(from: 0.1, through: 1.12, by: 0.005).map {
        Point($0, Quadratic(task: task, share: $0).predicted)
      }
      lines.append(.line(line, Stroke(color, width: 1, dash: Dash.category(index))))
      marks.append(.points(points, .category(index), color, radius: 2.8))
      legend.append(
        LegendEntry(task.name, color, dash: Dash.category(index), marker: .category(index), hasLine: true))
    }
    legend.append(LegendEntry("edge", .black, dash: [4, 2]))
    let rules: [Mark] = [
      .horizontalRule(1, label: "", Stroke(.gray, width: 0.7)),
      .verticalRule(1, label: "", Stroke(.black, width: 0.9, dash: [4, 2])),
    ]
    return ChartGrid(
      Chart(
        x: AxisStyle("η over the edge, η λ_max/2"), y: AxisStyle("factor per step"), marks: rules + lines + marks),
      legend: legend, aspect: 2)
  }

  // MARK: Networks

  private static let rates = [0.02, 0.03, 0.05, 0.08]

  private static func name(_ rate: Double) -> String { "network η = \(NumberText.short(rate))" }

  private static func network(_ rate: Double) -> Variant {
    Variant(name(rate)) { setup in
      setup.data = .polynomial([0, 5, 0, -20, 0, 16], samples: 20, noise: 0)
      setup.network = .mlp(hidden: [24, 24], activation: .tanh)
      setup.loss = .meanSquaredError
      setup.initialization = .fanIn(scale: 1)
      setup.optimizer = .gradientDescent(learningRate: rate)
      setup.stop = .after(steps: 20_000)
    }
  }

  private struct Late {
    var rate, median: Double
    /// The sharpness of each run at the start, and the median of its last quarter times η/2.
    var firsts, ratios: [Double]
    var quartiles: (low: Double, high: Double)
    /// The share of steps of the last quarter at which the loss increases, and its last value divided by its first: medians.
    var increases, decrease: Double
    var first: Double { Statistics.median(firsts) }
    var ratio: Double { median * rate / 2 }
  }

  private static func late(_ results: Results) throws -> [Late] {
    let names = Set(results.groups(by: Parameter<String>.variant("run")).map(\.value.description))
    return try rates.filter { names.contains(name($0)) }.map { try late(results, $0) }
  }

  private static func late(_ results: Results, _ rate: Double) throws -> Late {
    let runs = results.where(.variant("run"), is: name(rate))
    let series = try runs.series(.sharpness).compactMap(\.self).map(\.values)
    let lasts = series.map { Array($0.suffix($0.count / 4)) }
    let late = lasts.flatMap(\.self)
    let losses = try runs.series(.loss).compactMap { $0.map { Array($0.values.suffix($0.values.count / 4)) } }
    let increases = losses.map { values in
      Double(zip(values, values.dropFirst()).count { $1 > $0 }) / Double(max(1, values.count - 1))
    }
    return Late(
      rate: rate, median: Statistics.median(late), firsts: series.compactMap(\.first),
      ratios: lasts.map { Statistics.median($0) * rate / 2 },
      quartiles: (Statistics.quantile(late, 0.25), Statistics.quantile(late, 0.75)),
      increases: Statistics.median(increases),
      decrease: Statistics.median(losses.map { ($0.last ?? .nan) / ($0.first ?? .nan) }))
  }

  private static func colors(_ index: Int) -> Color { Palette.colors(rates.count, ordered: true)[index] }

  private static var legend: [LegendEntry] {
    rates.enumerated().map { LegendEntry("η = \(NumberText.short($1))", colors($0)) }
  }

  private static func sharpnessCurves(_ results: Results) throws -> ChartGrid {
    var (rules, lines): ([Mark], [Mark]) = ([], [])
    for (index, rate) in rates.enumerated() {
      let runs = results.where(.variant("run"), is: name(rate))
      guard let series = try runs.run(.firstSeed).flatMap({ _ in try runs.series(.sharpness).first ?? nil }) else {
        continue
      }
      let points = series.values.enumerated().map { Point(Double(series.step($0)), $1) }
      lines.append(.line(points, Stroke(colors(index), width: 1.1)))
      rules.append(.horizontalRule(2 / rate, label: "", Stroke(colors(index), width: 0.9, dash: [4, 2])))
      rules.append(.endLabel("2/η = \(NumberText.short(2 / rate))", at: 2 / rate, colors(index)))
    }
    return ChartGrid(
      Chart(x: AxisStyle("step"), y: AxisStyle("sharpness λ_max", including: [0]), marks: rules + lines),
      legend: legend, aspect: 2)
  }

  private static func relative(_ results: Results) throws -> ChartGrid {
    var (bands, lines): ([Mark], [Mark]) = ([], [])
    for (index, rate) in rates.enumerated() {
      let all = try results.where(.variant("run"), is: name(rate)).series(.sharpness).compactMap(\.self)
      guard let first = all.first, let count = all.map(\.values.count).min() else { continue }
      let x = (0..<count).map { Double(first.step($0)) }
      func quantiles(_ p: Double) -> [Double] {
        (0..<count).map { i in Statistics.quantile(all.map { $0.values[i] * rate / 2 }, p) }
      }
      bands.append(.band(x: x, low: quantiles(0.25), high: quantiles(0.75), colors(index).opacity(0.18)))
      let points = zip(x, quantiles(0.5)).map { Point($0, $1) }
      lines.append(.line(points, Stroke(colors(index), width: 1.3)))
    }
    let rule = Mark.horizontalRule(1, label: "", Stroke(.black, width: 0.9, dash: [4, 2]))
    return ChartGrid(
      Chart(x: AxisStyle("step"), y: AxisStyle("λ_max · η/2", including: [0]), marks: bands + [rule] + lines),
      legend: legend, aspect: 2)
  }

  private static func losses(_ results: Results) throws -> ChartGrid {
    let lines = try rates.enumerated().compactMap { index, rate -> Mark? in
      guard let series = try results.where(.variant("run"), is: name(rate)).series(.loss).first ?? nil else {
        return nil
      }
      let points = series.values.enumerated().map { Point(Double($0), $1) }
      return .bundle([points], Stroke(colors(index), width: 0.8))
    }
    return ChartGrid(
      Chart(x: AxisStyle("step"), y: AxisStyle("loss E", .log), marks: lines), legend: legend, aspect: 2)
  }
}
