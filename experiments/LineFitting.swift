import Descent
import Textbook

/// Fits a line, whose closed form predicts the edge of divergence, the factor per step and the end point of every run.
struct LineFitting: Experiment {
  let title = "Fitting a line: which learning rate, and when to stop?"

  var setup: Setup {
    Setup(
      data: Self.data,
      network: .linear(),
      loss: .halfMeanSquaredError,
      optimizer: .gradientDescent(learningRate: 0.2 * Self.task.edge),
      initialization: .normal(scale: 2, biases: true),
      batch: .full,
      stop: .after(steps: Self.longest))
  }

  var sweep: [Axis] {
    Variants("rule", Self.rules.map { rule in Variant(rule.name) { $0.stop = rule.stop } })
    Vary(
      Self.multiple, over: [0.02, 0.05, 0.1, 0.2, 0.5, 0.8, 0.9, 0.98, 0.99, 0.999, 1.001, 1.01, 1.1])
    Seeds(0..<8)
  }

  var report: [Cell] {
    Note {
      _ in
      let task = Self.task
      return """
        A line y = wx + b is fitted to \(task.xs.count) noisy points. The loss is E(θ) = (1/N) Σ_i ½(t_i − y_i)² with θ = (w, b). \
        Full-batch gradient descent uses all points at every step and a constant rate η:

        - θ^{k+1} ← θ^k − η∇E(θ^k)

        −∇E is the direction of steepest descent. The lecture asks two questions: how far to go in this direction, and when to \
        stop. Here both can be answered exactly, since the best w and b can be computed directly: ∇E = 0 is a pair of linear \
        equations,

        - w·⟨x²⟩ + b·⟨x⟩ = ⟨xt⟩
        - w·⟨x⟩ + b = ⟨t⟩

        where ⟨ ⟩ is the mean over the points. Their solution is w⋆ = \(NumberText.short(task.solution[0], digits: 6)), \
        b⋆ = \(NumberText.short(task.solution[1], digits: 6)) and the least loss E⋆ = \
        \(NumberText.short(task.least, digits: 4)). E⋆ is not zero, because no line fits the noise.

        The Hessian of E is [⟨x²⟩ ⟨x⟩; ⟨x⟩ 1], the same everywhere. Its eigenvalues are λₘₐₓ = \
        \(NumberText.short(task.largest, digits: 5)) and λₘᵢₙ = \(NumberText.short(task.smallest, digits: 4)). One step \
        multiplies the error along an eigenvector by 1 − ηλ. An error along the eigenvector of λₘₐₓ therefore grows if \
        η > 2/λₘₐₓ = \(NumberText.short(task.edge, digits: 5)). This rate is called the edge, and learning rates below are \
        given in units of it.
        """
    }
    Figure("The fitted line during training") { results in try Self.lines(results) }
      .caption("One run at 0.2 of the edge, first seed. Black: the line of the closed form. Rings: the data.")
    learningRate
    factors
    stopping
    answer
    edgeClaims
    stopClaims
  }

  @ReportBuilder private var learningRate: [Cell] {
    Note("## How large should the learning rate be?")
    Figure("Trajectories at four learning rates") { results in try Self.trajectories(results) }
      .caption(
        """
        The first 40 steps in the plane of w and b, from the same initial point (ring), first seed. Cross: the closed form. Grey: \
        lines of equal loss. At small rates the error decreases slowly along the eigenvector of λₘᵢₙ; at large rates it \
        changes its sign along that of λₘₐₓ at every step.
        """)
    Figure("Distance to the closed form, predicted and measured") { results in try Self.distances(results) }
      .caption(
        """
        Marks: measured ‖θ − θ⋆‖₂, first seed. Lines: predicted from the two components of the initial error, each multiplied by \
        its own factor 1 − ηλ at every step.
        """)
    Figure("Factor per step of the distance to the closed form") { results in try Self.factorFigure(results) }
      .caption(
        """
        Points: measured, all seeds, over the last 30 % of the steps before rounding errors dominate. Black line: \
        max |1 − ηλ|. Right: the rates within 3 % of the edge.
        """)
  }

