import Descent
import Textbook

/// The 3-3-2 example with every partial derivative, other depths and activations, and training on a known function.
struct ThreeThreeTwo: Experiment {
  let title = "Do three computations of the derivatives of a 3-3-2 network agree?"

  var setup: Setup {
    Setup(
      data: Self.data,
      network: .layers([(3, .tanh)], output: .tanh),
      loss: .halfMeanSquaredError,
      optimizer: .gradientDescent(learningRate: 0.5),
      initialization: .fanIn(scale: 1),
      batch: .full,
      stop: .after(steps: 8_000),
      record: .also(.validationLoss, every: 40))
  }

  /// The activations of the hidden layers of each network. The output activation is tanh in all of them.
  private static let shapes: [(name: String, layers: [(units: Int, activation: Activation)])] = [
    ("tanh", [(3, .tanh)]), ("sigmoid", [(3, .sigmoid)]), ("sine", [(3, .sine)]),
    ("tanh, sigmoid", [(3, .tanh), (3, .sigmoid)]), (Self.deep, [(3, .tanh), (3, .softplus), (3, .sine)]),
  ]
  private static let deep = "tanh, softplus, sine"

  var sweep: [Axis] {
    Variants(
      "layers",
      Self.shapes.map { shape in Variant(shape.name) { $0.network = .layers(shape.layers, output: .tanh) } })
    Seeds(0..<24)
  }

  var fixed: [Fixed] {
    [
      Fixed(.hidden, "the report is about layers of three units"),
      Fixed(.depth, "the variants differ in it"),
      Fixed(.activation, "the variants differ in it"),
      Fixed(.loss, "the formulas of the report are those of ½(t − y)²"),
      Fixed(.data, "the report is about three inputs and two outputs"),
    ]
  }

  var report: [Cell] {
    Note { results in
      let first = try Self.first(results, "tanh")
      let rate = results.groups(by: .learningRate).map(\.value.description).joined(separator: ", ")
      return """
        A network with three inputs, three hidden units and two outputs computes zⁱⁿ = W¹x + b¹, z = φ¹(zⁱⁿ), yⁱⁿ = W²z + b² and \
        y = φ²(yⁱⁿ). For a sample (x, t) the loss is Eⁱ = ½[(t_1 − y_1)² + (t_2 − y_2)²], and E is the mean of Eⁱ over \
        \(first?.data.training.count ?? 0) samples. Training is plain gradient descent as in the lecture: θ ← θ − η∇E(θ) with \
        all samples in every step (full batch), η = \(rate), without momentum. θ stands for all weights and biases together. In \
        the example φ¹ and φ² are tanh, so φ² is not the identity and φ²′ is a factor of every derivative.

        How is ∇E computed? It is the mean of the gradients of the single samples. For one sample (here E stands for Eⁱ) the \
        derivatives of the last layer come first, then the recursion goes back to the first layer:

        - δ²_{k} = (y_k − t_k) φ²′(yⁱⁿ_{k}), ∂E/∂W²_{jk} = δ²_{k} z_j, ∂E/∂b²_{k} = δ²_{k}
        - ∂E/∂z_j = Σ_k δ²_{k} W²_{jk}
        - δ¹_{j} = ∂E/∂z_j φ¹′(zⁱⁿ_{j}), ∂E/∂W¹_{ij} = δ¹_{j} x_i, ∂E/∂b¹_{j} = δ¹_{j}

        **Index order.** In this report W_{jk} is the weight from unit j to unit k, as in the example of the lecture. The matrix \
        W is (out × in), because Wx needs one row per output: W_{jk} is its entry in row k and column j.

        **Why is ∂E/∂z_j harder to compute than ∂E/∂y_k?** The outputs appear in the formula of E, so ∂E/∂y_k = y_k − t_k can be \
        read from it. The hidden outputs z_j do not appear there: E depends on them only through the outputs, and z_j \
        influences both. The chain rule therefore needs a sum over both outputs. Every factor of it is known, because δ²_{1} \
        and δ²_{2} were already computed.
        """
    }
    Figure("The trained network") { NetworkGraph(.best(.finalLoss)) }.where(.variant("layers"), is: "tanh")
    dimensions
    derivatives
    exercise
    training
    claims
  }

