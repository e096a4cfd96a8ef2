import Descent

/// How many hidden units a task needs, and how further units change the share of solved runs and the number of steps.
struct LargerIsEasier: Experiment {
  let title = "Is a larger network easier to train?"

  var setup: Setup {
    Setup(
      data: Self.tasks[0],
      network: .mlp(hidden: 4, activation: .tanh, output: .identity),
      loss: .halfMeanSquaredError,
      optimizer: .gradientDescent(learningRate: 0.1),
      initialization: Initialization(.fanIn, scale: 1, drawsBiases: true),
      batch: .full,
      stop: .after(steps: 8_000).orLossBelow(0.005))
  }

  var sweep: [Axis] {
    Vary(.data, over: Self.tasks)
    Vary(.hidden, over: [1, 2, 3, 4, 6, 8, 12, 16, 24, 32])
    Variants(
      "output",
      [Variant(Self.linear) { $0.network?.output = [.identity] }, Variant(Self.bent) { $0.network?.output = [.tanh] }])
    Seeds(0..<200)
  }

  private static let output = Parameter<String>.variant("output")
  private static let (linear, bent) = ("linear output", "tanh output")
  /// A run has solved its task when E falls below this.
  private static let bound = 0.01
  /// At most so many solved runs of a setting have units removed.
  private static let examined = 50

  private static let tasks = [
    DataSource(.generator(Generator(.xor, samples: 4, signed: true))),
    DataSource(.generator(Generator(.parity(bits: 3), samples: 8, signed: true))),
    DataSource(.generator(Generator(.parity(bits: 4), samples: 16, signed: true))),
  ]

  var fixed: [Fixed] {
    [
      Fixed(.depth, "the report is about one hidden layer"),
      Fixed(.data, "the report is about three tasks"),
    ]
  }

  var report: [Cell] {
    Note { results in
      let seeds = try Self.tables(results).first?.widths.first?.share.count ?? 0
      return """
        A task needs a certain number of hidden units. Is that also the best number to train with? Networks with one hidden \
        layer of tanh units learn whether the number of ones among 2, 3 or 4 bits is odd: XOR, and parity of 3 and of 4 \
        bits. Targets are −1 and 1, and E is ½(y − t)² averaged over all patterns. Each width is trained with \
        \(seeds) seeds. Initial weights and biases are N(0, 1)/√fan-in. Every step uses all patterns, so the runs of one \
        width differ only in their initial weights. A run solves its task if E falls below \(NumberText.short(Self.bound)) \
        within 8000 steps. The output is linear unless a heading or caption says tanh.
        """
    }
    solving
    failures
    cost
    tanhOutput
    answer
    shareClaims
    widthClaims
  }

  @ReportBuilder private var solving: [Cell] {
    Note("## How many units suffice?")
    Figure("Share of seeds that solve the task") { results in try Self.shares(results) }
      .caption(
        """
        Coloured points: measured shares, linear output, with Wilson 95 % intervals. Dashed: the share for independent tries. \
        If the narrowest width m that ever solves the task does so with probability p, then H/m independent tries all fail \
        with probability (1 − p)^(H/m). Black rings: the same networks with a tanh output.
        """)
    ReportTable(
      "Widths that suffice, linear output",
      columns: [
        "task", .number("narrowest that ever solved"), .number("its share"), .number("narrowest with 95 % or more"),
      ]
    ) { results in
      try Self.tables(results).map { task in
        let least = task.narrowest
        return [
          task.name, least.map { "\($0.units)" } ?? "–", least.map { $0.share.description } ?? "–",
          task.safe.map { "\($0.units)" } ?? "–",
        ]
      }
    }
  }

