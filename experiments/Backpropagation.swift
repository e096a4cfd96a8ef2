import Descent
import Textbook

/// One step of backpropagation with all its numbers, and the multiplications that the reuse of δ saves in deep networks.
struct Backpropagation: Experiment {
  let title = "What does one backward pass compute, and how much work does it save?"

  var setup: Setup {
    Setup(
      data: .moons(samples: 32, noise: 0.1),
      network: .mlp(hidden: 3, activation: .sigmoid, output: .sigmoid),
      loss: .meanSquaredError,
      optimizer: .gradientDescent(learningRate: 2),
      initialization: .fanIn(scale: 2),
      batch: .full,
      stop: .after(steps: 1_500),
      record: .also(.layerGradientNorm(1), every: 5))
  }

  var sweep: [Axis] {
    Vary(.depth, over: Array(0...7))
    Seeds(0..<24)
  }

  var report: [Cell] {
    Note(
      """
      A network of L layers (the hidden layers and the output layer) computes zˡ = Wˡaˡ⁻¹ + bˡ and aˡ = σ(zˡ) from its \
      input a⁰ = x up to its output aᴸ. Its loss for one sample is f = Σ (aᴸ − y)². The backward pass computes every \
      derivative of f. It needs one number per unit, δ = ∂f/∂z. The δ of the output layer follows from the loss, the δ \
      of every other layer from the layer above: δˡ = (Wˡ⁺¹ᵀδˡ⁺¹) ⊙ σ′(zˡ). Then ∇Wˡ = δˡ(aˡ⁻¹)ᵀ and ∇bˡ = δˡ.
      """)
    workedStep
    cost
    depth
    claims
  }

  @ReportBuilder private var workedStep: [Cell] {
    Note("## All numbers of one step")
    Figure("A 2-3-1 network before its first step, for the first sample") { results in try Self.drawn(results) }
      .caption(
        """
        The run of seed 0 with one hidden layer. At each unit: its output a and its δ. At each line: the weight w | \
        ∂f/∂w. The colour of a line gives the sign of the weight, its width the absolute value.
        """)
    ReportTable(
      "The same step: z, a and δ of every unit",
      columns: ["layer", .number("unit"), .number("z"), .number("a"), .number("δ = ∇b")]
    ) { results in
      try Self.unitRows(results)
    }
    ReportTable(
      "Derivatives with respect to the weights, computed in three ways",
      columns: ["weight", .number("w"), .number("textbook ∂E/∂w"), .number("engine"), .number("central difference")]
    ) { results in try Self.weightRows(results) }
    Note(
      """
      The second table gives the derivatives of E, the mean of f over all 32 samples; biases are left out. Textbook: \
      the formulas above as plain loops. Engine: Descent's backpropagation in vectors, over all samples at once. Central \
      difference: (E(w + h) − E(w − h))/2h with h = 10⁻⁵. `descent check` makes the same comparison with the steps of training.
      """)
  }

  @ReportBuilder private var cost: [Cell] {
    Note(
      """
      ## The cost of one backward pass

      Each δ is computed once and used for all units of the layer below. Without this reuse, the derivative of a \
      weight is a sum over all paths from the weight to the output, and every layer multiplies the number of paths by \
      its width.
      """)
    Figure("Multiplications of one backward pass") { _ in Self.costs() }
      .caption(
        """
        Counted in the loops of the textbook for one sample: two inputs, three units in each hidden layer, one output. \
        The layers are the hidden layers and the output layer.
        """)
    Note { _ in
      let (seven, eight) = (Self.products(layers: 7), Self.products(layers: 8))
      return """
        With eight layers the backward pass takes \(NumberText.grouped(eight.kept)) multiplications with reuse and \
        \(NumberText.grouped(eight.byPaths)) without: \(NumberText.short(Double(eight.byPaths) / Double(eight.kept))) \
        times as many. From seven to eight layers, the count with reuse grows by \(eight.kept - seven.kept), the count \
        without reuse by a factor of \(NumberText.short(Double(eight.byPaths) / Double(seven.byPaths))).
        """
    }
  }