  @ReportBuilder private var dimensions: [Cell] {
    ReportTable(
      "Dimensions of W and b", columns: ["parameter", "dimensions", .number("numbers")]
    ) { results in
      guard let network = try Self.first(results, "tanh")?.network else { return [] }
      let rows = network.layers.enumerated().flatMap { l, layer in
        [
          ["W\(NumberText.superscript(l + 1))", "\(layer.units) × \(layer.inputs)", "\(layer.weightCount)"],
          ["b\(NumberText.superscript(l + 1))", "\(layer.units)", "\(layer.parameterCount - layer.weightCount)"],
        ]
      }
      return rows + [["θ", "all together", "\(network.parameterCount)"]]
    }
  }

  @ReportBuilder private var derivatives: [Cell] {
    ReportTable.derivation(
      "One sample: tanh network, initial weights of the first seed, first sample, loss Eⁱ"
    ) { results in try Self.derivation(results) }
    Note(
      """
      The derivative by W²_{31} is written with its three factors. The engine's value of a factor is a quotient of two of its \
      derivatives: ∂y_1/∂yⁱⁿ_{1} is δ²_{1} divided by y_1 − t_1, and ∂yⁱⁿ_{1}/∂W²_{31} is ∂E/∂W²_{31} divided by δ²_{1}.
      """)
    ReportTable(
      "Every partial derivative of E at the initial weights (tanh, first seed), by three computations",
      columns: ["parameter", .number("value"), .number("textbook"), .number("engine"), .number("central difference")]
    ) { results in try Self.derivatives(results) }
    Note(
      """
      Textbook: the formulas above as plain loops, averaged over the samples. Engine: the backward pass of the training. Central \
      difference: (E(θ + h) − E(θ − h))/2h for one parameter at a time, with h = 10⁻⁵.
      """)
  }

  @ReportBuilder private var exercise: [Cell] {
    Note(
      """
      ## The exercise: any number of layers

      The recursion is the same for every layer l = 1, …, L, where zˡ is the output of layer l, z⁰ = x and zᴸ = y:

      - δᴸ_{k} = (y_k − t_k) φᴸ′(yⁱⁿ_{k})
      - for l = L − 1, …, 1: ∂E/∂zˡ_{j} = Σ_k δˡ⁺¹_{k} Wˡ⁺¹_{jk} and δˡ_{j} = ∂E/∂zˡ_{j} φˡ′(zⁱⁿ_{j})
      - for every l: ∂E/∂Wˡ_{ij} = δˡ_{j} zˡ⁻¹_{i} and ∂E/∂bˡ_{j} = δˡ_{j}

      The same code therefore computes the derivatives of networks with two and three hidden layers and a different activation \
      in each.
      """)
    ReportTable.derivation(
      "One sample in a network of four layers: tanh, softplus, sine, and tanh at the output"
    ) { results in try Self.deepDerivation(results) }
    ReportTable(
      "Largest difference over all derivatives of E (first seed)",
      columns: [
        "hidden layers", .number("parameters"), .number("textbook – engine"), .number("engine – central differences"),
      ]
    ) {
      results in
      try Self.differences(results)
    }
  }

  @ReportBuilder private var training: [Cell] {
    Note(
      """
      ## Training on a known function

      The targets are the outputs of a 3-3-2 network with tanh in both layers, so a loss of 0 can be reached with this network.
      """)
    Figure("Loss by the activations of the hidden layers") {
      Curve(.loss).color(by: .variant("layers")).band(.quartiles)
    }
    .xScale(.log).yScale(.log)
    Figure("Final loss by the activations of the hidden layers") {
      Distribution(.finalLoss, as: .strip).color(by: .variant("layers"))
    }
    .yScale(.log)
    Figure("Outputs of the best tanh network against the targets, on fresh inputs") { results in
      try Self.scatter(results)
    }
    .caption(
      "The tanh run with the least final loss; validation samples, which were not trained on. On the dashed diagonal the output "
        + "equals the target.")
    Note { results in
      let groups = results.groups(by: .variant("layers"))
      let best = try groups.min { try $0.results.median(.finalLoss) < $1.results.median(.finalLoss) }
      let tanh = results.where(.variant("layers"), is: "tanh")
      let compared = try Self.shapes.compactMap { try Self.compared(results, $0.name) }
      func worst(_ a: KeyPath<Compared, [Double]>, _ b: KeyPath<Compared, [Double]>) -> String {
        NumberText.short(compared.map { Self.difference($0[keyPath: a], $0[keyPath: b]) }.max() ?? .nan, digits: 2)
      }
      return """
        ## Answer

        For the \(compared.count) networks tried, textbook and engine differ by at most \(worst(\.textbook, \.engine)) in a \
        derivative, and engine and central differences by at most \(worst(\.engine, \.differences)). With the activations of \
        the network that made the targets, \(try tanh.share(of: .finalLoss, below: 1e-3)) of the runs reach a loss below 10⁻³. The \
        least median final loss is \(NumberText.short(try best?.results.median(.finalLoss) ?? .nan)), with \
        \(best.map { "\($0.value)" } ?? "none").
        """
    }
  }