  @ReportBuilder private var failures: [Cell] {
    Note(
      """
      ## Why do the other runs fail?

      Every unsolved run is continued by Newton steps that only decrease the loss, and its end point is classified by the \
      exact Hessian. Some runs fall below the bound in this way: they only needed more steps. Others end in a minimum above \
      the bound, at a saddle, or at infinity, where the loss approaches its limit while weights grow without bound. A run has \
      not converged if the Newton steps were used up first.
      """)
    Figure("End points of all runs, linear output") { results in try Self.fateFigure(results) }
      .caption("Shares of all seeds of a width, stacked in the order of the legend.")
    ReportTable(
      "Runs that did not solve their task, linear output",
      columns: [
        "task", .number("H"), .number("unsolved"), .number("needs more steps"), .number("minimum"), .number("saddle"),
        .number("at infinity"), .number("not converged"),
      ]
    ) { results in
      try Self.tables(results).flatMap { task in
        try task.widths.compactMap { width -> [String]? in
          let fates = try Self.fates(width)
          let unsolved = width.share.count - fates[0]
          return unsolved == 0 ? nil : [task.name, "\(width.units)", "\(unsolved)"] + fates.dropFirst().map { "\($0)" }
        }
      }
    }
  }

  @ReportBuilder private var cost: [Cell] {
    Note("## How many steps does a solution take?")
    Figure("Steps until the task is solved") { results in try Self.steps(results) }
      .caption(
        "Medians and quartiles over the runs that solved the task, linear output. Widths with fewer than ten such runs are "
          + "left out.")
    Figure("Share of seeds that have solved the task, against the step") {
      Convergence(below: Self.bound).color(by: .hidden)
    }
    .where(Self.output, is: Self.linear).facets(columns: .data).xScale(.log)
    Note(
      """
      ## How many units does a solution need?

      In a network that has solved its task, the output of one unit is replaced by its mean over the patterns. If the \
      network's output then has the wrong sign for a pattern, the unit is essential by itself. After that, units are removed \
      one after another. Each time the unit is chosen whose removal leaves the largest margin, as long as all signs are \
      right. The units that remain form a smaller network that also solves the task.
      """)
    Figure("Units that are needed") { results in try Self.needs(results) }
      .caption(
        """
        Medians and quartiles over at most \(Self.examined) solved runs of a width, linear output. Widths with fewer than ten \
        such runs are left out. Grey line: H itself, where every unit is needed.
        """)
  }

  @ReportBuilder private var tanhOutput: [Cell] {
    Note { results in
      let ends = try Self.trapped(results)
      return """
        ## A failure that width does not prevent

        With a tanh output the widest network fails on parity 4 for \(ends.failed.count) of \(ends.count) seeds, and \
        \(ends.onLevel) of those end within 0.002 of 1/8, 2/8 or 3/8. Each eighth is one of the sixteen patterns with an \
        output of the wrong sign, −1 for 1 or 1 for −1: an error of ½·2², divided by 16. At those patterns the slope 1 − y² \
        of the output is at most \(NumberText.short(ends.slope)), so the patterns with the largest error contribute almost \
        nothing to the gradient. The classes of these end points: \(ends.classes). The saturated unit is the output, which \
        networks of every width have. The answer below is for a linear output, which cannot saturate.
        """
    }
    Figure("Parity of 4 bits, tanh output, 32 units: final loss of every run") {
      Distribution(.finalLoss).level(1.0 / 8, "1/8")
    }
    .where(.data, is: Self.tasks[2]).where(.hidden, is: 32).where(Self.output, is: Self.bent).yScale(.log)
  }

