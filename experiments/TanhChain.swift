import Descent
import Textbook

/// The gradient of a chain of tanh units is one long product: its derivation, where it vanishes and explodes, and how
/// that affects stochastic gradient descent.
struct TanhChain: Experiment {
  let title = "When does the gradient of a chain of tanh units vanish or explode?"

  var setup: Setup {
    Setup(
      data: Self.data,
      network: Self.chain(2),
      loss: .meanSquaredError,
      optimizer: .gradientDescent(learningRate: 0.1),
      initialization: .normal(scale: 1),
      batch: .singleWithReplacement,
      stop: .after(steps: 1_000),
      record: .also(.layerGradientNorm(1), .trainingLoss, every: 20))
  }

  var sweep: [Axis] {
    Vary(Self.length, over: Self.lengths)
    Vary(.initScale, over: Self.scales)
    Variants(
      "descent",
      [
        Variant(Self.constant) { _ in },
        Variant(Self.decreasing) { $0.optimizer.schedule = .inverse(halving: Self.halving) },
        Variant(Self.full) { $0.batch = .full },
        Variant(Self.half) { setup in
          setup.loss = .halfMeanSquaredError
          setup.optimizer.schedule = .custom(CustomSchedule(name: "twice") { _ in 2 })
          // One or a few windows of steps are enough: a batch loss hardly ever decreases by such a share.
          setup.stop = setup.stop.orNoProgress(window: Self.halfSteps, improvement: 0.999_999)
        },
      ])
    Seeds(0..<64)
  }

  var fixed: [Fixed] {
    [
      Fixed(.hidden, "a chain has one unit in each layer"),
      Fixed(.depth, "the length of the chain is the parameter length"),
      Fixed(.activation, "the products in the report are those of tanh"),
      Fixed(.data, "the report is about the pairs (0.5, 0.4) and (2, 0.6)"),
      Fixed(.loss, "the products in the report are those of (y − f)²"),
      Fixed(.batch, "the kinds of descent differ in it"),
      Fixed(.schedule, "the kinds of descent differ in it"),
    ]
  }

  var report: [Cell] {
    Note { results in
      let rate = NumberText.short(Self.rate(results))
      return """
        A chain has one unit per layer and no bias: f_0 = x, z_i = f_{i−1}w_i, f_i = tanh z_i, i = 1…L. The loss of a pair (x, y) is \
        (y − f_L)², and E is its mean over two pairs, (0.5, 0.4) and (2, 0.6). The chain is trained by plain \
        stochastic gradient descent, w ← w − η∂loss/∂w: every step uses the loss of one pair, drawn at random with replacement. \
        The step size is η = \(rate), or it decreases with the step r as \
        \(rate)/(1 + r/\(NumberText.short(Self.halving))). Full-batch descent, with the gradient of E in \
        every step, is shown beside it. Every run takes \(Self.steps(results)) steps.

        By the chain rule the derivative with respect to the first weight is a product with more factors the longer the chain is:

        ∂loss/∂w_1 = x · (1 − f_1²)(1 − f_2²)…(1 − f_L²) · w_2 w_3 … w_L · 2(f_L − y)

        Every factor 1 − f_i² is at most 1, but the weights may be larger than 1. Which of the two decides the gradient?
        """
    }
    formula
    vanishing
    exploding
    learning
    levels
    minima
    claims
  }

  @ReportBuilder private var formula: [Cell] {
    Note(
      """
      ## The derivation

      Let δ_i = ∂loss/∂z_i. The last one follows from the loss, and each of the others from the next one:

      - δ_L = 2(f_L − y)(1 − f_L²)
      - δ_i = (1 − f_i²) w_{i+1} δ_{i+1} for i = L − 1, …, 1
      - ∂loss/∂w_i = f_{i−1} δ_i

      The recursion is the chain rule with three factors: ∂f_i/∂z_i = 1 − f_i², ∂z_{i+1}/∂f_i = w_{i+1} and δ_{i+1}. Without the \
      first factor it gives ∂loss/∂f_i = w_{i+1} δ_{i+1}, which the notes ask for in ∂loss/∂w_1 = x (1 − f_1²) ∂loss/∂f_1. \
      Inserting δ_2 into δ_1, δ_3 into δ_2 and so on gives the product above. The notes also use the loss ½(y − f_L)². There \
      δ_L is (f_L − y)(1 − f_L²), and the other formulas stay the same: every δ and every derivative is halved. Training with \
      the step size 2η then takes the same steps.
      """)
    ReportTable.derivation(
      "One pair: L = 3, σ₀ = 1, initial weights of the first seed, (x, y) = (\(Self.pairs[0].x), \(Self.pairs[0].y)), loss (y − f_3)² and ½(y − f_3)²"
    ) { results in try Self.derivation(results) }
    Note(
      """
      Textbook: the formulas of this section as plain loops, with their own tanh. Engine: the forward and backward pass of the \
      training.
      """)
    ReportTable(
      "Derivatives of E at the initial weights of every full-batch run, textbook against engine",
      columns: [
        .number("L"), .number("runs"), .number("greatest |∂E/∂w_1|"), .number("difference, w_1 by the product"),
        .number("difference, all w_i by the recursion"), .number("norms compared"), .number("relative difference"),
      ]
    ) { results in
      try Self.checks(results).map { check in
        [
          "\(check.length)", "\(check.count)", NumberText.short(check.largest),
          NumberText.short(check.absolute, digits: 2), NumberText.short(check.recursion, digits: 2),
          "\(check.compared)", NumberText.short(check.relative, digits: 2),
        ]
      }
    }
    Note(
      """
      Differences are the greatest absolute ones; both columns average the textbook's derivative over the two pairs. The norm \
      is |∂E/∂w_1| as the run records it at its first step. Near saturation 1 − f_i² is a small difference of two numbers near 1 and has \
      fewer correct digits. Therefore the relative comparison leaves out initial weights for which an f_i² is above \
      \(NumberText.short(Self.saturation, digits: 4)), and norms below 10⁻¹⁴⁰, whose squares underflow.
      """)
  }

