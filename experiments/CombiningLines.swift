import Descent

/// Hidden units as lines in the plane, and how the output combines them: XOR, a convex region and one that is not convex.
struct CombiningLines: Experiment {
  let title = "How many hidden units does a region in the plane need?"

  var setup: Setup {
    Setup(
      data: Self.convex,
      network: .mlp(hidden: 3, activation: .sigmoid, output: .sigmoid),
      loss: .sumOfSquares,
      optimizer: .gradientDescent(learningRate: 1),
      initialization: .normal(scale: 1, biases: true),
      batch: .singleWithReplacement,
      stop: .after(steps: Self.steps),
      record: .also(.accuracy, every: 200))
  }

  var sweep: [Axis] {
    Vary(.data, over: Self.tasks)
    Vary(.hidden, over: Self.widths)
    Seeds(0..<24)
  }

  var fixed: [Fixed] {
    [
      Fixed(.depth, "the report draws the lines of one hidden layer"),
      Fixed(.data, "the report is about its three tasks"),
    ]
  }

  var report: [Cell] {
    xorExamples
    regionExamples
    frequency
    claims
  }

  @ReportBuilder private var xorExamples: [Cell] {
    Note(
      """
      Each hidden unit h_m = σ(w_m·x + b_m) divides the plane by a line, with a smooth transition. The output ŷ = σ(V \
      h + c) adds up the units with the weights V and compares the sum with a threshold. How many lines does a region \
      need, and does gradient descent find them? There are three tasks: XOR, a triangle and an L. Each step uses one \
      sample, drawn with replacement, and updates V and W by the gradient at the same parameters. Points close to the \
      edge of a region are left out. A run solves a task if it classifies every training point correctly.

      ## How the output combines the units
      """)
    Figure("Units and output of one network trained on the triangle") { try Self.anatomy($0) }
      .caption(
        """
        The run with the highest accuracy and, among those, the smallest loss at H = 3 (24 runs). First three panels: \
        the output h of one unit, its line h = ½ (dashed) and its weight v in the sum. Last panel: ŷ = σ(Σ vh + c) and \
        its border ŷ = ½ (black). Markers: the training points of the two classes.
        """
      )
      .play(over: .step, frames: 40)
    Note("## XOR with two units")
    Figure("XOR with two units: runs of six seeds") { try Self.seeds($0, task: .xor, hidden: 2) }
      .caption(
        """
        The first runs that do not solve the task (at most two) and the first that do, by seed. Black: ŷ = ½. Dashed: \
        the lines of the units.
        """)
    Note { results in
      let runs = results.where(.data, is: .xor)
      return """
        Two lines can enclose a strip that contains two opposite corners. Runs that solve XOR with two units: \
        \(try Self.solved(runs.where(.hidden, is: 2))). One line cannot separate XOR. Runs that solve it with one \
        unit: \(try Self.solved(runs.where(.hidden, is: 1))).

        ## A convex region and one that is not convex
        """
    }
  }

  @ReportBuilder private var regionExamples: [Cell] {
    Figure("The triangle with three units: runs of six seeds") { try Self.seeds($0, task: Self.convex, hidden: 3) }
      .caption(
        """
        Runs chosen as in the figure above. Black: ŷ = ½. Dashed: the lines of the units. A triangle is the \
        intersection of three half planes, one for each side.
        """)
    Figure("The L for each number of units") { try Self.widthPanels($0) }
      .caption("For each H: the run with the highest accuracy and, among those, the smallest loss. H = 1 is left out.")
  }

  @ReportBuilder private var frequency: [Cell] {
    Note("## How often the tasks are solved")
    Figure("Share of runs that solve the task") { try Self.shares($0) }
      .caption(
        """
        Each marker: 24 runs. Bars: Wilson 95 % intervals. The markers of different tasks are shifted a little in x so \
        that they do not overlap.
        """)
    ReportTable("Runs, of 24, that solve the task", columns: ["task"] + Self.widths.map { .number("H = \($0)") }) {
      results in
      try results.groups(by: .data).map { task, runs in
        try ["\(task)"] + runs.groups(by: .hidden).map { "\(try Self.solved($0.results).successes)" }
      }
    }
    Note { results in
      let lines = try Self.tasks.map { task in
        let groups = results.where(.data, is: task).groups(by: .hidden)
        func smallest(_ suffices: (Share) -> Bool) throws -> String {
          try groups.first { suffices(try Self.solved($0.results)) }.map { "H = \($0.value)" } ?? "none of the sweep"
        }
        return """
          - **\(task.title)**: smallest H that solves it in a run: \(try smallest { $0.successes > 0 }); in nine of \
          ten runs: \(try smallest { $0.value >= 0.9 }).
          """
      }
      return """
        ## Answer

        \(lines.joined(separator: "\n"))

        The number of lines that a task needs can be smaller than the number of units with which gradient descent \
        solves it reliably. With just enough units, every unit has to reach its own side of the region. With more \
        units, not every unit has to.
        """
    }
  }

