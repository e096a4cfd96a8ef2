import Descent

/// The α/β network: an activation of its own for each output, a loss summed over all samples, rates that change.
struct AlphaBeta: Experiment {
  let title = "A summed loss: how long may a step be?"

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
      One input x, six hidden units z_m = σ(⟨α_m, x⟩), three outputs ŷ_k = g_k(⟨β_k, z⟩), each with a g_k that suits its \
      target. The loss R = Σᵢ Σ_k (y_k − ŷ_k)² adds up all n samples, and a step is η⁽ʳ⁾ times its whole gradient. Nothing \
      is divided by n. Four questions: what does g_k do, how does η have to follow n, what does a schedule change, and why \
      does θ start random and small?

      ## What g_k does
      """)
    Figure("Three outputs of one network, each with its own activation") { try Self.outputPanels($0) }
      .caption(
        """
        Dots: the 16 samples. Line: ŷ_k = g_k(⟨β_k, z⟩) of the run with the least loss among small starts at a constant \
        rate. Dashes: ⟨β_k, z⟩ before g_k, which may leave the range of the target where ŷ_k cannot.
        """)
    Note("## How η follows n")
    Figure("Final loss a sample against η, and against ηn") { try Self.collapse($0) }
      .caption(
        """
        Median of 6 small starts after \(Self.steps) steps of constant rate; a curve ends where the median run diverges. \
        On the right the same medians against ηn. Dashes: R/n = \(NumberText.short(Self.bound)), below which a run counts as usable.
        """)
    Figure("The edge of the usable rates") { try Self.edges($0) }
      .caption(
        """
        Bars: from the largest η at which at least half of the runs end with R/n below \(NumberText.short(Self.bound)) to \
        the next η tried. Line: c/n, with c the geometric mean of the bars' middles times n.
        """)
    ReportTable("The edge, measured", columns: ["n", "largest usable η", "times n", "smallest η that fails above it"]) {
      results in
      try Self.usable(results).map { edge in
        [
          "\(edge.n)", NumberText.short(edge.low), NumberText.short(edge.low * Double(edge.n)),
          NumberText.short(edge.high),
        ]
      }
    }
    Note { results in
      let edges = try Self.usable(results)
      return """
        Four times the samples make a gradient about four times as long, so the same η goes four times as far. In the \
        logarithm the edge falls with slope \(NumberText.short(Self.slope(edges))) (−1 is 1/n; the rates tried are a factor √2 \
        apart, and an edge is known no better). A mean in place of the sum \
        would put the factor 1/n into the loss, and one η would do for every n.

        ## Does a schedule help?
        """
    }
    Figure("Loss under four courses of the rate, at three base rates") { try Self.courses($0) }
      .caption(
        "n = 16, small starts: median of 6 runs. All four begin at the same base rate η. A curve that leaves at the top diverges."
      )
    Note { results in
      let part = results.where(Self.count, is: 16).where(.variant("start"), is: Self.small)
      let lines = try part.groups(by: .variant("course")).map { course, runs in
        let best = try runs.best(.learningRate, by: .finalLoss)
        let top = try runs.groups(by: .learningRate).last { try $0.results.median(.finalLoss) < 16 * Self.bound }
        return
          "| \(course) | \(best?.value.description ?? "–") | \(NumberText.short(try best?.results.median(.finalLoss) ?? .nan)) | \(top?.value.description ?? "none") |"
      }
      return """
        | course | best base η | its median loss R | largest usable base η |
        |---|---|---|---|
        \(lines.joined(separator: "\n"))

        Usable means a median R/n below \(NumberText.short(Self.bound)) after \(Self.steps) steps. The plain 1/r survives \
        base rates at which the others diverge, but its steps add up to about η ln r, and it stands still early. The slower \
        schedules calm a rate a little above the edge, and pay with shorter steps later. Here, where a gradient has no noise, the \
        best constant rate needs no schedule.

        ## Why random and small?
        """
    }
    Figure("Small, zero and large start") {
      Curve(.loss).color(by: .variant("start")).runs()
    }
    .where(Self.count, is: 16).where(.learningRate, is: Self.middleRate).where(.variant("course"), is: Self.constant)
    .xScale(.log).yScale(.log)
    Note { results in
      let part = Self.constantRuns(results).where(Self.count, is: 16).where(.learningRate, is: Self.middleRate)
      let lines = try part.groups(by: .variant("start")).map { start, runs in
        let spread = try Self.median(of: runs) { Self.unitSpread($0) }
        let slope = try Self.median(of: runs) { Self.meanSlope($0) }
        return
          "| \(start) | \(NumberText.short(try runs.median(.finalLoss))) | \(NumberText.short(spread)) | \(NumberText.short(slope)) |"
      }
      return """
        | start | median final loss R | spread of the hidden units | mean σ′ at the end |
        |---|---|---|---|
        \(lines.joined(separator: "\n"))

