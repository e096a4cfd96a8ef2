import Descent

/// The double descent of least squares: its exact formula, closed-form solutions and gradient descent, and a tanh network.
///
/// Source: Hastie, Montanari, Rosset & Tibshirani 2022, doi:10.1214/21-AOS2133.
struct DoubleDescent: Experiment {
  let title = "How does the risk change when a model has more parameters than samples?"

  var setup: Setup {
    Setup(
      data: Self.source(20),
      network: .linear(bias: false),
      loss: .halfMeanSquaredError,
      optimizer: .gradientDescent(learningRate: 0.2),
      initialization: .zero,
      batch: .full,
      stop: .after(steps: 20_000))
  }

  static let samples = 40
  static let noise = 0.5
  private static let trained = [5, 10, 20, 30, 40, 60, 80, 120]
  private static let widths = [1, 2, 4, 6, 8, 10, 14, 20, 40, 80]
  private static let seeds = 16

  var sweep: [Axis] {
    Variants("model", Self.trained.map(Self.linear) + Self.widths.map(Self.network))
    Seeds(0..<Self.seeds)
  }

  private static func name(features: Int) -> String { "p = \(features)" }
  private static func name(width: Int) -> String { "H = \(width)" }

  private static func linear(_ features: Int) -> Variant {
    Variant(name(features: features)) { $0.data = source(features) }
  }

  private static func network(_ width: Int) -> Variant {
    Variant(name(width: width)) { setup in
      setup.data = .teacher(inputs: 4, hidden: 3, samples: samples, noise: noise).validation(fresh: 500).drawnPerSeed()
      setup.network = .mlp(hidden: width, activation: .tanh)
      setup.initialization = .fanIn(scale: 1)
      setup.optimizer = .adam(learningRate: 0.01)
      setup.stop = .after(steps: 6_000)
    }
  }

  var report: [Cell] {
    Note { _ in
      let least = (Self.samples + 2...1_000).min {
        (Self.exact(Double($0)) ?? .infinity) < (Self.exact(Double($1)) ?? .infinity)
      }
      return """
        Three ways to fit are compared: the closed form of least squares, plain gradient descent with the full batch on the same \
        linear model (η = 0.2, constant), and tanh networks trained by Adam with the full batch. The full batch is used because \
        the question is which solution a descent converges to. The exact risk is that of Hastie, Montanari, Rosset & Tibshirani \
        2022 (doi:10.1214/21-AOS2133).

        Least squares on n = 40 samples with p isotropic Gaussian inputs: t = βᵀx + noise, ‖β‖ = r = 1, noise σ = 0.5. \
        If several weight vectors fit the data, the solution is the one of smallest norm. The excess risk ‖w − β‖² has \
        an exact expectation:

        ```
        σ² p / (n − p − 1)                      for p < n − 1
        r² (p − n)/p + σ² n / (p − n − 1)       for p > n + 1
        ```

        For p from n − 1 to n + 1 it is infinite. For larger p it decreases to a minimum at p = \(least ?? 0), and then increases \
        slowly towards r² = 1. Near p = n the risk has a heavy-tailed distribution: a few data sets dominate the mean. \
        Therefore the report gives medians, too.
        """
    }
    closedForm
    gradientDescent
    trainedNetwork
    Note { try Self.answer($0) }
    claims
  }

  @ReportBuilder private var closedForm: [Cell] {
    Note("## The closed-form solution compared with theory")
    Figure("Excess risk of the minimum-norm solution") { results in try Self.risks(results) }
      .caption(
        """
        400 random data sets (draws) for each p, 4000 for p = 20. The solution is computed from the eigenvalues of the \
        Gram matrix. Band: first to ninth decile. Points and bars: mean ± 3 standard errors, left out for |p − n| < 3. \
        Squares: gradient descent from zero, median of 16 runs with quartiles.
        """)
    ReportTable(
      "Mean and median risk compared with the exact expectation",
      columns: [
        .number("p"), .number("draws"), .number("median"), .number("mean"), .number("standard error"), .number("exact"),
        .number("difference / error"), "verdict",
      ]
    ) { _ in
      Self.table.filter { [5, 10, 20, 30, 36, 40, 44, 50, 60, 80, 120].contains($0.features) }.map { row in
        let z = row.deviation
        return [
          "\(row.features)", "\(row.draws)", NumberText.short(row.median), NumberText.short(row.mean),
          NumberText.short(row.error, digits: 2), row.exact.map { NumberText.short($0) } ?? "infinite",
          z.map { NumberText.short($0, digits: 2) } ?? "–", z.map { abs($0) <= 3 ? "agrees" : "differs" } ?? "–",
        ]
      }
    }
  }