  @ReportBuilder private var claims: [Cell] {
    Expect("With one unit, no run solves any of the three tasks") { results in
      let share = try Self.solved(results.where(.hidden, is: 1))
      return (share.successes == 0, share.description)
    }
    Expect("No run solves the triangle with two units, and at least one run does with three") { results in
      let part = results.where(.data, is: Self.convex)
      let (two, three) = (try Self.solved(part.where(.hidden, is: 2)), try Self.solved(part.where(.hidden, is: 3)))
      return (two.successes == 0 && three.successes > 0, "\(two.successes) and \(three.successes) of \(three.count)")
    }
    Expect(
      "For every task, no width has a larger share of solved runs than the upper bound of the widest network's interval"
    ) {
      results in
      let shares = try Self.tasks.map { task in
        try results.where(.data, is: task).groups(by: .hidden).map { try Self.solved($0.results) }
      }
      let holds = shares.allSatisfy { shares in
        guard let last = shares.last, let best = shares.map(\.value).max() else { return false }
        return last.interval.upperBound >= best
      }
      let widest = try Self.tasks.map { try Self.solved(results.where(.data, is: $0).where(.hidden, is: Self.widest)) }
      return (
        holds, "H = \(Self.widest): " + widest.map { "\($0.successes) of \($0.count)" }.joined(separator: ", ")
      )
    }
  }

  // MARK: Tasks

  private static let steps = 40_000
  private static let widths = [1, 2, 3, 4, 6, 8, 12]
  private static let widest = 12
  private static let convex = region("triangle") { x, y in min(y + 0.6, 0.9 - 1.6 * x - y, 0.9 + 1.6 * x - y) }
  private static let dented = region("L") { x, y in
    let upright = min(x + 0.75, -0.1 - x, y + 0.75, 0.75 - y)
    let foot = min(x + 0.75, 0.75 - x, y + 0.75, -0.1 - y)
    return max(upright, foot)
  }
  private static let tasks = [DataSource.xor, convex, dented]

  /// Lattice points over [−1, 1]²: class 1 where `depth` is positive. Points with |depth| ≤ 0.06 are left out.
  private static func region(_ name: String, _ depth: @escaping @Sendable (Double, Double) -> Double) -> DataSource {
    .custom(name) { _ in
      let places = (0...14).map { -1 + Double($0) / 7 }
      let points = places.flatMap { y in places.map { [$0, y] } }.filter { abs(depth($0[0], $0[1])) > 0.06 }
      return Dataset(
        name: name, inputs: points, targets: points.map { [depth($0[0], $0[1]) > 0 ? 1 : 0] },
        classes: .threshold(0.5))
    }
  }

  /// The share of runs that classify every training point correctly.
  private static func solved(_ runs: Results) throws -> Share { try runs.share(of: .final(.accuracy), above: 0.999) }

  // MARK: Pictures

  private static let scale = ColorScale("output", map: .diverging, scale: Scale(.linear, domain: 0...1), paleness: 0.45)

  /// A function over the plane with its border, the data, and any lines.
  private static func panel(
    _ title: String, _ data: Dataset, lines: [Mark], border: Bool = true, _ value: ([Double]) -> Double
  ) -> Chart {
    let inputs = data.training.inputs
    let (low, high) = ((inputs.min() ?? 0), (inputs.max() ?? 1))
    let air = 0.18 * (high - low)
    let range = low - air...high + air
    let count = 60
    let edges = (0...count).map {
      range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(count)
    }
    let middles = zip(edges, edges.dropFirst()).map { ($0 + $1) / 2 }
    var marks: [Mark] = [
      .cells(
        CellGrid(xEdges: edges, yEdges: edges, values: middles.map { y in middles.map { value([$0, y]) } }), scale)
    ]
    if border {
      let field = Field(x: edges, y: edges, values: edges.map { y in edges.map { value([$0, y]) } })
      marks.append(.contours(field, levels: [0.5], Stroke(.black, width: 1.4)))
    }
    marks += lines
    for label in [0, 1] {
      let points = (0..<data.training.count).filter { data.training.targets[$0] == Double(label) }
        .map { Point(inputs[2 * $0], inputs[2 * $0 + 1]) }
      let radius = data.training.count > 20 ? 1.1 : 2.6
      marks.append(.points(points, .category(label), .white, radius: radius + (radius < 2 ? 0.3 : 0.6)))
      marks.append(.points(points, .category(label), Palette.diverging(label == 0 ? 0 : 1), radius: radius))
    }
    return Chart(title: title, x: AxisStyle("x₁", domain: range), y: AxisStyle("x₂", domain: range), marks: marks)
  }

  /// The lines w·x + b = 0 of chosen hidden units.
  private static func lines(_ network: TrainedNetwork, of units: [Int]) -> [Mark] {
    guard let layer = network.architecture.layers.first else { return [] }
    return units.compactMap { unit in
      let (a, b) = (network.parameters[layer.weight(unit, 0)], network.parameters[layer.weight(unit, 1)])
      let c = layer.hasBias ? network.parameters[layer.bias(unit)] : 0
      guard abs(a) + abs(b) > 0 else { return nil }
      let points =
        abs(b) > abs(a)
        ? [-4.0, 4].map { Point($0, -(a * $0 + c) / b) } : [-4.0, 4].map { Point(-(b * $0 + c) / a, $0) }
      return .line(points, Stroke(.gray, width: 1, dash: [4, 2]))
    }
  }

