import Descent

/// Compares deep linear networks with their exact learning curves: one mode at a time, and four modes in one network.
///
/// Source: Saxe, McClelland & Ganguli 2013, arXiv:1312.6120.
struct SaxeCurves: Experiment {
  let title = "Does a deep linear network follow its exact learning curve?"

  var setup: Setup {
    Setup(
      data: Self.data([1]),
      network: .mlp(hidden: 1, activation: .identity, bias: false),
      loss: .halfSumOfSquares,
      optimizer: .gradientDescent(learningRate: 0.005),
      initialization: .explicit(Self.parameters([1])),
      batch: .full,
      stop: .after(steps: 16_000))
  }

  /// The initial strength u₀ of every mode.
  private static let start = 1e-3
  private static let strengths: [Double] = [4, 2, 1, 0.5]
  private static let rates = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1]
  private static let together = "four modes"
  private static func name(_ strength: Double) -> String { "s = \(NumberText.short(strength))" }

  var sweep: [Axis] {
    Variants(
      "modes",
      Self.strengths.map { strength in Variant(Self.name(strength)) { Self.prepare(&$0, [strength]) } }
        + [Variant(Self.together) { Self.prepare(&$0, Self.strengths) }])
    Vary(.learningRate, over: Self.rates)
  }

  var report: [Cell] {
    Note(
      """
      A network of two linear layers, y = W²W¹x, is not linear in its weights: its loss has plateaus and steep decreases. The \
      input–output map to be learned is a sum of singular modes, each of a strength s. If the initial weights are aligned with \
      the modes and balanced between the layers, each mode is learned independently of the others. Saxe, McClelland & Ganguli \
      (2013, arXiv:1312.6120) solved this case exactly. For the loss ½Σ(s − u)² the learned strength u obeys \
      u̇ = 2u(s − u)/τ, with τ = 1/η steps. Its solution, and the time t from u₀ to a later strength u_f, are

      - u(t) = s e^{2st/τ} / (e^{2st/τ} − 1 + s/u₀)
      - t = (τ/2s) ln[u_f (s − u₀) / (u₀ (s − u_f))]

      Both formulas hold for infinitely small steps. Here they are compared with training by finite steps: plain gradient \
      descent with all samples (full batch), u₀ = 0.001, four strengths, seven learning rates. The half-time is t for \
      u_f = s/2. The initial weights are fixed, so there are no seeds.

      ## The learning curves
      """)
    Figure("Strengths of four modes in one 4-4-4 network, η = 0.005") { results in try Self.modeCurves(results) }
      .caption("Marks: strength oᵀW²W¹v of each mode in the network, every \(Self.interval) steps. Lines: u(t).")
    Figure("The loss of the same network at three learning rates") { results in try Self.losses(results) }
      .caption("Coloured: loss at every step. Dashed: ½Σ(s − u(t))², which is the same function of ηt at every η.")
    halfTimeCells
    answer
    claims
  }

  @ReportBuilder private var halfTimeCells: [Cell] {
    Note("## The half-times")
    Figure("Half-times of single modes: measured and by the formula") { results in try Self.halfTimes(results) }
      .caption(
        "Networks of one mode, all strengths and learning rates. A half-time between two steps is interpolated in ln(u/(s − u)). "
          + "Line: measured = formula.")
    Figure("Relative error of the half-time against ηs") { results in try Self.errors(results) }
      .caption(
        "Measured / formula − 1, networks of one mode. Dashed: a power of ηs, fitted to the points with ηs ≤ 0.05.")
    ReportTable(
      "Half-times of single modes, in steps",
      columns: [
        .number("s"), .number("η"), .number("ηs"), .number("first step with u > s/2"), .number("interpolated"),
        .number("formula"), .number("difference"), .number("relative"),
      ]
    ) { results in
      try Self.measured(results).filter { [0.001, 0.005, 0.02, 0.1].contains($0.rate) }.map { m in
        [
          NumberText.short(m.strength), NumberText.short(m.rate), NumberText.short(m.strength * m.rate),
          NumberText.short(m.firstStep), NumberText.short(m.time, digits: 5), NumberText.short(m.formula, digits: 5),
          NumberText.short(m.time - m.formula), NumberText.percent(m.error, decimals: 2),
        ]
      }
    }
  }

  @ReportBuilder private var answer: [Cell] {
    Note { results in
      let fit = Self.fit(try Self.measured(results))
      let worst = try Self.deviation(results)
      return """
        ## Answer

        The relative error of the half-time is \(NumberText.short(fit.factor)) · (ηs)^{\(NumberText.short(fit.slope))}, fitted to \
        ηs ≤ 0.05. An exponent of 1 means an error of first order in the step. At η = 0.005 the learned strength of each mode of \
        the 4-4-4 network differs from the curve u(t) of a single mode by at most \(NumberText.percent(worst)) of s, at every \
        \(Self.interval)th step. It differs from the network of this mode alone, trained with the same steps, by at most \
        \(NumberText.short(try Self.interaction(results))) of s: the modes do not influence each other.
        """
    }
  }

  @ReportBuilder private var claims: [Cell] {
    Expect("s = 1, u₀ = 0.001, η = 0.005: the first step with u > s/2 is 692, and the formula gives 690.7") { results in
      guard let m = try Self.measured(results).first(where: { $0.strength == 1 && $0.rate == 0.005 }) else {
        throw Untested("there is no such run")
      }
      let difference = NumberText.short(m.firstStep - m.formula)
      return (
        m.firstStep == 692 && abs(m.formula - 690.7) < 0.05,
        "\(NumberText.short(m.firstStep)) steps against \(NumberText.short(m.formula, digits: 5)): difference \(difference)"
      )
    }
    Expect(
      "The half-times approach the formula: relative error below 0.3 % (a bound chosen after looking) for ηs ≤ 0.005"
    ) { results in
      let errors = try Self.measured(results).filter { $0.strength * $0.rate <= 0.005 + 1e-12 }.map { abs($0.error) }
      guard let worst = errors.max() else { throw Untested("no run reached its half-time") }
      return (worst < 0.003, "largest of \(errors.count): \(NumberText.percent(worst, decimals: 3))")
    }
    Expect("The relative error is of first order in ηs: slope 1 on log–log axes, within 0.05 (chosen after looking)") {
      results in
      let slope = Self.fit(try Self.measured(results)).slope
      if slope.isNaN { throw Untested("too few runs reached their half-time") }
      return (abs(slope - 1) <= 0.05, "slope \(NumberText.short(slope, digits: 4))")
    }
    Expect(
      "Modes are independent: each of the 4-4-4 network follows the network of this mode alone to 10⁻¹⁰ of s, η = 0.005"
    ) {
      results in
      let worst = try Self.interaction(results)
      return (worst < 1e-10, "largest difference \(NumberText.short(worst)) of s")
    }
    Expect(
      "Every mode of the 4-4-4 network stays within 2 % of s from u(t) at η = 0.005 (a bound chosen after looking)"
    ) { results in
      let worst = try Self.deviation(results)
      let steps = results.rows.map(\.summary.steps).min() ?? 0
      if steps < Self.sampledSteps.last ?? 0 { throw Untested("the runs have only \(steps) steps") }
      return (worst < 0.02, "largest |u − u(t)|/s \(NumberText.percent(worst, decimals: 2))")
    }
  }

  // MARK: The networks

  /// Orthonormal directions of the modes: one on the side of the inputs, one on the side of the outputs.
  private static func basis(_ count: Int) -> (inputs: [[Double]], outputs: [[Double]]) {
    guard count == 4 else { return ([[1]], [[1]]) }
    let inputs: [[Double]] = [[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]].map { $0.map { $0 / 2 } }
    // A reflection I − 2vvᵀ/‖v‖² with v = (1, 2, 3, 4).
    let outputs = (0..<4).map { (i: Int) -> [Double] in
      (0..<4).map { (j: Int) -> Double in
        let product = Double((i + 1) * (j + 1))
        return (i == j ? 1 : 0) - product / 15
      }
    }
    return (inputs, outputs)
  }

  /// Inputs are the unit vectors; their targets the columns of Σ s o vᵀ.
  private static func data(_ strengths: [Double]) -> DataSource {
    let words = strengths.map { NumberText.short($0) }.joined(separator: ", ")
    return .custom("linear map, s = \(words)") { _ in
      let n = strengths.count
      let (v, o) = basis(n)
      var targets = Array(repeating: Array(repeating: 0.0, count: n), count: n)
      for i in 0..<n {
        for k in 0..<n {
          for mode in 0..<n { targets[i][k] += strengths[mode] * o[mode][k] * v[mode][i] }
        }
      }
      let inputs = (0..<n).map { (i: Int) -> [Double] in (0..<n).map { $0 == i ? 1 : 0 } }
      return Dataset(name: "linear map", inputs: inputs, targets: targets)
    }
  }

  /// Hidden unit h carries mode h: √u₀ v into it, √u₀ o out of it.
  private static func parameters(_ strengths: [Double]) -> [Double] {
    let n = strengths.count
    let (v, o) = basis(n)
    let into = v.flatMap { $0.map { $0 * start.squareRoot() } }
    let out = (0..<n).flatMap { k in (0..<n).map { h in o[h][k] * start.squareRoot() } }
    return into + out
  }

  private static func prepare(_ setup: inout Setup, _ strengths: [Double]) {
    setup.data = data(strengths)
    setup.network = .mlp(hidden: strengths.count, activation: .identity, bias: false)
    setup.initialization = .explicit(parameters(strengths))
  }

  private static func theory(_ s: Double, _ rate: Double, _ step: Double) -> Double {
    s / (1 + (s / start - 1) * Exact.exp(-2 * s * rate * step))
  }

  // MARK: Modes of the large network

  private static func runs(_ results: Results, _ modes: String, _ rate: Double) -> Results {
    results.where(.variant("modes"), is: modes).where(.learningRate, is: rate)
  }

  private static let interval = 40
  private static let sampledSteps = Array(stride(from: 0, through: 2_400, by: interval))

  /// `[mode][sample]`: the strength of each mode at the sampled steps, η = 0.005.
  private static func strengthsInTime(_ results: Results) throws -> [[Double]] {
    guard let row = runs(results, together, 0.005).rows.first else { return [] }
    let (v, o) = basis(4)
    let path = try results.trajectory(of: row, at: sampledSteps)
    return (0..<4).map { (mode: Int) -> [Double] in
      path.map { (theta: [Double]) -> Double in
        var strength = 0.0
        for h in 0..<4 {
          var (into, out) = (0.0, 0.0)
          for i in 0..<4 {
            into += theta[4 * h + i] * v[mode][i]
            out += theta[16 + 4 * i + h] * o[mode][i]
          }
          strength += into * out
        }
        return strength
      }
    }
  }

  /// The largest |u − u(t)|/s.
  private static func deviation(_ results: Results) throws -> Double {
    let found = try strengthsInTime(results)
    return zip(strengths, found).flatMap { s, values in
      zip(sampledSteps, values).map { step, u in abs(u - theory(s, 0.005, Double(step))) / s }
    }.max() ?? .nan
  }

  /// The largest difference between a mode in the 4-4-4 network and the network of this mode alone at η = 0.005, in units of s.
  private static func interaction(_ results: Results) throws -> Double {
    let together = try strengthsInTime(results)
    return try zip(strengths, together).map { s, values -> Double in
      guard let row = runs(results, name(s), 0.005).rows.first else { return .nan }
      let path = try results.trajectory(of: row, at: sampledSteps)
      return zip(values, path).map { abs($0 - $1[0] * $1[1]) / s }.max() ?? .nan
    }.max() ?? .nan
  }

  private static func modeCurves(_ results: Results) throws -> ChartGrid {
    var marks: [Mark] = []
    for (index, pair) in zip(strengths, try strengthsInTime(results)).enumerated() {
      let (s, values) = pair
      let color = Palette.categories[index]
      let points = zip(sampledSteps, values).map { Point(Double($0), $1) }
      marks.append(.points(points, .category(index), color, radius: 1.9))
      let line = stride(from: 0.0, through: 2_400, by: 5).map { Point($0, theory(s, 0.005, $0)) }
      marks.append(.line(line, Stroke(.black, width: 0.8)))
      marks.append(.endLabel(name(s), at: line.last?.y ?? s, color))
    }
    let legend = [
      LegendEntry("measured", .gray, marker: .circle), LegendEntry("u(t)", .black),
    ]
    return ChartGrid(
      Chart(x: AxisStyle("step", domain: 0...2_400), y: AxisStyle("learned strength u"), marks: marks), legend: legend,
      aspect: 2)
  }

  private static func losses(_ results: Results) throws -> ChartGrid {
    var marks: [Mark] = []
    var legend: [LegendEntry] = []
    let reach = 12.0
    for (index, rate) in [0.1, 0.02, 0.001].enumerated() {
      guard let series = try runs(results, together, rate).series(.loss).first ?? nil else { continue }
      let color = Palette.categories[index]
      let points = series.values.enumerated().map { Point(rate * Double($0), $1) }.prefix { $0.x <= reach }
      marks.append(.line(Array(points), Stroke(color, width: 1.6)))
      legend.append(LegendEntry("η = \(NumberText.short(rate))", color))
    }
    let line = stride(from: 0.0, through: reach, by: 0.02).map { (time: Double) -> Point in
      var loss = 0.0
      for s in strengths {
        let left = s - theory(s, 1, time)
        loss += left * left / 2
      }
      return Point(time, loss)
    }
    marks.append(.line(line, Stroke(.black, width: 0.9, dash: [4, 2])))
    legend.append(LegendEntry("formula", .black, dash: [4, 2]))
    return ChartGrid(
      Chart(
        x: AxisStyle("time ηt (learning rate × step)", domain: 0...reach),
        y: AxisStyle("loss E", .log, domain: 1e-5...20), marks: marks),
      legend: legend, aspect: 2)
  }

  // MARK: Half-times

  private struct HalfTime {
    var strength, rate, firstStep, time: Double
    /// (1/2ηs) ln[(s − u₀)/u₀]
    var formula: Double { Exact.log((strength - SaxeCurves.start) / SaxeCurves.start) / (2 * strength * rate) }
    var error: Double { time / formula - 1 }
  }

  /// From the recorded losses: u = s − √(2E).
  private static func measured(_ results: Results) throws -> [HalfTime] {
    try strengths.flatMap { s in
      try rates.compactMap { rate -> HalfTime? in
        guard let series = try runs(results, name(s), rate).series(.loss).first ?? nil else { return nil }
        let learned = series.values.map { s - (2 * $0).squareRoot() }
        guard let k = learned.firstIndex(where: { $0 > s / 2 }), k > 0 else { return nil }
        func logit(_ u: Double) -> Double { Exact.log(u / (s - u)) }
        let (before, after) = (logit(learned[k - 1]), logit(learned[k]))
        return HalfTime(
          strength: s, rate: rate, firstStep: Double(k), time: Double(k) - after / (after - before))
      }
    }
  }

  /// error = factor · (ηs)^slope, by least squares on logarithms.
  private static func fit(_ all: [HalfTime]) -> (factor: Double, slope: Double) {
    let points = all.filter { $0.strength * $0.rate <= 0.05 + 1e-12 && $0.error > 0 }
      .map { Point(Exact.log($0.strength * $0.rate), Exact.log($0.error)) }
    let n = Double(points.count)
    let x = points.reduce(0) { $0 + $1.x } / n
    let y = points.reduce(0) { $0 + $1.y } / n
    let above = points.reduce(0) { $0 + ($1.x - x) * ($1.y - y) }
    let slope = above / points.reduce(0) { $0 + ($1.x - x) * ($1.x - x) }
    return (Exact.exp(y - slope * x), slope)
  }

  private static func scatter(
    _ results: Results, _ place: (HalfTime) -> Point
  ) throws -> (marks: [Mark], legend: [LegendEntry]) {
    let all = try measured(results)
    var marks: [Mark] = []
    var legend: [LegendEntry] = []
    for (index, s) in strengths.enumerated() {
      let points = all.filter { $0.strength == s }.map(place)
      marks.append(.points(points, .category(index), Palette.categories[index], radius: 2.8))
      legend.append(LegendEntry(name(s), Palette.categories[index], marker: .category(index)))
    }
    return (marks, legend)
  }

  private static func halfTimes(_ results: Results) throws -> ChartGrid {
    let (marks, legend) = try scatter(results) { Point($0.formula, $0.time) }
    let diagonal = Mark.line([Point(5, 5), Point(1e4, 1e4)], Stroke(.black, width: 0.8))
    return ChartGrid(
      Chart(
        x: AxisStyle("formula, steps", .log), y: AxisStyle("measured half-time, steps", .log), marks: [diagonal] + marks
      ),
      legend: legend, aspect: 2)
  }

  private static func errors(_ results: Results) throws -> ChartGrid {
    let (marks, legend) = try scatter(results) { Point($0.strength * $0.rate, $0.error) }
    let fit = fit(try measured(results))
    let line = [4e-4, 0.5].map { Point($0, fit.factor * Exact.exp(fit.slope * Exact.log($0))) }
    let words = "slope \(NumberText.short(fit.slope, digits: 4))"
    let extra: [Mark] = [
      .line(line, Stroke(.black, width: 0.9, dash: [4, 2])),
      .tag(Text(words, size: 8.5), at: Point(0.006, 0.006), .right),
    ]
    return ChartGrid(
      Chart(x: AxisStyle("ηs", .log), y: AxisStyle("relative error of the half-time", .log), marks: extra + marks),
      legend: legend, aspect: 2)
  }
}