  @ReportBuilder private var depth: [Cell] {
    Note(
      """
      ## The gradient in deep networks

      In these two figures L is the number of hidden layers.
      """)
    Figure("Gradient norm of the first layer") { Curve(.layerGradientNorm(1)).color(by: .depth).band(.quartiles) }
      .xScale(.log).yScale(.log)
    Figure("Training loss") { Curve(.loss).color(by: .depth) }.xScale(.log).yScale(.log)
    Note { results in
      let norms = try Self.firstNorms(results)
      guard let shallow = norms.first, let deep = norms.last else { return "" }
      return """
        In the backward pass every layer multiplies δ by its weights and by σ′, which is at most ¼. At the first step, \
        the median gradient norm of the first layer is \(NumberText.short(shallow.norm)) with \(shallow.depth) hidden \
        layers and \(NumberText.short(deep.norm)) with \(deep.depth): a factor of \
        \(NumberText.short(shallow.norm / deep.norm)). Backpropagation computes small derivatives correctly; it does \
        not make them larger.
        """
    }
  }

  @ReportBuilder private var claims: [Cell] {
    Expect("Engine and textbook agree within 10⁻¹² on every derivative of the first step") { results in
      let worst = try Self.worked(results).map { step in
        zip(step.textbook, step.engine).map { abs($0 - $1) }.max() ?? .infinity
      }
      return ((worst ?? .infinity) < 1e-12, "largest difference \(NumberText.short(worst ?? .nan))")
    }
    Expect("With eight layers, the backward pass without reuse takes more than a hundred times as many multiplications")
    {
      _ in
      let products = Self.products(layers: 8)
      let ratio = Double(products.byPaths) / Double(products.kept)
      return (ratio > 100, "\(NumberText.short(ratio)) times")
    }
    Expect("The median gradient norm of the first layer at the first step decreases with every added hidden layer") {
      results in
      let norms = try Self.firstNorms(results).map(\.norm)
      let falls = zip(norms, norms.dropFirst()).allSatisfy { $0 > $1 }
      return (falls, norms.map { NumberText.short($0, digits: 2) }.joined(separator: " > "))
    }
  }

  /// The median gradient norm of the first layer at the first step, for each depth.
  private static func firstNorms(_ results: Results) throws -> [(depth: Setting, norm: Double)] {
    try results.groups(by: .depth).map { depth, runs in
      (depth, Statistics.median(try runs.series(.layerGradientNorm(1)).compactMap { $0?.values.first }))
    }
  }

  // MARK: One step

  private struct Step {
    var network: LayeredNetwork
    var architecture: Architecture
    var parameters: [Double]
    var x: [Double]
    var y: [Double]
    /// ∂E/∂θ on all samples.
    var textbook: [Double]
    var engine: [Double]
    var differences: [Double]
  }

  /// The first step of seed 0 with one hidden layer: derivatives by the textbook, by the engine and by differences.
  private static func worked(_ results: Results) throws -> Step? {
    let runs = results.where(.depth, is: 1)
    guard let row = try runs.run(.seed(0)) ?? runs.rows.first, let data = try results.dataset(of: row),
      let shape = try results.network(of: row)?.architecture,
      let start = try results.trajectory(of: row, at: [0]).first
    else { return nil }
    let network = textbook(shape, start)
    var sum = Array(repeating: 0.0, count: start.count)
    for i in 0..<data.training.count {
      let gradient = network.gradient(input(data, i), target(data, i))
      for (l, layer) in shape.layers.enumerated() {
        for j in 0..<layer.units {
          for k in 0..<layer.inputs { sum[layer.weight(j, k)] += gradient.w[l][j][k] }
          sum[layer.bias(j)] += gradient.b[l][j]
        }
      }
    }
    let h = 1e-5
    let moved = start.indices.flatMap { i in
      [h, -h].map { step in start.indices.map { start[$0] + ($0 == i ? step : 0) } }
    }
    let losses = try results.losses(at: moved, like: row)
    return Step(
      network: network, architecture: shape, parameters: start, x: input(data, 0), y: target(data, 0),
      textbook: sum.map { $0 / Double(data.training.count) },
      engine: try results.gradients(at: [start], like: row)[0].gradient,
      differences: start.indices.map { (losses[2 * $0] - losses[2 * $0 + 1]) / (2 * h) })
  }