  @ReportBuilder private var factors: [Cell] {
    ReportTable(
      "Long-run factor per step: predicted max |1 − ηλ| and measured (median over seeds)",
      columns: [
        .number("η : edge"), .number("η"), .number("|1 − ηλₘₐₓ|"), .number("|1 − ηλₘᵢₙ|"), .number("measured"),
        .number("greatest relative error"), .number("diverged"),
      ]
    ) { results in
      try Self.factors(results).map(\.cells)
    }
    Note { results in
      let factors = try Self.factors(results)
      let best = factors.min { Statistics.median($0.measured) < Statistics.median($1.measured) }
      let task = Self.task
      let condition = task.largest / task.smallest
      return """
        A larger η reduces the factor 1 − ηλₘᵢₙ of the flat direction, but beyond 1/λₘₐₓ it increases the factor |1 − ηλₘₐₓ| \
        of the steep one. The two are equal at η = 2/(λₘₐₓ + λₘᵢₙ), \
        \(NumberText.short(task.largest / (task.largest + task.smallest), digits: 4)) of the edge. Of the rates tried, \
        \(NumberText.short(best?.multiple ?? .nan)) of the edge has the smallest measured factor: \
        \(NumberText.short(Statistics.median(best?.measured ?? []), digits: 4)) per step. The best possible factor is \
        (κ − 1)/(κ + 1) = \(NumberText.short((condition - 1) / (condition + 1), digits: 4)). It depends on the condition \
        number κ = λₘₐₓ/λₘᵢₙ = \(NumberText.short(condition)) alone.
        """
    }
  }

  @ReportBuilder private var stopping: [Cell] {
    Note("## When should training stop?")
    Figure("Where each rule stops the same training") { results in try Self.stops(results) }
      .caption(
        "Lines: one run at 0.2 of the edge, first seed. Marks: where each rule stops it. The rules use only loss and gradient."
      )
    Figure("Distance and steps at the stop") { results in try Self.costs(results) }
      .caption("Medians over seeds, rates up to 0.9 of the edge. Dashed: the bound of the gradient rule, ε/λₘᵢₙ.")
    ReportTable(
      "Stop rules at 0.2 of the edge: medians over seeds",
      columns: [
        "rule", .number("stopped at step"), .number("excess loss E − E⋆"), .number("distance to the closed form"),
      ]
    ) { results in
      try Self.rules.map { rule in
        let runs = results.where(Self.ruleName, is: rule.name).where(Self.multiple, is: 0.2)
        let excess = Statistics.median(try runs.values(.finalLoss)) - Self.task.least
        return [
          rule.name, NumberText.short(try runs.median(.steps), digits: 5),
          excess < 1e-14 ? "< 10⁻¹⁴" : NumberText.short(excess),
          NumberText.short(Statistics.median(try Self.endDistances(runs))),
        ]
      }
    }
    Note { results in
      let gradient = results.where(Self.ruleName, is: Self.rules[3].name)
      let progress = results.where(Self.ruleName, is: Self.rules[4].name)
      func distance(_ runs: Results, _ multiple: Double) throws -> Double {
        Statistics.median(try Self.endDistances(runs.where(Self.multiple, is: multiple)))
      }
      return """
        - **A number of steps** does not depend on how close the run is to the solution.
        - **A loss limit** requires E⋆ to be known, as it is here from the closed form. A limit below E⋆ is never reached.
        - **A gradient limit** ε bounds the distance. Since ∇E = H(θ − θ⋆), the distance is at most ε/λₘᵢₙ = \
        \(NumberText.short(Self.tolerance / Self.task.smallest)) for ε = \(NumberText.short(Self.tolerance)). Measured medians: \
        \(NumberText.short(try distance(gradient, 0.02))) at 0.02 of the edge, \(NumberText.short(try distance(gradient, 0.5))) at \
        0.5. The bound does not depend on the learning rate.
        - **No progress** measures how fast the loss decreases, and a small learning rate also makes it decrease slowly. The \
        rule stops at a median distance of \(NumberText.short(try distance(progress, 0.02))) at 0.02 of the edge, and of \
        \(NumberText.short(try distance(progress, 0.5))) at 0.5.
        """
    }
  }

  /// The median distance at the stop for each rate up to 0.9 of the edge.
  private static func stopDistances(_ results: Results, _ rule: String) throws -> [Double] {
    try below(results.where(ruleName, is: rule)).filter { $0.multiple < 0.95 }.map {
      Statistics.median(try endDistances($0.runs))
    }
  }

