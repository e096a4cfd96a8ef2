import Descent
import Textbook

/// The 3-3-2 example with every partial derivative, other depths and activations, and training on a known function.
struct ThreeThreeTwo: Experiment {
  let title = "Do three computations of the derivatives of a 3-3-2 network agree?"

  var setup: Setup {
    Setup(
      data: .teacher(inputs: 3, hidden: 3, outputs: 2, samples: 96).validation(fresh: 256),
      network: .layers([(3, .tanh)]),
      loss: .halfMeanSquaredError,
      optimizer: .momentum(0.9, learningRate: 0.1),
      initialization: .fanIn(scale: 1),
      batch: .full,
      stop: .after(steps: 8_000),
      record: .also(.validationLoss, every: 40))
  }

  /// The activations of the hidden layers of each network.
  private static let shapes: [(name: String, layers: [(units: Int, activation: Activation)])] = [
    ("tanh", [(3, .tanh)]), ("sigmoid", [(3, .sigmoid)]), ("sine", [(3, .sine)]),
    ("tanh, sigmoid", [(3, .tanh), (3, .sigmoid)]),
    ("tanh, softplus, sine", [(3, .tanh), (3, .softplus), (3, .sine)]),
  ]

  var sweep: [Axis] {
    Variants("layers", Self.shapes.map { shape in Variant(shape.name) { $0.network = .layers(shape.layers) } })
    Seeds(0..<24)
  }

  var report: [Cell] {
    Note(
      """
      A network of three inputs, three hidden units and two outputs is z = φ¹(W¹x + b¹), y = φ²(W²z + b²), with the loss \
      E = (1/N) Σ ½ Σ (t − y)². For one sample, backpropagation computes δ² = (y − t) φ²′ at the outputs, ∂E/∂W² = δ²zᵀ and \
      ∂E/∂b² = δ². It passes ∂E/∂z = W²ᵀδ² to the layer below: δ¹ = ∂E/∂z ⊙ φ¹′, ∂E/∂W¹ = δ¹xᵀ and ∂E/∂b¹ = δ¹. W is stored \
      as (out × in): the weight W(k, j) leads from unit j to unit k.
      """)
    Figure("The trained network") { NetworkGraph(.best(.finalLoss)) }.where(.variant("layers"), is: "tanh")
    ReportTable(
      "Every partial derivative at the initial weights (tanh, seed 0), by three computations",
      columns: ["parameter", .number("value"), .number("textbook"), .number("engine"), .number("central difference")]
    ) { results in try Self.derivatives(results) }
    Note(
      """
      ## Other depths and activations

      The recursion is the same for every layer l: ∂E/∂zˡ = Wˡ⁺¹ᵀδˡ⁺¹, δˡ = ∂E/∂zˡ ⊙ φˡ′, ∂E/∂Wˡ = δˡzˡ⁻¹ᵀ and ∂E/∂bˡ = δˡ. \
      The same code therefore computes the derivatives with two and three hidden layers, and with a different activation in \
      each.
      """)
    ReportTable(
      "Largest difference over all derivatives (seed 0)",
      columns: ["hidden layers", .number("textbook – engine"), .number("engine – central differences")]
    ) {
      results in try Self.differences(results)
    }
    training
    claims
  }