  @ReportBuilder private var claims: [Cell] {
    Note("## Claims")
    Expect.derivation("Verifies every line of the 3-3-2 derivation: textbook and engine agree to 10⁻¹¹", within: 1e-11)
    {
      results in
      let lines = try Self.derivation(results)
      if lines.isEmpty { throw Untested("there is no tanh network") }
      return lines
    }
    Expect.derivation(
      "Verifies every line of the exercise with four layers: textbook and engine agree to 10⁻¹¹", within: 1e-11
    ) {
      results in
      let lines = try Self.deepDerivation(results)
      if lines.isEmpty { throw Untested("there is no network with three hidden layers") }
      return lines
    }
    Expect("Verifies textbook against engine: every derivative of every network agrees to 10⁻¹²") { results in
      let compared = try Self.allCompared(results)
      let worst = compared.map { Self.difference($0.textbook, $0.engine) }
      return (
        worst.allSatisfy { $0 < 1e-12 },
        "largest difference \(NumberText.short(worst.max() ?? .nan)) in \(compared.count) networks"
      )
    }
    Expect("Verifies the engine against central differences: every derivative of every network agrees to 10⁻⁹") {
      results in
      let compared = try Self.allCompared(results)
      let worst = compared.map { Self.difference($0.differences, $0.engine) }
      return (
        worst.allSatisfy { $0 < 1e-9 },
        "largest difference \(NumberText.short(worst.max() ?? .nan)) in \(compared.count) networks"
      )
    }
    Expect(
      "φ²′ matters: without it, the gradient by W² and b² is wrong by more than 5 % (a bound chosen after looking)"
    ) {
      results in
      guard let first = try Self.first(results, "tanh"), let layer = first.network.layers.last,
        let found = try Self.compared(results, "tanh")
      else { throw Untested("there is no tanh network") }
      let engine = layer.parameters.map { found.engine[$0] }
      let difference = Self.norm(zip(Self.withoutOutputSlope(first, layer), engine).map { $0 - $1 })
      let share = difference / Self.norm(engine)
      return (share > 0.05, "the norm of the difference is \(NumberText.percent(share)) of the gradient's norm")
    }
    Expect(
      "More than half of the tanh networks reach a loss below 10⁻³ (a bound chosen after looking; 95 % interval above one half)"
    ) { results in
      let share = try results.where(.variant("layers"), is: "tanh").share(of: .finalLoss, below: 1e-3)
      return (share.interval.lowerBound > 0.5, "\(share)")
    }
  }

  // MARK: The task

  /// Samples with the targets of a 3-3-2 network with tanh in both layers. The inputs fill the cube [−1, 1]³ evenly: an additive
  /// recurrence with the powers of the root of g⁴ = g + 1.
  private static let data = DataSource.custom("3-3-2 network, tanh") { _ in
    let (training, validation) = (96, 256)
    let g = 1.2207440846057596
    let inputs = (1...training + validation).map { n in
      [1 / g, 1 / (g * g), 1 / (g * g * g)].map { (step: Double) -> Double in
        let place = 0.5 + step * Double(n)
        return 2 * (place - place.rounded(.down)) - 1
      }
    }
    let architecture = Network.layers([(3, .tanh)], output: .tanh).architecture(inputs: 3, outputs: 2)
    let teacher = TrainedNetwork(
      architecture: architecture, parameters: Initialization.normal(scale: 1).parameters(of: architecture, seed: 0))
    func samples(_ rows: ArraySlice<[Double]>) -> Dataset.Samples {
      Dataset.Samples(count: rows.count, inputs: rows.flatMap { $0 }, targets: rows.flatMap { teacher($0) })
    }
    return Dataset(
      name: "3-3-2 network, tanh", inputNames: ["x1", "x2", "x3"], outputNames: ["y1", "y2"],
      training: samples(inputs[..<training]), validation: samples(inputs[training...]))
  }