  private var answer: Note {
    Note { results in
      let ratios = try Self.rules.dropFirst().map { rule in
        let all = try Self.stopDistances(results, rule.name)
        return (name: rule.name, ratio: (all.max() ?? .nan) / (all.min() ?? .nan))
      }
      // The loss limit requires the least loss, which training does not know.
      let known = ratios.filter { $0.name != Self.rules[2].name }
      let best = known.min { $0.ratio < $1.ratio }
      let others = ratios.filter { $0.name != best?.name }.map { "\($0.name): \(NumberText.short($0.ratio))" }
      let fastest = try Self.factors(results).min { Statistics.median($0.measured) < Statistics.median($1.measured) }
      return """
        ## Answer

        - **How far?** Below 2/λₘₐₓ every step is short enough. Of the rates tried, \
        \(NumberText.short(fastest?.multiple ?? .nan)) of the edge is the fastest in the long run; the best rate is \
        2/(λₘₐₓ + λₘᵢₙ).
        - **When to stop?** Of the rules that do not require the least loss, “\(best?.name ?? "none")” depends least on the rate: \
        its largest median distance at the stop is \(NumberText.short(best?.ratio ?? .nan)) times its smallest, over all rates up \
        to 0.9 of the edge (\(others.joined(separator: "; "))). This rule is recommended where ∇E is known exactly.
        """
    }
  }

  // MARK: Claims

  @ReportBuilder private var edgeClaims: [Cell] {
    Expect(
      "Verifies the edge 2/λₘₐₓ to 0.1 %: every run at 0.99 and 0.999 of it ends within 10⁻³, every run at 1.001 and 1.01 diverges"
    ) { results in
      let long = Self.long(results)
      let below = [0.99, 0.999].map { long.where(Self.multiple, is: $0) }
      let above = [1.001, 1.01].map { long.where(Self.multiple, is: $0) }
      let good = below.reduce(0) { $0 + $1.count - $1.divergedCount }
      let bad = above.reduce(0) { $0 + $1.divergedCount }
      let total = (below + above).reduce(0) { $0 + $1.count }
      let farthest = try below.flatMap { try Self.endDistances($0) }.max() ?? .nan
      return (
        good + bad == total && farthest < 1e-3,
        "below: \(good) runs finished, greatest distance \(NumberText.short(farthest)); above: \(bad) diverged; of \(total)"
      )
    }
    Expect(
      "Verifies the factor max |1 − ηλ| of one step: at every rate and seed the measured factor is the predicted one to 0.1 %"
    ) { results in
      let worst = try Self.factors(results).map(\.error).max() ?? .nan
      return (worst < 1e-3, "greatest relative error \(NumberText.short(worst, digits: 2))")
    }
  }

  @ReportBuilder private var stopClaims: [Cell] {
    Expect("Verifies the closed form of the textbook: training at half the edge ends at it, to 10⁻¹²") { results in
      let ends = try Self.endDistances(Self.long(results).where(Self.multiple, is: 0.5))
      let worst = ends.max() ?? .nan
      return (worst < 1e-12, "greatest distance of \(ends.count) seeds: \(NumberText.short(worst))")
    }
    Expect("Verifies the bound of the gradient rule: no run below the edge ends farther than ε/λₘᵢₙ") { results in
      let ends = try Self.below(results.where(Self.ruleName, is: Self.rules[3].name)).flatMap {
        try Self.endDistances($0.runs)
      }
      let worst = ends.max() ?? .nan
      let bound = Self.tolerance / Self.task.smallest
      return (worst <= bound, "greatest distance \(NumberText.short(worst)), bound \(NumberText.short(bound))")
    }
    Expect(
      "For most seeds the distance at the stop depends more on the rate with the rule “no progress” than with the gradient rule"
    ) { results in
      func ratios(_ rule: Int) throws -> [Double] {
        let runs = results.where(Self.ruleName, is: Self.rules[rule].name)
        let ends = try [0.02, 0.5].map { try Self.endDistances(runs.where(Self.multiple, is: $0)) }
        return zip(ends[0], ends[1]).map { $0 / $1 }
      }
      let (gradient, progress) = (try ratios(3), try ratios(4))
      let share = Share(zip(gradient, progress).count { abs(Exact.log($0)) < abs(Exact.log($1)) }, of: gradient.count)
      return (
        share.interval.lowerBound > 0.5,
        "\(share); distance at 0.02 of the edge over that at 0.5: median \(NumberText.short(Statistics.median(gradient))) "
          + "(gradient), \(NumberText.short(Statistics.median(progress))) (no progress)"
      )
    }
  }

