import Learning
import Textbook

/// The eight systems of the five lectures.
extension System {
  static let all: [System] = [
    alphaBeta, logisticNeuron, layered, wv, line, phi(layers: 1), phi(layers: 3), chain, sigmoidMLP,
  ]

  // MARK: A

  private static var alphaBeta: System {
    let data = data(inputs: 3, outputs: 2, samples: 7)
    let activations: [Activation] = [.sigmoid, .identity]
    @Sendable func textbook(_ layers: [LayerValues]) -> AlphaBetaNetwork {
      // The bias is component 0 of each row.
      func rows(_ layer: LayerValues) -> [[Double]] { layer.w.indices.map { [layer.b[$0]] + layer.w[$0] } }
      return AlphaBetaNetwork(alpha: rows(layers[0]), beta: rows(layers[1]), g: [.sigmoid, .identity])
    }
    @Sendable func layers(_ alpha: [[Double]], _ beta: [[Double]]) -> [LayerValues] {
      [alpha, beta].map { rows in LayerValues(w: rows.map { Array($0.dropFirst()) }, b: rows.map { $0[0] }) }
    }
    return System(
      name: "A", experiments: ["alpha-beta"],
      network: Network(hidden: [4], activation: .sigmoid, output: activations).architecture(inputs: 3, outputs: 2),
      loss: .sumOfSquares, data: data, batching: .full, rate: { 0.05 / Double($0 + 1) }, schedule: .inverse(halving: 1),
      names: [("∂R/∂α", "∂R/∂α₀"), ("∂R/∂β", "∂R/∂β₀")], errorNames: ["s", "δ"],
      parameterNames: [("α", "α₀"), ("β", "β₀")],
      sampleLoss: { textbook($0).risk(inputs(data, $1), targets(data, $1)) },
      sampleGradient: { parameters, sample in
        let gradient = textbook(parameters).gradient(inputs(data, sample), targets(data, sample))
        return (layers(gradient.alpha, gradient.beta), [gradient.s, gradient.delta])
      },
      step: { parameters, batch, rate in
        var network = textbook(parameters)
        network.step(batch.map { (inputs(data, $0), targets(data, $0)) }, eta: rate)
        return layers(network.alpha, network.beta)
      })
  }

  // MARK: B

  private static var logisticNeuron: System {
    let data = data(inputs: 2, outputs: 1, samples: 9)
    @Sendable func textbook(_ layers: [LayerValues]) -> LogisticNeuron {
      LogisticNeuron(w: layers[0].w[0], b: layers[0].b[0])
    }
    return System(
      name: "B1", experiments: ["logistic-neuron"],
      network: Network.linear(output: .sigmoid).architecture(inputs: 2, outputs: 1), loss: .meanSquaredError,
      data: data,
      batching: .singleWithReplacement, rate: { _ in 0.3 }, schedule: .constant, names: [("∇_w f", "∇_b f")],
      errorNames: ["δ"], parameterNames: [("w", "b")],
      sampleLoss: { textbook($0).loss(inputs(data, $1), targets(data, $1)[0]) },
      sampleGradient: { parameters, sample in
        let gradient = textbook(parameters).gradient(inputs(data, sample), targets(data, sample)[0])
        return ([LayerValues(w: [gradient.w], b: [gradient.b])], [[gradient.delta]])
      },
      step: { parameters, batch, rate in
        var neuron = textbook(parameters)
        for sample in batch { neuron.step(inputs(data, sample), targets(data, sample)[0], tau: rate) }
        return [LayerValues(w: [neuron.w], b: [neuron.b])]
      })
  }

  private static var layered: System {
    let data = data(inputs: 3, outputs: 2, samples: 8)
    let depth = 4
    @Sendable func textbook(_ layers: [LayerValues]) -> LayeredNetwork {
      LayeredNetwork(w: layers.map(\.w), b: layers.map(\.b))
    }
    return System(
      name: "B2", experiments: ["backpropagation"],
      network: Network.mlp(hidden: [4, 3, 5], activation: .sigmoid, output: .sigmoid).architecture(
        inputs: 3, outputs: 2),
      loss: .meanSquaredError, data: data, batching: .singleWithReplacement, rate: { _ in 0.5 }, schedule: .constant,
      names: (1...depth).map { ("∇f(W\(raised($0)))", "∇f(b\(raised($0)))") },
      errorNames: (1...depth).map { "δ\(raised($0))" },
      parameterNames: (1...depth).map { ("W\(raised($0))", "b\(raised($0))") },
      sampleLoss: { textbook($0).loss(inputs(data, $1), targets(data, $1)) },
      sampleGradient: { parameters, sample in
        let gradient = textbook(parameters).gradient(inputs(data, sample), targets(data, sample))
        return (zip(gradient.w, gradient.b).map { LayerValues(w: $0, b: $1) }, gradient.delta)
      },
      step: { parameters, batch, rate in
        var network = textbook(parameters)
        for sample in batch { network.step(inputs(data, sample), targets(data, sample), tau: rate) }
        return zip(network.w, network.b).map { LayerValues(w: $0, b: $1) }
      })
  }

