import Descent
import Foundation
import Textbook

/// One logistic neuron: its decision line, the noise of single samples, and the local minima of its square loss.
struct LogisticNeuron: Experiment {
  let title = "One logistic neuron: decision line, gradient noise and local minima"

  var setup: Setup {
    Setup(
      data: Self.clouds,
      network: .linear(output: .sigmoid),
      loss: .meanSquaredError,
      optimizer: .gradientDescent(learningRate: 0.3),
      initialization: .normal(scale: 1, biases: true),
      batch: .singleWithReplacement,
      stop: .after(steps: 4_000),
      record: .also(.trainingLoss, .accuracy, every: 10))
  }

  var sweep: [Axis] {
    Vary(.batch, over: [.singleWithReplacement, .full])
    Vary(.learningRate, over: Self.rates)
    Seeds(0..<32)
  }

  var report: [Cell] {
    Note(
      """
      The output of a neuron is ŷ = σ(xᵀw + b) with σ(z) = 1/(1 + e^{−z}), and its loss is E = (1/n) Σ_i f_i with \
      f_i = (y_i − ŷ_i)². Stochastic gradient descent draws one of the n samples at every step t, each with probability 1/n, \
      and uses the gradient of that sample i_t alone:

      - w ← w − τ∇f_i(w),  b ← b − τ∇f_i(b),  i = i_t

      The rate τ of the lecture is called η on axes. Beside it, full-batch gradient descent uses the gradient of E. The data are \
      \(Self.sampleCount) points of two clouds that overlap. The neuron predicts class 1 on one side of the line \
      xᵀw + b = 0, and class 0 on the other.
      """)
    derived
    training
    minima
    minimumCounts
    claims
  }

  @ReportBuilder private var derived: [Cell] {
    Note(
      """
      ## What are ∇f_i(w) and ∇f_i(b)?

      With z = xᵀw + b, the chain rule gives ∂f_i/∂z = δ = 2(ŷ − y) σ′(z) = 2(ŷ − y) ŷ (1 − ŷ). The derivative of z by w is x, \
      and that by b is 1, so ∇f_i(w) = δx and ∇f_i(b) = δ. The table shows the first stochastic step of the first seed at \
      τ = \(NumberText.short(Self.middle)): the sample i_1 is the one that the engine drew.
      """)
    ReportTable.derivation("The first stochastic step, for the drawn sample") { try Self.derivation($0) }
  }

  private static func derivation(_ results: Results) throws -> [DerivationLine] {
    let runs = results.where(.batch, is: .singleWithReplacement).where(.learningRate, is: middle)
    guard let row = try runs.run(.firstSeed), let data = try runs.dataset(of: row)?.training else { return [] }
    let steps = try runs.trajectory(of: row, at: [0, 1])
    let (start, end) = (steps[0], steps[1])
    let neuron = Textbook.LogisticNeuron(w: Array(start[0..<2]), b: start[2])
    func sample(_ i: Int) -> (x: [Double], y: Double) { (Array(data.inputs[2 * i..<2 * i + 2]), data.targets[i]) }
    func stepped(_ i: Int) -> Textbook.LogisticNeuron {
      var next = neuron
      next.step(sample(i).x, sample(i).y, tau: middle)
      return next
    }
    func distance(_ i: Int) -> Double { abs(stepped(i).w[0] - end[0]) + abs(stepped(i).w[1] - end[1]) }
    guard let drawn = (0..<data.count).min(by: { distance($0) < distance($1) }) else { return [] }
    let (x, y) = sample(drawn)
    let (own, next) = (neuron.gradient(x, y), stepped(drawn))
    let engine = try runs.backwardPass(of: row, at: start, sample: drawn)
    let yHat = neuron.output(x)
    func line(_ quantity: String, _ formula: String, _ textbook: Double, _ engine: Double) -> DerivationLine {
      DerivationLine(quantity, formula, textbook: textbook, engine: engine)
    }
    return [
      line("z", "x_1 w_1 + x_2 w_2 + b", x[0] * neuron.w[0] + x[1] * neuron.w[1] + neuron.b, engine.inputs[0][0]),
      line("ŷ", "σ(z)", yHat, engine.outputs[0][0]), line("f_i", "(y − ŷ)²", neuron.loss(x, y), engine.loss),
      line("δ", "2(ŷ − y) ŷ (1 − ŷ)", own.delta, engine.delta[0][0]),
      line("∂f_i/∂w_1", "δ x_1", own.w[0], engine.gradient[0]),
      line("∂f_i/∂w_2", "δ x_2", own.w[1], engine.gradient[1]),
      line("∂f_i/∂b", "δ", own.b, engine.gradient[2]), line("w_1 after the step", "w_1 − τ δ x_1", next.w[0], end[0]),
      line("w_2 after the step", "w_2 − τ δ x_2", next.w[1], end[1]),
      line("b after the step", "b − τ δ", next.b, end[2]),
    ]
  }