  // MARK: Derivatives

  private struct Compared {
    var names: [String]
    var values, textbook, engine, differences: [Double]
  }

  /// The largest absolute difference; NaN if one of the numbers is missing.
  private static func difference(_ a: [Double], _ b: [Double]) -> Double {
    let differences = zip(a, b).map { abs($0 - $1) }
    return differences.contains(where: \.isNaN) ? .nan : differences.max() ?? .nan
  }

  /// The run of the first seed with its network, data and initial weights.
  private struct First {
    var row: Results.Row
    var network: Architecture
    var data: Dataset
    var start: [Double]
  }

  private static func first(_ results: Results, _ shape: String) throws -> First? {
    let runs = results.where(.variant("layers"), is: shape)
    guard let row = try runs.run(.firstSeed), let data = try results.dataset(of: row),
      let network = try results.network(of: row)?.architecture,
      let start = try results.trajectory(of: row, at: [0]).first
    else { return nil }
    return First(row: row, network: network, data: data, start: start)
  }

  /// The textbook's and the engine's pass for the first sample at the initial weights of the first seed.
  private struct Worked {
    var network: Architecture
    var x, t: [Double]
    var textbook: PhiNetwork
    var pass: PhiNetwork.Forward
    var gradient: PhiNetwork.Gradient
    var engine: BackwardPass
  }

  private static func worked(_ results: Results, _ shape: String) throws -> Worked? {
    guard let first = try first(results, shape) else { return nil }
    let x = Array(first.data.training.inputs[..<first.data.inputCount])
    let t = Array(first.data.training.targets[..<first.data.outputCount])
    let textbook = textbook(first.network, first.start, first.network.layers.map { function($0.activations[0]) })
    return Worked(
      network: first.network, x: x, t: t, textbook: textbook, pass: textbook.forward(x),
      gradient: textbook.gradient(x, t),
      engine: try results.backwardPass(of: first.row, at: first.start, sample: 0))
  }

  private static func derivation(_ results: Results) throws -> [DerivationLine] {
    guard let worked = try worked(results, "tanh") else { return [] }
    let (engine, gradient, network) = (worked.engine, worked.gradient, worked.network)
    let (t, y) = (worked.t, worked.pass.z[2])
    var lines: [DerivationLine] = []
    func add(_ quantity: String, _ formula: String, _ textbook: Double, _ engine: Double) {
      lines.append(DerivationLine(quantity, formula, textbook: textbook, engine: engine))
    }
    add("zⁱⁿ_{1}", "Σ_i W¹_{i1} x_i + b¹_{1}", worked.pass.input[0][0], engine.inputs[0][0])
    add("z_1", "φ¹(zⁱⁿ_{1})", worked.pass.z[1][0], engine.outputs[0][0])
    add("yⁱⁿ_{1}", "Σ_j W²_{j1} z_j + b²_{1}", worked.pass.input[1][0], engine.inputs[1][0])
    add("y_1", "φ²(yⁱⁿ_{1})", y[0], engine.outputs[1][0])
    add("Eⁱ", "½[(t_1 − y_1)² + (t_2 − y_2)²]", worked.textbook.loss(worked.x, t), engine.loss)
    let slope = worked.textbook.phi[1].derivative(worked.pass.input[1][0])
    let error = engine.outputs[1][0] - t[0]
    let third = engine.gradient[network.layers[1].weight(0, 2)]
    add("∂E/∂y_1", "y_1 − t_1", y[0] - t[0], error)
    add("∂y_1/∂yⁱⁿ_{1}", "φ²′(yⁱⁿ_{1})", slope, engine.delta[1][0] / error)
    add("∂yⁱⁿ_{1}/∂W²_{31}", "z_3", worked.pass.z[1][2], third / engine.delta[1][0])
    for k in 0..<2 {
      add(
        "δ²_{\(k + 1)} = ∂E/∂b²_{\(k + 1)}", "(y_\(k + 1) − t_\(k + 1)) φ²′(yⁱⁿ_{\(k + 1)})", gradient.delta[1][k],
        engine.delta[1][k])
    }
    for (j, k) in [(2, 0), (0, 1)] {
      add(
        "∂E/∂W²_{\(j + 1)\(k + 1)}", "δ²_{\(k + 1)} z_\(j + 1)", gradient.w[1][k][j],
        engine.gradient[network.layers[1].weight(k, j)])
    }
    for j in 0..<3 {
      add(
        "∂E/∂z_\(j + 1)", "δ²_{1} W²_{\(j + 1)1} + δ²_{2} W²_{\(j + 1)2}", gradient.z[0][j], engine.byOutput[0][j])
    }
    for j in 0..<3 {
      add(
        "δ¹_{\(j + 1)} = ∂E/∂b¹_{\(j + 1)}", "∂E/∂z_\(j + 1) φ¹′(zⁱⁿ_{\(j + 1)})", gradient.delta[0][j],
        engine.delta[0][j])
    }
    for (i, j) in [(1, 0), (2, 1)] {
      add(
        "∂E/∂W¹_{\(i + 1)\(j + 1)}", "δ¹_{\(j + 1)} x_\(i + 1)", gradient.w[0][j][i],
        engine.gradient[network.layers[0].weight(j, i)])
    }
    return lines
  }