  private static var wv: System {
    let data = data(inputs: 2, outputs: 2, samples: 8)
    @Sendable func textbook(_ layers: [LayerValues]) -> WVNetwork {
      func rows(_ layer: LayerValues) -> [[Double]] { layer.w.indices.map { [layer.b[$0]] + layer.w[$0] } }
      return WVNetwork(w: rows(layers[0]), v: rows(layers[1]))
    }
    @Sendable func layers(_ w: [[Double]], _ v: [[Double]]) -> [LayerValues] {
      [w, v].map { rows in LayerValues(w: rows.map { Array($0.dropFirst()) }, b: rows.map { $0[0] }) }
    }
    return System(
      name: "B3", experiments: ["combining-lines", "latent-features"],
      network: Network.mlp(hidden: 3, activation: .sigmoid, output: .sigmoid).architecture(inputs: 2, outputs: 2),
      loss: .meanSquaredError, data: data, batching: .singleWithReplacement, rate: { _ in 0.5 }, schedule: .constant,
      names: [("∂f/∂W", "∂f/∂W₀"), ("∂f/∂V", "∂f/∂V₀")], errorNames: ["γ", "δ"],
      parameterNames: [("W", "W₀"), ("V", "V₀")],
      sampleLoss: { textbook($0).loss(inputs(data, $1), targets(data, $1)) },
      sampleGradient: { parameters, sample in
        let network = textbook(parameters)
        let (x, y) = (inputs(data, sample), targets(data, sample))
        let gradient = network.gradient(x, y)
        let errors = network.errors(x, y)
        return (layers(gradient.w, gradient.v), [errors.gamma, errors.delta])
      },
      step: { parameters, batch, rate in
        var network = textbook(parameters)
        for sample in batch { network.step(inputs(data, sample), targets(data, sample), tau: rate) }
        return layers(network.w, network.v)
      })
  }

  // MARK: C

  private static var line: System {
    let data = data(inputs: 1, outputs: 1, samples: 12)
    @Sendable func textbook(_ layers: [LayerValues]) -> LineFitting {
      LineFitting(w: layers[0].w[0][0], b: layers[0].b[0])
    }
    return System(
      name: "C1", experiments: ["line-fitting"], network: Network.linear().architecture(inputs: 1, outputs: 1),
      loss: .halfMeanSquaredError, data: data, batching: .full, rate: { _ in 0.4 }, schedule: .constant,
      names: [("∂E/∂w", "∂E/∂b")], errorNames: [nil], parameterNames: [("w", "b")],
      sampleLoss: { textbook($0).loss(inputs(data, $1), targets(data, $1)) },
      sampleGradient: { parameters, sample in
        let gradient = textbook(parameters).gradient(inputs(data, sample), targets(data, sample))
        return ([LayerValues(w: [[gradient.w]], b: [gradient.b])], [[gradient.b]])
      },
      step: { parameters, batch, rate in
        var line = textbook(parameters)
        line.step(batch.map { inputs(data, $0)[0] }, batch.map { targets(data, $0)[0] }, eta: rate)
        return [LayerValues(w: [[line.w]], b: [line.b])]
      })
  }

  /// The 3-3-2 example with one hidden layer, and the exercise with more.
  private static func phi(layers hidden: Int) -> System {
    let data = data(inputs: 3, outputs: 2, samples: 6)
    let activations = Array([Activation.tanh, .sigmoid, .tanh].prefix(hidden))
    let functions = Array([Nonlinearity.tanh, .sigmoid, .tanh].prefix(hidden)) + [.sigmoid]
    let depth = hidden + 1
    @Sendable func textbook(_ layers: [LayerValues]) -> PhiNetwork {
      PhiNetwork(w: layers.map(\.w), b: layers.map(\.b), phi: functions)
    }
    return System(
      name: hidden == 1 ? "C2" : "C2-deep", experiments: ["three-three-two"],
      network: Network.layers(activations.map { (3, $0) }, output: .sigmoid).architecture(inputs: 3, outputs: 2),
      loss: .halfMeanSquaredError, data: data, batching: .full, rate: { _ in 0.5 }, schedule: .constant,
      names: (1...depth).map { ("∂E/∂W\(raised($0))", "∂E/∂b\(raised($0))") },
      errorNames: (1...depth).map { "δ\(raised($0))" },
      parameterNames: (1...depth).map { ("W\(raised($0))", "b\(raised($0))") },
      sampleLoss: { textbook($0).loss(inputs(data, $1), targets(data, $1)) },
      sampleGradient: { parameters, sample in
        let gradient = textbook(parameters).gradient(inputs(data, sample), targets(data, sample))
        return (zip(gradient.w, gradient.b).map { LayerValues(w: $0, b: $1) }, gradient.delta)
      },
      step: { parameters, batch, rate in
        var network = textbook(parameters)
        network.step(batch.map { (inputs(data, $0), targets(data, $0)) }, eta: rate)
        return zip(network.w, network.b).map { LayerValues(w: $0, b: $1) }
      })
  }

