import Descent

/// The α/β network: each output has its own activation, the loss is a sum over all samples, the rate follows a schedule.
struct AlphaBeta: Experiment {
  let title = "Which learning rate suits a loss that is a sum over the samples?"

  var setup: Setup {
    Setup(
      data: Self.curves(16),
      network: Network(hidden: [6], activation: .sigmoid, output: Self.outputs),
      loss: .sumOfSquares,
      optimizer: .gradientDescent(learningRate: 0.01),
      initialization: .normal(scale: 0.1, biases: true),
      batch: .full,
      stop: .after(steps: Self.steps))
  }

  var sweep: [Axis] {
    Vary(Self.count, over: Self.sizes)
    Vary(.learningRate, over: Self.rates)
    Variants(
      "course",
      [
        Variant(Self.constant) { $0.optimizer.schedule = .constant },
        Variant("1/r") { $0.optimizer.schedule = .inverse() },
        Variant("1/(1 + r/200)") { $0.optimizer.schedule = .inverse(halving: 200) },
        Variant("halved every 500") { $0.optimizer.schedule = .step(factor: 0.5, every: 500) },
      ])
    Variants(
      "start",
      [
        Variant(Self.small) { $0.initialization = .normal(scale: 0.1, biases: true) },
        Variant(Self.zero) { $0.initialization = .zero },
        Variant(Self.large) { $0.initialization = .normal(scale: 10, biases: true) },
      ])
    Seeds(0..<6)
  }

  var report: [Cell] {
    Note(
      """
      A network has one input x, six hidden units z_m = σ(⟨α_m, x⟩) and three outputs ŷ_k = g_k(⟨β_k, z⟩). Each output \
      has its own activation g_k, which suits its target. The loss R = Σᵢ Σ_k (y_k − ŷ_k)² is the sum over all n \
      samples; it is not divided by n. Step r subtracts η⁽ʳ⁾∇R from the parameters θ. The report asks four questions: \
      What does g_k do? How does the usable rate η depend on n? What does a schedule change? Why are the initial \
      parameters small random numbers?
      """)
    activations
    usableRates
    schedules
    initializations
    claims
  }

  @ReportBuilder private var activations: [Cell] {
    Note("## What the output activation g_k does")
    Figure("Three outputs of one network, each with its own activation") { try Self.outputPanels($0) }
      .caption(
        """
        Points: the 16 samples. Line: the output ŷ_k of the run with the smallest final loss among the runs with small \
        initialization and a constant rate. Dashed: ⟨β_k, z⟩, the input of g_k. It can leave the range of the target; \
        ŷ_k cannot.
        """)
  }

  @ReportBuilder private var usableRates: [Cell] {
    Note("## How the usable rate depends on n")
    Figure("Final loss per sample against η and against ηn") { try Self.collapse($0) }
      .caption(
        """
        Median of 6 runs with small initialization after \(Self.steps) steps at a constant rate, for each n and η. A \
        curve ends where the median run diverges. Right: the same medians against ηn. Dashed: R/n = \
        \(NumberText.short(Self.bound)).
        """)
    Figure("Largest usable rate against n") { try Self.edges($0) }
      .caption(
        """
        A rate is usable if at least half of the 6 runs (small initialization, constant rate) end with R/n below \
        \(NumberText.short(Self.bound)). Bar: from the largest usable η to the next larger η of the sweep. Point: \
        their geometric mean. Line: c/n, where c is the geometric mean of n times the points.
        """)
    ReportTable(
      "Largest usable rate for each number of samples",
      columns: [
        .number("n"), .number("largest usable η"), .number("largest usable η times n"),
        .number("next larger η of the sweep"),
      ]
    ) { results in
      try Self.usable(results).map { edge in
        ["\(edge.n)"] + [edge.low, edge.low * Double(edge.n), edge.high].map { NumberText.short($0) }
      }
    }
    Note { results in
      let slope = Self.slope(try Self.usable(results))
      return """
        The samples of all n lie on the same curves, so the gradient of the sum grows about in proportion to n. With \
        four times as many samples, the same η gives a step about four times as long. The logarithm of the largest \
        usable rate changes with slope \(NumberText.short(slope)) against ln n; slope −1 means proportional to 1/n. \
        Neighbouring rates of the sweep differ by a factor of √2, which limits the precision of the slope. If R were \
        divided by n, the largest usable η would be n times as large: about the same for every n.
        """
    }
  }