  @ReportBuilder private var vanishing: [Cell] {
    Note("## Where the gradient vanishes")
    Figure("Gradient of the first weight at the initial weights") { results in try Self.depthFigure(results) }
      .caption(
        """
        |∂E/∂w_1| of both pairs together. Left: median over the seeds, w_i ~ σ₀N(0, 1). Dashed: a factor of σ₀e^{−0.635} per \
        layer, the typical |w_i|, for the scales below 1. Right: greatest value over the same seeds. Values below 10⁻⁶⁰ leave the axis (open triangles).
        """)
    Figure("|∂E/∂w_i| of every layer at the initial weights, L = 32") { results in try Self.layerFigure(results) }
      .caption("Medians over the seeds, by the recursion of the textbook. Layer 1 is next to the input.")
    Note { results in
      let rates = try Self.rates(results)
      let lines = rates.map { rate in
        "- σ₀ = \(NumberText.short(rate.scale)): a factor of \(NumberText.short(rate.median)) per layer"
          + (rate.interval.map { " (99 % interval \(NumberText.interval($0)))" } ?? "")
          + (rate.scale < 1 ? ", predicted \(NumberText.short(rate.scale * Self.typical))" : "")
      }
      guard let best = rates.max(by: { $0.median < $1.median }), let widest = rates.last else { return "" }
      let top =
        best.scale < widest.scale
        ? "The factor is largest at σ₀ = \(NumberText.short(best.scale)) and decreases to \(NumberText.short(widest.median)) at "
          + "σ₀ = \(NumberText.short(widest.scale))."
        : "The factor is largest at the largest scale, σ₀ = \(NumberText.short(best.scale))."
      return """
        The ratio of |∂E/∂w_1| at L = 64 to that at L = 16, for the same seed, is the product of 48 factors. Their geometric \
        mean, as the median over the seeds, is

        \(lines.joined(separator: "\n"))

        With small weights f_i is near 0 and 1 − f_i² near 1, so the weights alone decide the product. The logarithm of \
        |N(0, 1)| has the mean −0.635, so the typical |w_i| is \(NumberText.short(Self.typical))σ₀. With large weights the units \
        saturate: 1 − f_i² is near 0. \(top)
        """
    }
  }

  @ReportBuilder private var exploding: [Cell] {
    Note("## Where the gradient explodes")
    Figure("Loss and gradient along w_1, all other weights 2") { _ in Self.wallFigure() }
      .caption(
        "By the equations of the textbook. Dots: 2^{L−1} times |mean of 2xy|, the value at w_1 = 0. Values below 10⁻⁸ are "
          + "left out.")
    ReportTable(
      "The wall at w_1 = 0",
      columns: [
        .number("L"), .number("|∂E/∂w_1| at 0, engine"), .number("by the product"), .number("width of the wall"),
        .number("slope × width"),
      ]
    ) { results in
      try Self.walls(results).map { wall in
        ["\(wall.length)"]
          + [wall.slope, wall.formula, wall.width, wall.slope * wall.width].map { NumberText.short($0) }
      }
    }
    Note { results in
      let walls = try Self.walls(results)
      guard let first = walls.first, let last = walls.last else { return "" }
      return """
        At w_1 = 0 every f_i is 0 and every 1 − f_i² is 1, so that only the weights remain: each further layer of weight 2 doubles \
        the slope. But f_L is between −1 and 1 and monotone in w_1, so ∫ |∂f_L/∂w_1| d w_1 is at most 2. The \
        slope can be large only on a short interval. Large weights therefore do not make the gradient large everywhere: they \
        make a narrow wall between two plateaus. The table gives its width, the total length of the w_1 at which |∂E/∂w_1| is at \
        least half of the value at 0. From L = \(first.length) to L = \(last.length) the slope is multiplied by \
        \(NumberText.short(last.slope / first.slope)) and the width by \(NumberText.short(last.width / first.width)). At \
        L = \(last.length) a full-batch step with η = \(NumberText.short(Self.rate(results))) from w_1 = 0 changes w_1 by \
        \(NumberText.short(Self.rate(results) * last.slope)).
        """
    }
  }

