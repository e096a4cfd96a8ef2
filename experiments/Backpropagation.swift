import Descent

/// One step of backpropagation worked through, and what the reuse of errors saves as networks grow deep.
struct Backpropagation: Experiment {
  let title = "What does one backward pass compute, and what does it save?"

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
      A network of L layers computes zˡ = Wˡaˡ⁻¹ + bˡ and aˡ = σ(zˡ) from its input a⁰ = x up to aᴸ, and its loss for one sample \
      is f = Σ (aᴸ − y)². The backward pass gives every derivative of f. It needs one number per unit, δ = ∂f/∂z: the \
      output's comes from the loss, every other one from the layer above, δˡ = (Wˡ⁺¹ᵀδˡ⁺¹) ⊙ σ′(zˡ). Then \
      ∇Wˡ = δˡ(aˡ⁻¹)ᵀ and ∇bˡ = δˡ.

      ## One step, every number
      """)
    Figure("A 2-3-1 network at its first step, for one sample") { results in try Self.drawn(results) }
      .caption("At each unit its output a and its error δ; on each line the weight w | ∂f/∂w.")
    ReportTable(
      "The same step: inputs, outputs and errors of the units", columns: ["layer", "unit", "z", "a", "δ = ∇b"]
    ) {
      results in try Self.unitRows(results)
    }
    ReportTable(
      "And the derivatives by the weights, three ways",
      columns: ["weight", "w", "textbook ∂E/∂w", "engine", "central difference"]
    ) {
      results in try Self.weightRows(results)
    }
    Note(
      """
      The second table is the mean over all 32 samples: the lecture's loops, the engine's lanes, and (E(w + h) − E(w − h))/2h \
      beside them.

      ## The price

      Each δ is computed once and used by all units below. Somebody who did not keep them would walk every path from a weight \
      to the output by itself, and paths multiply with every layer.
      """)
    Figure("Multiplications of one backward pass") { _ in Self.costs() }
      .caption("Counted in the textbook's loops, three units in each hidden layer, two inputs, one output; L layers.")
    Note { _ in
      let (kept, walked) = (Self.products(layers: 8).kept, Self.products(layers: 8).walked)
      return """
        With eight layers the backward pass takes \(NumberText.grouped(kept)) multiplications with reuse and \
        \(NumberText.grouped(walked)) without: \(NumberText.short(Double(walked) / Double(kept))) times as many. With reuse \
        the count grows by the same number with each layer; without, it triples.