  @ReportBuilder private var schedules: [Cell] {
    Note("## What a schedule changes")
    Figure("Loss for four schedules at three base rates") { try Self.scheduleCurves($0) }
      .caption(
        """
        n = 16, small initialization: median of 6 runs at each step. All four schedules begin at the base rate η of \
        the panel. The y axis shows 0.1 to 10⁴; a run that diverged counts as infinite after its last step.
        """)
    ReportTable(
      "Each schedule at n = 16 with small initialization",
      columns: [
        "schedule", .number("best base η"), .number("its median loss R"), .number("largest usable base η"),
        .number("largest base η without a diverged run"),
      ]
    ) { results in
      try Self.groupsBySchedule(results).map { schedule, runs in
        let best = try runs.best(.learningRate, by: .finalLoss)
        let rates = runs.groups(by: .learningRate)
        let usable = try rates.last { try $0.results.median(.finalLoss) < 16 * Self.bound }
        let finite = rates.last { $0.results.divergedCount == 0 }
        return [
          "\(schedule)", best?.value.description ?? "–", NumberText.short(try best?.results.median(.finalLoss) ?? .nan),
          usable?.value.description ?? "none", finite?.value.description ?? "none",
        ]
      }
    }
    Note { results in
      let best = try Self.groupsBySchedule(results).compactMap { schedule, runs in
        try runs.best(.learningRate, by: .finalLoss).map { (schedule, loss: try $0.results.median(.finalLoss)) }
      }.min { $0.loss < $1.loss }
      return """
        In this table a base rate is usable if the median of R/n is below \(NumberText.short(Self.bound)) after \
        \(Self.steps) steps. With the schedule 1/r, the rates of r steps add up to about η ln r only: the later steps \
        are very short. The full gradient has no sampling noise that a decreasing rate could average out. The smallest \
        median loss of the table belongs to this schedule: \(best.map { "\($0.0)" } ?? "none").
        """
    }
  }

  @ReportBuilder private var initializations: [Cell] {
    Note("## Why the initial parameters are small random numbers")
    Figure("Loss for small, zero and large initialization") {
      Curve(.loss).color(by: .variant("start")).runs()
    }
    .where(Self.count, is: 16).where(.learningRate, is: Self.middleRate).where(.variant("course"), is: Self.constant)
    .xScale(.log).yScale(.log)
    ReportTable(
      "After training at n = 16 with the constant rate η = \(NumberText.short(Self.middleRate)): medians of 6 runs",
      columns: [
        "initialization", .number("median final loss R"), .number("spread of the hidden units"), .number("mean σ′"),
      ]
    ) { results in
      try Self.middleRuns(results).groups(by: .variant("start")).map { start, runs in
        let numbers = [
          try runs.median(.finalLoss), try Self.median(of: runs) { Self.unitSpread($0) },
          try Self.median(of: runs) { Self.meanSlope($0) },
        ]
        return ["\(start)"] + numbers.map { NumberText.short($0) }
      }
    }
    Note(
      """
      The spread is the largest difference between the outputs of two hidden units for the same sample. With zero \
      initialization it is 0: units with equal parameters have equal gradients, so all six units compute the same \
      function. With large initialization most inputs of σ are far from 0, where σ′ (at most ¼) is small. The gradient \
      of α is then small, too. The small random initialization avoids both problems. Nothing here shows that an end \
      point is a local minimum, or that one of them is the global minimum.
      """)
  }

