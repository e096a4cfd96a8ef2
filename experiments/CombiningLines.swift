import Descent
import Textbook

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
    Note { results in
      """
      The network of the lecture has one hidden layer and writes a bias as component 0: with x = [1, x_1, x_2] and \
      h = [1, h_1 … h_M], a hidden unit computes h_m = σ(Σ_j W_{mj}x_j), and the output is ŷ = σ(Σ_m V_{1m}h_m). The line \
      Σ_j W_{mj}x_j = 0 divides the plane into the side with h_m < ½ and the side with h_m > ½. The output weighs the units \
      by V and compares their sum with a threshold. How many lines does a region need, and does gradient descent find them?

      There are three tasks: XOR, a triangle and an L. Training is plain stochastic gradient descent: each of the \
      \(NumberText.grouped(Self.steps)) steps draws one sample with replacement and makes V ← V − τδhᵀ and W ← W − τγxᵀ, with \
      τ = \(NumberText.short(Self.rate(results))). Points close to the edge of a region are left out. A run solves a task if \
      it classifies every training point correctly.
      """
    }
    combination
    derivation
    xorExamples
    regionExamples
    frequency
    claims
  }

  @ReportBuilder private var combination: [Cell] {
    Note("## How the output combines the units")
    Figure("Units and output of one network trained on the triangle") { try Self.anatomy($0) }
      .caption(
        """
        The run with the highest accuracy and, among those, the smallest final loss of all runs with H = 3. First three \
        panels: the output h_m of one unit, its line h_m = ½ (dashed) and its weight V_{1m}. Last panel: the output ŷ, its \
        border ŷ = ½ (black) and the weight V_{10} of the component 1. Markers: the training points of the two classes.
        """
      )
      .play(over: .step, frames: 40)
  }

  @ReportBuilder private var derivation: [Cell] {
    Note(
      """
      ## One step of the algorithm, in numbers

      The lecture updates the weights "deepest layer first": V before W. It computes δ and γ before both updates, so γ uses \
      the old V. The table follows the first step of a run with two units on the triangle. The column *engine* has the \
      numbers of the training itself: the forward and backward pass of the sample that this run drew, and the weights after \
      its first step. (The archive does not hold which sample was drawn. It is the one whose textbook step ends nearest to \
      the weights of the run.)
      """)
    ReportTable.derivation("The first step of a run: forward pass, errors, derivatives of f = (ŷ − y)² and new weights")
    {
      results in try Self.lines(of: results)
    }
    Note { results in
      guard let step = try Self.firstStep(results) else { return "" }
      var network = step.network
      network.v = step.after.v
      let late = network.errors(step.x, step.y).gamma[0]
      let early = step.network.errors(step.x, step.y).gamma[0]
      return """
        The sample is x = (\(step.x.map { NumberText.short($0) }.joined(separator: ", "))) with y = \
        \(NumberText.short(step.y[0])). If γ_1 were computed after the update of V, it would be \
        \(NumberText.short(late, digits: 6)) instead of \(NumberText.short(early, digits: 6)).
        """
    }
    Expect.derivation(
      "Textbook and engine agree within 10⁻¹¹ (relative) on every quantity of the step, with γ computed by the old V",
      within: 1e-11
    ) { results in try Self.lines(of: results) }
  }

  @ReportBuilder private var xorExamples: [Cell] {
    Note("## XOR with two units")
    Figure("XOR with two units: runs of up to six seeds") { try Self.seeds($0, task: .xor, hidden: 2) }
      .caption(
        """
        The first runs that do not solve the task (at most two) and the first that do, in the order of their seeds. Black: \
        ŷ = ½. Dashed: the lines of the units.
        """)
    Figure("Move the lines: XOR") { DecisionBoundary(.best(.finalLoss)) }
      .where(.data, is: .xor).where(.hidden, is: 2)
      .live(.hiddenUnits, .learningRate, .initScale, .activation, .batchSize, .seeds)
      .caption(
        "In report.html the page trains a network for any values of the sliders. Play shows the lines of the units during training."
      )
    Note { results in
      let runs = results.where(.data, is: .xor)
      return """
        Two parallel lines can enclose a strip that contains two opposite corners. Runs that solve XOR with two units: \
        \(try Self.solved(runs.where(.hidden, is: 2))). One line cannot separate XOR. Runs that solve it with one \
        unit: \(try Self.solved(runs.where(.hidden, is: 1))).

        ## A convex region and one that is not convex
        """
    }
  }

  @ReportBuilder private var regionExamples: [Cell] {
    Figure("The triangle with three units: runs of up to six seeds") {
      try Self.seeds($0, task: Self.convex, hidden: 3)
    }
    .caption(
      """
      Runs chosen as in the figure above. Black: ŷ = ½. Dashed: the lines of the units. A triangle is the intersection of \
      three half planes, one for each side.
      """)
    Figure("The L for each number of units") { try Self.widthPanels($0) }
      .caption(
        "For each H: the run with the highest accuracy and, among those, the smallest final loss. H = 1 is left out.")
  }

  @ReportBuilder private var frequency: [Cell] {
    Note("## How often the tasks are solved")
    Figure("Share of runs that solve the task") { try Self.shares($0) }
      .caption(
        """
        Each marker: all runs of a task and a width. Bars: Wilson 95 % intervals. The markers of different tasks are shifted a \
        little in x so that they do not overlap.
        """)
    ReportTable("Runs that solve the task", columns: ["task"] + Self.widths.map { .number("H = \($0)") }) { results in
      try results.groups(by: .data).map { task, runs in
        try ["\(task)"]
          + Self.widths.map { width in
            let share = try Self.solved(runs.where(.hidden, is: width))
            return share.count == 0 ? "–" : "\(share.successes) of \(share.count)"
          }
      }
    }
    Note { results in
      let found = try Self.tasks.map { try Self.needed(results, $0) }
      func name(_ width: Double?) -> String { width.map { "H = \(NumberText.short($0))" } ?? "none of the sweep" }
      let lines = found.map { needed in
        "- **\(needed.task)**: smallest H that solves it in a run: \(name(needed.first?.width)); in nine of ten runs: "
          + "\(name(needed.reliable))."
      }
      let unreliable = found.filter { needed in
        needed.first.map { first in needed.reliable.map { $0 > first.width } ?? true } ?? false
      }
      let verdict =
        unreliable.isEmpty
        ? "On no task is the smallest number of units that ever suffices smaller than the number that suffices in nine of "
          + "ten runs."
        : "On these tasks a run can succeed with fewer units than nine of ten runs need within "
          + "\(NumberText.grouped(Self.steps)) steps: \(unreliable.map(\.task).joined(separator: ", "))."
      return """
        ## Answer

        \(lines.joined(separator: "\n"))

        \(verdict) A possible reason, not tested here: with just enough units every unit has to reach its own side of the \
        region; with more units not every unit has to. A width that solves a task in no run may still be able to represent \
        it: \(Self.unseen(found)).
        """
    }
  }

  @ReportBuilder private var claims: [Cell] {
    Expect("Verifies the set-up: one line separates none of the three tasks, and no run with one unit solves one") {
      results in
      let share = try Self.solved(results.where(.hidden, is: 1))
      return (share.successes == 0 && share.count > 0, share.description)
    }
    Expect(
      "Three units, one for each side, solve the triangle in most runs (interval above ½), and two units in none"
    ) { results in
      let part = results.where(.data, is: Self.convex)
      let (two, three) = (try Self.solved(part.where(.hidden, is: 2)), try Self.solved(part.where(.hidden, is: 3)))
      return (
        two.count > 0 && two.successes == 0 && three.interval.lowerBound > 0.5, "two units: \(two); three: \(three)"
      )
    }
    for task in [DataSource.xor, Self.dented] {
      Expect(
        "\(task.title): with just enough units (the smallest H that ever solves it) fewer runs solve it than with "
          + "\(Self.widest); the intervals do not overlap"
      ) { results in
        let needed = try Self.needed(results, task)
        let widest = try Self.solved(results.where(.data, is: task).where(.hidden, is: Self.widest))
        guard let first = needed.first else { return (false, "no width solves it") }
        return (
          first.width < Double(Self.widest) && first.share.interval.upperBound < widest.interval.lowerBound,
          "H = \(NumberText.short(first.width)): \(first.share); H = \(Self.widest): \(widest)"
        )
      }
    }
  }

  // MARK: One step

  /// The first step of a run: the sample that it drew, and the weights before and after.
  private struct FirstStep {
    let row: Results.Row
    let before: [Double]
    let sample: Int
    let x: [Double]
    let y: [Double]
    let network: WVNetwork
    let after: WVNetwork
  }

  private static func rate(_ results: Results) -> Double {
    results.groups(by: .learningRate).first?.value.number ?? .nan
  }

  /// W and V of a network with one hidden layer, with the biases as component 0.
  private static func textbook(_ shape: Architecture, _ parameters: [Double]) -> WVNetwork {
    let weights = shape.layers.map { layer in
      (0..<layer.units).map { unit in
        [parameters[layer.bias(unit)]] + (0..<layer.inputs).map { parameters[layer.weight(unit, $0)] }
      }
    }
    return WVNetwork(w: weights[0], v: weights[1])
  }

  /// The first run with two units on the triangle whose first sample has no component 0, where a wrong sign would not show.
  ///
  /// The archive does not hold which sample a run drew. It is the one whose textbook step ends nearest to the run's.
  private static func firstStep(_ results: Results) throws -> FirstStep? {
    let runs = results.where(.data, is: convex).where(.hidden, is: 2)
    for row in runs.rows {
      let steps = try runs.trajectory(of: row, at: [0, 1])
      guard let shape = try runs.network(of: row)?.architecture, let data = try runs.dataset(of: row),
        steps.count == 2, shape.layers.allSatisfy(\.hasBias)
      else { continue }
      let (before, after) = (textbook(shape, steps[0]), textbook(shape, steps[1]))
      let candidates = (0..<data.training.count).map { i in
        let x = Array(data.training.inputs[2 * i..<2 * i + 2])
        let y = [data.training.targets[i]]
        var moved = before
        moved.step(x, y, tau: rate(runs))
        let distance = zip(moved.w + moved.v, after.w + after.v).flatMap { zip($0, $1).map { abs($0 - $1) } }.max()
        return (distance: distance ?? .infinity, i: i, x: x, y: y)
      }
      guard let drawn = candidates.min(by: { $0.distance < $1.distance }), !drawn.x.contains(0) else { continue }
      return FirstStep(
        row: row, before: steps[0], sample: drawn.i, x: drawn.x, y: drawn.y, network: before, after: after)
    }
    return nil
  }

  private static func lines(of results: Results) throws -> [DerivationLine] {
    guard let step = try firstStep(results), let shape = try results.network(of: step.row)?.architecture else {
      return []
    }
    let pass = try results.backwardPass(of: step.row, at: step.before, sample: step.sample)
    let network = step.network
    let (h, output) = (network.hidden(step.x), network.output(step.x))
    let (delta, gamma) = network.errors(step.x, step.y)
    let gradient = network.gradient(step.x, step.y)
    let engine = textbook(shape, pass.gradient)
    var next = network
    next.step(step.x, step.y, tau: rate(results))
    var lines = (1...2).map { m in
      DerivationLine("h_\(m)", "σ(Σ_j W_{\(m)j}x_j)", textbook: h[m], engine: pass.outputs[0][m - 1])
    }
    lines += [
      DerivationLine("ŷ", "σ(Σ_m V_{1m}h_m)", textbook: output[0], engine: pass.outputs[1][0]),
      DerivationLine("δ", "2(ŷ − y)ŷ(1 − ŷ)", textbook: delta[0], engine: pass.delta[1][0]),
    ]
    lines += (1...2).map { m in
      DerivationLine(
        "γ_\(m)", "δ·V_{1\(m)}·h_\(m)(1 − h_\(m))", textbook: gamma[m - 1], engine: pass.delta[0][m - 1])
    }
    lines += (0...2).map { m in
      DerivationLine(
        "∂f/∂V_{1\(m)}", m == 0 ? "δ·1" : "δ·h_\(m)", textbook: gradient.v[0][m], engine: engine.v[0][m])
    }
    lines += (1...2).flatMap { m in
      (0...2).map { j in
        DerivationLine(
          "∂f/∂W_{\(m)\(j)}", j == 0 ? "γ_\(m)·1" : "γ_\(m)·x_\(j)", textbook: gradient.w[m - 1][j],
          engine: engine.w[m - 1][j])
      }
    }
    lines += (0...2).map { m in
      DerivationLine(
        "new V_{1\(m)}", "V_{1\(m)} − τ ∂f/∂V_{1\(m)}", textbook: next.v[0][m], engine: step.after.v[0][m])
    }
    return lines
      + (1...2).flatMap { m in
        (0...2).map { j in
          DerivationLine(
            "new W_{\(m)\(j)}", "W_{\(m)\(j)} − τ ∂f/∂W_{\(m)\(j)}", textbook: next.w[m - 1][j],
            engine: step.after.w[m - 1][j])
        }
      }
  }

  // MARK: Widths

  /// The smallest width that solves a task in some run, and the smallest that does in nine of ten.
  private struct Needed {
    let task: String
    let first: (width: Double, share: Share)?
    let reliable: Double?
    /// The widths that solve it in no run, and the number of their runs.
    let never: (widths: [String], runs: Int)
  }

  private static func needed(_ results: Results, _ task: DataSource) throws -> Needed {
    let groups = try results.where(.data, is: task).groups(by: .hidden).map {
      (width: $0.value.number ?? .nan, share: try solved($0.results))
    }
    let never = groups.filter { $0.share.successes == 0 }
    return Needed(
      task: task.title, first: groups.first { $0.share.successes > 0 },
      reliable: groups.first { $0.share.value >= 0.9 }?.width,
      never: (never.map { NumberText.short($0.width) }, never.map(\.share.count).max() ?? 0))
  }

  /// How large a share of solved runs is compatible with none.
  private static func unseen(_ found: [Needed]) -> String {
    let runs = found.map(\.never.runs).max() ?? 0
    return
      "0 of \(runs) runs is compatible with a share of up to \(NumberText.percent(Statistics.wilson(0, of: runs).upperBound))"
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
        "h_\(unit + 1), V_{1\(unit + 1)} = \(NumberText.short(v))", data, lines: lines(network, of: [unit]),
        border: false
      ) {
        network.layers(at: $0)[0][unit]
      }
    }
    let c = last.hasBias ? network.parameters[last.bias(0)] : 0
    charts.append(
      panel("ŷ, V_{10} = \(NumberText.short(c))", data, lines: lines(network, of: [0, 1, 2])) {
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