  @ReportBuilder private var training: [Cell] {
    Note("## The decision line")
    Figure("The decision line during training") { try Self.lines($0) }
      .caption(
        """
        Two runs with the same initial weights (first seed) at η = \(NumberText.short(Self.middle)). Dark lines are early, light \
        green ones late; the last one is thicker.
        """)
    Note("## The noise of single samples")
    Figure("Loss on all data, trained on one sample per step or on all") {
      Curve(.trainingLoss).color(by: .batch).band(.deciles)
    }
    .facets(columns: .learningRate).xScale(.log).yScale(.log)
    Figure("Angle between w and the final w of full batches") { try Self.angles($0) }
      .caption(
        """
        Ten runs of each batch at η = \(NumberText.short(Self.middle)). The reference direction is the end point of the best \
        full-batch run at the largest η.
        """)
    ReportTable(
      "Fluctuation of E on all data over the last tenth of training, and final E: medians over seeds",
      columns: [
        .number("η"), .number("fluctuation, one sample"), .number("fluctuation, all samples"),
        .number("final E, one sample"), .number("final E, all samples"),
      ]
    ) { results in
      try Self.rates.map { rate in
        let part = results.where(.learningRate, is: rate)
        let batches = [Batching.singleWithReplacement, .full].map { part.where(.batch, is: $0) }
        return [NumberText.short(rate)]
          + (try batches.map { NumberText.short(try Self.spread($0)) })
          + (try batches.map { NumberText.short(try $0.median(.final(.trainingLoss))) })
      }
    }
    Note(
      """
      The fluctuation of a run is the standard deviation of E over the last tenth of training. It includes a remaining \
      decrease of E. Training on all samples has no noise, so its value is this decrease alone. One step on all samples \
      evaluates as many gradients as \(Self.sampleCount) steps on one sample.
      """)
  }

  @ReportBuilder private var minima: [Cell] {
    Note(
      """
      ## The local minima of one neuron

      The square loss of one neuron is not convex in w. An example has a neuron without bias and ten points, (10⁻ⁱ, 0) and \
      (0, 10⁻ⁱ) for i = 0…4, all with target 0.7. A point of size 10⁻ⁱ is fitted by the weight σ⁻¹(0.7)·10ⁱ. For much larger \
      weights σ is flat at this point, and the point contributes almost nothing to the gradient. So each of the five sizes \
      can have its own minimum in either weight, 5 × 5 in the plane. The construction is that of Auer, Herbster & Warmuth \
      (1996), “Exponentially many local minima for single neurons”. `auer-minima` studies it with many more runs.
      """)
    Figure("Square loss of one neuron over the logarithms of its weights") { _ in Self.surfaces() }
      .caption(
        """
        Sum of squares over the ten points, on a grid of \(Self.lattice) × \(Self.lattice) weights. Dots: grid points below all \
        eight neighbours, refined until a step of 10⁻⁸ in log₁₀ w does not decrease the loss. Lines: gradient descent of \
        E over (ln w₁, ln w₂) from 7 × 7 starting points.
        """)
    Figure("Loss along w₁ through the best minimum") { _ in Self.cuts() }
      .caption("w₂ has its value at the best minimum. Rings: the local minima along w₁.")
  }