  @ReportBuilder private var claims: [Cell] {
    Expect(
      "The largest usable rate is proportional to 1/n: the slope of its logarithm against ln n is within 0.1 of −1"
    ) {
      results in
      let slope = Self.slope(try Self.usable(results))
      return (abs(slope + 1) <= 0.1, "slope \(NumberText.short(slope, digits: 4)) over \(Self.sizes.count) values of n")
    }
    Expect(
      "At the next rate above the largest usable constant rate, the schedules 1/(1 + r/200) and “halved every 500” end "
        + "with a smaller median loss than the constant rate (n = 16)"
    ) { results in
      let next = try Self.usable(results).first { $0.n == 16 }?.high ?? .nan
      let part = results.where(Self.count, is: 16).where(.variant("start"), is: Self.small)
        .where(.learningRate, is: next)
      let loss = try [Self.constant, "1/(1 + r/200)", "halved every 500"].map {
        try part.where(.variant("course"), is: $0).median(.finalLoss)
      }
      let numbers = loss.map { NumberText.short($0) }
      return (
        loss[1] < loss[0] && loss[2] < loss[0],
        "median R at η = \(NumberText.short(next)): \(numbers[0]) (constant), \(numbers[1]) and \(numbers[2])"
      )
    }
    Expect("With zero initialization the outputs of the hidden units stay equal in every bit") { results in
      let runs = results.where(.variant("start"), is: Self.zero)
      let spreads = try runs.rows.filter { !$0.summary.hasDiverged }.map { Self.unitSpread(try Self.hidden(runs, $0)) }
      let unequal = spreads.count { $0 != 0 }
      return (
        unequal == 0 && !spreads.isEmpty, "\(unequal) of \(spreads.count) runs that did not diverge have unequal units"
      )
    }
    Expect(
      "The median loss with small initialization is at most a tenth of that with zero initialization, and below that with "
        + "large initialization"
    ) { results in
      let loss = try [Self.small, Self.zero, Self.large].map {
        try Self.middleRuns(results).where(.variant("start"), is: $0).median(.finalLoss)
      }
      let numbers = loss.map { NumberText.short($0) }.joined(separator: ", ")
      return (10 * loss[0] <= loss[1] && loss[0] < loss[2], "median R with small, zero, large: \(numbers)")
    }
  }

  // MARK: What is swept

  private static let steps = 3_000
  private static let sizes = [4, 8, 16, 32, 64]
  private static let rates = [Double].logarithmic(0.002...0.512, count: 17)
  private static let middleRate = rates[8]
  private static let outputs: [Activation] = [.identity, .sigmoid, .softplus]
  private static let constant = "constant"
  private static let small = "small: 0.1·N(0, 1)"
  private static let zero = "zero"
  private static let large = "large: 10·N(0, 1)"
  /// A rate is usable if its runs end with a smaller loss per sample.
  private static let bound = 0.05

  private static let count = Parameter<Int>(
    "sample-count", title: "samples", symbol: "n",
    get: { setup in setup.data?.title.split(separator: " ").last.flatMap { Int($0) } },
    set: { setup, n in setup.data = curves(n) })

  /// n samples of three curves over [−2, 2]: any real number, a number from 0 to 1, a number that is not negative.
  private static func curves(_ n: Int) -> DataSource {
    .custom("three curves, n = \(n)") { _ in
      guard (1...10_000).contains(n) else {
        throw Mistake(
          at: "sample-count", value: "\(n)", rule: "must be from 1 to 10,000",
          remedy: "Choose a number in this range")
      }
      let xs = (0..<n).map { n == 1 ? 0 : -2 + 4 * Double($0) / Double(n - 1) }
      return Dataset(name: "three curves", inputs: xs.map { [$0] }, targets: xs.map(truth))
    }
  }

  private static func truth(_ x: Double) -> [Double] {
    [x - x * x * x / 4, 1 / (1 + x * x * x * x), x * x / 2]
  }

  private static func constantRuns(_ results: Results) -> Results {
    results.where(.variant("course"), is: constant)
  }

  private static func smallRuns(_ results: Results) -> Results {
    constantRuns(results).where(.variant("start"), is: small)
  }

  /// The runs that compare the initializations.
  private static func middleRuns(_ results: Results) -> Results {
    constantRuns(results).where(count, is: 16).where(.learningRate, is: middleRate)
  }

  /// The runs that compare the schedules.
  private static func groupsBySchedule(_ results: Results) -> [(value: Setting, results: Results)] {
    results.where(count, is: 16).where(.variant("start"), is: small).groups(by: .variant("course"))
  }