  @ReportBuilder private var gradientDescent: [Cell] {
    Note(
      """
      ## Gradient descent from zero finds the minimum-norm solution

      Gradient descent has no term that keeps the norm small. But from w = 0 it moves only in the span of the samples' \
      inputs, and this span contains exactly one solution: the one of smallest norm. Linear networks trained by \
      gradient descent (η = 0.2, 20 000 steps, new data for each seed) are compared with the closed form on the same \
      data.
      """)
    Figure("Distance between gradient descent and the minimum-norm solution") { try Self.distances($0) }
      .caption(
        """
        One point per run, 16 runs for each p; the distance is divided by the norm of the solution. At p = n the \
        smallest eigenvalue is so small that gradient descent has not converged after 20 000 steps.
        """)
    ReportTable(
      "Gradient descent and closed form on the same data, medians of 16 runs",
      columns: [
        .number("p"), .number("‖w − ŵ‖/‖ŵ‖"), .number("risk of gradient descent"), .number("risk of closed form"),
        "all distances below 10⁻⁶",
      ]
    ) { results in
      try Self.compared(results).map { row in
        [
          "\(row.features)", NumberText.short(Statistics.median(row.distances), digits: 2),
          NumberText.short(Statistics.median(row.risks), digits: 4),
          NumberText.short(Statistics.median(row.closed), digits: 4),
          (row.distances.max() ?? 1) < 1e-6 ? "yes" : "no",
        ]
      }
    }
  }

  @ReportBuilder private var trainedNetwork: [Cell] {
    Note(
      """
      ## A trained tanh network

      Tanh networks of H units are trained by Adam on 40 noisy samples of a teacher network with 4 inputs (σ = 0.5). \
      They have 6H + 1 parameters: H = 6.5 would give as many parameters as samples. Here no formula is known. The \
      result can depend on the number of steps, the initial weights and the teacher.
      """)
    Figure("Training and validation loss against width") { results in try Self.networkRisks(results) }
      .caption(
        """
        Median of 16 runs with quartiles. Vertical rule: as many parameters as samples. Dotted: ½σ², the loss of the \
        noise alone. Values below 10⁻⁸ are drawn at 10⁻⁸.
        """)
  }

  private static func answer(_ results: Results) throws -> String {
    let twenty = table.first { $0.features == 20 }
    let peak = table.max { $0.median < $1.median }
    let wide = table.last
    let beyond = table.filter { $0.features > samples }.compactMap(\.exact).min()
    let v = try widths.map { ($0, Statistics.median(try validation(results, $0))) }
    let best = v.min { $0.1 < $1.1 }
    let worst = v.max { $0.1 < $1.1 }
    return """
      ## Answer

      At p = 20 the mean risk is \(NumberText.short(twenty?.mean ?? .nan, digits: 4)) ± \
      \(NumberText.short(twenty?.error ?? .nan, digits: 2)); the formula gives \
      \(NumberText.short(exact(20) ?? .nan, digits: 4)). The median is largest at p = \(peak?.features ?? 0); it is \
      \(NumberText.short(wide?.median ?? .nan)) at p = \(wide?.features ?? 0). At p = n the weights have to fit the \
      noise exactly and become large; with more inputs, smaller weights can fit the same noise. The smallest exact \
      risk for the p > n examined, \(NumberText.short(beyond ?? .nan)), is above that of p = \(table[0].features), \
      \(NumberText.short(table[0].exact ?? .nan)). The median validation loss of the trained networks is smallest at H \
      = \(best?.0 ?? 0) (\(NumberText.short(best?.1 ?? .nan))) and largest at H = \(worst?.0 ?? 0) \
      (\(NumberText.short(worst?.1 ?? .nan))); at H = \(v.last?.0 ?? 0) it is \(NumberText.short(v.last?.1 ?? .nan)).
      """
  }