  @ReportBuilder private var learning: [Cell] {
    Note("## Constant step, decreasing step, full batch")
    Figure("Training loss of a chain of one layer and a chain of two layers, σ₀ = 1") { results in
      try Self.descentFigure(results)
    }
    .caption(
      """
      E on both pairs, every 20 steps: medians over the seeds, bands from the first to the third quartile. Left: E minus the \
      least possible loss of one layer. Values below the axis are left out.
      """)
    Note { results in
      let single = try Self.schedules(results, length: 1)
      let double = try Self.schedules(results, length: 2)
      func words(_ name: String, _ ratio: Ratio) -> String {
        guard let interval = ratio.interval else { return "\(name): too few seeds for an interval" }
        if interval.upperBound < 1e-9 { return "zero up to rounding (median ratio \(NumberText.short(ratio.median)))" }
        let verdict = interval.upperBound < 1 ? "lower" : interval.lowerBound > 1 ? "higher" : "not clearly different"
        return
          "\(verdict) (median ratio \(NumberText.short(ratio.median)), 95 % interval \(NumberText.interval(interval)))"
      }
      let zero = NumberText.short(double.constant)
      return """
        One layer cannot fit both pairs: its least loss is \(NumberText.short(Self.least)). At the minimum the gradients of the \
        two pairs cancel each other, but neither is zero. Every step with one pair therefore leaves the minimum again: with the \
        constant step the median end point is \(NumberText.short(single.constant)) above the least loss. With the decreasing \
        step the distance to the least loss, for the same seed, is \(words("decreasing", single.decreasing)). With the full batch it is \
        \(words("full batch", single.full)).

        Two layers can fit both pairs. At this minimum the gradient of each pair is zero, and with it the noise. The constant \
        step reaches a median loss of \(zero) without a decreasing step size. With the decreasing step the final loss of the \
        same seed is \(words("decreasing", double.decreasing)), and with the full batch it is \
        \(words("full batch", double.full)).
        """
    }
  }

  @ReportBuilder private var levels: [Cell] {
    Note("## Runs that do not reach the global minimum")
    Figure("Median loss at the end, one sample per step, constant step size") {
      HeatMap(.finalLoss, x: Self.length, y: .initScale)
    }
    .where(.variant("descent"), is: Self.constant)
    ReportTable(
      "End points of the runs with σ₀ = 1",
      columns: [
        .number("L"), "descent", .number("E < 10⁻³"), .number("output 0"), .number("best constant"), .number("other"),
      ]
    ) { results in
      try [2, 8, 32].flatMap { length in
        try Self.kinds.map { kind in
          let counts = try Self.ends(Self.runs(results, length, 1, kind))
          return ["\(length)", kind] + [counts.solved, counts.zero, counts.constant, counts.other].map { "\($0)" }
        }
      }
    }
    Note { results in
      let short = try Self.solved(results, 2, Self.constant)
      let long = try Self.solved(results, 32, Self.constant)
      let full = try Self.solved(results, 32, Self.full)
      func loss(_ scale: Double) throws -> String {
        NumberText.short(try Self.runs(results, 32, scale, Self.constant).median(.finalLoss))
      }
      let flat = try Self.flat(results)
      let overlap = long.interval.overlaps(full.interval)
      return """
        Output 0 is a loss within 10 % of the mean of y², \(NumberText.short(Self.square)). Best constant is a loss within 10 % \
        of \(NumberText.short(Self.spread)), the loss of the best constant output. From L = 2 on there are weights with a loss \
        of 0, as the last section shows for L = 2. Gradient descent is not guaranteed to find them. With one sample per step, the \
        constant step size and σ₀ = 1, a chain of two layers reaches E < 10⁻³ in \(short), and a chain of 32 layers in \(long). \
        With the full batch the chain of 32 layers reaches it in \(full): the intervals \
        \(overlap ? "overlap, so nothing shows that the noise of single samples matters" : "do not overlap, so the noise matters, too"). \
        With small initial weights (σ₀ = 0.25, L = 32) the median final loss is \(try loss(0.25)), and with large ones (σ₀ = 5), \
        where the units saturate, it is \(try loss(5)).

        At the \(flat.count) end points with L = 32, σ₀ = 1 and output 0 (one sample, constant step size) the median gradient norm \
        ‖∇E‖ is \(NumberText.short(flat.norm)). With this gradient a full-batch run moves by about \
        \(NumberText.short(flat.norm * Self.rate(results) * Double(Self.steps(results)))) in \(Self.steps(results)) steps. \(Self.words(flat)) The \
        experiment `local-minima` shows end points that are true local minima.
        """
    }
  }