  @ReportBuilder private var minimumCounts: [Cell] {
    ReportTable(
      "Local minima found with w > 0, by the search and by gradient descent",
      columns: [
        "loss", .number("targets"), .number("minima"), .number("least value"),
        .number("greatest value"),
        .number("largest ‖∂E/∂ln w‖"), .number("end points of gradient descent"),
      ]
    ) { _ in
      Bowl.all.enumerated().map { index, bowl in
        let minima = bowl.minima()
        let losses = minima.map { bowl.loss($0.x, $0.y) }
        let norm = minima.map { bowl.gradientNorm($0) }.max() ?? .nan
        return [
          bowl.isEntropy ? "cross-entropy" : "square", NumberText.short(bowl.target), "\(minima.count)",
          NumberText.short(losses.min() ?? .nan, digits: 4),
          NumberText.short(losses.max() ?? .nan, digits: 4),
          NumberText.short(norm, digits: 2), bowl.isEntropy ? "–" : "\(Bowl.descentEnds[index].count)",
        ]
      }
    }
    Note { _ in
      let counts = Bowl.all.map { $0.minima().count }
      let starts = Bowl.starts.count
      func errors(_ t: Double) -> String {
        "\(NumberText.short((0.5 - t) * (0.5 - t))) and \(NumberText.short((1 - t) * (1 - t))) for t = \(NumberText.short(t))"
      }
      return """
        ## Answer

        The search finds \(counts[0]) minima with targets \(NumberText.short(Bowl.all[0].target)) and \(counts[1]) with targets \
        \(NumberText.short(Bowl.all[1].target)). Full-batch gradient descent over the logarithms of the weights, from \
        \(starts) × \(starts) starting points, ends at \(Bowl.descentEnds[0].count) and \
        \(Bowl.descentEnds[1].count) points. An explanation is the error of a point of size x at a weight w that does not \
        fit it: (½ − t)² for wx near 0, and (1 − t)² for large wx. These are \(errors(Bowl.all[0].target)), but \
        \(errors(Bowl.all[1].target)). With the second targets a larger weight costs too much at the points that it has passed. \
        Cross-entropy with targets \(NumberText.short(Bowl.all[2].target)) has \(counts[2]) minimum. Its derivative ŷ − y has no \
        factor ŷ(1 − ŷ), so a point keeps its influence at large weights, and the loss is convex in w.
        """
    }
  }

  @ReportBuilder private var claims: [Cell] {
    Expect.derivation("Verifies the derivation: textbook and engine agree in every line, to 10⁻¹¹", within: 1e-11) {
      try Self.derivation($0)
    }
    Expect(
      "Verifies Auer, Herbster & Warmuth: the square loss has 25 minima with targets 0.7 and one with 0.6; cross-entropy has "
        + "one; gradient descent on the square loss ends at each of its minima and nowhere else"
    ) { _ in
      let counts = Bowl.all.map { $0.minima().count }
      let ends = Bowl.descentEnds
      let farthest =
        zip(Bowl.all, ends).map { bowl, ends in
          let minima = bowl.minima()
          return ends.map { end in minima.map { hypot($0.x - end.x, $0.y - end.y) }.min() ?? .nan }.max() ?? .nan
        }.max() ?? .nan
      return (
        counts == [25, 1, 1] && ends.map(\.count) == Array(counts.prefix(2)) && farthest < 1e-3,
        "minima \(counts.map(String.init).joined(separator: ", ")); end points "
          + "\(ends.map { String($0.count) }.joined(separator: ", ")), at most \(NumberText.short(farthest)) apart in log₁₀ w"
      )
    }
    Expect(
      "For η of at least 0.3 the fluctuation of single samples is at least ten times that of full batches, in the median over "
        + "the seeds (95 % interval; the factor was chosen after looking at seeds 0 to 31)"
    ) { results in
      let intervals = try Self.rates.filter { $0 >= Self.middle }.map { rate -> ClosedRange<Double>? in
        let part = results.where(.learningRate, is: rate)
        let pairs = zip(
          try Self.spreads(part.where(.batch, is: .singleWithReplacement)),
          try Self.spreads(part.where(.batch, is: .full)))
        return Statistics.medianInterval(pairs.map { $0 / $1 }, confidence: 0.95)
      }
      let words = intervals.map { $0.map { NumberText.interval($0) } ?? "too few seeds" }.joined(separator: "; ")
      return (!intervals.isEmpty && intervals.allSatisfy { ($0?.lowerBound ?? 0) >= 10 }, "ratios \(words)")
    }
    Expect(
      "For every batch and rate the median final accuracy is at least 90 % (limit chosen after looking at seeds 0 to 31)"
    ) { results in
      let medians = try results.groups(by: .batch).flatMap { _, part in
        try part.groups(by: .learningRate).map { try $0.results.median(.final(.accuracy)) }
      }
      return (
        !medians.isEmpty && medians.allSatisfy { $0 >= 0.9 },
        "from \(NumberText.percent(medians.min() ?? .nan)) to \(NumberText.percent(medians.max() ?? .nan))"
      )
    }
  }