        The spread is the largest difference between two hidden units' outputs on any sample after training. From zero it \
        stays exactly 0: equal units have equal gradients, so six units do the work of one. A large start sets σ on its \
        flat ends, where σ′ (at most ¼) is small and the gradient of α with it. A small random start has neither fault. \
        What all of them reach is a local optimum; nothing here says that it is the global one.
        """
    }
    Expect("The usable rate shrinks as 1/n: the slope of its logarithm against ln n is −1 within 0.1") { results in
      let slope = Self.slope(try Self.usable(results))
      return (
        abs(slope + 1) <= 0.1, "slope \(NumberText.short(slope, digits: 4)), n = \(Self.sizes.count) sample counts"
      )
    }
    Expect("A step above the constant rate's edge, both slow schedules end below the constant rate") { results in
      let next = try Self.usable(results).first { $0.n == 16 }?.high ?? .nan
      let part = results.where(Self.count, is: 16).where(.variant("start"), is: Self.small)
        .where(.learningRate, is: next)
      let loss = try [Self.constant, "1/(1 + r/200)", "halved every 500"].map {
        try part.where(.variant("course"), is: $0).median(.finalLoss)
      }
      let words = loss.map { NumberText.short($0) }.joined(separator: ", ")
      return (loss[1] < loss[0] && loss[2] < loss[0], "median R at η = \(NumberText.short(next)): \(words)")
    }
    Expect("From a zero start the hidden units stay equal to the last bit") { results in
      let runs = results.where(.variant("start"), is: Self.zero)
      let spreads = try runs.rows.filter { !$0.summary.hasDiverged }.map { row in
        try Self.unitSpread(runs, row)
      }
      let unequal = spreads.count { $0 != 0 }
      return (unequal == 0 && !spreads.isEmpty, "\(unequal) of \(spreads.count) runs with unequal units")
    }
    Expect("A small start ends at a tenth of the zero start's loss at most, and below the large start's") { results in
      let part = Self.constantRuns(results).where(Self.count, is: 16).where(.learningRate, is: Self.middleRate)
      let loss = try [Self.small, Self.zero, Self.large].map {
        try part.where(.variant("start"), is: $0).median(.finalLoss)
      }
      let words = loss.map { NumberText.short($0) }.joined(separator: ", ")
      return (10 * loss[0] <= loss[1] && loss[0] < loss[2], "median R from small, zero, large: \(words)")
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
  /// A loss a sample below which a run counts as usable.
  private static let bound = 0.05

  private static let count = Parameter<Int>(
    "sample-count", title: "samples", symbol: "n",
    get: { setup in setup.data?.title.split(separator: " ").last.flatMap { Int($0) } },
    set: { setup, n in setup.data = curves(n) })

  /// n samples of three curves over [−2, 2]: any number, a share, an amount.
  private static func curves(_ n: Int) -> DataSource {
    .custom("three curves, n = \(n)") { _ in
      guard (1...10_000).contains(n) else {
        throw Mistake(
          at: "sample-count", value: "\(n)", rule: "the three curves have between 1 and 10,000 samples",
          remedy: "Choose a number in between")
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

  // MARK: Pictures

  private static func outputPanels(_ results: Results) throws -> ChartGrid {
    let runs = smallRuns(results).where(count, is: 16)
    guard let row = try runs.run(.best(.finalLoss)), let network = try runs.network(of: row),
      let data = try runs.dataset(of: row), let last = network.architecture.layers.last
    else { return ChartGrid([]) }
    let names = ["y₁, any number", "y₂, a share", "y₃, an amount"]
    let xs = (0...120).map { -2.4 + 4.8 * Double($0) / 120 }
    let charts = (0..<3).map { k in
      let color = Palette.categories[k]
      let answers = xs.map { Point($0, network([$0])[k]) }
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
      marks += [.line(answers, Stroke(color, width: 1.8)), .points(samples, .circle, .black, radius: 1.8)]
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
      Chart(x: AxisStyle("samples n", .log), y: AxisStyle("edge of usable η", .log), marks: marks),
      legend: [
        LegendEntry("measured", Palette.categories[0], marker: .circle),
        LegendEntry("c/n with c = \(NumberText.short(c))", .gray, dash: [4, 2]),
      ], aspect: 3.6)
  }

  private static func courses(_ results: Results) throws -> ChartGrid {
    let part = results.where(count, is: 16).where(.variant("start"), is: small)
    let names = part.groups(by: .variant("course")).map(\.value)
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

  private static func hidden(_ runs: Results, _ row: Results.Row) throws -> [[Double]] {
    guard let network = try runs.network(of: row), let data = try runs.dataset(of: row) else { return [] }
    return data.training.inputs.map { network.layers(at: [$0])[0] }
  }

  private static func unitSpread(_ runs: Results, _ row: Results.Row) throws -> Double {
    unitSpread(try hidden(runs, row))
  }

  private static func unitSpread(_ z: [[Double]]) -> Double {
    z.map { ($0.max() ?? .nan) - ($0.min() ?? .nan) }.max() ?? .nan
  }

  private static func meanSlope(_ z: [[Double]]) -> Double {
    let slopes = z.flatMap { $0.map { $0 * (1 - $0) } }
    return slopes.reduce(0, +) / Double(max(1, slopes.count))
  }

  private static func median(of runs: Results, _ number: ([[Double]]) -> Double) throws -> Double {
    Statistics.median(try runs.rows.map { number(try hidden(runs, $0)) })
  }
}