  /// The recursion from the output to the first layer for unit 1 of every layer.
  private static func deepDerivation(_ results: Results) throws -> [DerivationLine] {
    guard let worked = try worked(results, deep) else { return [] }
    let (engine, gradient) = (worked.engine, worked.gradient)
    let last = worked.network.layers.count - 1
    var lines: [DerivationLine] = []
    for l in stride(from: last, through: 0, by: -1) {
      let (here, above, below) = (
        NumberText.superscript(l + 1), NumberText.superscript(l + 2), NumberText.superscript(l)
      )
      func add(_ quantity: String, _ formula: String, _ textbook: Double, _ engine: Double) {
        lines.append(DerivationLine(quantity, formula, textbook: textbook, engine: engine))
      }
      if l < last {
        add("∂E/∂z\(here)_{1}", "Σ_k δ\(above)_{k} W\(above)_{1k}", gradient.z[l][0], engine.byOutput[l][0])
      }
      let slope = l == last ? "(y_1 − t_1) φ\(here)′(yⁱⁿ_{1})" : "∂E/∂z\(here)_{1} φ\(here)′(zⁱⁿ_{1})"
      add("δ\(here)_{1} = ∂E/∂b\(here)_{1}", slope, gradient.delta[l][0], engine.delta[l][0])
      add(
        "∂E/∂W\(here)_{11}", "δ\(here)_{1} " + (l == 0 ? "x_1" : "z\(below)_{1}"), gradient.w[l][0][0],
        engine.gradient[worked.network.layers[l].weight(0, 0)])
    }
    return lines
  }

  private static func allCompared(_ results: Results) throws -> [Compared] {
    try shapes.compactMap { try compared(results, $0.name) }
  }

  /// The derivatives of E at the initial weights of the first seed.
  private static func compared(_ results: Results, _ shape: String) throws -> Compared? {
    guard let first = try first(results, shape) else { return nil }
    let (row, network, start) = (first.row, first.network, first.start)
    let functions = network.layers.map { function($0.activations[0]) }
    let textbook = textbook(network, start, functions)
    let h = 1e-5
    let moved = start.indices.flatMap { i in
      [h, -h].map { step in start.indices.map { start[$0] + ($0 == i ? step : 0) } }
    }
    let losses = try results.losses(at: moved, like: row)
    let names = network.layers.enumerated().flatMap { l, layer in
      (0..<layer.units).flatMap { k in
        (0..<layer.inputs).map { "W\(NumberText.superscript(l + 1))_{\($0 + 1)\(k + 1)}" }
      } + (0..<layer.units).map { "b\(NumberText.superscript(l + 1))_{\($0 + 1)}" }
    }
    return Compared(
      names: names, values: start, textbook: mean(textbook, network, first.data),
      engine: try results.gradients(at: [start], like: row)[0].gradient,
      differences: start.indices.map { (losses[2 * $0] - losses[2 * $0 + 1]) / (2 * h) })
  }