  // MARK: Settings
  private static let rates = [0.03, 0.3, 1]
  private static let middle = 0.3
  private static let sampleCount = 80

  /// Two clouds around (−0.4, −0.9) and (1, 0.7), not aligned with the axes.
  private static let clouds = DataSource.custom("two clouds") { seed in
    let blobs = try DataSource.blobs(classes: 2, samples: sampleCount, noise: 0.55)
      .make(runSeed: seed, files: DataFiles(folders: []))
    let part = blobs.training
    let inputs = (0..<part.count).map { i in
      let (x, y) = (part.inputs[2 * i], part.inputs[2 * i + 1])
      return [0.3 + 0.7 * x - 0.7 * y, -0.1 + 0.8 * x + 0.6 * y]
    }
    return Dataset(
      name: "two clouds", inputs: inputs, targets: (0..<part.count).map { [part.targets[2 * $0]] },
      classes: .threshold(0.5))
  }

  // MARK: The decision line
  private static func lines(_ results: Results) throws -> ChartGrid {
    let steps = [0, 10, 30, 100, 300, 1_000, 2_000, 4_000]
    let colors = Palette.colors(steps.count, ordered: true)
    let charts = try [Batching.singleWithReplacement, .full].map { batch in
      let runs = results.where(.batch, is: batch).where(.learningRate, is: middle)
      guard let row = try runs.run(.firstSeed), let data = try runs.dataset(of: row) else {
        return Chart(x: AxisStyle("x₁"), y: AxisStyle("x₂"), marks: [])
      }
      var marks: [Mark] = []
      for label in [0, 1] {
        let points = (0..<data.training.count).filter { data.training.targets[$0] == Double(label) }
          .map { Point(data.training.inputs[2 * $0], data.training.inputs[2 * $0 + 1]) }
        marks.append(.points(points, .category(label), Palette.diverging(label == 0 ? 0.1 : 0.9), radius: 2))
      }
      for (index, theta) in try runs.trajectory(of: row, at: steps).enumerated() {
        marks.append(.line(line(theta), Stroke(colors[index], width: index + 1 == steps.count ? 2.2 : 1.3)))
      }
      return Chart(
        title: title(batch), x: AxisStyle("x₁", domain: -2.6...2.8),
        y: AxisStyle("x₂", domain: -2.6...2.6), marks: marks)
    }
    let classes = [0, 1].map {
      LegendEntry("class \($0)", Palette.diverging($0 == 0 ? 0.1 : 0.9), marker: .category($0))
    }
    return ChartGrid(
      [charts], legendTitle: "line after step",
      legend: zip(steps, colors).map { LegendEntry("\($0)", $1) } + classes, aspect: 1.15)
  }

  private static func title(_ batch: Batching) -> String {
    batch == .full ? "all samples per step" : "one sample per step"
  }

  /// Two points of the line w·x + b = 0 outside the drawn part.
  private static func line(_ theta: [Double]) -> [Point] {
    let (a, b, c) = (theta[0], theta[1], theta[2])
    guard abs(a) + abs(b) > 0 else { return [] }
    return abs(b) > abs(a)
      ? [-4.0, 4].map { Point($0, -(a * $0 + c) / b) } : [-4.0, 4].map { Point(-(b * $0 + c) / a, $0) }
  }

  private static func angles(_ results: Results) throws -> ChartGrid {
    let steps = [0, 1, 2, 4, 7, 12, 20, 33, 50, 75] + stride(from: 100, through: 4_000, by: 100)
    let settled = results.where(.batch, is: .full).groups(by: .learningRate).last?.results
    guard let settled, let row = try settled.run(.best(.finalLoss)) else { return ChartGrid([]) }
    let end = try settled.parameters(of: row)
    let part = results.where(.learningRate, is: middle)
    let charts = try [Batching.singleWithReplacement, .full].enumerated().map { index, batch in
      let runs = part.where(.batch, is: batch)
      let marks = try runs.rows.prefix(10).map { row -> Mark in
        let points = zip(steps, try runs.trajectory(of: row, at: steps)).map { step, w in
          let turn = atan2(w[0] * end[1] - w[1] * end[0], w[0] * end[0] + w[1] * end[1])
          return Point(Double(step + 1), abs(turn) * 180 / Double.pi)
        }
        return .line(points, Stroke(Palette.categories[index].opacity(0.75), width: 0.9))
      }
      return Chart(
        title: title(batch), x: AxisStyle("step t + 1", .log),
        y: AxisStyle("angle in degrees", .log, domain: 0.01...200), marks: marks)
    }
    return ChartGrid([charts], aspect: 1.35)
  }

