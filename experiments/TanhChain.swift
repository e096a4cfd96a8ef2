import Descent
import Textbook

/// The gradient of a chain of tanh units is one long product: where it vanishes and explodes, and how that affects
/// training.
struct TanhChain: Experiment {
  let title = "When does the gradient of a chain of tanh units vanish or explode?"

  var setup: Setup {
    Setup(
      data: Self.data,
      network: Self.chain(2),
      loss: .meanSquaredError,
      optimizer: .gradientDescent(learningRate: 0.1),
      initialization: .normal(scale: 1),
      batch: .full,
      stop: .after(steps: 1_000),
      record: .also(.layerGradientNorm(1), every: 1_000))
  }

  var sweep: [Axis] {
    Vary(Self.length, over: Self.lengths)
    Vary(.initScale, over: Self.scales)
    Seeds(0..<64)
  }

  var fixed: [Fixed] {
    [
      Fixed(.hidden, "a chain has one unit in each layer"),
      Fixed(.depth, "the length of the chain is the parameter length"),
      Fixed(.activation, "the products in the report are those of tanh"),
      Fixed(.data, "the report is about the pairs (0.5, 0.4) and (2, 0.6)"),
      Fixed(.loss, "the products in the report are those of (y − f)²"),
    ]
  }

  var report: [Cell] {
    Note(
      """
      A chain has one unit per layer and no bias: f₀ = x, zᵢ = fᵢ₋₁wᵢ, fᵢ = tanh zᵢ, i = 1…L. The loss of a pair (x, y) is \
      (y − f_L)², and E is its mean over two pairs, (0.5, 0.4) and (2, 0.6). By the chain rule the derivative by the first \
      weight is a product with as many factors as the chain has layers:

      ```
      ∂E/∂w₁ = x · (1 − f₁²)(1 − f₂²)…(1 − f_L²) · w₂w₃…w_L · 2(f_L − y)
      ```

      Every factor 1 − fᵢ² is at most 1, but the weights may be larger than 1. Which of the two decides the gradient?
      """)
    formula
    vanishing
    exploding
    learning
    minima
    claims
  }

  @ReportBuilder private var formula: [Cell] {
    Note("## The formula")
    ReportTable(
      "∂E/∂w₁ by the product formula and by the engine, at the initial weights of every run",
      columns: [
        .number("L"), .number("starts"), .number("greatest |∂E/∂w₁|"),
        .number("from the gradient, greatest |difference|"),
        .number("from the recorded norm, greatest relative difference"),
      ]
    ) { results in
      try Self.checks(results).map { check in
        [
          "\(check.length)", "\(check.count)", NumberText.short(check.largest),
          NumberText.short(check.absolute, digits: 2),
          NumberText.short(check.relative, digits: 2),
        ]
      }
    }
    Note(
      """
      The gradient is compared by absolute differences, and the recorded norm by relative ones, for norms above 10⁻¹⁴⁰. Near \
      saturation 1 − fᵢ² is a small difference of two numbers near 1 and has fewer correct digits.
      """)
  }

  @ReportBuilder private var vanishing: [Cell] {
    Note("## Where the gradient vanishes")
    Figure("Gradient of the first weight at the initial weights") { results in try Self.depthFigure(results) }
      .caption(
        """
        Left: median over seeds, wᵢ ~ σ₀N(0, 1). Dashed: a factor of σ₀e⁻⁰·⁶³⁵ per layer, the typical |wᵢ|, for the scales \
        below 1. Right: greatest value over the same seeds.
        """)
    Figure("|∂E/∂wᵢ| of every layer at the initial weights, L = 32") { results in try Self.layerFigure(results) }
      .caption("Medians over seeds, by the equations of the lecture. Layer 1 is next to the input.")
    Note { results in
      let rates = try Self.rates(results)
      let lines = rates.map { rate in
        "- σ₀ = \(NumberText.short(rate.scale)): a factor of \(NumberText.short(rate.measured)) per layer"
          + (rate.scale < 1 ? ", predicted \(NumberText.short(rate.scale * Self.typical))" : "")
      }
      let best = rates.max { $0.measured < $1.measured }
      return """
        From L = 16 to L = 64 the median of |∂E/∂w₁| is multiplied by

        \(lines.joined(separator: "\n"))

        With small weights fᵢ stays near 0 and 1 − fᵢ² near 1, and the product of the weights alone makes the gradient vanish. \
        The logarithm of |N(0, 1)| has the mean −0.635, so the typical |wᵢ| is \(NumberText.short(Self.typical))σ₀. With large \
        weights the units saturate, and the factors 1 − fᵢ² decrease more than the weights increase. The largest factor is at \
        σ₀ = \(NumberText.short(best?.scale ?? .nan)), where the typical |wᵢ| is \
        \(NumberText.short((best?.scale ?? .nan) * Self.typical)).
        """
    }
  }