  private static func input(_ data: Dataset, _ i: Int) -> [Double] {
    Array(data.training.inputs[i * data.inputCount..<(i + 1) * data.inputCount])
  }

  private static func target(_ data: Dataset, _ i: Int) -> [Double] {
    Array(data.training.targets[i * data.outputCount..<(i + 1) * data.outputCount])
  }

  private static func textbook(_ shape: Architecture, _ parameters: [Double]) -> LayeredNetwork {
    LayeredNetwork(
      w: shape.layers.map { l in (0..<l.units).map { j in (0..<l.inputs).map { parameters[l.weight(j, $0)] } } },
      b: shape.layers.map { l in (0..<l.units).map { parameters[l.bias($0)] } })
  }

  private static func unitRows(_ results: Results) throws -> [[String]] {
    guard let step = try worked(results) else { return [] }
    let pass = step.network.forward(step.x)
    let gradient = step.network.gradient(step.x, step.y)
    let inputs = step.x.enumerated().map { ["0 (input)", "\($0 + 1)", "", NumberText.short($1), ""] }
    let units = pass.z.enumerated().flatMap { l, z in
      z.indices.map { j in
        ["\(l + 1)", "\(j + 1)"] + [z[j], pass.a[l + 1][j], gradient.delta[l][j]].map { NumberText.short($0) }
      }
    }
    return inputs + units
  }

  private static func weightRows(_ results: Results) throws -> [[String]] {
    guard let step = try worked(results) else { return [] }
    return step.architecture.layers.enumerated().flatMap { l, layer in
      (0..<layer.units).flatMap { j in
        (0..<layer.inputs).map { k -> [String] in
          let i = layer.weight(j, k)
          let numbers = [step.parameters[i], step.textbook[i], step.engine[i], step.differences[i]]
          return ["W\(NumberText.superscript(l + 1)) (\(j + 1), \(k + 1))"]
            + numbers.map { NumberText.short($0, digits: 6) }
        }
      }
    }
  }

  /// The network as a graph, with its numbers.
  private static func drawn(_ results: Results) throws -> ChartGrid {
    var marks: [Mark] = []
    if let step = try worked(results) {
      let pass = step.network.forward(step.x)
      let gradient = step.network.gradient(step.x, step.y)
      let loss = "y = \(NumberText.short(step.y[0])),  f = \(NumberText.short(step.network.loss(step.x, step.y)))"
      let (lines, weights) = connections(step.network, pass, gradient)
      let (circles, units) = nodes(pass, gradient)
      marks = lines + circles + weights + units + [.text(Text(loss, size: 8), at: Point(2.12, 0), .left)]
    }
    let chart = Chart(
      x: AxisStyle("", domain: -0.6...2.7), y: AxisStyle("", domain: -1.5...1.5), marks: marks, hasAxes: false)
    return ChartGrid(chart, aspect: 1.9)
  }

  /// The centre of a unit, layer 0 being the input.
  private static func place(_ layer: Int, _ unit: Int, in pass: LayeredNetwork.Forward) -> Point {
    Point(Double(layer), Double(pass.a[layer].count - 1) / 2 - Double(unit))
  }