  @ReportBuilder private var answer: [Cell] {
    Note { results in
      let lines = try Self.tables(results).map { task in
        guard let least = task.narrowest, let safe = task.safe, let last = task.widths.last else {
          return "- \(task.name): no width solves it for 95 % of the seeds"
        }
        let need = Statistics.median(try Self.anatomies(last.results).map { Double($0.left) })
        return
          "- **\(task.name)**: \(least.units) units solve it for \(NumberText.percent(least.share.value)) of the seeds "
          + "(median \(NumberText.short(Statistics.median(least.steps))) steps). \(safe.units) units solve it for "
          + "\(NumberText.percent(safe.share.value)); independent tries would give "
          + "\(NumberText.percent(task.tries(Double(safe.units)))). Of \(last.units) trained units "
          + "(median \(NumberText.short(Statistics.median(last.steps))) steps), \(NumberText.short(need)) are enough."
      }
      return """
        ## Answer

        \(lines.joined(separator: "\n"))

        A likely explanation, not tested here: in the narrowest network every unit has to find its part of the solution. In a \
        wide one it is enough that some m of the H units do, and H units contain many more overlapping groups of m than \
        H/m separate ones. The additional units help the training to find a solution, and are not needed to represent it.
        """
    }
  }

  // MARK: Claims

  @ReportBuilder private var shareClaims: [Cell] {
    Expect("The widest network solves every task for at least 95 % of the seeds") { results in
      let shares = try Self.tables(results).compactMap { task in task.widths.last.map { (task.name, $0.share) } }
      return (
        !shares.isEmpty && shares.allSatisfy { $0.1.value >= 0.95 },
        shares.map { "\($0.0): \($0.1)" }.joined(separator: "; ")
      )
    }
    Expect(
      "On each task the narrowest width that ever solves it does so less often than the widest: the intervals do not overlap"
    ) { results in
      let pairs = try Self.tables(results).map { task in
        let low = task.narrowest?.share.interval.upperBound ?? 1
        let high = task.widths.last?.share.interval.lowerBound ?? 0
        return (name: task.name, low: low, high: high)
      }
      let evidence = pairs.map {
        "\($0.name): at most \(NumberText.percent($0.low)) against at least \(NumberText.percent($0.high))"
      }
      return (pairs.allSatisfy { $0.low < $0.high }, evidence.joined(separator: "; "))
    }
    Expect("On each task a narrower network ends in minima above the bound, and the widest network never does") {
      results in
      let tasks = try Self.tables(results).map { task in
        let counts = try task.widths.map { try Self.fates($0)[2] }
        return (name: task.name, most: counts.max() ?? 0, last: counts.last ?? 0)
      }
      return (
        tasks.allSatisfy { $0.last == 0 && $0.most > 0 },
        tasks.map { "\($0.name): at most \($0.most) runs of a width, \($0.last) of the widest" }.joined(separator: "; ")
      )
    }
  }

  @ReportBuilder private var widthClaims: [Cell] {
    Expect("The widest network solves each task in fewer steps, in the median, than the narrowest that ten seeds solve")
    {
      results in
      let pairs = try Self.tables(results).map { task in
        (
          name: task.name, narrow: Statistics.median(task.narrow?.steps ?? []),
          wide: Statistics.median(task.widths.last?.steps ?? [])
        )
      }
      let evidence = pairs.map { "\($0.name): \(NumberText.short($0.wide)) against \(NumberText.short($0.narrow))" }
      return (pairs.allSatisfy { $0.wide < $0.narrow }, evidence.joined(separator: "; "))
    }
    Expect("At least half of the units of the widest network can be removed, in the median of its solved runs") {
      results in
      let shares = try Self.tables(results).map { task in
        let lefts = try Self.anatomies(task.widths.last?.results).map { Double($0.left) / Double($0.units) }
        return (name: task.name, left: Statistics.median(lefts))
      }
      return (
        shares.allSatisfy { $0.left <= 0.5 },
        shares.map { "\($0.name): \(NumberText.percent($0.left)) remain" }.joined(separator: "; ")
      )
    }
  }
  // MARK: Numbers

  private struct Width {
    let units: Int
    let share: Share
    /// Of the runs that solved the task.
    let steps: [Double]
    let results: Results
  }

  private struct Task {
    let name: String
    let widths: [Width]
    var narrowest: Width? { widths.first { $0.share.successes > 0 } }
    /// The narrowest at which enough runs succeed to speak of their median.
    var narrow: Width? { widths.first { $0.share.successes >= 10 } }
    /// The narrowest that solves the task for 95 % of the seeds.
    var safe: Width? { widths.first { $0.share.value >= 0.95 } }

