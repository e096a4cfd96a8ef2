import Descent
import Textbook

/// One step of backpropagation with all its numbers, the multiplications that the reuse of δ saves, and why gradients of deep
/// networks are small.
struct Backpropagation: Experiment {
  let title = "What does one backward pass compute, and how much work does it save?"

  var setup: Setup {
    Setup(
      data: .moons(samples: 32, noise: 0.1),
      network: .mlp(hidden: 3, activation: .sigmoid, output: .sigmoid),
      loss: .meanSquaredError,
      optimizer: .gradientDescent(learningRate: 0.5),
      initialization: .fanIn(scale: 2),
      batch: .singleWithReplacement,
      stop: .after(steps: 3_000),
      record: .also(.layerGradientNorm(1), .trainingLoss, every: 10))
  }

  private static let scales: [Double] = [1, 2, 4, 8]

  var sweep: [Axis] {
    Vary(.depth, over: Array(0...7))
    Vary(.initScale, over: Self.scales)
    Seeds(0..<24)
  }

  var fixed: [Fixed] {
    [
      Fixed(.hidden, "the graph has labels for three hidden units"),
      Fixed(.activation, "the formulas of the report are those of the sigmoid function"),
      Fixed(.loss, "the formulas of the report are those of (aᴸ − y)²"),
      Fixed(.batch, "the worked step uses one random sample"),
    ]
  }

  var report: [Cell] {
    Note { results in
      let rate = results.groups(by: .learningRate).map(\.value.description).joined(separator: ", ")
      return """
        A network of L layers (the hidden layers and the output layer) computes zˡ = Wˡaˡ⁻¹ + bˡ and aˡ = σ(zˡ) from its input \
        a⁰ = x up to its output aᴸ. Wˡ_{jk} is the weight from unit k of layer l − 1 to unit j of layer l. The loss of a sample \
        is f = Σ_j (aᴸ_{j} − y_j)². Training is plain stochastic gradient descent: every step draws one sample at random, \
        uniformly and with replacement, and uses the gradient of its f. The lecture calls the step size τ; here τ = \(rate).

        The backward pass needs one number per unit, δ = ∂f/∂z:

        - forward pass: a⁰ = x, then zˡ = Wˡaˡ⁻¹ + bˡ and aˡ = σ(zˡ) for l = 1, …, L
        - output layer: δᴸ = ∂f/∂aᴸ ⊙ σ′(zᴸ), where ∂f/∂aᴸ = 2(aᴸ − y)
        - for l = L − 1, …, 1: ∂f/∂aˡ = (Wˡ⁺¹)ᵀδˡ⁺¹ and δˡ = ∂f/∂aˡ ⊙ σ′(zˡ)
        - for every l: ∇f(Wˡ) = δˡ(aˡ⁻¹)ᵀ and ∇f(bˡ) = δˡ
        - update: Wˡ ← Wˡ − τ∇f(Wˡ) and bˡ ← bˡ − τ∇f(bˡ)

        ∂f/∂aᴸ can be read from the formula of f. In a hidden layer it cannot: f depends on aˡ only through all units of layer \
        l + 1, so the chain rule gives a sum over these units, Σ_k δˡ⁺¹_{k}Wˡ⁺¹_{kj}. The δ of layer l + 1 is already known.
        """
    }
    workedStep
    cost
    depth
    claims
  }

  @ReportBuilder private var workedStep: [Cell] {
    Note("## All numbers of one step")
    ReportTable(
      "Dimensions: Mˡ is the number of units of layer l",
      columns: [.number("l"), "Wˡ: Mˡ × Mˡ⁻¹", "bˡ, zˡ, aˡ, δˡ: Mˡ × 1", .number("weights and biases")]
    ) { results in
      guard let step = try Self.worked(results) else { return [] }
      return step.architecture.layers.enumerated().map { l, layer in
        ["\(l + 1)", "\(layer.units) × \(layer.inputs)", "\(layer.units) × 1", "\(layer.parameterCount)"]
      }
    }
    Figure("A 2-3-1 network before its first step, for the sample that this step draws") { results in
      try Self.drawn(results)
    }
    .caption(
      """
      The run of the first seed with one hidden layer and σ₀ = 2. At each unit: its output a and its δ. At each line: the weight \
      w | ∂f/∂w. The colour of a line gives the sign of the weight, its width the absolute value.
      """)
    ReportTable.derivation("The backward pass for this sample, from the loss to the first layer") { results in
      try Self.derivation(results)
    }
    ReportTable(
      "The first update, by the textbook and by the training",
      columns: [
        "parameter", .number("before"), .number("∂f/∂θ"), .number("central difference"), .number("after, textbook"),
        .number("after, training"),
      ]
    ) { results in try Self.updateRows(results) }
    Note { results in
      guard let step = try Self.worked(results) else { return "" }
      let draws =
        step.matching == 1
        ? "The first step of this run draws sample \(step.sample + 1) of \(step.count): it is the only sample whose textbook "
          + "step ends at the parameters of the training."
        : "The table shows sample \(step.sample + 1) of \(step.count), but \(step.matching) samples lead to the parameters of "
          + "the training."
      return """
        \(draws) ∂f/∂θ is the textbook's derivative of the loss f of this sample. Central \
        difference: (f(θ + h) − f(θ − h))/2h with h = 10⁻⁵, from forward passes only. `descent check` makes such comparisons for \
        every lecture.
        """
    }
  }