        ## What depth does to the gradient itself
        """
    }
    Figure("Gradient norm of the first layer") { Curve(.layerGradientNorm(1)).color(by: .depth).band(.quartiles) }
      .xScale(.log).yScale(.log)
    Figure("Loss") { Curve(.loss).color(by: .depth) }.xScale(.log).yScale(.log)
    Note { results in
      let norms = try results.groups(by: .depth).compactMap { depth, runs -> (Setting, Double)? in
        let first = try runs.series(.layerGradientNorm(1)).compactMap { $0?.values.first }
        return first.isEmpty ? nil : (depth, Statistics.median(first))
      }
      let (shallow, deep) = (norms.first?.1 ?? .nan, norms.last?.1 ?? .nan)
      return """
        Every layer multiplies δ by σ′ ≤ ¼ on its way down. At the first step the first layer's gradient norm is \
        \(NumberText.short(shallow)) without a hidden layer and \(NumberText.short(deep)) under seven: a factor of \
        \(NumberText.short(shallow / deep)). Backpropagation computes small numbers exactly; it does not make them large.
        """
    }
    Expect("Engine and textbook agree on every derivative of the first step to 10⁻¹²") { results in
      let worst = try Self.worked(results).map { step in
        zip(step.textbook, step.engine).map { abs($0 - $1) }.max() ?? .infinity
      }
      return ((worst ?? .infinity) < 1e-12, "largest difference \(NumberText.short(worst ?? .nan))")
    }
    Expect("Without reuse eight layers cost more than a hundred times as much") { _ in
      let products = Self.products(layers: 8)
      let ratio = Double(products.walked) / Double(products.kept)
      return (ratio > 100, "\(NumberText.short(ratio)) times")
    }
    Expect("The first layer's gradient shrinks with every layer put above it") { results in
      let medians = try results.groups(by: .depth).map { _, runs in
        Statistics.median(try runs.series(.layerGradientNorm(1)).compactMap { $0?.values.first })
      }
      let falls = zip(medians, medians.dropFirst()).allSatisfy { $0 > $1 }
      return (falls, medians.map { NumberText.short($0, digits: 2) }.joined(separator: " > "))
    }
  }

  // MARK: The worked step

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

  /// The first step of seed 0 with one hidden layer.
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
    var (lines, nodes, labels): ([Mark], [Mark], [Mark]) = ([], [], [])
    if let step = try worked(results) {
      let pass = step.network.forward(step.x)
      let gradient = step.network.gradient(step.x, step.y)
      func place(_ layer: Int, _ unit: Int) -> Point {
        let count = pass.a[layer].count
        return Point(Double(layer), Double(count - 1) / 2 - Double(unit))
      }
      for l in step.network.w.indices {
        for j in step.network.w[l].indices {
          for k in step.network.w[l][j].indices {
            let (a, b) = (place(l, k), place(l + 1, j))
            let weight = step.network.w[l][j][k]
            let color = Palette.diverging(weight < 0 ? 0.1 : 0.9)
            lines.append(.line([a, b], Stroke(color, width: min(4, 0.6 + abs(weight)))))
            // Where this line has parted from those beside it.
            let share = l > 0 ? 0.3 : [[0.56, 0.4, 0.26], [0.26, 0.4, 0.56]][k % 2][j % 3]
            let at = Point(a.x + share * (b.x - a.x), a.y + share * (b.y - a.y))
            let words = "\(NumberText.short(weight, digits: 2)) | \(NumberText.short(gradient.w[l][j][k], digits: 2))"
            labels.append(.tag(Text(words, size: 6.5), at: at, .center))
          }
        }
      }
      for l in pass.a.indices {
        let points = pass.a[l].indices.map { place(l, $0) }
        nodes += [.points(points, .circle, .black, radius: 8), .points(points, .circle, .white, radius: 7)]
        for (j, point) in points.enumerated() {
          let name = l == 0 ? "x\(j + 1) = \(NumberText.short(pass.a[l][j]))" : "a = \(NumberText.short(pass.a[l][j]))"
          let side: Anchor = l == 0 ? .right : .bottom
          let at = l == 0 ? Point(point.x - 0.09, point.y) : Point(point.x, point.y + 0.2)
          labels.append(.tag(Text(name, size: 7.5), at: at, side))
          guard l > 0 else { continue }
          let delta = "δ = \(NumberText.short(gradient.delta[l - 1][j]))"
          labels.append(.tag(Text(delta, size: 7.5, color: .fail), at: Point(point.x, point.y - 0.2), .top))
        }
      }
      let loss = "y = \(NumberText.short(step.y[0])),  f = \(NumberText.short(step.network.loss(step.x, step.y)))"
      labels.append(.text(Text(loss, size: 8), at: Point(2.12, 0), .left))
    }
    let chart = Chart(
      x: AxisStyle("", domain: -0.6...2.7), y: AxisStyle("", domain: -1.5...1.5), marks: lines + nodes + labels,
      hasAxes: false)
    return ChartGrid(chart, aspect: 1.9)
  }

  // MARK: Costs

  /// Multiplications of the backward pass with every δ kept, and with every weight's paths walked by themselves.
  private static func products(layers: Int) -> (kept: Int, walked: Int) {
    let network = example(layers: layers)
    let x = [0.5, -0.2]
    let kept = network.gradient(x, [1]).products
    var walked = 0
    for l in network.w.indices {
      for row in network.w[l] {
        for k in row.indices {
          _ = network.deltaByPaths(x, [1], layer: l, unit: k, products: &walked)
          // δ times the output of the unit below.
          walked += 1
        }
      }
    }
    return (kept, walked)
  }

  /// Two inputs, three units in each hidden layer, one output; what its weights are does not matter to a count.
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
        .endLabel(index == 0 ? "every δ kept" : "every path walked", at: points.last?.y ?? 1, color),
      ]
    }
    var x = AxisStyle("layers L", domain: 0.7...8.3)
    x.ticks = depths.map { Tick(Double($0), "\($0)") }
    return ChartGrid(
      Chart(
        x: x, y: AxisStyle("multiplications", .log), marks: line(counts.map(\.kept), 0) + line(counts.map(\.walked), 1)),
      aspect: 2.2)
  }
}