  @ReportBuilder private var exploding: [Cell] {
    Note("## Where the gradient explodes")
    Figure("Loss and gradient along w₁, all other weights 2") { _ in Self.wallFigure() }
      .caption("By the equations of the lecture. Dots: 2⁽ᴸ⁻¹⁾·|mean of 2xy|, the value at w₁ = 0.")
    Note { results in
      let walls = try Self.walls(results)
      let last = walls.last
      let factor = (last?.slope ?? .nan) / Double(1 << ((last?.length ?? 1) - 1))
      return """
        f_L lies between −1 and 1 and is monotone in x, so ∫|∂f_L/∂x|dx ≤ 2, and its slope can be large only on a short \
        interval. Large weights therefore do not make the gradient large everywhere. They make a narrow wall between two \
        plateaus. At w₁ = 0 every fᵢ is 0, every 1 − fᵢ² is 1, and by the engine's gradient \
        \(walls.map { "for L = \($0.length) the slope is \(NumberText.short($0.slope))" }.joined(separator: ", ")): \
        2ᴸ⁻¹ times \(NumberText.short(factor)), as the formula says. At L = \(last?.length ?? 0) a step with η = 0.1 from \
        there changes w₁ by \(NumberText.short(0.1 * (last?.slope ?? .nan))).
        """
    }
  }

  @ReportBuilder private var learning: [Cell] {
    Note("## How the gradient affects training")
    Figure("Median loss after 1000 steps") { HeatMap(.finalLoss, x: Self.length, y: .initScale) }
    Note { results in
      func runs(_ length: Int, _ scale: Double) -> Results {
        results.where(Self.length, is: length).where(.initScale, is: scale)
      }
      func solved(_ length: Int, _ scale: Double) throws -> Share {
        try runs(length, scale).share(of: .finalLoss, below: 1e-3)
      }
      func loss(_ scale: Double) throws -> String { NumberText.short(try runs(32, scale).median(.finalLoss)) }
      return """
        A chain of two layers at σ₀ = 1 reaches E < 10⁻³ in \(try solved(2, 1)). A chain of 32 layers does so in \
        \(try solved(32, 1)), and at σ₀ = 3 in \(try solved(32, 3)). If the output is 0 for both inputs, the loss is the mean of \
        y², \(NumberText.short(Self.mean { $0.y * $0.y })); with L = 32 and \
        σ₀ = 0.25 the median final loss is \(try loss(0.25)). If the output is the best constant for both inputs, the loss is \
        \(NumberText.short(Self.spread)); with L = 32 and σ₀ = 5, where the units saturate, the median is \(try loss(5)).
        """
    }
  }

  @ReportBuilder private var minima: [Cell] {
    Note("## The two minima of L = 2")
    Figure("Loss over w₁ and w₂ for L = 2, with trajectories of runs") {
      LossSurface(.parameters(0, 1), through: .best(.finalLoss), paths: 14, x: -3...3, y: -3...3)
    }
    .where(Self.length, is: 2).where(.initScale, is: 1)
    Note { results in
      let runs = results.where(Self.length, is: 2).where(.initScale, is: 1)
      let ends = try Self.minima(runs)
      let eigenvalues = try runs.run(.best(.finalLoss)).map { try runs.hessianEigenvalues(at: $0) } ?? []
      let isStrict = !eigenvalues.isEmpty && eigenvalues.allSatisfy { $0 > 0 }
      return """
        A change of both signs does not change f₂, so the minima occur in pairs. The positive one is (w₁, w₂) = \
        (\(NumberText.short(Self.minimum.0)), \(NumberText.short(Self.minimum.1))). \(ends.plus) of \(runs.count) runs reached \
        E < 10⁻³ in its valley, and \(ends.minus) in that of its mirror image. The eigenvalues of the Hessian at the best end \
        point are \(eigenvalues.map { NumberText.short($0) }.joined(separator: " and "))\
        \(isStrict ? ": a strict minimum" : ""). Between the minima, at 0, is a saddle where both partial derivatives vanish. \
        The loss is not convex: halfway between the two points of least loss it is \(NumberText.short(Self.loss([0, 0]))), \
        larger than at either.
        """
    }
  }