  @ReportBuilder private var cost: [Cell] {
    Note(
      """
      ## The cost of one backward pass

      Each δ is computed once, stored, and used for all units of the layer below. This is dynamic programming: it starts at the \
      output layer, and every layer uses the results of the layer above. Without this reuse, the derivative of a weight is a sum \
      over all paths from the weight to the output, and every layer multiplies the number of paths by its width.
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

      In these figures L is the number of hidden layers.
      """)
    Figure("Gradient norm of the first layer, σ₀ = 2") {
      Curve(.layerGradientNorm(1)).color(by: .depth).smoothed(over: 200)
    }
    .where(.initScale, is: 2).yScale(.log)
    .caption("The gradient of f for the one sample of the step.")
    Figure("Training loss, σ₀ = 2") { Curve(.trainingLoss).color(by: .depth) }
      .where(.initScale, is: 2).yScale(.log)
      .caption("E, the mean of f over all samples.")
    ReportTable(
      "Change of ‖δ‖ from one layer to the layer below, at the initial weights of seven hidden layers",
      columns: [
        .number("σ₀"), .number("factor of (Wˡ⁺¹)ᵀ"), .number("factor of σ′"), .number("both"),
        .number("greatest factor of σ′"),
      ]
    ) { results in
      try Self.factors(results).map { f in
        [f.scale, f.weights, f.slopes, f.both, f.greatest].map { NumberText.short($0) }
      }
    }
    Note { results in
      let norms = try Self.firstNorms(results)
      let factors = try Self.factors(results)
      guard let shallow = norms.first, let deep = norms.last, let low = factors.first, let high = factors.last,
        let main = factors.first(where: { $0.scale == 2 })
      else { return "" }
      let better = factors.max { $0.both < $1.both } ?? high
      let saturation = high.slopes < low.slopes ? ", because large weights saturate the units" : ""
      return """
        In the backward pass every layer multiplies δ by its weights and by σ′, which is at most ¼. A small gradient is the \
        result of both. The table gives the medians over the seeds of the geometric mean over layers and samples. At σ₀ = 2 the \
        weights multiply ‖δ‖ by \(NumberText.short(main.weights)) per layer and σ′ by \(NumberText.short(main.slopes)). From \
        σ₀ = \(NumberText.short(low.scale)) to σ₀ = \(NumberText.short(high.scale)) the factor of the weights changes from \
        \(NumberText.short(low.weights)) to \(NumberText.short(high.weights)), and the factor of σ′ from \
        \(NumberText.short(low.slopes)) to \(NumberText.short(high.slopes))\(saturation). The product of both is largest at \
        σ₀ = \(NumberText.short(better.scale)), where it is \(NumberText.short(better.both)).

        At σ₀ = 2 the median norm of ∇E in \
        this layer at the initial weights is \(NumberText.short(shallow.norm)) with \(shallow.depth) hidden layers and \
        \(NumberText.short(deep.norm)) with \(deep.depth): a factor of \(NumberText.short(shallow.norm / deep.norm)). \
        Backpropagation computes small derivatives correctly; it does not make them larger.
        """
    }
  }