    /// The share that independent tries of the narrowest width would give.
    func tries(_ units: Double) -> Double {
      guard let least = narrowest else { return 0 }
      return 1 - Exact.exp(units / Double(least.units) * Exact.log(max(1e-12, 1 - least.share.value)))
    }
  }

  private static func tables(_ results: Results, _ kind: String = linear) throws -> [Task] {
    try results.where(output, is: kind).groups(by: .data).map { data, runs in
      let widths = try runs.groups(by: .hidden).map { hidden, runs in
        let steps = try runs.values(.stepsToLoss(bound)).filter(\.isFinite)
        return Width(
          units: Int(hidden.number ?? 0), share: Share(steps.count, of: runs.count), steps: steps, results: runs)
      }
      return Task(name: data.description, widths: widths)
    }
  }

  /// The runs that solved their task, so many at most.
  private static func solved(_ results: Results?) -> [Results.Row] {
    Array((results?.rows ?? []).filter { $0.summary.bestLoss < bound }.prefix(examined))
  }

  /// The runs of the widest network with a tanh output that fail on the last task, and the largest slope of the output
  /// at patterns with an output of the wrong sign.
  private static func trapped(
    _ results: Results
  ) throws -> (failed: [Double], count: Int, onLevel: Int, slope: Double, classes: String) {
    guard let runs = try tables(results, bent).last?.widths.last?.results else { return ([], 0, 0, .nan, "nothing") }
    let losses = try runs.values(.finalLoss)
    let failed = losses.filter { !($0 < bound) }
    let onLevel = failed.count { loss in (1...3).contains { abs(loss - Double($0) / 8) < 0.002 } }
    var slope = 0.0
    for row in runs.rows where !(row.summary.bestLoss < bound) {
      guard let network = try runs.network(of: row), let data = try runs.dataset(of: row)?.training else { continue }
      let width = network.architecture.inputs
      for i in 0..<data.count {
        let y = network(Array(data.inputs[i * width..<(i + 1) * width]))[0]
        if y * data.targets[i] < 0 { slope = max(slope, 1 - y * y) }
      }
    }
    let ends = try runs.where(.finalLoss, from: bound).ends()
    let classes = EndPoint.Kind.all.map { kind in (kind, ends.count { $0.kind == kind }) }.filter { $0.1 > 0 }
      .map { "\($0.0.description) \($0.1)" }.joined(separator: ", ")
    return (failed, losses.count, onLevel, slope, classes)
  }

  /// Numbers of runs of a width in the order of `fateNames`.
  private static func fates(_ width: Width) throws -> [Int] {
    var counts = Array(repeating: 0, count: 6)
    // A run has solved its task by its best loss; a later loss may be above the bound again.
    let unsolved = try width.results.where(.bestLoss, from: bound)
    counts[0] = width.results.count - unsolved.count
    for end in try unsolved.ends() {
      switch end.kind {
      case _ where end.limit < bound: counts[1] += 1
      case .strictMinimum, .degenerateMinimum: counts[2] += 1
      case .saddle, .maximum: counts[3] += 1
      case .atInfinity: counts[4] += 1
      case .kink, .stillMoving, .diverged: counts[5] += 1
      }
    }
    return counts
  }

  private static let fateNames = ["solved", "needs more steps", "minimum", "saddle", "at infinity", "not converged"]