  // MARK: The data and the closed form

  private static let longest = 10_000
  private static let tolerance = 1e-3

  /// Points of t = 0.8x − 0.5 plus noise with x in [0, 2.4]. The mean of x is not 0, so the Hessian is not diagonal.
  private static let data = DataSource.custom("line off the middle") { _ in
    let noise = try DataSource.line(samples: 24, slope: 0, noise: 0.3).make(runSeed: 0, files: DataFiles(folders: []))
    let xs = noise.training.inputs.map { 1.2 * ($0 + 1) }
    let ts = zip(xs, noise.training.targets).map { 0.8 * $0 - 0.5 + $1 }
    return Dataset(name: "line off the middle", inputs: xs.map { [$0] }, targets: ts.map { [$0] })
  }

  /// The data, the closed form, and the eigenvalues and eigenvectors of the Hessian.
  private struct Task {
    var xs: [Double] = []
    var ts: [Double] = []
    /// w⋆, b⋆
    var solution = [0.0, 0.0]
    var least = 0.0
    var (largest, smallest) = (1.0, 1.0)
    /// The unit eigenvector of λₘₐₓ; that of λₘᵢₙ is orthogonal to it.
    var steep = [1.0, 0.0]
    var edge: Double { 2 / largest }

    init(_ dataset: Dataset?) {
      guard let samples = dataset?.training, samples.count > 0 else { return }
      (xs, ts) = (samples.inputs, samples.targets)
      guard let line = Textbook.LineFitting.closedForm(xs, ts) else { return }
      solution = [line.w, line.b]
      least = loss(solution)
      (smallest, largest) = Textbook.LineFitting.hessianEigenvalues(xs)
      // (H − λ)v = 0 with the Hessian's second row [⟨x⟩ 1].
      let x = xs.reduce(0, +) / Double(xs.count)
      let length = ((largest - 1) * (largest - 1) + x * x).squareRoot()
      steep = [(largest - 1) / length, x / length]
    }

    /// The loss limit of a stop rule depends on the last bit of the least loss, and so on this order of operations.
    func loss(_ theta: [Double]) -> Double {
      zip(xs, ts).reduce(0) { sum, point in
        let error = point.1 - theta[0] * point.0 - theta[1]
        return sum + error * error / 2
      } / Double(max(1, xs.count))
    }

    func distance(_ theta: [Double]) -> Double {
      let (u, v) = (theta[0] - solution[0], theta[1] - solution[1])
      return (u * u + v * v).squareRoot()
    }

    /// The components of the error along the eigenvectors of λₘₐₓ (steep) and λₘᵢₙ (flat).
    func parts(_ theta: [Double]) -> (steep: Double, flat: Double) {
      let (u, v) = (theta[0] - solution[0], theta[1] - solution[1])
      return (u * steep[0] + v * steep[1], -u * steep[1] + v * steep[0])
    }

    /// |1 − ηλ| of both.
    func factors(_ rate: Double) -> (steep: Double, flat: Double) {
      (abs(1 - rate * largest), abs(1 - rate * smallest))
    }
  }

  private static let task = Task(try? data.make(runSeed: 0, files: DataFiles(folders: [])))

  private static let multiple = Parameter<Double>(
    "rate-to-edge", title: "learning rate : 2/λₘₐₓ", get: { $0.optimizer.learningRate / task.edge },
    set: { $0.optimizer.learningRate = $1 * task.edge })

  private static let ruleName = Parameter<String>.variant("rule")

  private static let rules: [(name: String, stop: StopRule)] = [
    ("10,000 steps", .after(steps: longest)),
    ("50 steps", .after(steps: 50)),
    ("E < 1.01 E⋆", .after(steps: longest).orLossBelow(1.01 * task.least)),
    ("‖∇E‖ < 10⁻³", .after(steps: longest).orGradientNormBelow(tolerance)),
    ("no progress", .after(steps: longest).orNoProgress(window: 20, improvement: 1e-3)),
  ]

  // MARK: Measurements