  @ReportBuilder private var claims: [Cell] {
    Note("## Claims")
    Expect.derivation("Verifies every line of the backward pass: textbook and engine agree to 10⁻¹¹", within: 1e-11) {
      results in
      let lines = try Self.derivation(results)
      if lines.isEmpty { throw Untested("there is no run with one hidden layer") }
      return lines
    }
    Expect("Verifies the first update: training and textbook agree within 10⁻¹², for exactly one sample") { results in
      guard let step = try Self.worked(results) else { throw Untested("there is no run with one hidden layer") }
      let worst = zip(step.after, step.trained).map { abs($0 - $1) }.max() ?? .infinity
      return (
        worst < 1e-12 && step.matching == 1,
        "largest difference \(NumberText.short(worst)); samples that agree: \(step.matching) of \(step.count)"
      )
    }
    Expect("Verifies every derivative of f for this sample: within 10⁻⁸ of the central difference") { results in
      guard let step = try Self.worked(results) else { throw Untested("there is no run with one hidden layer") }
      let worst = zip(step.derivatives, step.differences).map { abs($0 - $1) }.max() ?? .infinity
      return (worst < 1e-8, "largest difference \(NumberText.short(worst))")
    }
    Expect("With eight layers, the backward pass without reuse takes more than a hundred times as many multiplications")
    {
      _ in
      let products = Self.products(layers: 8)
      let ratio = Double(products.byPaths) / Double(products.kept)
      return (ratio > 100, "\(NumberText.short(ratio)) times")
    }
    Expect(
      "σ₀ = 2: every added hidden layer makes the gradient norm of the first layer smaller (99 % intervals of the ratio, paired by "
        + "seed, below 1)"
    ) { results in
      let ratios = try Self.ratios(results)
      let tops = ratios.map { $0?.upperBound ?? .infinity }
      if tops.contains(where: \.isInfinite) { throw Untested("too few seeds for an interval") }
      return (
        tops.allSatisfy { $0 < 1 } && !tops.isEmpty,
        "upper bounds \(tops.map { NumberText.short($0, digits: 2) }.joined(separator: ", "))"
      )
    }
    Expect(
      "At no scale do weights and σ′ together keep ‖δ‖: their factor per layer is below 1 (99 % intervals), although the factor "
        + "of the weights exceeds 1 at σ₀ = 8"
    ) { results in
      let factors = try Self.factors(results)
      guard let last = factors.last else { throw Untested("there are no runs with seven hidden layers") }
      let tops = factors.map { $0.bothInterval?.upperBound ?? .infinity }
      let low = last.weightsInterval?.lowerBound ?? -.infinity
      if tops.contains(where: \.isInfinite) || low.isInfinite { throw Untested("too few seeds for an interval") }
      return (
        tops.allSatisfy { $0 < 1 } && low > 1,
        "upper bounds \(tops.map { NumberText.short($0) }.joined(separator: ", ")); lower bound of the weights' factor at "
          + "σ₀ = \(NumberText.short(last.scale)): \(NumberText.short(low))"
      )
    }
  }

  // MARK: Small gradients

  /// The norm of ∇E in the first layer at the initial weights with σ₀ = 2, by depth and seed.
  private static func norms(_ results: Results) throws -> [(depth: Setting, norms: [UInt64: Double])] {
    try results.where(.initScale, is: 2).groups(by: .depth).map { depth, runs in
      guard let row = runs.rows.first, let layer = try results.network(of: row)?.architecture.layers.first else {
        return (depth, [:])
      }
      let starts = try runs.rows.compactMap { try results.trajectory(of: $0, at: [0]).first }
      let norms = try results.gradients(at: starts, like: row).map { _, gradient in
        norm(layer.parameters.map { gradient[$0] })
      }
      return (depth, Dictionary(zip(runs.rows.map(\.seed), norms)) { first, _ in first })
    }
  }

  private static func firstNorms(_ results: Results) throws -> [(depth: Setting, norm: Double)] {
    try norms(results).map { ($0.depth, Statistics.median(Array($0.norms.values))) }
  }

  /// For each added hidden layer: the 99 % interval of the median ratio of the norms, paired by seed.
  private static func ratios(_ results: Results) throws -> [ClosedRange<Double>?] {
    let all = try norms(results)
    return zip(all, all.dropFirst()).map { shallow, deep in
      let values = deep.norms.compactMap { seed, norm in shallow.norms[seed].map { norm / $0 } }
      return Statistics.medianInterval(values, confidence: 0.99)
    }
  }

  private static func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  /// By how much ‖δ‖ changes from layer to layer: medians over the seeds of geometric means over layers and samples.
  private struct Factors {
    var scale, weights, slopes, both, greatest: Double
    var weightsInterval, bothInterval: ClosedRange<Double>?
  }