  @ReportBuilder private var claims: [Cell] {
    Expect("At n = 40, σ = 0.5, r = 1, p = 20 the mean risk is within three standard errors of 0.263") { _ in
      guard let row = Self.table.first(where: { $0.features == 20 }), let z = row.deviation, let exact = row.exact
      else {
        return (false, "not computed")
      }
      return (
        abs(z) <= 3 && abs(exact - 0.263) < 5e-4,
        "mean \(NumberText.short(row.mean, digits: 4)) ± \(NumberText.short(row.error, digits: 2)), exact "
          + "\(NumberText.short(exact, digits: 4)): \(NumberText.short(z, digits: 2)) standard errors, n = \(row.draws)"
      )
    }
    Expect("For |p − n| ≥ 8 every mean is within four standard errors of the exact expectation") { _ in
      let z = Self.table.filter { abs($0.features - Self.samples) >= 8 }.compactMap(\.deviation).map(abs)
      return (
        z.allSatisfy { $0 <= 4 }, "\(z.count) values of p, largest \(NumberText.short(z.max() ?? .nan)) standard errors"
      )
    }
    Expect("The median risk is largest at a p that differs from n by at most 2") { _ in
      let peak = Self.table.max { $0.median < $1.median }?.features ?? 0
      return (abs(peak - Self.samples) <= 2, "at p = \(peak)")
    }
    Expect("Gradient descent from zero reaches the minimum-norm solution within 10⁻⁶ in every run with |p − n| ≥ 10") {
      results in
      let distances = try Self.apart(results).flatMap(\.distances)
      let worst = distances.max() ?? .nan
      return (
        worst < 1e-6, "largest relative distance \(NumberText.short(worst, digits: 2)) in \(distances.count) runs"
      )
    }
    Expect("In these runs gradient descent has the same risk as the closed form, within 10⁻⁵ (relative)") { results in
      let worst = try Self.apart(results).flatMap { row in zip(row.risks, row.closed).map { abs($0 / $1 - 1) } }.max()
      return (worst ?? .nan < 1e-5, "largest relative difference \(NumberText.short(worst ?? .nan, digits: 2))")
    }
  }

  // MARK: Problems and solutions

  private struct Problem {
    /// One row per sample.
    var inputs: [[Double]]
    var targets: [Double]
    var truth: Double
  }

  private static func problem(_ features: Int, seed: UInt64) -> Problem {
    let n = samples
    let shape = Network.linear(bias: false).architecture(inputs: n * (features + 1), outputs: 1)
    let normals = Initialization.normal(scale: 1).parameters(of: shape, seed: seed)
    // The inputs have no preferred direction, so all components of β may be equal.
    let truth = 1 / Double(features).squareRoot()
    let inputs = (0..<n).map { Array(normals[$0 * features..<($0 + 1) * features]) }
    let targets = inputs.enumerated().map { (i: Int, row: [Double]) -> Double in
      truth * row.reduce(0, +) + noise * normals[n * features + i]
    }
    return Problem(inputs: inputs, targets: targets, truth: truth)
  }

  private static func source(_ features: Int) -> DataSource {
    .custom("Gaussian, p = \(features)") { seed in
      let problem = problem(features, seed: seed)
      return Dataset(
        name: "Gaussian, p = \(features)", inputs: problem.inputs, targets: problem.targets.map { [$0] })
    }.drawnPerSeed()
  }