  /// The runs that only the number of steps stops.
  private static func long(_ results: Results) -> Results { results.where(ruleName, is: rules[0].name) }

  private static func endDistances(_ results: Results) throws -> [Double] {
    try results.rows.map { task.distance(try results.parameters(of: $0)) }
  }

  private static func below(_ results: Results) -> [(multiple: Double, runs: Results)] {
    results.groups(by: multiple).compactMap { setting, runs in
      setting.number.flatMap { $0 < 1 ? ($0, runs) : nil }
    }
  }

  /// Every step at first, then fewer and fewer.
  private static func steps(upTo last: Int, from first: Int = 0) -> [Int] {
    var steps: [Int] = []
    var step = first
    while step < last {
      steps.append(step)
      step += max(1, step / 12)
    }
    return steps + [last]
  }

  /// The distance to the closed form against the step.
  private static func history(_ results: Results, _ row: Results.Row) throws -> [Point] {
    let steps = steps(upTo: row.summary.steps)
    return zip(steps, try results.trajectory(of: row, at: steps)).map { Point(Double($0), task.distance($1)) }
  }

  private struct Factor {
    let multiple: Double
    let parts: (steep: Double, flat: Double)
    let measured: [Double]
    let diverged: Int
    var predicted: Double { max(parts.steep, parts.flat) }
    var error: Double { measured.map { abs($0 / predicted - 1) }.max() ?? .nan }
    var cells: [String] {
      [
        NumberText.short(multiple, digits: 4), NumberText.short(multiple * task.edge, digits: 4),
        NumberText.short(parts.steep, digits: 5), NumberText.short(parts.flat, digits: 5),
        NumberText.short(Statistics.median(measured), digits: 5), NumberText.short(error, digits: 2),
        "\(diverged) of \(measured.count)",
      ]
    }
  }

  /// The factor per step over the last 30 % of the steps before rounding errors dominate.
  private static func factors(_ results: Results) throws -> [Factor] {
    try long(results).groups(by: multiple).compactMap { setting, runs in
      guard let multiple = setting.number else { return nil }
      let measured = try runs.rows.map { row -> Double in
        let history = try history(runs, row)
        let start = history.first?.y ?? .nan
        guard let last = history.last(where: { $0.y > 1e-9 * start }),
          let half = history.last(where: { $0.x <= 0.7 * last.x }), last.x > half.x
        else { return .nan }
        return Exact.exp(Exact.log(last.y / half.y) / (last.x - half.x))
      }
      return Factor(
        multiple: multiple, parts: task.factors(multiple * task.edge), measured: measured,
        diverged: runs.divergedCount)
    }
  }

  // MARK: Figures

  private static func lines(_ results: Results) throws -> ChartGrid {
    let runs = long(results).where(multiple, is: 0.2)
    let data = zip(task.xs, task.ts).map { Point($0, $1) }
    var marks: [Mark] = [.points(data, .ring, .gray, radius: 2.2)]
    var legend = [LegendEntry("data", .gray, marker: .ring)]
    let steps = [0, 1, 3, 10, 30, 100]
    func line(_ theta: [Double]) -> [Point] { [0, 2.4].map { Point($0, theta[0] * $0 + theta[1]) } }
    if let row = try runs.run(.firstSeed) {
      let colors = Palette.colors(steps.count, ordered: true)
      for (index, theta) in try runs.trajectory(of: row, at: steps).enumerated() {
        marks.append(.line(line(theta), Stroke(colors[index], width: 1.4)))
        legend.append(LegendEntry("step \(steps[index])", colors[index]))
      }
    }
    marks.append(.line(line(task.solution), Stroke(.black, width: 2)))
    legend.append(LegendEntry("closed form", .black))
    return ChartGrid(Chart(x: AxisStyle("x"), y: AxisStyle("y"), marks: marks), legend: legend, aspect: 1.9)
  }