  private static func factors(_ results: Results) throws -> [Factors] {
    try scales.compactMap { scale in
      let runs = results.where(.depth, is: 7).where(.initScale, is: scale)
      var (weights, slopes, both): ([Double], [Double], [Double]) = ([], [], [])
      var greatest = 0.0
      for row in runs.rows {
        guard let shape = try results.network(of: row)?.architecture, let data = try results.dataset(of: row),
          let start = try results.trajectory(of: row, at: [0]).first
        else { continue }
        let network = textbook(shape, start)
        var (weight, slope, count) = (0.0, 0.0, 0.0)
        for i in 0..<data.training.count {
          let delta = network.gradient(data.training.input(i), data.training.target(i)).delta
          for l in delta.indices.dropLast() {
            let back = byOutput(network, delta, l)
            weight += Exact.log(norm(back) / norm(delta[l + 1]))
            slope += Exact.log(norm(delta[l]) / norm(back))
            greatest = max(greatest, norm(delta[l]) / norm(back))
            count += 1
          }
        }
        weights.append(Exact.exp(weight / count))
        slopes.append(Exact.exp(slope / count))
        both.append(Exact.exp((weight + slope) / count))
      }
      guard !weights.isEmpty else { return nil }
      return Factors(
        scale: scale, weights: Statistics.median(weights), slopes: Statistics.median(slopes),
        both: Statistics.median(both), greatest: greatest,
        weightsInterval: Statistics.medianInterval(weights, confidence: 0.99),
        bothInterval: Statistics.medianInterval(both, confidence: 0.99))
    }
  }

  /// ∂f/∂aˡ = (Wˡ⁺¹)ᵀδˡ⁺¹, for layer l counted from 0.
  private static func byOutput(_ network: LayeredNetwork, _ delta: [[Double]], _ l: Int) -> [Double] {
    delta[l].indices.map { k in
      delta[l + 1].indices.reduce(0) { $0 + network.w[l + 1][$1][k] * delta[l + 1][$1] }
    }
  }

  // MARK: One step

  private struct Step {
    var row: Results.Row
    var network: LayeredNetwork
    var architecture: Architecture
    /// θ before the step.
    var parameters: [Double]
    /// The sample that the step draws, and the number of all samples.
    var sample, count: Int
    var x: [Double]
    var y: [Double]
    /// ∂f/∂θ for this sample by the textbook, and central differences of its loss.
    var derivatives, differences: [Double]
    /// θ after the step, by the textbook and by the training.
    var after, trained: [Double]
    /// Number of samples whose textbook step ends within 10⁻¹² of the training.
    var matching: Int
  }

  /// The first step of the first seed with one hidden layer and σ₀ = 2.
  private static func worked(_ results: Results) throws -> Step? {
    let runs = results.where(.depth, is: 1).where(.initScale, is: 2)
    guard let row = try runs.run(.firstSeed), let data = try results.dataset(of: row),
      let shape = try results.network(of: row)?.architecture,
      let rate = runs.groups(by: .learningRate).first?.value.number
    else { return nil }
    let path = try results.trajectory(of: row, at: [0, 1])
    let (start, trained) = (path[0], path[1])
    let network = textbook(shape, start)
    let ends = (0..<data.training.count).map { i -> [Double] in
      var moved = network
      moved.step(data.training.input(i), data.training.target(i), tau: rate)
      return flat(shape, moved.w, moved.b)
    }
    let distances = ends.map { end in zip(end, trained).map { abs($0 - $1) }.max() ?? .infinity }
    guard let sample = distances.indices.min(by: { distances[$0] < distances[$1] }) else { return nil }
    let (x, y) = (data.training.input(sample), data.training.target(sample))
    let gradient = network.gradient(x, y)
    let h = 1e-5
    func loss(_ i: Int, _ shift: Double) -> Double {
      var moved = start
      moved[i] += shift
      return textbook(shape, moved).loss(x, y)
    }
    return Step(
      row: row, network: network, architecture: shape, parameters: start, sample: sample, count: data.training.count,
      x: x, y: y, derivatives: flat(shape, gradient.w, gradient.b),
      differences: start.indices.map { (loss($0, h) - loss($0, -h)) / (2 * h) }, after: ends[sample], trained: trained,
      matching: distances.count { $0 < 1e-12 })
  }