  // MARK: Pictures

  private static func outputPanels(_ results: Results) throws -> ChartGrid {
    let runs = smallRuns(results).where(count, is: 16)
    guard let row = try runs.run(.best(.finalLoss)), let network = try runs.network(of: row),
      let data = try runs.dataset(of: row), let last = network.architecture.layers.last
    else { return ChartGrid([]) }
    let names = ["y₁, any real number", "y₂, from 0 to 1", "y₃, not negative"]
    let xs = (0...120).map { -2.4 + 4.8 * Double($0) / 120 }
    let charts = (0..<3).map { k in
      let color = Palette.categories[k]
      let values = xs.map { Point($0, network([$0])[k]) }
      let sums = xs.map { x in
        let z = network.layers(at: [x])[0]
        let start = last.hasBias ? network.parameters[last.bias(k)] : 0
        return Point(x, z.indices.reduce(start) { $0 + network.parameters[last.weight(k, $1)] * z[$1] })
      }
      let samples = (0..<data.training.count).map {
        Point(data.training.inputs[$0], data.training.targets[3 * $0 + k])
      }
      var marks: [Mark] = [.horizontalRule(0, label: "", Stroke(.lightGray, width: 0.6))]
      if k > 0 { marks.append(.line(sums, Stroke(.gray, width: 1, dash: [4, 2]))) }
      marks += [.line(values, Stroke(color, width: 1.8)), .points(samples, .circle, .black, radius: 1.8)]
      return Chart(
        title: "\(outputs[k].name)", x: AxisStyle("x"), y: AxisStyle(names[k]),
        marks: marks)
    }
    var grid = ChartGrid([charts], aspect: 1.1)
    grid.sharesAxes = false
    return grid
  }

  private static func collapse(_ results: Results) throws -> ChartGrid {
    let groups = smallRuns(results).groups(by: count)
    let colors = Palette.colors(groups.count, ordered: true)
    var (raw, scaled): ([Mark], [Mark]) = ([], [])
    for (index, group) in groups.enumerated() {
      let n = group.value.number ?? 1
      let points = try group.results.groups(by: .learningRate).compactMap { rate, runs -> Point? in
        let loss = try runs.median(.finalLoss) / n
        guard let eta = rate.number, loss.isFinite else { return nil }
        return Point(eta, loss)
      }
      let marker = Marker.category(index)
      let moved = points.map { Point($0.x * n, $0.y) }
      raw += [.line(points, Stroke(colors[index], width: 1.3)), .points(points, marker, colors[index], radius: 2.2)]
      scaled += [.line(moved, Stroke(colors[index], width: 1.3)), .points(moved, marker, colors[index], radius: 2.2)]
    }
    let rule = Mark.horizontalRule(bound, label: "", Stroke(.gray, width: 0.7, dash: [3, 2]))
    let y = AxisStyle("median R/n", .log)
    var grid = ChartGrid(
      [
        [
          Chart(title: "against η", x: AxisStyle("learning rate η", .log), y: y, marks: raw + [rule]),
          Chart(title: "against ηn", x: AxisStyle("η times n", .log), y: y, marks: scaled + [rule]),
        ]
      ],
      legendTitle: "samples n",
      legend: groups.enumerated().map {
        LegendEntry("\($0.element.value)", colors[$0.offset], marker: .category($0.offset))
      }, aspect: 1.35)
    grid.sharesAxes = false
    return grid
  }

  private struct Edge {
    let n: Int
    /// The largest usable rate, and the next one of the sweep.
    let low, high: Double
    var middle: Double { (low * high).squareRoot() }
  }

  private static func usable(_ results: Results) throws -> [Edge] {
    try sizes.compactMap { n in
      let groups = smallRuns(results).where(count, is: n).groups(by: .learningRate)
      let good = try groups.lastIndex { try $0.results.share(of: .finalLoss, below: bound * Double(n)).value >= 0.5 }
      guard let good, good + 1 < groups.count, let low = groups[good].value.number,
        let high = groups[good + 1].value.number
      else { return nil }
      return Edge(n: n, low: low, high: high)
    }
  }