  @ReportBuilder private var minima: [Cell] {
    Note("## The two minima of L = 2")
    Figure("Loss over w_1 and w_2 for L = 2, with trajectories of runs") {
      LossSurface(.parameters(0, 1), through: .best(.finalLoss), paths: 14, x: -3...3, y: -3...3)
    }
    .where(Self.length, is: 2).where(.initScale, is: 1).where(.variant("descent"), is: Self.constant)
    .caption("θ₁ is w₁ and θ₂ is w₂.")
    Note { results in
      let runs = Self.runs(results, 2, 1, Self.constant)
      let ends = try Self.minima(runs)
      guard let best = try runs.run(.best(.finalLoss)) else { return "" }
      let eigenvalues = try runs.hessianEigenvalues(at: best)
      let isStrict = eigenvalues.allSatisfy { $0 > 0 }
      let zero = try Self.eigenvalues(try runs.hessian(at: [0, 0], like: best))
      let isSaddle = zero.low < 0 && zero.high > 0
      let (middle, bottom) = (Self.loss([0, 0]), Self.loss([Self.minimum.0, Self.minimum.1]))
      let convexity =
        middle > bottom
        ? "The loss is not convex: halfway between the two minima, at w = 0, it is \(NumberText.short(middle)), and at the minima "
          + "it is below \(bottom < 1e-15 ? "10⁻¹⁵" : NumberText.short(2 * bottom))."
        : ""
      return """
        Changing both signs does not change f_2, so the minima occur in pairs. The positive one, which fits both pairs, is \
        (w_1, w_2) = (\(NumberText.short(Self.minimum.0)), \(NumberText.short(Self.minimum.1))). Of the \(runs.count) runs with \
        one sample per step and constant step size, \(ends.plus) reached E < 10⁻³ in its valley, and \(ends.minus) in that of \
        its mirror image. The eigenvalues of the Hessian at the best end point are \
        \(eigenvalues.map { NumberText.short($0) }.joined(separator: " and "))\(isStrict ? ": a strict minimum" : ""). At \
        w = 0 both partial derivatives vanish, and the eigenvalues are \(NumberText.short(zero.low)) and \
        \(NumberText.short(zero.high))\(isSaddle ? ": a saddle" : ""). \(convexity)
        """
    }
  }

  // MARK: Claims

  @ReportBuilder private var claims: [Cell] {
    Note("## Claims")
    Expect.derivation("Verifies every line of the derivation: textbook and engine agree to 10⁻¹¹", within: 1e-11) {
      results in
      let lines = try Self.derivation(results)
      if lines.isEmpty { throw Untested("there is no chain of three layers") }
      return lines
    }
    Expect(
      "Verifies product and recursion in every full-batch run: within 10⁻¹¹ of the engine's gradient, relative to the greatest "
        + "|∂E/∂w_1|, and within 10⁻⁹ of the recorded norm"
    ) {
      results in
      let checks = try Self.checks(results)
      guard !checks.isEmpty else { throw Untested("there are no full-batch runs") }
      let relative = checks.map(\.relative).max() ?? .nan
      let absolute = checks.map { max($0.absolute, $0.recursion) / max(1, $0.largest) }.max() ?? .nan
      return (
        relative < 1e-9 && absolute < 1e-11,
        "\(NumberText.short(absolute)) of the greatest |∂E/∂w_1| (absolute if that is below 1), "
          + "\(NumberText.short(relative)) of the norm in \(checks.map(\.compared).reduce(0, +)) comparisons"
      )
    }
    Expect(
      "Verifies that ½(y − f)² with 2η takes the same steps as (y − f)² with η: equal weights where the shorter run ends"
    ) { results in
      let found = try Self.equalTrajectories(results)
      guard found.all > 0 else { throw Untested("there are no such pairs of runs") }
      return (
        found.equal == found.all,
        "\(found.equal) of \(found.all) runs agree in every bit of every weight, after \(found.least) steps or more"
      )
    }
    Expect(
      "For every σ₀ below 1 the 99 % interval of the factor per layer contains the typical weight σ₀e^{−0.635}"
    ) { results in
      let rates = try Self.rates(results).filter { $0.scale < 1 }
      if rates.contains(where: { $0.interval == nil }) { throw Untested("too few seeds for an interval") }
      let holds = rates.allSatisfy { rate in rate.interval.map { $0.contains(rate.scale * Self.typical) } ?? false }
      let words = rates.map { rate in
        "\(NumberText.short(rate.scale * Self.typical)) in \(rate.interval.map { NumberText.interval($0) } ?? "no interval")"
      }
      return (holds && !rates.isEmpty, words.joined(separator: ", "))
    }
    Expect("At no scale does the gradient grow with depth: every 99 % interval of the factor per layer is below 1") {
      results in
      let intervals = try Self.rates(results).map(\.interval)
      if intervals.contains(where: { $0?.contains(1) ?? true }) {
        throw Untested("too few seeds: an interval contains 1")
      }
      let tops = intervals.map { $0?.upperBound ?? .infinity }
      return ((tops.max() ?? .infinity) < 1, "greatest upper bound \(NumberText.short(tops.max() ?? .nan))")
    }
    Expect(
      "Verifies the slope of the wall, 2^{L−1}|mean of 2xy|; slope × width changes by less than a factor of 2 (a bound "
        + "chosen after looking) while the slope changes by more than 10⁴"
    ) { results in
      let walls = try Self.walls(results)
      let errors = walls.map { abs($0.slope / $0.formula - 1) }
      let areas = walls.map { $0.slope * $0.width }
      let spread = (areas.max() ?? .nan) / (areas.min() ?? .nan)
      let growth = (walls.map(\.slope).max() ?? .nan) / (walls.map(\.slope).min() ?? .nan)
      return (
        (errors.max() ?? .nan) < 1e-12 && spread < 2 && growth > 1e4,
        "relative error \(NumberText.short(errors.max() ?? .nan)), slope × width by \(NumberText.short(spread)), slope by "
          + NumberText.short(growth)
      )
    }
    Expect(
      "One layer, σ₀ = 1: a decreasing step ends nearer to the least loss than a constant step (ratio below 1, paired by seed)"
    ) { results in try Self.verdict(try Self.schedules(results, length: 1).decreasing) { $0.upperBound < 1 } }
    Expect(
      "Two layers, σ₀ = 1: where both pairs can be fitted, the decreasing step is slower (ratio of final losses above 1)"
    ) { results in try Self.verdict(try Self.schedules(results, length: 2).decreasing) { $0.lowerBound > 1 } }
    Expect(
      "σ₀ = 1, each kind of descent: E < 10⁻³ in a smaller share of the chains with L = 32 than with L = 2 (disjoint intervals)"
    ) { results in
      let shares = try Self.kinds.map { kind in
        (kind, try Self.solved(results, 2, kind), try Self.solved(results, 32, kind))
      }
      if shares.contains(where: { $0.1.count < 16 }) { throw Untested("too few seeds") }
      let holds = shares.allSatisfy { $0.2.interval.upperBound < $0.1.interval.lowerBound }
      let words = shares.map { kind, short, long in
        "\(kind): \(short.successes) of \(short.count) and \(long.successes) of \(long.count)"
      }
      return (holds, words.joined(separator: "; "))
    }
    Expect(
      "L = 32, σ₀ = 1, one sample: the end points with output 0 are not minima; the Hessian of each has a negative eigenvalue, of "
        + "at least 1 % of the largest one in size"
    ) { results in
      let flat = try Self.flat(results)
      if flat.count == 0 { throw Untested("no run ends there") }
      return (flat.indefinite == flat.count, "\(flat.indefinite) of \(flat.count)")
    }
  }