  private static func derivation(_ results: Results) throws -> [DerivationLine] {
    guard let step = try worked(results) else { return [] }
    let pass = step.network.forward(step.x)
    let gradient = step.network.gradient(step.x, step.y)
    let back = byOutput(step.network, gradient.delta, 0)
    let engine = try results.backwardPass(of: step.row, at: step.parameters, sample: step.sample)
    var lines: [DerivationLine] = []
    func add(_ quantity: String, _ formula: String, _ textbook: Double, _ engine: Double) {
      lines.append(DerivationLine(quantity, formula, textbook: textbook, engine: engine))
    }
    add("z¹_{1}", "W¹_{11} x_1 + W¹_{12} x_2 + b¹_{1}", pass.z[0][0], engine.inputs[0][0])
    add("a¹_{1}", "σ(z¹_{1})", pass.a[1][0], engine.outputs[0][0])
    add("z²_{1}", "Σ_k W²_{1k} a¹_{k} + b²_{1}", pass.z[1][0], engine.inputs[1][0])
    add("a²_{1}", "σ(z²_{1})", pass.a[2][0], engine.outputs[1][0])
    add("f", "(a²_{1} − y)²", step.network.loss(step.x, step.y), engine.loss)
    let error = 2 * (pass.a[2][0] - step.y[0])
    let slope = engine.outputs[1][0] * (1 - engine.outputs[1][0])
    add("∂f/∂a²_{1}", "2(a²_{1} − y)", error, engine.delta[1][0] / slope)
    add("δ²_{1} = ∂f/∂b²_{1}", "∂f/∂a²_{1} σ′(z²_{1})", gradient.delta[1][0], engine.delta[1][0])
    for k in 0..<3 {
      let weight = engine.gradient[step.architecture.layers[1].weight(0, k)]
      add("∂f/∂W²_{1\(k + 1)}", "δ²_{1} a¹_{\(k + 1)}", gradient.w[1][0][k], weight)
    }
    for k in 0..<3 {
      add("∂f/∂a¹_{\(k + 1)}", "W²_{1\(k + 1)} δ²_{1}", back[k], engine.byOutput[0][k])
    }
    for k in 0..<3 {
      let formula = "∂f/∂a¹_{\(k + 1)} σ′(z¹_{\(k + 1)})"
      add("δ¹_{\(k + 1)} = ∂f/∂b¹_{\(k + 1)}", formula, gradient.delta[0][k], engine.delta[0][k])
    }
    for j in 0..<2 {
      let weight = engine.gradient[step.architecture.layers[0].weight(0, j)]
      add("∂f/∂W¹_{1\(j + 1)}", "δ¹_{1} x_\(j + 1)", gradient.w[0][0][j], weight)
    }
    return lines
  }

  /// Weights and biases in the order of the network's parameters.
  private static func flat(_ shape: Architecture, _ w: [[[Double]]], _ b: [[Double]]) -> [Double] {
    var values = Array(repeating: 0.0, count: shape.parameterCount)
    for (l, layer) in shape.layers.enumerated() {
      for j in 0..<layer.units {
        for k in 0..<layer.inputs { values[layer.weight(j, k)] = w[l][j][k] }
        values[layer.bias(j)] = b[l][j]
      }
    }
    return values
  }

  private static func textbook(_ shape: Architecture, _ parameters: [Double]) -> LayeredNetwork {
    LayeredNetwork(
      w: shape.layers.map { l in (0..<l.units).map { j in (0..<l.inputs).map { parameters[l.weight(j, $0)] } } },
      b: shape.layers.map { l in (0..<l.units).map { parameters[l.bias($0)] } })
  }

  private static func updateRows(_ results: Results) throws -> [[String]] {
    guard let step = try worked(results) else { return [] }
    return step.architecture.layers.enumerated().flatMap { l, layer in
      let level = NumberText.superscript(l + 1)
      var places: [(name: String, index: Int)] = []
      for j in 0..<layer.units {
        for k in 0..<layer.inputs { places.append(("W\(level)_{\(j + 1)\(k + 1)}", layer.weight(j, k))) }
      }
      for j in 0..<layer.units { places.append(("b\(level)_{\(j + 1)}", layer.bias(j))) }
      return places.map { name, i -> [String] in
        let derivatives = [step.derivatives[i], step.differences[i]]
        let numbers = [step.parameters[i]] + derivatives + [step.after[i], step.trained[i]]
        return [name] + numbers.map { NumberText.short($0, digits: 6) }
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
          let share = l > 0 ? 0.4 : [[0.56, 0.4, 0.26], [0.26, 0.4, 0.56]][k % 2][j % 3]
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