  private static func trajectories(_ results: Results) throws -> ChartGrid {
    let long = long(results)
    guard let first = try long.run(.firstSeed), let start = try long.trajectory(of: first, at: [0]).first else {
      return ChartGrid([])
    }
    let radius = 1.25 * max(abs(start[0] - task.solution[0]), abs(start[1] - task.solution[1]))
    let shares = (0...60).map { -1 + Double($0) / 30 }
    let (ws, bs) = (shares.map { task.solution[0] + radius * $0 }, shares.map { task.solution[1] + radius * $0 })
    let field = Field(x: ws, y: bs, values: bs.map { b in ws.map { task.loss([$0, b]) } })
    let top = task.loss(start)
    let levels = (0..<9).map { task.least + (top - task.least) * Exact.exp(-0.9 * Double($0 - 1)) }
    let charts = try [0.1, 0.5, 0.98, 1.01].map { multiple in
      var marks: [Mark] = [.contours(field, levels: levels, Stroke(.gray.opacity(0.5), width: 0.6))]
      if let row = try long.where(Self.multiple, is: multiple).run(.firstSeed) {
        let path = try long.trajectory(of: row, at: Array(0...40)).map { Point($0[0], $0[1]) }
        let color = multiple < 1 ? Palette.categories[0] : .fail
        marks += [
          .line(path, Stroke(color, width: 0.8)),
          .points(
            path.filter { abs($0.x - task.solution[0]) < radius && abs($0.y - task.solution[1]) < radius }, .circle,
            color, radius: 1.3),
          .points(Array(path.prefix(1)), .ring, .black, radius: 3.2),
        ]
      }
      marks.append(.points([Point(task.solution[0], task.solution[1])], .cross, .black, radius: 3.4))
      return Chart(
        title: "η = \(NumberText.short(multiple)) of the edge",
        x: AxisStyle("w", domain: task.solution[0] - radius...task.solution[0] + radius),
        y: AxisStyle("b", domain: task.solution[1] - radius...task.solution[1] + radius), marks: marks)
    }
    return ChartGrid([Array(charts.prefix(2)), Array(charts.suffix(2))], aspect: 1.5)
  }

  private static func distances(_ results: Results) throws -> ChartGrid {
    let shown = [0.05, 0.2, 0.8, 0.9, 0.99, 1.001, 1.01]
    let colors = Palette.colors(shown.count, ordered: true)
    var marks: [Mark] = []
    for (index, multiple) in shown.enumerated() {
      let runs = long(results).where(Self.multiple, is: multiple)
      guard let row = try runs.run(.firstSeed), let start = try runs.trajectory(of: row, at: [0]).first else {
        continue
      }
      let history = try history(runs, row)
      let (parts, factors) = (task.parts(start), task.factors(multiple * task.edge))
      let predicted = history.map { point in
        let u = parts.steep * Exact.exp(point.x * Exact.log(max(factors.steep, 1e-300)))
        let v = parts.flat * Exact.exp(point.x * Exact.log(max(factors.flat, 1e-300)))
        return Point(max(point.x, 0.7), (u * u + v * v).squareRoot())
      }
      marks.append(.line(predicted.filter { $0.y > 1e-15 && $0.y < 1e6 }, Stroke(colors[index], width: 1.1)))
      let measured = history.filter { $0.y > 1e-17 && $0.y < 1e6 }.map { Point(max($0.x, 0.7), $0.y) }
      marks.append(.points(measured, .category(index), colors[index], radius: 1.7))
    }
    let bar = ColorScale.settings("η : edge", zip(shown, colors).map { (NumberText.short($0, digits: 4), $1) })
    let y = AxisStyle("distance ‖θ − θ⋆‖₂", .log, domain: 1e-16...1e6)
    return ChartGrid(
      Chart(x: AxisStyle("step (step 0 is drawn at 0.7)", .log), y: y, marks: marks), colorScale: bar,
      aspect: 1.7)
  }