  /// A line for each weight, labelled with the weight and its derivative.
  private static func connections(
    _ network: LayeredNetwork, _ pass: LayeredNetwork.Forward, _ gradient: LayeredNetwork.Gradient
  ) -> (lines: [Mark], labels: [Mark]) {
    var (lines, labels): ([Mark], [Mark]) = ([], [])
    for l in network.w.indices {
      for j in network.w[l].indices {
        for (k, weight) in network.w[l][j].enumerated() {
          let (a, b) = (place(l, k, in: pass), place(l + 1, j, in: pass))
          let color = Palette.diverging(weight < 0 ? 0.1 : 0.9)
          lines.append(.line([a, b], Stroke(color, width: min(4, 0.6 + abs(weight)))))
          // The label is where this line is apart from its neighbours.
          let share = l > 0 ? 0.3 : [[0.56, 0.4, 0.26], [0.26, 0.4, 0.56]][k % 2][j % 3]
          let at = Point(a.x + share * (b.x - a.x), a.y + share * (b.y - a.y))
          let words = "\(NumberText.short(weight, digits: 2)) | \(NumberText.short(gradient.w[l][j][k], digits: 2))"
          labels.append(.tag(Text(words, size: 6.5), at: at, .center))
        }
      }
    }
    return (lines, labels)
  }

  /// A circle for each unit, labelled with its output and its δ.
  private static func nodes(
    _ pass: LayeredNetwork.Forward, _ gradient: LayeredNetwork.Gradient
  ) -> (circles: [Mark], labels: [Mark]) {
    var (circles, labels): ([Mark], [Mark]) = ([], [])
    for (l, outputs) in pass.a.enumerated() {
      let points = outputs.indices.map { place(l, $0, in: pass) }
      circles += [.points(points, .circle, .black, radius: 8), .points(points, .circle, .white, radius: 7)]
      for (j, point) in points.enumerated() {
        let value = NumberText.short(outputs[j])
        guard l > 0 else {
          labels.append(.tag(Text("x\(j + 1) = \(value)", size: 7.5), at: Point(point.x - 0.09, point.y), .right))
          continue
        }
        let delta = Text("δ = \(NumberText.short(gradient.delta[l - 1][j]))", size: 7.5, color: .fail)
        labels.append(.tag(Text("a = \(value)", size: 7.5), at: Point(point.x, point.y + 0.2), .bottom))
        labels.append(.tag(delta, at: Point(point.x, point.y - 0.2), .top))
      }
    }
    return (circles, labels)
  }

  // MARK: Costs

  /// Multiplications of the backward pass with every δ kept, and with every path of every weight computed separately.
  private static func products(layers: Int) -> (kept: Int, byPaths: Int) {
    let network = example(layers: layers)
    let x = [0.5, -0.2]
    let kept = network.gradient(x, [1]).products
    var byPaths = 0
    for l in network.w.indices {
      for row in network.w[l] {
        for k in row.indices {
          _ = network.deltaByPaths(x, [1], layer: l, unit: k, products: &byPaths)
          // δ times the output of the unit below.
          byPaths += 1
        }
      }
    }
    return (kept, byPaths)
  }

  /// Two inputs, three units in each hidden layer, one output. The count does not depend on the weights.
  private static func example(layers: Int) -> SigmoidMLP {
    let sizes: [Int] = [2] + Array(repeating: 3, count: layers - 1) + [1]
    var w: [[[Double]]] = []
    for (below, above) in zip(sizes, sizes.dropFirst()) {
      w.append(Array(repeating: Array(repeating: 0.3, count: above), count: below))
    }
    return SigmoidMLP(w: w, theta: sizes.dropFirst().map { Array(repeating: 0.1, count: $0) })
  }

  private static func costs() -> ChartGrid {
    let depths = Array(1...8)
    let counts = depths.map { products(layers: $0) }
    func line(_ values: [Int], _ index: Int) -> [Mark] {
      let points = zip(depths, values).map { Point(Double($0), Double($1)) }
      let color = Palette.categories[index]
      return [
        .line(points, Stroke(color, width: 1.5, dash: Dash.category(index))),
        .points(points, .category(index), color, radius: 2.4),
        .endLabel(index == 0 ? "with reuse of δ" : "without reuse", at: points.last?.y ?? 1, color),
      ]
    }
    var x = AxisStyle("layers", domain: 0.7...8.3)
    x.ticks = depths.map { Tick(Double($0), "\($0)") }
    return ChartGrid(
      Chart(
        x: x, y: AxisStyle("multiplications", .log), marks: line(counts.map(\.kept), 0) + line(counts.map(\.byPaths), 1)
      ),
      aspect: 2.2)
  }
}