  /// ŵ = X⁺t, by eigenvectors of XᵀX for p ≤ n and of XXᵀ for p > n.
  private static func minimumNorm(_ problem: Problem) -> [Double] {
    let p = problem.inputs[0].count
    let isWide = p > samples
    let columns = (0..<p).map { j in problem.inputs.map { $0[j] } }
    let rows = isWide ? problem.inputs : columns
    let m = rows.count
    var gram = Array(repeating: Array(repeating: 0.0, count: m), count: m)
    for i in 0..<m {
      for j in 0...i {
        gram[i][j] = dot(rows[i], rows[j])
        gram[j][i] = gram[i][j]
      }
    }
    guard let eigen = SymmetricEigen(gram, vectors: true) else { return Array(repeating: .nan, count: p) }
    let right = isWide ? problem.targets : columns.map { dot($0, problem.targets) }
    var solved = Array(repeating: 0.0, count: m)
    for (value, vector) in zip(eigen.values, eigen.vectors) {
      let share = dot(vector, right) / value
      for i in 0..<m { solved[i] += share * vector[i] }
    }
    return isWide ? columns.map { dot($0, solved) } : solved
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }

  private static func risk(_ weights: [Double], _ truth: Double) -> Double {
    var sum = 0.0
    for w in weights { sum += (w - truth) * (w - truth) }
    return sum
  }

  // MARK: Risks by formula, by draws and by gradient descent

  private struct Row: Sendable {
    var features, draws: Int
    var mean, error, median, low, high: Double
    var exact: Double? { DoubleDescent.exact(Double(features)) }
    var deviation: Double? { exact.map { (mean - $0) / error } }
  }

  /// The expected excess risk; `nil` where it is infinite.
  static func exact(_ p: Double) -> Double? {
    let n = Double(samples)
    let variance = noise * noise
    if p < n - 1 { return variance * p / (n - p - 1) }
    if p > n + 1 { return (p - n) / p + variance * n / (p - n - 1) }
    return nil
  }