  @ReportBuilder private var training: [Cell] {
    Note(
      """
      ## Training on a known function

      The targets are the outputs of a network of three tanh units, so a loss of 0 can be reached.
      """)
    Figure("Loss by the activations of the layers") { Curve(.loss).color(by: .variant("layers")).band(.quartiles) }
      .xScale(.log).yScale(.log)
    Figure("Final loss by the activations of the layers") {
      Distribution(.finalLoss, as: .strip).color(by: .variant("layers"))
    }
    .yScale(.log)
    Figure("Outputs of the best tanh network against the targets, on fresh inputs") { results in
      try Self.scatter(results)
    }
    .caption("The run with the least final loss, validation samples. On the diagonal the output equals the target.")
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
        derivative, and engine and central differences by at most \(worst(\.engine, \.differences)). With the activation of the \
        network that made the targets, \(try tanh.share(of: .finalLoss, below: 1e-4)) of the runs reach a loss below 10⁻⁴. The \
        least median final loss is \(NumberText.short(try best?.results.median(.finalLoss) ?? .nan)), with \
        \(best.map { "\($0.value)" } ?? "none").
        """
    }
  }

  @ReportBuilder private var claims: [Cell] {
    Expect("Textbook and engine agree on every derivative of the example to 10⁻¹²") { results in
      let compared = try Self.compared(results, "tanh")
      let worst = compared.map { Self.difference($0.textbook, $0.engine) } ?? .infinity
      return (worst < 1e-12, "largest difference \(NumberText.short(worst))")
    }
    Expect("At least half of the tanh networks reach a loss below 10⁻³") { results in
      let share = try results.where(.variant("layers"), is: "tanh").share(of: .finalLoss, below: 1e-3)
      return (share.value >= 0.5, "\(share)")
    }
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

  /// The derivatives at the initial weights of seed 0; the textbook's are NaN for activations that it does not have.
  private static func compared(_ results: Results, _ shape: String) throws -> Compared? {
    let runs = results.where(.variant("layers"), is: shape)
    guard let row = try runs.run(.seed(0)) ?? runs.rows.first, let data = try results.dataset(of: row),
      let network = try results.network(of: row)?.architecture,
      let start = try results.trajectory(of: row, at: [0]).first
    else { return nil }
    let functions = network.layers.compactMap { function($0.activations[0]) }
    var textbook = Array(repeating: Double.nan, count: start.count)
    if functions.count == network.layers.count {
      textbook = mean(network, start, functions, data)
    }
    let h = 1e-5
    let moved = start.indices.flatMap { i in
      [h, -h].map { step in start.indices.map { start[$0] + ($0 == i ? step : 0) } }
    }
    let losses = try results.losses(at: moved, like: row)
    let names = network.layers.enumerated().flatMap { l, layer in
      (0..<layer.units).flatMap { k in
        (0..<layer.inputs).map { "W\(NumberText.superscript(l + 1)) (\(k + 1), \($0 + 1))" }
      } + (0..<layer.units).map { "b\(NumberText.superscript(l + 1)) (\($0 + 1))" }
    }
    return Compared(
      names: names, values: start, textbook: textbook,
      engine: try results.gradients(at: [start], like: row)[0].gradient,
      differences: start.indices.map { (losses[2 * $0] - losses[2 * $0 + 1]) / (2 * h) })
  }

  /// The textbook's gradient, averaged over the samples.
  private static func mean(
    _ network: Architecture, _ parameters: [Double], _ functions: [Nonlinearity], _ data: Dataset
  ) -> [Double] {
    let textbook = PhiNetwork(
      w: network.layers.map { l in (0..<l.units).map { j in (0..<l.inputs).map { parameters[l.weight(j, $0)] } } },
      b: network.layers.map { l in (0..<l.units).map { parameters[l.bias($0)] } }, phi: functions)
    var sum = Array(repeating: 0.0, count: parameters.count)
    for i in 0..<data.training.count {
      let x = Array(data.training.inputs[i * data.inputCount..<(i + 1) * data.inputCount])
      let t = Array(data.training.targets[i * data.outputCount..<(i + 1) * data.outputCount])
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

  private static func function(_ activation: Activation) -> Nonlinearity? {
    switch activation {
    case .identity: .identity
    case .sigmoid: .sigmoid
    case .tanh: .tanh
    case .sine: .sine
    case .softplus: .softplus
    default: nil
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
      return [shape.name, worst(found.textbook, found.engine), worst(found.engine, found.differences)]
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
          let y = network(Array(held.inputs[i * data.inputCount..<(i + 1) * data.inputCount]))
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