  private static func verdict(
    _ ratio: Ratio, _ holds: (ClosedRange<Double>) -> Bool
  ) throws -> (passed: Bool, evidence: String) {
    guard let interval = ratio.interval else { throw Untested("too few seeds for an interval") }
    if interval.contains(1), ratio.pairs < 32 { throw Untested("\(ratio.pairs) seeds: the interval contains 1") }
    return (
      holds(interval), "median \(NumberText.short(ratio.median)), 95 % interval \(NumberText.interval(interval))"
    )
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
  /// The mean of y²: the loss of the output 0.
  private static let square = mean { $0.y * $0.y }
  private static let lengths = [1, 2, 3, 4, 8, 16, 32, 64]
  private static let scales = [0.25, 0.5, 1, 1.5, 2, 3, 5]
  /// exp of the mean logarithm of |N(0, 1)|, −(γ + ln 2)/2.
  private static let typical = Exact.exp(-(0.5772156649015329 + Exact.log(2)) / 2)

  /// The learning rate, and the number of steps of the runs with the whole loss.
  private static func rate(_ results: Results) -> Double {
    results.groups(by: .learningRate).first?.value.number ?? .nan
  }
  private static func steps(_ results: Results) -> Int { results.rows.map(\.summary.steps).max() ?? 0 }

  private static let halfSteps = 50
  /// The number of steps after which half of the step size is left.
  private static let halving = 200.0
  private static let constant = "one sample"
  private static let decreasing = "one sample with decreasing step"
  private static let full = "full batch"
  private static let half = "one sample with ½ loss"
  private static let kinds = [constant, decreasing, full]

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

  /// ∂E/∂w₁ by the unrolled product.
  private static func product(_ w: [Double]) -> Double {
    mean { Textbook.TanhChain(w: w).unrolledFirstDerivative($0.x, $0.y) }
  }

  /// The least loss of one layer, by golden-section search between the weights that fit one of the pairs.
  private static let least: Double = {
    let ratio = (5.0.squareRoot() - 1) / 2
    func weight(_ pair: (x: Double, y: Double)) -> Double { Exact.log((1 + pair.y) / (1 - pair.y)) / 2 / pair.x }
    var (low, high) = (min(weight(pairs[0]), weight(pairs[1])), max(weight(pairs[0]), weight(pairs[1])))
    for _ in 0..<100 {
      let (a, b) = (high - ratio * (high - low), low + ratio * (high - low))
      if loss([a]) < loss([b]) { high = b } else { low = a }
    }
    return loss([(low + high) / 2])
  }()

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

  private static func runs(_ results: Results, _ length: Int, _ scale: Double, _ descent: String) -> Results {
    results.where(Self.length, is: length).where(.initScale, is: scale).where(.variant("descent"), is: descent)
  }

  /// Forward pass, δ, derivatives and the product for the first pair, and the same with the ½ loss.
  private static func derivation(_ results: Results) throws -> [DerivationLine] {
    guard let row = try runs(results, 3, 1, constant).run(.firstSeed),
      let halfRow = try runs(results, 3, 1, half).run(.firstSeed),
      let w = try results.trajectory(of: row, at: [0]).first
    else { return [] }
    let (x, y) = pairs[0]
    let (chain, halfChain) = (Textbook.TanhChain(w: w), Textbook.TanhChain(w: w, factor: 0.5))
    let f = chain.forward(x)
    let (gradient, halfGradient) = (chain.gradient(x, y), halfChain.gradient(x, y))
    let engine = try results.backwardPass(of: row, at: w, sample: 0)
    let halfEngine = try results.backwardPass(of: halfRow, at: w, sample: 0)
    var lines: [DerivationLine] = []
    func add(_ quantity: String, _ formula: String, _ textbook: Double, _ engine: Double) {
      lines.append(DerivationLine(quantity, formula, textbook: textbook, engine: engine))
    }
    for i in 1...3 {
      add("z_\(i)", i == 1 ? "x w_1" : "f_\(i - 1) w_\(i)", f[i - 1] * w[i - 1], engine.inputs[i - 1][0])
      add("f_\(i)", "tanh z_\(i)", f[i], engine.outputs[i - 1][0])
    }
    add("loss", "(y − f_3)²", chain.loss(x, y), engine.loss)
    add("δ_3", "2(f_3 − y)(1 − f_3²)", gradient.delta[2], engine.delta[2][0])
    for i in [2, 1] {
      add("∂loss/∂f_\(i)", "w_\(i + 1) δ_\(i + 1)", w[i] * gradient.delta[i], engine.byOutput[i - 1][0])
      add(
        "δ_\(i)", "(1 − f_\(i)²) w_\(i + 1) δ_\(i + 1)", gradient.delta[i - 1], engine.delta[i - 1][0])
    }
    for i in [3, 2, 1] {
      add("∂loss/∂w_\(i)", i == 1 ? "x δ_1" : "f_\(i - 1) δ_\(i)", gradient.w[i - 1], engine.gradient[i - 1])
    }
    add(
      "∂loss/∂w_1", "x (1 − f_1²)(1 − f_2²)(1 − f_3²) w_2 w_3 · 2(f_3 − y)", chain.unrolledFirstDerivative(x, y),
      engine.gradient[0])
    add("½ loss", "½(y − f_3)²", halfChain.loss(x, y), halfEngine.loss)
    add("its δ_3", "(f_3 − y)(1 − f_3²)", halfGradient.delta[2], halfEngine.delta[2][0])
    add("its δ_2", "(1 − f_2²) w_3 δ_3", halfGradient.delta[1], halfEngine.delta[1][0])
    add("its δ_1", "(1 − f_1²) w_2 δ_2", halfGradient.delta[0], halfEngine.delta[0][0])
    add(
      "its ∂/∂w_1", "x (1 − f_1²)(1 − f_2²)(1 − f_3²) w_2 w_3 (f_3 − y)", halfChain.unrolledFirstDerivative(x, y),
      halfEngine.gradient[0])
    return lines
  }

  private static func starts(_ results: Results) throws -> [[Double]] {
    try results.rows.compactMap { try results.trajectory(of: $0, at: [0]).first }
  }

  /// Initial weights with a greater fᵢ² are left out of the relative comparison.
  private static let saturation = 0.9999

  private struct Check {
    var length: Int
    var count = 0
    var compared = 0
    var largest = 0.0
    var absolute = 0.0
    var recursion = 0.0
    var relative = 0.0
  }

  private static func checks(_ results: Results) throws -> [Check] {
    try results.where(.variant("descent"), is: full).groups(by: length).compactMap { setting, runs -> Check? in
      guard let length = setting.number, let row = runs.rows.first else { return nil }
      var check = Check(length: Int(length))
      let starts = try starts(runs)
      let measured = try runs.gradients(at: starts, like: row)
      for (w, (measured, norm)) in zip(starts, zip(measured, try firstNorms(runs))) {
        let formula = product(w)
        check.count += 1
        check.largest = max(check.largest, abs(formula))
        check.absolute = max(check.absolute, abs((measured.gradient.first ?? .nan) - formula))
        let errors = zip(gradient(w), measured.gradient).map { abs($0 - $1) }
        check.recursion = max(check.recursion, errors.max() ?? .nan)
        let outputs = pairs.flatMap { Textbook.TanhChain(w: w).forward($0.x).dropFirst() }
        guard abs(formula) > 1e-140, outputs.allSatisfy({ $0 * $0 <= saturation }) else { continue }
        check.compared += 1
        check.relative = max(check.relative, abs(norm / abs(formula) - 1))
      }
      return check
    }
  }

  private static func firstNorms(_ results: Results) throws -> [Double] {
    try results.series(.layerGradientNorm(1)).map { $0?.values.first ?? .nan }
  }

  private struct Rate {
    var scale, median: Double
    var interval: ClosedRange<Double>?
  }

  /// The factor per layer of the gradient between L = 16 and L = 64, for each seed: the median with its 99 % interval.
  private static func rates(_ results: Results) throws -> [Rate] {
    try scales.map { scale in
      func norms(_ length: Int) throws -> [UInt64: Double] {
        let runs = runs(results, length, scale, full)
        return Dictionary(zip(runs.rows.map(\.seed), try firstNorms(runs))) { first, _ in first }
      }
      let (short, long) = (try norms(16), try norms(64))
      let factors = short.compactMap { seed, norm in
        long[seed].map { Exact.exp(Exact.log(max($0, .leastNormalMagnitude) / norm) / 48) }
      }
      return Rate(
        scale: scale, median: Statistics.median(factors),
        interval: Statistics.medianInterval(factors, confidence: 0.99))
    }
  }

  private struct Wall {
    var length: Int
    /// |∂E/∂w₁| at w₁ = 0 with all other weights 2, by the engine and by the product.
    var slope, formula: Double
    /// The length of the set of w₁ where |∂E/∂w₁| is at least half of its value at 0.
    var width: Double
  }

  private static let wallLengths = [2, 4, 8, 16]

  private static func wallSlope(_ first: Double, _ length: Int) -> Double {
    abs(product([first] + Array(repeating: 2.0, count: length - 1)))
  }

  private static func walls(_ results: Results) throws -> [Wall] {
    try wallLengths.compactMap { length in
      guard let row = results.where(Self.length, is: length).where(.variant("descent"), is: full).rows.first,
        let gradient = try results.gradients(at: [[0] + Array(repeating: 2.0, count: length - 1)], like: row).first?
          .gradient.first
      else { return nil }
      let top = wallSlope(0, length)
      // The wall is about 2¹⁻ᴸ wide: a grid of 1,000 steps within eight times that distance.
      let step = 0.008 / Double(1 << (length - 1))
      let inside = (-1_000...1_000).count { wallSlope(Double($0) * step, length) >= top / 2 }
      return Wall(length: length, slope: abs(gradient), formula: top, width: Double(inside) * step)
    }
  }

  // MARK: Kinds of descent

  /// A ratio between runs of equal seeds.
  private struct Ratio {
    var median: Double
    var interval: ClosedRange<Double>?
    var pairs: Int
  }

  private struct Schedules {
    /// The median of the final loss above the least one, with one sample and a constant step.
    var constant: Double
    /// The ratios of the others to it.
    var decreasing, full: Ratio
  }

  private static func excess(_ loss: Double, _ length: Int) -> Double { length == 1 ? max(loss - least, 0) : loss }

  private static func schedules(_ results: Results, length: Int) throws -> Schedules {
    func finals(_ kind: String) throws -> [UInt64: Double] {
      let runs = runs(results, length, 1, kind)
      let losses = try runs.values(.finalLoss).map { excess($0, length) }
      return Dictionary(zip(runs.rows.map(\.seed), losses)) { first, _ in first }
    }
    let base = try finals(constant)
    func ratio(_ kind: String) throws -> Ratio {
      let ratios = try finals(kind).compactMap { seed, loss in base[seed].map { loss / $0 } }
      return Ratio(
        median: Statistics.median(ratios), interval: Statistics.medianInterval(ratios, confidence: 0.95),
        pairs: ratios.count)
    }
    return Schedules(
      constant: Statistics.median(Array(base.values)), decreasing: try ratio(decreasing), full: try ratio(full))
  }

  private static func solved(_ results: Results, _ length: Int, _ kind: String) throws -> Share {
    try runs(results, length, 1, kind).share(of: .finalLoss, below: 1e-3)
  }

  private static func ends(_ runs: Results) throws -> (solved: Int, zero: Int, constant: Int, other: Int) {
    let losses = try runs.values(.finalLoss)
    let solved = losses.count { $0 < 1e-3 }
    let zero = losses.count { abs($0 / square - 1) < 0.1 }
    let constant = losses.count { abs($0 / spread - 1) < 0.1 }
    return (solved, zero, constant, losses.count - solved - zero - constant)
  }

  private struct Plateau {
    var count = 0
    /// The median gradient norm of E.
    var norm = Double.nan
    /// How many of the Hessians have a negative eigenvalue, of at least 1 % of the largest one in size.
    var indefinite = 0
  }

  /// The end points of L = 32, σ₀ = 1, one sample and constant step, at which the output is 0.
  private static func flat(_ results: Results) throws -> Plateau {
    let runs = runs(results, 32, 1, constant)
    let rows = runs.rows.filter { abs($0.summary.finalLoss / square - 1) < 0.1 }
    guard let first = rows.first else { return Plateau() }
    let norms = try runs.gradients(at: try rows.map { try runs.parameters(of: $0) }, like: first).map { _, gradient in
      let largest = gradient.map { abs($0) }.max() ?? 0
      // Scaled, because the squares of small derivatives underflow.
      return largest == 0 ? 0 : largest * gradient.reduce(0) { $0 + $1 / largest * $1 / largest }.squareRoot()
    }
    let indefinite = try rows.count { row in
      let eigenvalues = try runs.hessianEigenvalues(at: row)
      guard let low = eigenvalues.first, let high = eigenvalues.last else { return false }
      return low < -0.01 * abs(high)
    }
    return Plateau(count: rows.count, norm: Statistics.median(norms), indefinite: indefinite)
  }

  private static func words(_ flat: Plateau) -> String {
    "At \(flat.indefinite) of the \(flat.count) the Hessian has a negative eigenvalue, of at least 1 % of the largest one in size. "
      + (flat.indefinite == flat.count
        ? "None of them is a minimum: they are on a plateau around the saddle at w = 0."
        : "These are on a plateau around the saddle at w = 0, and not at a minimum.")
  }

  /// How many runs with the ½ loss and 2η have the weights of the same seed with the whole loss and η, and the least number of
  /// their steps.
  private static func equalTrajectories(_ results: Results) throws -> (equal: Int, all: Int, least: Int) {
    var (equal, all, least) = (0, 0, Int.max)
    for scale in [0.5, 1, 2] {
      for length in [2, 8] {
        let whole = runs(results, length, scale, constant)
        for row in runs(results, length, scale, half).rows {
          guard let partner = whole.rows.first(where: { $0.seed == row.seed }),
            partner.summary.steps >= row.summary.steps
          else { continue }
          all += 1
          least = min(least, row.summary.steps)
          let weights = try results.trajectory(of: partner, at: [row.summary.steps]).first
          if try results.parameters(of: row) == weights { equal += 1 }
        }
      }
    }
    return (equal, all, least)
  }

  /// The eigenvalues of a symmetric matrix of two rows.
  private static func eigenvalues(_ h: [[Double]]) throws -> (low: Double, high: Double) {
    let (mean, half) = ((h[0][0] + h[1][1]) / 2, (h[0][0] - h[1][1]) / 2)
    let root = (half * half + h[0][1] * h[1][0]).squareRoot()
    return (mean - root, mean + root)
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
      let runs = results.where(.initScale, is: scale).where(.variant("descent"), is: full)
      let groups = try runs.groups(by: length).map {
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
    var x = AxisStyle("length L of the chain", domain: 0...66)
    x.ticks = stride(from: 0, through: 64, by: 16).map { Tick(Double($0), "\($0)") }
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
      let gradients = try starts(runs(results, 32, scale, full)).map(gradient)
      let points = (0..<32).map { layer in Point(Double(layer + 1), Statistics.median(gradients.map { abs($0[layer]) }))
      }
      let stroke = Stroke(colors[index], width: 1.3)
      marks += [.line(points, stroke), .points(points, .category(index), stroke.color, radius: 1.6)]
    }
    var x = AxisStyle("layer i", domain: 0...33)
    x.ticks = [1, 8, 16, 24, 32].map { Tick(Double($0), "\($0)") }
    return ChartGrid(
      Chart(x: x, y: AxisStyle("|∂E/∂wᵢ|", .log), marks: marks),
      colorScale: scaleBar,
      aspect: 2.1)
  }

  private static func wallFigure() -> ChartGrid {
    let lengths = wallLengths
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
      slopes.append(.line(grid.map { Point($0, wallSlope($0, length)) }.filter { $0.y > 1e-9 }, stroke))
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

  /// Training loss of L = 1, above the least one, and of L = 2 for the three kinds of descent.
  private static func descentFigure(_ results: Results) throws -> ChartGrid {
    let charts = try [1, 2].map { length -> Chart in
      var (bands, lines): ([Mark], [Mark]) = ([], [])
      for (index, kind) in kinds.enumerated() {
        let series = try runs(results, length, 1, kind).series(.trainingLoss).compactMap { $0 }
        guard let first = series.first else { continue }
        let color = Palette.categories[index]
        var points: [(x: Double, low: Double, middle: Double, high: Double)] = []
        for i in first.values.indices {
          let values = Statistics.sorted(series.map { excess($0.values[i], length) })
          let quartiles = [0.25, 0.5, 0.75].map { Statistics.quantile(sorted: values, $0) }
          guard quartiles[0] > 1e-12 else { break }
          points.append((Double(first.step(i)), quartiles[0], quartiles[1], quartiles[2]))
        }
        bands.append(.band(x: points.map(\.x), low: points.map(\.low), high: points.map(\.high), color.opacity(0.18)))
        let line = points.map { Point($0.x, $0.middle) }
        lines.append(.line(line, Stroke(color, width: 1.5, dash: Dash.category(index))))
      }
      return Chart(
        title: length == 1 ? "L = 1" : "L = 2", x: AxisStyle("step", domain: 0...Double(steps(results))),
        y: AxisStyle(length == 1 ? "E − least loss" : "E", .log, domain: length == 1 ? 1e-9...1 : 1e-6...1),
        marks: bands + lines)
    }
    let legend = kinds.enumerated().map { LegendEntry($1, Palette.categories[$0], dash: Dash.category($0)) }
    return ChartGrid([charts], legend: legend, sharesAxes: false, aspect: 1.3)
  }
}