  // MARK: Claims

  @ReportBuilder private var claims: [Cell] {
    Expect(
      "The product formula gives the engine's ∂E/∂w₁ in every run: recorded norm to 10⁻⁷ relative, gradient to 10⁻¹⁴"
    ) {
      results in
      let checks = try Self.checks(results)
      let relative = checks.map(\.relative).max() ?? .nan
      let absolute = checks.map { $0.absolute / max(1, $0.largest) }.max() ?? .nan
      return (
        relative < 1e-7 && absolute < 1e-14,
        "\(NumberText.short(relative)) relative, \(NumberText.short(absolute)) of the greatest |∂E/∂w₁|, or absolute below 1"
      )
    }
    Expect("Below σ₀ = 1 the gradient decreases by the typical weight, σ₀e⁻⁰·⁶³⁵ per layer, to 10 %") { results in
      let errors = try Self.rates(results).filter { $0.scale < 1 }.map {
        abs($0.measured / ($0.scale * Self.typical) - 1)
      }
      return ((errors.max() ?? .nan) < 0.1, "greatest relative error \(NumberText.percent(errors.max() ?? .nan))")
    }
    Expect("At no scale does the median gradient grow with depth") { results in
      let top = try Self.rates(results).map(\.measured).max() ?? .nan
      return (top < 1, "greatest factor per layer \(NumberText.short(top))")
    }
    Expect("At w₁ = 0 the gradient explodes: each further layer of weight 2 doubles it") { results in
      let walls = try Self.walls(results)
      let ratios = zip(walls, walls.dropFirst()).map { a, b in
        b.slope / a.slope / Double(1 << (b.length - a.length))
      }
      let worst = ratios.map { abs($0 - 1) }.max() ?? .nan
      return (worst < 1e-6, "greatest relative error \(NumberText.short(worst))")
    }
  }
  // MARK: The task