  // MARK: D

  private static var chain: System {
    let data = data(inputs: 1, outputs: 1, samples: 5)
    let depth = 5
    @Sendable func textbook(_ layers: [LayerValues]) -> TanhChain { TanhChain(w: layers.map { $0.w[0][0] }) }
    return System(
      name: "D", experiments: ["tanh-chain", "local-minima", "overcapacity", "larger-is-easier"],
      network: Network(
        hidden: Array(repeating: 1, count: depth - 1), activation: .tanh, output: [.tanh], bias: false
      ).architecture(inputs: 1, outputs: 1),
      loss: .sumOfSquares, data: data, batching: .singleWithReplacement, rate: { _ in 0.2 }, schedule: .constant,
      names: (1...depth).map { ("∂loss/∂w\(lowered($0))", "") }, errorNames: (1...depth).map { "δ\(lowered($0))" },
      parameterNames: (1...depth).map { ("w\(lowered($0))", "") },
      sampleLoss: { textbook($0).loss(inputs(data, $1)[0], targets(data, $1)[0]) },
      sampleGradient: { parameters, sample in
        let gradient = textbook(parameters).gradient(inputs(data, sample)[0], targets(data, sample)[0])
        return (gradient.w.map { LayerValues(w: [[$0]], b: []) }, gradient.delta.map { [$0] })
      },
      step: { parameters, batch, rate in
        var chain = textbook(parameters)
        for sample in batch { chain.step(inputs(data, sample)[0], targets(data, sample)[0], eta: rate) }
        return chain.w.map { LayerValues(w: [[$0]], b: []) }
      })
  }

  // MARK: E

  private static var sigmoidMLP: System {
    let data = data(inputs: 2, outputs: 2, samples: 9)
    // The lecture's first index is the lower unit, ours the upper.
    @Sendable func exchanged(_ w: [[Double]]) -> [[Double]] { (w.first ?? []).indices.map { k in w.map { $0[k] } } }
    @Sendable func textbook(_ layers: [LayerValues]) -> SigmoidMLP {
      SigmoidMLP(w: layers.map { exchanged($0.w) }, theta: layers.map(\.b))
    }
    return System(
      name: "E", experiments: ["backpropagation", "gradient-compass", "convexity", "descent-variants"],
      network: Network.mlp(hidden: [4, 3], activation: .sigmoid, output: .sigmoid).architecture(inputs: 2, outputs: 2),
      loss: .halfSumOfSquares, data: data, batching: .mini(size: 3), rate: { _ in 0.3 }, schedule: .constant,
      names: (1...3).map { ("∂E/∂w\(raised($0))", "∂E/∂θ\(raised($0))") }, errorNames: (1...3).map { "δ\(raised($0))" },
      parameterNames: (1...3).map { ("w\(raised($0))", "θ\(raised($0))") },
      sampleLoss: { textbook($0).loss(inputs(data, $1), targets(data, $1)) },
      sampleGradient: { parameters, sample in
        let gradient = textbook(parameters).gradient(inputs(data, sample), targets(data, sample))
        return (zip(gradient.w, gradient.theta).map { LayerValues(w: exchanged($0), b: $1) }, gradient.delta)
      },
      step: { parameters, batch, rate in
        var network = textbook(parameters)
        network.step(batch.map { (inputs(data, $0), targets(data, $0)) }, alpha: rate)
        return zip(network.w, network.theta).map { LayerValues(w: exchanged($0), b: $1) }
      })
  }

  // MARK: Data and names

  /// Random inputs, targets strictly between 0 and 1, the same at every call.
  private static func data(inputs: Int, outputs: Int, samples: Int) -> Dataset {
    let x = Batching.mini(size: inputs).batches(samples: 97, steps: samples, seed: 11)
    let t = Batching.mini(size: outputs).batches(samples: 89, steps: samples, seed: 12)
    return Dataset(
      name: "check", inputs: x.map { $0.map { Double($0) / 48.5 - 1 } },
      targets: t.map { $0.map { 0.1 + 0.8 * Double($0) / 89 } })
  }

  private static func raised(_ number: Int) -> String {
    ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"][number % 10]
  }
  private static func lowered(_ number: Int) -> String {
    ["₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"][number % 10]
  }
}