  private static let table: [Row] = {
    let features =
      [2, 5, 8, 12, 16, 20, 24, 28, 30, 32, 34, 36, 37, 38, 39, 40, 41, 42, 43, 44, 46, 48, 50, 54, 60, 66, 72, 80]
      + [90, 100, 110, 120]
    return features.map { p in
      let draws = p == 20 ? 4_000 : 400
      let risks = (0..<draws).map { draw in
        let problem = problem(p, seed: UInt64(1_000 + 10_000 * p + draw))
        return risk(minimumNorm(problem), problem.truth)
      }
      let mean = risks.reduce(0, +) / Double(draws)
      let variance = risks.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws - 1)
      return Row(
        features: p, draws: draws, mean: mean, error: (variance / Double(draws)).squareRoot(),
        median: Statistics.median(risks), low: Statistics.quantile(risks, 0.1), high: Statistics.quantile(risks, 0.9))
    }
  }()

  private struct Compared {
    var features: Int
    var distances, risks, closed: [Double]
  }

  private static func compared(_ results: Results) throws -> [Compared] {
    try trained.map { p in
      var found = Compared(features: p, distances: [], risks: [], closed: [])
      for row in results.where(.variant("model"), is: name(features: p)).rows {
        let weights = try results.parameters(of: row)
        let problem = problem(p, seed: row.seed)
        let best = minimumNorm(problem)
        let difference = zip(weights, best).map { $0 - $1 }
        found.distances.append((dot(difference, difference) / dot(best, best)).squareRoot())
        found.risks.append(risk(weights, problem.truth))
        found.closed.append(risk(best, problem.truth))
      }
      return found
    }
  }

  /// The comparisons with |p − n| ≥ 10.
  private static func apart(_ results: Results) throws -> [Compared] {
    try compared(results).filter { abs($0.features - samples) >= 10 }
  }

  // MARK: Pictures

  private static func risks(_ results: Results) throws -> ChartGrid {
    let (drawn, descent) = (Palette.categories[0], Palette.categories[1])
    let x = table.map { Double($0.features) }
    var marks: [Mark] = [
      .band(x: x, low: table.map(\.low), high: table.map(\.high), drawn.opacity(0.18)),
      .verticalRule(40, label: "p = n", Stroke(.gray, width: 0.8, dash: [4, 2])),
      .line(table.map { Point(Double($0.features), $0.median) }, Stroke(drawn, width: 1.2, dash: [5, 2])),
    ]
    for side in [2.0...38.5, 41.5...120.0] {
      let line = stride(from: side.lowerBound, through: side.upperBound, by: 0.1).map { Point($0, exact($0) ?? .nan) }
      marks.append(.line(line, Stroke(.black, width: 1)))
    }
    for row in table where abs(row.features - samples) >= 3 {
      let p = Double(row.features)
      let low = max(row.mean - 3 * row.error, 1e-3)
      marks.append(.interval(x: p, low: low, high: row.mean + 3 * row.error, Stroke(drawn, width: 0.9)))
      marks.append(.points([Point(p, row.mean)], .circle, drawn, radius: 2.2))
    }
    for p in trained {
      let runs = results.where(.variant("model"), is: name(features: p))
      let risks = try runs.rows.map { risk(try results.parameters(of: $0), 1 / Double(p).squareRoot()) }
      let at = Double(p) + 0.9
      let quartiles = [0.25, 0.75].map { Statistics.quantile(risks, $0) }
      marks.append(.interval(x: at, low: quartiles[0], high: quartiles[1], Stroke(descent, width: 1)))
      marks.append(.points([Point(at, Statistics.median(risks))], .square, descent, radius: 2.6))
    }
    let legend = [
      LegendEntry("exact expectation", .black), LegendEntry("mean of draws", drawn, marker: .circle),
      LegendEntry("median of draws", drawn, dash: [5, 2]), LegendEntry("gradient descent", descent, marker: .square),
    ]
    return ChartGrid(
      Chart(
        x: AxisStyle("features p", domain: 0...122), y: AxisStyle("excess risk ‖w − β‖²", .log, domain: 0.01...100),
        marks: marks),
      legend: legend, aspect: 1.8)
  }

  private static func distances(_ results: Results) throws -> ChartGrid {
    let rows = try compared(results)
    let marks = rows.enumerated().map { index, row in
      let points = row.distances.enumerated().map { i, d in
        Point(Double(index) + 0.3 * (Double(i) / Double(seeds - 1) - 0.5), max(d, 1e-17))
      }
      return Mark.points(points, .circle, Palette.categories[0].opacity(0.7), radius: 1.9)
    }
    return ChartGrid(
      Chart(
        x: AxisStyle("features p", .ordinal(rows.map { "\($0.features)" })), y: AxisStyle("‖w − ŵ‖/‖ŵ‖", .log),
        marks: marks),
      aspect: 2.2)
  }

  private static func validation(_ results: Results, _ width: Int) throws -> [Double] {
    try results.where(.variant("model"), is: name(width: width)).values(.final(.validationLoss))
  }

  private static func networkRisks(_ results: Results) throws -> ChartGrid {
    let curves: [(name: String, values: @Sendable (Int) throws -> [Double])] = [
      ("training loss", { try results.where(.variant("model"), is: name(width: $0)).values(.finalLoss) }),
      ("validation loss", { try validation(results, $0) }),
    ]
    var marks: [Mark] = [
      .verticalRule(6.5, label: "6H + 1 = n", Stroke(.gray, width: 0.8, dash: [4, 2])),
      .horizontalRule(noise * noise / 2, label: "", Stroke(.gray, width: 0.8, dash: [1.5, 1.5])),
    ]
    var legend: [LegendEntry] = []
    for (index, curve) in curves.enumerated() {
      let color = Palette.categories[index]
      let quantiles = try [0.25, 0.5, 0.75].map { p in
        try widths.map { max(Statistics.quantile(try curve.values($0), p), 1e-8) }
      }
      let x = widths.map(Double.init)
      let middle = zip(x, quantiles[1]).map { Point($0, $1) }
      marks.append(.band(x: x, low: quantiles[0], high: quantiles[2], color.opacity(0.2)))
      marks.append(.line(middle, Stroke(color, width: 1.5, dash: Dash.category(index))))
      marks.append(.points(middle, .category(index), color, radius: 2.3))
      legend.append(
        LegendEntry(curve.name, color, dash: Dash.category(index), marker: .category(index), hasLine: true))
    }
    var x = AxisStyle("hidden units H", .log)
    x.ticks = widths.map { Tick(Double($0), "\($0)") }
    return ChartGrid(
      Chart(x: x, y: AxisStyle("half mean squared error", .log, domain: 5e-9...10), marks: marks), legend: legend,
      aspect: 2)
  }
}