  private static let pairs = [(x: 0.5, y: 0.4), (x: 2.0, y: 0.6)]
  private static let data = DataSource.custom("two pairs") { _ in
    Dataset(name: "two pairs", inputs: pairs.map { [$0.x] }, targets: pairs.map { [$0.y] })
  }
  /// Mean squared distance of the targets from their mean.
  private static let spread: Double = {
    let center = mean { $0.y }
    return mean { ($0.y - center) * ($0.y - center) }
  }()
  private static let lengths = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64]
  private static let scales = [0.25, 0.5, 1, 1.5, 2, 3, 5]
  /// exp of the mean logarithm of |N(0, 1)|, −(γ + ln 2)/2.
  private static let typical = Exact.exp(-(0.5772156649015329 + Exact.log(2)) / 2)

  private static let length = Parameter<Int>(
    "length", title: "length of the chain", symbol: "L", get: { $0.network.map { $0.hidden.count + 1 } },
    set: { $0.network = chain($1) })

  private static func chain(_ length: Int) -> Network {
    Network(
      hidden: Array(repeating: 1, count: max(0, min(length, 1002) - 1)), activation: .tanh, output: [.tanh], bias: false
    )
  }

  // MARK: The formula

  private static func mean(_ value: ((x: Double, y: Double)) -> Double) -> Double {
    pairs.reduce(0) { $0 + value($1) } / Double(pairs.count)
  }

  private static func loss(_ w: [Double]) -> Double { mean { Textbook.TanhChain(w: w).loss($0.x, $0.y) } }

  private static func gradient(_ w: [Double]) -> [Double] {
    let gradients = pairs.map { Textbook.TanhChain(w: w).gradient($0.x, $0.y).w }
    return w.indices.map { i in gradients.reduce(0) { $0 + $1[i] } / Double(pairs.count) }
  }

  /// x Π(1 − fᵢ²) Πwᵢ 2(f_L − y), the mean over the pairs, with the engine's own tanh.
  ///
  /// `Textbook.TanhChain.unrolledFirstDerivative` has the C library's tanh. Near saturation a difference of one unit in
  /// the last place of fᵢ changes the first digits of 1 − fᵢ².
  private static func product(_ w: [Double]) -> Double {
    mean { pair in
      var f: [Double] = []
      for weight in w { f.append(Exact.tanh((f.last ?? pair.x) * weight)) }
      let slopes = f.reduce(1) { $0 * (1 - $1 * $1) }
      let weights = w.dropFirst().reduce(1, *)
      return pair.x * slopes * weights * 2 * ((f.last ?? pair.x) - pair.y)
    }
  }
  /// The minimum of L = 2 with positive weights, which fits both pairs: tanh 0.5w₁ : tanh 2w₁ by bisection.
  private static let minimum: (Double, Double) = {
    func inverse(_ y: Double) -> Double { Exact.log((1 + y) / (1 - y)) / 2 }
    let wanted = inverse(pairs[0].y) / inverse(pairs[1].y)
    var (low, high) = (0.1, 5.0)
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if Exact.tanh(pairs[0].x * middle) / Exact.tanh(pairs[1].x * middle) < wanted {
        low = middle
      } else {
        high = middle
      }
    }
    return (low, inverse(pairs[0].y) / Exact.tanh(pairs[0].x * low))
  }()

  // MARK: Measurements

  private static func starts(_ results: Results) throws -> [[Double]] {
    try results.rows.compactMap { try results.trajectory(of: $0, at: [0]).first }
  }

  private struct Check {
    var length: Int
    var count = 0
    var largest = 0.0
    var absolute = 0.0
    var relative = 0.0
  }

  private static func checks(_ results: Results) throws -> [Check] {
    try results.groups(by: length).compactMap { setting, runs -> Check? in
      guard let length = setting.number, let row = runs.rows.first else { return nil }
      var check = Check(length: Int(length))
      let starts = try starts(runs)
      let measured = try runs.gradients(at: starts, like: row)
      for (w, (measured, norm)) in zip(starts, zip(measured, try firstNorms(runs))) {
        let formula = product(w)
        check.count += 1
        check.largest = max(check.largest, abs(formula))
        check.absolute = max(check.absolute, abs((measured.gradient.first ?? .nan) - formula))
        // The squares of smaller norms underflow.
        if abs(formula) > 1e-140 { check.relative = max(check.relative, abs(norm / abs(formula) - 1)) }
      }
      return check
    }
  }

  private static func firstNorms(_ results: Results) throws -> [Double] {
    try results.series(.layerGradientNorm(1)).map { $0?.values.first ?? .nan }
  }

  /// The factor per layer of the median gradient between L = 16 and L = 64.
  private static func rates(_ results: Results) throws -> [(scale: Double, measured: Double)] {
    try scales.map { scale in
      let runs = results.where(.initScale, is: scale)
      let medians = try [16, 64].map { Statistics.median(try firstNorms(runs.where(length, is: $0))) }
      return (scale, Exact.exp(Exact.log(medians[1] / medians[0]) / 48))
    }
  }

  /// |∂E/∂w₁| at w₁ = 0 with all other weights 2, by the engine.
  private static func walls(_ results: Results) throws -> [(length: Int, slope: Double)] {
    try [2, 4, 8, 16].compactMap { length in
      guard let row = results.where(Self.length, is: length).rows.first else { return nil }
      let w = [0] + Array(repeating: 2.0, count: length - 1)
      guard let gradient = try results.gradients(at: [w], like: row).first?.gradient.first else { return nil }
      return (length, abs(gradient))
    }
  }

  private static func minima(_ runs: Results) throws -> (plus: Int, minus: Int) {
    let ends = try runs.rows.filter { $0.summary.finalLoss < 1e-3 }.compactMap { try runs.parameters(of: $0) }
    func near(_ sign: Double) -> Int { ends.count { sign * $0[0] > 0 && sign * $0[1] > 0 } }
    return (near(1), near(-1))
  }

  // MARK: Figures

  private static func depthFigure(_ results: Results) throws -> ChartGrid {
    let colors = Palette.colors(scales.count, ordered: true)
    var (medians, tops): ([Mark], [Mark]) = ([], [])
    for (index, scale) in scales.enumerated() {
      let groups = try results.where(.initScale, is: scale).groups(by: length).map {
        ($0.number ?? 0, try firstNorms($1))
      }
      let median = groups.map { Point($0.0, Statistics.median($0.1)) }
      let top = groups.map { Point($0.0, $0.1.max() ?? .nan) }
      let stroke = Stroke(colors[index], width: 1.3)
      medians += [.line(median, stroke), .points(median, .category(index), stroke.color, radius: 2)]
      tops += [.line(top, stroke), .points(top, .category(index), stroke.color, radius: 2)]
      if scale < 1, let first = median.first {
        let predicted = [1.0, 64].map { Point($0, first.y * Exact.exp(($0 - 1) * Exact.log(scale * typical))) }
        medians.append(.line(predicted, Stroke(.gray, width: 0.8, dash: [4, 2])))
      }
    }
    let x = AxisStyle("length L of the chain", domain: 0...66)
    return ChartGrid(
      [
        [
          Chart(title: "Median", x: x, y: AxisStyle("|∂E/∂w₁|", .log, domain: 1e-60...100), marks: medians),
          Chart(title: "Greatest", x: x, y: AxisStyle("|∂E/∂w₁|", .log, domain: 1e-60...100), marks: tops),
        ]
      ], colorScale: scaleBar, aspect: 1.45)
  }

  /// Seven scales are named beside a bar of their colours.
  private static var scaleBar: ColorScale {
    let colors = Palette.colors(scales.count, ordered: true)
    return .settings("initialization scale σ₀", zip(scales, colors).map { (NumberText.short($0), $1) })
  }

  private static func layerFigure(_ results: Results) throws -> ChartGrid {
    let colors = Palette.colors(scales.count, ordered: true)
    var marks: [Mark] = []
    for (index, scale) in scales.enumerated() {
      let gradients = try starts(results.where(length, is: 32).where(.initScale, is: scale)).map(gradient)
      let points = (0..<32).map { layer in Point(Double(layer + 1), Statistics.median(gradients.map { abs($0[layer]) }))
      }
      let stroke = Stroke(colors[index], width: 1.3)
      marks += [.line(points, stroke), .points(points, .category(index), stroke.color, radius: 1.6)]
    }
    return ChartGrid(
      Chart(x: AxisStyle("layer i", domain: 0...33), y: AxisStyle("|∂E/∂wᵢ|", .log), marks: marks),
      colorScale: scaleBar,
      aspect: 2.1)
  }

  private static func wallFigure() -> ChartGrid {
    let lengths = [2, 4, 8, 16]
    let colors = Palette.colors(lengths.count, ordered: true)
    // Dense near the wall: ±1.5·2⁻ᵗ.
    let sizes = (0...300).map { 1.5 * Exact.exp(-Double($0) / 300 * 14) }
    let grid = sizes.map { -$0 } + [0] + sizes.reversed()
    var (losses, slopes): ([Mark], [Mark]) = ([], [])
    var legend: [LegendEntry] = []
    for (index, length) in lengths.enumerated() {
      func weights(_ w: Double) -> [Double] { [w] + Array(repeating: 2.0, count: length - 1) }
      let stroke = Stroke(colors[index], width: 1.3)
      losses.append(.line(grid.map { Point($0, loss(weights($0))) }, stroke))
      func slope(_ w: Double) -> Double {
        abs(mean { Textbook.TanhChain(w: weights(w)).unrolledFirstDerivative($0.x, $0.y) })
      }
      slopes.append(.line(grid.map { Point($0, slope($0)) }.filter { $0.y > 1e-9 }, stroke))
      let peak = Double(1 << (length - 1)) * abs(mean { 2 * $0.x * $0.y })
      slopes.append(.points([Point(0, peak)], .circle, stroke.color, radius: 2.2))
      legend.append(LegendEntry("L = \(length)", stroke.color))
    }
    return ChartGrid(
      [
        [
          Chart(
            title: "Loss", x: AxisStyle("w₁", domain: -1.5...1.5), y: AxisStyle("E", including: [0]), marks: losses),
          Chart(
            title: "Gradient", x: AxisStyle("w₁", domain: -1.5...1.5),
            y: AxisStyle("|∂E/∂w₁|", .log, domain: 1e-8...1e6),
            marks: slopes),
        ]
      ], legend: legend, sharesAxes: false, aspect: 1.3)
  }
}