  /// Least-squares slope of ln(edge) against ln n.
  private static func slope(_ edges: [Edge]) -> Double {
    guard edges.count == sizes.count else { return .nan }
    let x = edges.map { Exact.log(Double($0.n)) }
    let y = edges.map { Exact.log($0.middle) }
    let (mx, my) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
    let above = zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) }
    return above / x.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }
  }

  private static func edges(_ results: Results) throws -> ChartGrid {
    let edges = try usable(results)
    guard !edges.isEmpty else { return ChartGrid([]) }
    let mean = edges.reduce(0) { $0 + Exact.log($1.middle * Double($1.n)) } / Double(edges.count)
    let c = Exact.exp(mean)
    let line = [3.2, 80.0].map { Point($0, c / $0) }
    var marks: [Mark] = [.line(line, Stroke(.gray, width: 1, dash: [4, 2]))]
    marks += edges.map {
      .interval(x: Double($0.n), low: $0.low, high: $0.high, Stroke(Palette.categories[0], width: 1.6))
    }
    marks.append(.points(edges.map { Point(Double($0.n), $0.middle) }, .circle, Palette.categories[0], radius: 2.4))
    return ChartGrid(
      Chart(x: AxisStyle("samples n", .log), y: AxisStyle("largest usable η", .log), marks: marks),
      legend: [
        LegendEntry("measured", Palette.categories[0], marker: .circle),
        LegendEntry("c/n with c = \(NumberText.short(c))", .gray, dash: [4, 2]),
      ], aspect: 3.6)
  }

  private static func scheduleCurves(_ results: Results) throws -> ChartGrid {
    let part = results.where(count, is: 16).where(.variant("start"), is: small)
    let names = groupsBySchedule(results).map(\.value)
    let colors = Palette.colors(names.count, ordered: false)
    let charts = try [rates[6], rates[9], rates[12]].map { eta in
      let groups = part.where(.learningRate, is: eta).groups(by: .variant("course"))
      let marks = try groups.enumerated().map { index, group -> Mark in
        let series = try group.results.series(.loss).map { $0?.values ?? [] }
        let length = group.results.rows.map(\.summary.steps).max() ?? 0
        let picked = (0..<160).map {
          Int((Exact.exp(Exact.log(Double(max(length, 2))) * Double($0) / 159)).rounded()) - 1
        }
        let points = Set(picked).sorted().map { step in
          Point(
            Double(step + 1),
            Statistics.median(series.map { step < $0.count ? $0[step] : .infinity }))
        }
        return .line(points, Stroke(colors[index], width: 1.4, dash: Dash.category(index)))
      }
      return Chart(
        title: "η = \(NumberText.short(eta))", x: AxisStyle("step r", .log),
        y: AxisStyle("loss R", .log, domain: 0.1...1e4),
        marks: marks)
    }
    return ChartGrid(
      [charts], legendTitle: "η⁽ʳ⁾/η",
      legend: names.enumerated().map {
        LegendEntry("\($0.element)", colors[$0.offset], dash: Dash.category($0.offset))
      }, aspect: 1.25)
  }

  // MARK: Numbers

  /// The outputs of the hidden units for each sample.
  private static func hidden(_ runs: Results, _ row: Results.Row) throws -> [[Double]] {
    guard let network = try runs.network(of: row), let data = try runs.dataset(of: row) else { return [] }
    return data.training.inputs.map { network.layers(at: [$0])[0] }
  }

  /// The largest difference between two hidden units for the same sample.
  private static func unitSpread(_ z: [[Double]]) -> Double {
    z.map { ($0.max() ?? .nan) - ($0.min() ?? .nan) }.max() ?? .nan
  }

  /// The mean of σ′ = σ(1 − σ) over units and samples.
  private static func meanSlope(_ z: [[Double]]) -> Double {
    let slopes = z.flatMap { $0.map { $0 * (1 - $0) } }
    return slopes.reduce(0, +) / Double(max(1, slopes.count))
  }

  private static func median(of runs: Results, _ number: ([[Double]]) -> Double) throws -> Double {
    Statistics.median(try runs.rows.map { number(try hidden(runs, $0)) })
  }
}