  private static func fateFigure(_ results: Results) throws -> ChartGrid {
    let colors = [Color(0xD9D9D9)] + Palette.categories.prefix(5)
    let charts = try tables(results).map { task in
      var marks: [Mark] = []
      for (place, width) in task.widths.enumerated() {
        let fates = try fates(width)
        let whole = Double(max(1, fates.reduce(0, +)))
        // The tallest first: each bar covers the lower part of the one before.
        for top in fates.indices.reversed() where fates[top] > 0 {
          let height = 100 * Double(fates[0...top].reduce(0, +)) / whole
          marks.append(.bar(x: Double(place), width: 0.8, y: height, colors[top]))
        }
      }
      return Chart(
        title: task.name, x: AxisStyle("hidden units H", .ordinal(task.widths.map { "\($0.units)" })),
        y: AxisStyle("share of seeds in %", domain: 0...100).within(0...100), marks: marks)
    }
    let legend = zip(fateNames, colors).map { LegendEntry($0, $1, marker: .square) }
    return ChartGrid([charts], legend: legend, aspect: 1)
  }

  private struct Anatomy {
    let units: Int
    /// Units whose removal alone changes the sign of an output.
    let essential: Int
    /// Units that remain when others have been removed one after another.
    let left: Int
  }

  private static func anatomies(_ results: Results?) throws -> [Anatomy] {
    guard let results else { return [] }
    return try solved(results).compactMap { row in
      guard let network = try results.network(of: row), let data = try results.dataset(of: row),
        let output = network.architecture.layers.last
      else { return nil }
      return anatomy(network, data.training, output)
    }
  }

  private static func anatomy(
    _ network: TrainedNetwork, _ samples: Dataset.Samples, _ output: Architecture.Layer
  ) -> Anatomy {
    let width = network.architecture.inputs
    let hidden = (0..<samples.count).map { i in
      network.layers(at: Array(samples.inputs[i * width..<(i + 1) * width])).first ?? []
    }
    // What a unit adds to the output beyond its mean, with the target's sign: positive values help.
    var bias = network.parameters[output.bias(0)]
    var gains: [[Double]] = []
    for unit in 0..<output.inputs {
      let weight = network.parameters[output.weight(0, unit)]
      let mean = hidden.reduce(0) { $0 + weight * $1[unit] } / Double(samples.count)
      bias += mean
      gains.append(hidden.indices.map { samples.targets[$0] * (weight * hidden[$0][unit] - mean) })
    }
    var margins = hidden.indices.map { i in samples.targets[i] * bias + gains.reduce(0) { $0 + $1[i] } }
    func margin(without unit: Int) -> Double { zip(margins, gains[unit]).map { $0 - $1 }.min() ?? 0 }
    let essential = gains.indices.count { margin(without: $0) <= 0 }
    var kept = Array(gains.indices)
    while let next = kept.max(by: { margin(without: $0) < margin(without: $1) }), margin(without: next) > 0 {
      margins = zip(margins, gains[next]).map { $0 - $1 }
      kept.removeAll { $0 == next }
    }
    return Anatomy(units: output.inputs, essential: essential, left: kept.count)
  }

  // MARK: Figures

  private static var widthAxis: AxisStyle {
    var axis = AxisStyle("hidden units H", .log, domain: 0.85...38)
    axis.ticks = [1, 2, 4, 8, 16, 32].map { Tick($0, NumberText.short($0)) }
    return axis
  }

  private static func shares(_ results: Results) throws -> ChartGrid {
    let tasks = try tables(results)
    let charts = try tasks.enumerated().map { index, task in
      let color = Palette.categories[index]
      var marks: [Mark] = []
      if let least = task.narrowest {
        let tries = stride(from: Double(least.units), through: 32, by: 0.25).map { units in
          Point(units, 100 * task.tries(units))
        }
        marks.append(.line(tries, Stroke(.gray, width: 1.1, dash: [4, 2])))
      }
      for width in task.widths {
        let interval = width.share.interval
        marks.append(
          .interval(
            x: Double(width.units), low: 100 * interval.lowerBound, high: 100 * interval.upperBound,
            Stroke(color, width: 0.9)))
      }
      let points = task.widths.map { Point(Double($0.units), 100 * $0.share.value) }
      let others = try tables(results, bent).first { $0.name == task.name }?.widths ?? []
      let rings = others.map { Point(Double($0.units), 100 * $0.share.value) }
      marks += [
        .line(rings, Stroke(.black, width: 0.7, dash: [1.5, 1.5])), .points(rings, .ring, .black, radius: 2.6),
      ]
      marks += [.line(points, Stroke(color, width: 1.3)), .points(points, .category(index), color, radius: 2.2)]
      return Chart(
        title: task.name, x: widthAxis, y: AxisStyle("share of seeds in %", domain: 0...100).within(0...100),
        marks: marks)
    }
    let legend = [
      LegendEntry("XOR", Palette.categories[0], marker: .category(0)),
      LegendEntry("parity of 3", Palette.categories[1], marker: .category(1)),
      LegendEntry("parity of 4", Palette.categories[2], marker: .category(2)),
      LegendEntry("independent tries", .gray, dash: [4, 2]),
      LegendEntry("tanh output", .black, dash: [1.5, 1.5], marker: .ring),
    ]
    return ChartGrid([charts], legend: legend, aspect: 1)
  }