  private static func textbook(_ network: Architecture, _ parameters: [Double], _ phi: [Nonlinearity]) -> PhiNetwork {
    PhiNetwork(
      w: network.layers.map { l in (0..<l.units).map { j in (0..<l.inputs).map { parameters[l.weight(j, $0)] } } },
      b: network.layers.map { l in (0..<l.units).map { parameters[l.bias($0)] } }, phi: phi)
  }

  /// The textbook's gradient, averaged over the samples.
  private static func mean(_ textbook: PhiNetwork, _ network: Architecture, _ data: Dataset) -> [Double] {
    var sum = Array(repeating: 0.0, count: network.parameterCount)
    for i in 0..<data.training.count {
      let x = data.training.input(i)
      let t = data.training.target(i)
      let gradient = textbook.gradient(x, t)
      for (l, layer) in network.layers.enumerated() {
        for j in 0..<layer.units {
          for k in 0..<layer.inputs { sum[layer.weight(j, k)] += gradient.w[l][j][k] / Double(data.training.count) }
          sum[layer.bias(j)] += gradient.b[l][j] / Double(data.training.count)
        }
      }
    }
    return sum
  }

  private static func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  /// The derivatives of E by the parameters of the output layer if the factor φ²′ is left out, in the order of the parameters.
  private static func withoutOutputSlope(_ first: First, _ layer: Architecture.Layer) -> [Double] {
    let network = TrainedNetwork(architecture: first.network, parameters: first.start)
    let (data, n) = (first.data, first.data.training.count)
    var sum = Array(repeating: 0.0, count: layer.parameterCount)
    for i in 0..<n {
      let x = data.training.input(i)
      let outputs = network.layers(at: x)
      for k in 0..<layer.units {
        let error = (outputs[1][k] - data.training.targets[i * data.outputCount + k]) / Double(n)
        for j in 0..<layer.inputs { sum[layer.weight(k, j) - layer.offset] += error * outputs[0][j] }
        sum[layer.bias(k) - layer.offset] += error
      }
    }
    return sum
  }

  private static func function(_ activation: Activation) -> Nonlinearity {
    switch activation {
    case .sigmoid: .sigmoid
    case .tanh: .tanh
    case .sine: .sine
    case .softplus: .softplus
    default: .identity
    }
  }

  private static func derivatives(_ results: Results) throws -> [[String]] {
    guard let found = try compared(results, "tanh") else { return [] }
    return found.names.indices.map { i in
      [found.names[i], NumberText.short(found.values[i])]
        + [found.textbook[i], found.engine[i], found.differences[i]].map { NumberText.short($0, digits: 6) }
    }
  }

  private static func differences(_ results: Results) throws -> [[String]] {
    try shapes.compactMap { shape -> [String]? in
      guard let found = try compared(results, shape.name) else { return nil }
      func worst(_ a: [Double], _ b: [Double]) -> String {
        let difference = difference(a, b)
        return difference.isNaN ? "–" : NumberText.short(difference, digits: 2)
      }
      return [
        shape.name, "\(found.values.count)", worst(found.textbook, found.engine),
        worst(found.engine, found.differences),
      ]
    }
  }

  // MARK: Figures

  private static func scatter(_ results: Results) throws -> ChartGrid {
    var marks: [Mark] = [.line([Point(-3, -3), Point(3, 3)], Stroke(.gray, width: 0.8, dash: [3, 2]))]
    let runs = results.where(.variant("layers"), is: "tanh")
    var reach = 1.0
    if let row = try runs.run(.best(.finalLoss)), let data = try results.dataset(of: row), let held = data.validation,
      let network = try results.network(of: row)
    {
      for output in 0..<data.outputCount {
        let points = (0..<held.count).map { i in
          let y = network(held.input(i))
          return Point(held.targets[i * data.outputCount + output], y[output])
        }
        reach = max(reach, points.map { max(abs($0.x), abs($0.y)) }.max() ?? 1)
        marks.append(.points(points, .category(output), Palette.categories[output].opacity(0.6), radius: 1.8))
      }
    }
    let range = -1.05 * reach...1.05 * reach
    let legend = (0..<2).map { LegendEntry("output \($0 + 1)", Palette.categories[$0], marker: .category($0)) }
    return ChartGrid(
      Chart(
        x: AxisStyle("target t", domain: range), y: AxisStyle("network output y", domain: range), marks: marks),
      legend: legend, aspect: 1.6)
  }
}