  private static func factorFigure(_ results: Results) throws -> ChartGrid {
    let rows = try factors(results)
    func chart(_ title: String, _ range: ClosedRange<Double>) -> Chart {
      let grid = (0...200).map { range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / 200 }
      func curve(_ pick: ((steep: Double, flat: Double)) -> Double) -> [Point] {
        grid.map { Point($0, pick(task.factors($0 * task.edge))) }
      }
      let measured = rows.filter { range.contains($0.multiple) }.flatMap { row in
        row.measured.map { Point(row.multiple, $0) }
      }
      return Chart(
        title: title, x: AxisStyle("learning rate : 2/λₘₐₓ", domain: range), y: AxisStyle("factor per step"),
        marks: [
          .line(curve(\.steep), Stroke(Palette.categories[1], width: 0.8, dash: [4, 2])),
          .line(curve(\.flat), Stroke(Palette.categories[2], width: 0.8, dash: [1.5, 1.5])),
          .line(curve { max($0.steep, $0.flat) }, Stroke(.black, width: 1.3)),
          .verticalRule(1, label: "", Stroke(.fail, width: 0.9, dash: [3, 2])),
          .horizontalRule(1, label: "", Stroke(.gray, width: 0.7)),
          .points(measured, .circle, Palette.categories[0], radius: 2.3),
        ])
    }
    return ChartGrid(
      [[chart("All rates", 0...1.15), chart("Within 3 % of the edge", 0.97...1.03)]],
      legend: [
        LegendEntry("measured", Palette.categories[0], marker: .circle), LegendEntry("max |1 − ηλ|", .black),
        LegendEntry("|1 − ηλₘₐₓ|", Palette.categories[1], dash: [4, 2]),
        LegendEntry("|1 − ηλₘᵢₙ|", Palette.categories[2], dash: [1.5, 1.5]), LegendEntry("edge", .fail, dash: [3, 2]),
      ], sharesAxes: false, aspect: 1.3)
  }

  private static func stops(_ results: Results) throws -> ChartGrid {
    let runs = results.where(multiple, is: 0.2)
    guard let row = try long(runs).run(.firstSeed) else { return ChartGrid([]) }
    let history = try history(runs, row).filter { $0.x >= 1 && $0.x <= 400 }
    let losses = try long(runs).series(.loss).first.flatMap { $0 }?.values ?? []
    let excess = losses.prefix(401).enumerated().dropFirst().map { Point(Double($0), $1 - task.least) }
    var marks: [Mark] = [
      .line(history, Stroke(.black, width: 1.4)),
      .line(excess.filter { $0.y > 1e-6 }, Stroke(.gray, width: 1, dash: [4, 2])),
    ]
    var legend = [
      LegendEntry("distance ‖θ − θ⋆‖₂", .black), LegendEntry("excess loss E − E⋆", .gray, dash: [4, 2]),
    ]
    for (index, rule) in rules.enumerated().dropFirst() {
      let stopped = runs.where(ruleName, is: rule.name)
      guard let row = try stopped.run(.firstSeed) else { continue }
      let end = try stopped.parameters(of: row)
      let place = Point(Double(row.summary.steps), task.distance(end))
      let color = Palette.categories[index]
      marks.append(.points([place], .category(index), color, radius: 3.6))
      legend.append(LegendEntry(rule.name, color, marker: .category(index)))
    }
    return ChartGrid(
      Chart(x: AxisStyle("step", .log), y: AxisStyle("distance or excess loss", .log, domain: 1e-6...10), marks: marks),
      legend: legend, aspect: 1.8)
  }

  private static func costs(_ results: Results) throws -> ChartGrid {
    var (distances, steps): ([Mark], [Mark]) = ([], [])
    var legend: [LegendEntry] = []
    for (index, rule) in rules.enumerated().dropFirst() {
      let groups = below(results.where(ruleName, is: rule.name)).filter { $0.multiple < 0.95 }
      let stroke = Stroke(Palette.categories[index], width: 1.3)
      let ends = try groups.map { Point($0.multiple, Statistics.median(try endDistances($0.runs))) }
      let counts = try groups.map { Point($0.multiple, try $0.runs.median(.steps)) }
      distances += [.line(ends, stroke), .points(ends, .category(index), stroke.color, radius: 2.4)]
      steps += [.line(counts, stroke), .points(counts, .category(index), stroke.color, radius: 2.4)]
      legend.append(LegendEntry(rule.name, stroke.color, marker: .category(index)))
    }
    distances.append(
      .horizontalRule(tolerance / task.smallest, label: "", Stroke(.black, width: 0.8, dash: [4, 2])))
    legend.append(LegendEntry("ε/λₘᵢₙ", .black, dash: [4, 2]))
    let x = AxisStyle("learning rate : 2/λₘₐₓ", .log)
    return ChartGrid(
      [
        [
          Chart(
            title: "Distance at the stop", x: x, y: AxisStyle("distance ‖θ − θ⋆‖₂", .log, domain: 1e-5...10),
            marks: distances),
          Chart(title: "Steps until the stop", x: x, y: AxisStyle("steps", .log), marks: steps),
        ]
      ], legend: legend, sharesAxes: false, aspect: 1.25)
  }
}