  /// Medians with quartiles, one line for each task.
  private static func medians(
    _ values: [(task: Task, points: [(x: Double, values: [Double])])], title: String
  ) -> ChartGrid {
    var (bands, lines): ([Mark], [Mark]) = ([], [])
    var legend: [LegendEntry] = []
    for (index, entry) in values.enumerated() {
      let color = Palette.categories[index]
      let shown = entry.points.filter { $0.values.count >= 10 }
      func quantile(_ p: Double) -> [Double] { shown.map { Statistics.quantile($0.values, p) } }
      bands.append(.band(x: shown.map(\.x), low: quantile(0.25), high: quantile(0.75), color.opacity(0.15)))
      let points = zip(shown, quantile(0.5)).map { Point($0.x, $1) }
      lines.append(.line(points, Stroke(color, width: 1.5, dash: Dash.category(index))))
      lines.append(.points(points, .category(index), color, radius: 2.2))
      legend.append(
        LegendEntry(entry.task.name, color, dash: Dash.category(index), marker: .category(index), hasLine: true))
    }
    return ChartGrid(
      Chart(x: widthAxis, y: AxisStyle(title, .log), marks: bands + lines), legend: legend, aspect: 2.2)
  }

  private static func steps(_ results: Results) throws -> ChartGrid {
    let values = try tables(results).map { task in
      (task: task, points: task.widths.map { (x: Double($0.units), values: $0.steps) })
    }
    return medians(values, title: "steps to E < \(NumberText.short(bound))")
  }

  private static func needs(_ results: Results) throws -> ChartGrid {
    let tasks = try tables(results)
    let styles = [
      ("essential by itself", Palette.categories[1]), ("left after removing others", Palette.categories[0]),
    ]
    let charts = try tasks.map { task in
      var marks: [Mark] = [
        .line((4...64).map { Point(Double($0) / 4, Double($0) / 4) }, Stroke(.gray, width: 0.8))
      ]
      let found = try task.widths.map { (units: Double($0.units), runs: try anatomies($0.results)) }
        .filter { $0.runs.count >= 10 }
      for (index, style) in styles.enumerated() {
        let values = found.map { width in width.runs.map { Double(index == 0 ? $0.essential : $0.left) } }
        let medians = zip(found, values).map { Point($0.units, Statistics.median($1)) }
        for (width, list) in zip(found, values) {
          marks.append(
            .interval(
              x: width.units, low: Statistics.quantile(list, 0.25), high: Statistics.quantile(list, 0.75),
              Stroke(style.1, width: 0.8)))
        }
        marks += [
          .line(medians, Stroke(style.1, width: 1.3)), .points(medians, .category(index), style.1, radius: 2.2),
        ]
      }
      return Chart(
        title: task.name, x: widthAxis, y: AxisStyle("units", domain: 0...16), marks: marks)
    }
    let legend = styles.enumerated().map { LegendEntry($1.0, $1.1, marker: .category($0)) }
    return ChartGrid([charts], legend: legend, aspect: 1)
  }

}