  private static func whole(_ title: String, _ runs: Results, _ row: Results.Row) throws -> Chart? {
    guard let network = try runs.network(of: row), let data = try runs.dataset(of: row) else { return nil }
    let units = network.architecture.layers.first?.units ?? 0
    return panel(title, data, lines: lines(network, of: Array(0..<units))) { network($0)[0] }
  }

  private static func isSolved(_ row: Results.Row) -> Bool { (row.summary.finals[.accuracy] ?? 0) > 0.999 }

  private static func seeds(_ results: Results, task: DataSource, hidden: Int) throws -> ChartGrid {
    let runs = results.where(.data, is: task).where(.hidden, is: hidden)
    // At most two runs that do not solve the task, by seed.
    let failed = runs.rows.filter { !isSolved($0) }.prefix(2)
    let chosen = (runs.rows.filter { isSolved($0) }.prefix(6 - failed.count) + failed).sorted { $0.seed < $1.seed }
    let charts = try chosen.compactMap { row in
      try whole("seed \(row.seed): \(isSolved(row) ? "solved" : "not solved")", runs, row)
    }
    return ChartGrid(threePerRow(charts), colorScale: scale, aspect: 1)
  }

  private static func threePerRow(_ charts: [Chart]) -> [[Chart]] {
    stride(from: 0, to: charts.count, by: 3).map { Array(charts[$0..<min($0 + 3, charts.count)]) }
  }

  /// The run with the highest accuracy and, among those, the smallest loss.
  private static func best(_ runs: Results) -> Results.Row? {
    runs.rows.max { a, b in
      let (p, q) = (a.summary.finals[.accuracy] ?? 0, b.summary.finals[.accuracy] ?? 0)
      return p == q ? a.summary.finalLoss > b.summary.finalLoss : p < q
    }
  }

  private static func widthPanels(_ results: Results) throws -> ChartGrid {
    let groups = results.where(.data, is: dented).groups(by: .hidden).filter { $0.value != .integer(1) }
    let charts = try groups.compactMap { width, runs -> Chart? in
      guard let row = best(runs) else { return nil }
      let accuracy = NumberText.percent(row.summary.finals[.accuracy] ?? .nan)
      return try whole("H = \(width): \(accuracy) correct", runs, row)
    }
    return ChartGrid(threePerRow(charts), colorScale: scale, aspect: 1)
  }

  private static func anatomy(_ results: Results) throws -> ChartGrid {
    let runs = results.where(.data, is: convex).where(.hidden, is: 3)
    guard let row = best(runs), let network = try runs.network(of: row), let data = try runs.dataset(of: row),
      let last = network.architecture.layers.last
    else { return ChartGrid([]) }
    var charts = (0..<3).map { unit in
      let v = network.parameters[last.weight(0, unit)]
      return panel(
        "h\(["₁", "₂", "₃"][unit]), v = \(NumberText.short(v))", data, lines: lines(network, of: [unit]), border: false
      ) {
        network.layers(at: $0)[0][unit]
      }
    }
    let c = last.hasBias ? network.parameters[last.bias(0)] : 0
    charts.append(
      panel("ŷ, c = \(NumberText.short(c))", data, lines: lines(network, of: [0, 1, 2])) {
        network($0)[0]
      })
    return ChartGrid([charts], colorScale: scale, aspect: 1)
  }

  private static func shares(_ results: Results) throws -> ChartGrid {
    let groups = results.groups(by: .data)
    var marks: [Mark] = []
    for (index, group) in groups.enumerated() {
      let color = Palette.categories[index]
      let shares = try group.results.groups(by: .hidden).map { width, runs in
        (x: (width.number ?? 1) * (1 + 0.03 * Double(index - 1)), share: try solved(runs))
      }
      let points = shares.map { Point($0.x, $0.share.value) }
      marks += shares.map {
        .interval(
          x: $0.x, low: $0.share.interval.lowerBound, high: $0.share.interval.upperBound,
          Stroke(color.opacity(0.6), width: 0.8))
      }
      marks += [
        .line(points, Stroke(color, width: 1.3, dash: Dash.category(index))),
        .points(points, .category(index), color, radius: 2.6),
      ]
    }
    var x = AxisStyle("hidden units H", .log)
    x.ticks = widths.map { Tick(Double($0), "\($0)") }
    return ChartGrid(
      Chart(x: x, y: AxisStyle("share of runs that solve the task", including: [0, 1]), marks: marks),
      legend: groups.enumerated().map {
        LegendEntry(
          "\($0.element.value)", Palette.categories[$0.offset], dash: Dash.category($0.offset),
          marker: .category($0.offset), hasLine: true)
      }, aspect: 2.2)
  }
}