  /// The standard deviation of E over the last tenth of training, for each run.
  private static func spreads(_ runs: Results) throws -> [Double] {
    try runs.series(.trainingLoss).map { series in
      let all = series?.values ?? []
      let last = all.suffix(max(2, all.count / 10))
      let mean = last.reduce(0, +) / Double(max(1, last.count))
      return (last.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, last.count))).squareRoot()
    }
  }

  private static func spread(_ runs: Results) throws -> Double { Statistics.median(try spreads(runs)) }

  // MARK: Local minima
  private static let lattice = 161

  /// The loss of a neuron without bias on (10⁻ⁱ, 0) and (0, 10⁻ⁱ), i = 0…4, over u = log₁₀ w₁ and v = log₁₀ w₂.
  ///
  /// Each point lies on an axis, so its loss depends on one weight only and E is a sum of one function of each weight.
  private struct Bowl {
    let target: Double
    let isEntropy: Bool

    static let all: [Bowl] = [
      Bowl(target: 0.7, isEntropy: false), Bowl(target: 0.6, isEntropy: false), Bowl(target: 0.7, isEntropy: true),
    ]
    static let us = (0..<lattice).map { -2 + 8 * Double($0) / Double(lattice - 1) }

    /// The loss of the five points of one axis at the weight 10ᵘ.
    func axis(_ u: Double) -> Double {
      let w = pow(10, u)
      let neuron = Textbook.LogisticNeuron(w: [w], b: 0)
      return (0...4).reduce(0) { sum, i in
        let x = pow(10, -Double(i))
        let z = w * x
        // −t ln σ(z) − (1−t) ln(1−σ(z)) = ln(1 + e⁻ᶻ) + (1−t)z, which does not overflow for z > 0.
        return isEntropy ? sum + log1p(exp(-z)) + (1 - target) * z : sum + neuron.loss([x], target)
      }
    }

    func loss(_ u: Double, _ v: Double) -> Double { axis(u) + axis(v) }

    /// ∂E/∂(ln w) of one axis, by the chain rule.
    func slope(_ u: Double) -> Double {
      let w = pow(10, u)
      let neuron = Textbook.LogisticNeuron(w: [w], b: 0)
      return (0...4).reduce(0.0) { sum, i in
        let x = pow(10, -Double(i))
        return sum + w * (isEntropy ? (neuron.output([x]) - target) * x : neuron.gradient([x], target).w[0])
      }
    }

    /// ‖∂E/∂(ln w₁, ln w₂)‖
    func gradientNorm(_ p: Point) -> Double { hypot(slope(p.x), slope(p.y)) }

    /// Starting values of log₁₀ w for gradient descent.
    static let starts = (0..<13).map { -1.3 + 5.9 * Double($0) / 12 }

    /// Gradient descent over ln w on one axis: the values of log₁₀ w. Both axes descend independently of each other.
    func path(from start: Double) -> [Double] {
      var path = [start]
      for _ in 0..<1_500 {
        let u = path[path.count - 1]
        let step = slope(u)
        if abs(step) < 1e-9 { break }
        path.append(u - 4 * step / log(10))
      }
      return path
    }

    /// Paths in the plane from every second pair of starting values.
    static func trajectories(_ paths: [[Double]]) -> [[Point]] {
      let chosen = stride(from: 0, to: paths.count, by: 2).map { paths[$0] }
      return chosen.flatMap { v in
        chosen.map { u in
          stride(from: 0, to: max(u.count, v.count), by: 4).map {
            Point(u[min($0, u.count - 1)], v[min($0, v.count - 1)])
          }
        }
      }
    }

    /// The paths of the two square losses from all starting values.
    static let paths = all.filter { !$0.isEntropy }.map { bowl in starts.map(bowl.path) }

    /// The distinct end points of gradient descent from all pairs of starting values.
    static let descentEnds = paths.map { paths -> [Point] in
      var ends: [Double] = []
      for end in paths.compactMap(\.last) where ends.allSatisfy({ abs($0 - end) > 1e-3 }) { ends.append(end) }
      return ends.flatMap { v in ends.map { Point($0, v) } }
    }

    var field: Field {
      let values = Self.us.map(axis)
      return Field(x: Self.us, y: Self.us, values: values.map { v in values.map { $0 + v } })
    }

    /// The minima of each loss, in the order of `all`.
    static let found = all.map { $0.search() }

    func minima() -> [Point] {
      Self.all.firstIndex { $0.target == target && $0.isEntropy == isEntropy }.map { Self.found[$0] } ?? search()
    }

    /// Grid points below all eight neighbours, refined by a search with decreasing steps.
    private func search() -> [Point] {
      let field = field
      var found: [Point] = []
      for row in 1..<lattice - 1 {
        for column in 1..<lattice - 1 {
          let here = field.values[row][column]
          let isLeast = (-1...1).allSatisfy { dy in
            (-1...1).allSatisfy { dx in
              (dx == 0 && dy == 0) || field.values[row + dy][column + dx] > here
            }
          }
          if isLeast { found.append(refined(Point(Self.us[column], Self.us[row]))) }
        }
      }
      return found
    }

    private func refined(_ start: Point) -> Point {
      var (place, least, step) = (start, loss(start.x, start.y), 0.025)
      while step > 1e-8 {
        let around = [(step, 0), (-step, 0), (0, step), (0, -step)].map { Point(place.x + $0.0, place.y + $0.1) }
        if let better = around.first(where: { loss($0.x, $0.y) < least }) {
          (place, least) = (better, loss(better.x, better.y))
        } else {
          step /= 2
        }
      }
      return place
    }

    /// Local minima of the loss over w₁ alone.
    func cutMinima() -> [Double] {
      let values = Self.us.map(axis)
      return (1..<lattice - 1).filter { values[$0] < values[$0 - 1] && values[$0] < values[$0 + 1] }.map { Self.us[$0] }
    }
  }

  private static func logWeight(_ index: String) -> AxisStyle {
    AxisStyle("log₁₀ w\(index)", domain: -2...6)
  }

  private static func surfaces() -> ChartGrid {
    let bowls = Bowl.all.filter { !$0.isEntropy }
    let fields = bowls.map(\.field)
    let colors = ColorScale.fitting("square loss E", fields.flatMap { $0.values.flatMap(\.self) })
    let charts = bowls.indices.map { index in
      let (bowl, field) = (bowls[index], fields[index])
      let half = 4 / Double(lattice - 1)
      let edges = (0...lattice).map { min(6, max(-2, -2 - half + 2 * half * Double($0))) }
      let cells = CellGrid(xEdges: edges, yEdges: edges, values: field.values)
      let all = field.values.flatMap(\.self)
      let (low, high) = (all.min() ?? 0, all.max() ?? 1)
      let levels = (1...24).map { low + (high - low) * Double($0) / 25 }
      let minima = bowl.minima()
      return Chart(
        title: "targets \(NumberText.short(bowl.target)): \(minima.count) \(minima.count == 1 ? "minimum" : "minima")",
        x: logWeight("₁"), y: logWeight("₂"),
        marks: [
          .cells(cells, colors), .contours(field, levels: levels, Stroke(.white.opacity(0.5), width: 0.5)),
        ] + Bowl.trajectories(Bowl.paths[index]).map { .line($0, Stroke(.black.opacity(0.7), width: 0.6)) } + [
          .points(minima, .circle, .white, radius: 3.2), .points(minima, .circle, Palette.categories[1], radius: 2.4),
        ])
    }
    return ChartGrid([charts], colorScale: colors, aspect: 1.1)
  }

  private static func cuts() -> ChartGrid {
    let charts = Bowl.all.enumerated().map { index, bowl in
      let minima = bowl.minima()
      let best = minima.min { bowl.loss($0.x, $0.y) < bowl.loss($1.x, $1.y) } ?? Point(0, 0)
      let curve = Bowl.us.map { Point($0, bowl.loss($0, best.y)) }
      let rings = bowl.cutMinima().map { Point($0, bowl.loss($0, best.y)) }
      let color = Palette.categories[index]
      return Chart(
        title: "\(bowl.isEntropy ? "cross-entropy" : "square"), \(NumberText.short(bowl.target))", x: logWeight("₁"),
        y: AxisStyle(index == 0 ? "loss E" : "", bowl.isEntropy ? .log : .linear),
        marks: [
          .line(curve, Stroke(color, width: 1.5)), .points(rings, .ring, .black, radius: 3),
        ])
    }
    var grid = ChartGrid([charts], aspect: 1.1)
    grid.sharesAxes = false
    return grid
  }
}
