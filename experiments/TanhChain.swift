import Descent

/// The gradient of a chain of tanh units is one long product: where it vanishes, where it explodes, and what that does.
struct TanhChain: Experiment {
  let title = "What becomes of a gradient on its way through a chain?"

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
      A chain has one unit a layer and no bias: f₀ = x, zᵢ = fᵢ₋₁wᵢ, fᵢ = tanh zᵢ, i = 1…L. The loss of a pair is \
      (y − f_L)², its mean is taken over two pairs, (0.5, 0.4) and (2, 0.6). The chain rule, written out for the first \
      weight, is a product as long as the chain:

      ```
      ∂E/∂w₁ = x · (1 − f₁²)(1 − f₂²)…(1 − f_L²) · w₂w₃…w_L · 2(f_L − y)
      ```

      Every factor 1 − fᵢ² is at most 1. The weights may be larger. Which of the two wins?
      """)
    Note("## The formula")
    ReportTable(
      "The product against the trained program, at the start of every run",
      columns: [
        "L", "starts", "greatest |∂E/∂w₁|", "from the gradient, greatest |difference|",
        "from the recorded norm, greatest relative difference",
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
      The gradient itself is compared in absolute terms, the recorded norm in relative ones, for norms down to 10⁻¹⁴⁰. Near \
      saturation 1 − fᵢ² is a small difference of two numbers near 1, and keeps fewer digits.
      """)
    Note("## Where it vanishes")
    Figure("Gradient of the first weight at the start") { results in try Self.depthFigure(results) }
      .caption(
        "Left: median of 64 starts wᵢ ~ σ₀N(0, 1). Dashed: slope σ₀e⁻⁰·⁶³⁵ per layer, the typical |wᵢ|, for the scales below "
          + "1. Right: the greatest of the same 64.")
    Figure("Gradient norm of every layer, L = 32") { results in try Self.layerFigure(results) }
      .caption("Medians of 64 starts, by the product formula that the table checks. Layer 1 is next to the input.")
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

        Small weights: fᵢ stays near 0, 1 − fᵢ² near 1, and the product of weights alone makes the gradient vanish. The \
        logarithm of |N(0, 1)| has mean −0.635, so that the typical weight is \(NumberText.short(Self.typical))σ₀. Large \
        weights: the units saturate, and 1 − fᵢ² takes more than Πwᵢ gives. The slowest decay was at σ₀ = \
        \(NumberText.short(best?.scale ?? .nan)); close to it the typical weight, \
        \(NumberText.short((best?.scale ?? .nan) * Self.typical)), is near 1. No scale made the median grow.
        """
    }
    Note("## Where it explodes")
    Figure("A wall: loss and gradient along w₁, all other weights 2") { _ in Self.wallFigure() }
      .caption("From the formula. Dots: 2⁽ᴸ⁻¹⁾·|mean of 2xy|, its value at w₁ = 0.")
    Note { results in
      let walls = try Self.walls(results)
      let last = walls.last
      return """
        f_L lies between −1 and 1 and is monotone in x. So its slope can be large only on a short way: ∫|∂f_L/∂x|dx ≤ 2. The \
        product of weights does not make the gradient large everywhere, it makes a wall. At w₁ = 0 every fᵢ is 0, every \
        1 − fᵢ² is 1, and \
        \(walls.map { "for L = \($0.length) the slope is \(NumberText.short($0.slope))" }.joined(separator: ", ")) \
        (asked of the trained program; 2ᴸ⁻¹ times \
        \(NumberText.short((last?.slope ?? .nan) / Self.power(2, (last?.length ?? 1) - 1))) each time). \
        A step of descent that starts on the wall is thrown far off; beside the wall there is a plateau.
        """
    }
    Note("## What it does to learning")
    Figure("Median loss after 1000 steps") { HeatMap(.finalLoss, x: Self.length, y: .initScale) }
    Note { results in
      let short = try results.where(Self.length, is: 2).where(.initScale, is: 1).share(of: .finalLoss, below: 1e-3)
      let long = try results.where(Self.length, is: 32).where(.initScale, is: 1).share(of: .finalLoss, below: 1e-3)
      let large = try results.where(Self.length, is: 32).where(.initScale, is: 3).share(of: .finalLoss, below: 1e-3)
      return """
        A chain of two at σ₀ = 1 reaches E < 10⁻³ in \(short). Of length 32 it does so in \(long), and at σ₀ = 3 in \
        \(large). A chain whose output is 0 whatever the input has a loss of mean y² = \
        \(NumberText.short(Self.pairs.reduce(0) { $0 + $1.y * $1.y } / Double(Self.pairs.count))): that is where the small \
        scales stay. Large scales saturate: the output is one constant for both inputs, and the best constant leaves \
        \(NumberText.short(Self.spread)).
        """
    }
    Note("## More than one minimum")
    Figure("Loss over w₁ and w₂ for L = 2, with ways of runs") {
      LossSurface(.parameters(0, 1), through: .best(.finalLoss), paths: 14, x: -3...3, y: -3...3)
    }
    .where(Self.length, is: 2).where(.initScale, is: 1)
    Note { results in
      let runs = results.where(Self.length, is: 2).where(.initScale, is: 1)
      let ends = try Self.minima(runs)
      let eigenvalues = try runs.run(.best(.finalLoss)).map { try runs.hessianEigenvalues(at: $0) } ?? []
      return """
        Both signs turned over leave f₂ as it is, so that minima come in pairs. \
        The positive one is (w₁, w₂) = (\(NumberText.short(Self.minimum.0)), \(NumberText.short(Self.minimum.1))). \
        \(ends.plus) of \(runs.count) runs reached E < 10⁻³ in its valley, and \(ends.minus) in that of its mirror image. \
        Eigenvalues of the Hessian at the best \
        end: \(eigenvalues.map { NumberText.short($0) }.joined(separator: " and ")), a strict minimum. \
        Between them, at 0, lies a saddle where both partial derivatives vanish. The loss is not convex: halfway between two \
        points of least loss it is \(NumberText.short(Self.loss([0, 0]))), greater than at either.
        """
    }
    Expect(
      "The product formula gives the program's ∂E/∂w₁ in every run: recorded norm to 10⁻⁷ relative, gradient to 10⁻¹⁴"
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
    Expect("Below σ₀ = 1 the gradient falls by the typical weight, σ₀e⁻⁰·⁶³⁵ per layer, to 10 %") { results in
      let errors = try Self.rates(results).filter { $0.scale < 1 }.map {
        abs($0.measured / ($0.scale * Self.typical) - 1)
      }
      return ((errors.max() ?? .nan) < 0.1, "greatest relative error \(NumberText.percent(errors.max() ?? .nan))")
    }
    Expect("No scale lets the median gradient grow with depth") { results in
      let top = try Self.rates(results).map(\.measured).max() ?? .nan
      return (top < 1, "greatest factor per layer \(NumberText.short(top))")
    }
    Expect("On the wall it does explode: at w₁ = 0 each further layer of weight 2 doubles it") { results in
      let walls = try Self.walls(results)
      let ratios = zip(walls, walls.dropFirst()).map { a, b in b.slope / a.slope / Self.power(2, b.length - a.length) }
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
    let mean = pairs.reduce(0) { $0 + $1.y } / Double(pairs.count)
    return pairs.reduce(0) { $0 + ($1.y - mean) * ($1.y - mean) } / Double(pairs.count)
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

  // MARK: The formula, as it is written

  private static func outputs(_ w: [Double], _ x: Double) -> [Double] {
    var f: [Double] = []
    for weight in w { f.append(Exact.tanh((f.last ?? x) * weight)) }
    return f
  }

  private static func loss(_ w: [Double]) -> Double {
    pairs.reduce(0) { sum, pair in
      let error = pair.y - (outputs(w, pair.x).last ?? pair.x)
      return sum + error * error
    } / Double(pairs.count)
  }

  /// x Π(1 − fᵢ²) Πwᵢ 2(f_L − y), the mean over the pairs.
  private static func product(_ w: [Double]) -> Double {
    pairs.reduce(0) { sum, pair in
      let f = outputs(w, pair.x)
      let slopes = f.reduce(1) { $0 * (1 - $1 * $1) }
      let weights = w.dropFirst().reduce(1, *)
      return sum + pair.x * slopes * weights * 2 * ((f.last ?? pair.x) - pair.y)
    } / Double(pairs.count)
  }

  /// All ∂E/∂wᵢ = fᵢ₋₁δᵢ with δᵢ = (1 − fᵢ²) wᵢ₊₁ δᵢ₊₁.
  private static func gradient(_ w: [Double]) -> [Double] {
    var gradient = w.map { _ in 0.0 }
    for pair in pairs {
      let f = outputs(w, pair.x)
      var delta = 0.0
      for i in w.indices.reversed() {
        let above = i == w.count - 1 ? 2 * (f[i] - pair.y) : w[i + 1] * delta
        delta = (1 - f[i] * f[i]) * above
        gradient[i] += (i == 0 ? pair.x : f[i - 1]) * delta / Double(pairs.count)
      }
    }
    return gradient
  }

  /// The minimum of L = 2 with positive weights, where both pairs are met: tanh 2w₁ : tanh 0.5w₁ by bisection.
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

  private static func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<max(0, exponent)).reduce(1.0) { product, _ in product * base }
  }

  // MARK: Measuring

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
      let norms = try runs.series(.layerGradientNorm(1)).map { $0?.values.first ?? .nan }
      for (w, (measured, norm)) in zip(starts, zip(measured, norms)) {
        let formula = product(w)
        check.count += 1
        check.largest = max(check.largest, abs(formula))
        check.absolute = max(check.absolute, abs((measured.gradient.first ?? .nan) - formula))
        // A norm is the root of squares, which are too small for a number from here on.
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

  /// |∂E/∂w₁| at w₁ = 0 with all other weights 2, from the trained program.
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

  // MARK: Pictures

  private static func depthFigure(_ results: Results) throws -> ChartGrid {
    let colors = Palette.colors(scales.count, ordered: true)
    var (medians, tops): ([Mark], [Mark]) = ([], [])
    var legend: [LegendEntry] = []
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
      legend.append(LegendEntry(NumberText.short(scale), stroke.color, marker: .category(index)))
    }
    let x = AxisStyle("length L of the chain", domain: 0...66)
    return ChartGrid(
      [
        [
          Chart(title: "Median", x: x, y: AxisStyle("|∂E/∂w₁|", .log, domain: 1e-60...100), marks: medians),
          Chart(title: "Greatest of 64", x: x, y: AxisStyle("|∂E/∂w₁|", .log, domain: 1e-60...100), marks: tops),
        ]
      ], legendTitle: "σ₀", legend: legend, aspect: 1.45)
  }

  private static func layerFigure(_ results: Results) throws -> ChartGrid {
    let colors = Palette.colors(scales.count, ordered: true)
    var marks: [Mark] = []
    var legend: [LegendEntry] = []
    for (index, scale) in scales.enumerated() {
      let gradients = try starts(results.where(length, is: 32).where(.initScale, is: scale)).map(gradient)
      let points = (0..<32).map { layer in Point(Double(layer + 1), Statistics.median(gradients.map { abs($0[layer]) }))
      }
      let stroke = Stroke(colors[index], width: 1.3)
      marks += [.line(points, stroke), .points(points, .category(index), stroke.color, radius: 1.6)]
      legend.append(LegendEntry(NumberText.short(scale), stroke.color, marker: .category(index)))
    }
    return ChartGrid(
      Chart(x: AxisStyle("layer i", domain: 0...33), y: AxisStyle("|∂E/∂wᵢ|", .log), marks: marks), legendTitle: "σ₀",
      legend: legend, aspect: 2.1)
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
      let stroke = Stroke(colors[index], width: 1.3, dash: Dash.category(index))
      losses.append(.line(grid.map { Point($0, loss(weights($0))) }, stroke))
      slopes.append(.line(grid.map { Point($0, abs(product(weights($0)))) }.filter { $0.y > 1e-9 }, stroke))
      let peak = power(2, length - 1) * abs(pairs.reduce(0) { $0 + 2 * $1.x * $1.y } / Double(pairs.count))
      slopes.append(.points([Point(0, peak)], .circle, stroke.color, radius: 2.2))
      legend.append(LegendEntry("L = \(length)", stroke.color, dash: stroke.dash))
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
