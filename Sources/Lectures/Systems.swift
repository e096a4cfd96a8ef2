import Learning

/// The eight systems of the five lectures.
extension System {
  static let all: [System] = [
    alphaBeta, logisticNeuron, layered, wv, line, phi(layers: 1), phi(layers: 3), chain, sigmoidMLP,
  ]

  private static var alphaBeta: System {
    System(
      name: "A", experiments: ["alpha-beta"], equations: Equations.alphaBeta,
      names: [("∂R/∂α", "∂R/∂α₀"), ("∂R/∂β", "∂R/∂β₀")], errorNames: ["s", "δ"],
      parameterNames: [("α", "α₀"), ("β", "β₀")],
      network: Network(hidden: [4], activation: .sigmoid, output: [.sigmoid, .identity])
        .architecture(inputs: 3, outputs: 2),
      loss: .sumOfSquares, data: data(inputs: 3, outputs: 2, samples: 7), batching: .full, rate: 0.05,
      schedule: .inverse(halving: 1))
  }

  private static var logisticNeuron: System {
    System(
      name: "B1", experiments: ["logistic-neuron"], equations: Equations.logisticNeuron,
      names: [("∇_w f", "∇_b f")], errorNames: ["δ"], parameterNames: [("w", "b")],
      network: Network.linear(output: .sigmoid).architecture(inputs: 2, outputs: 1), loss: .meanSquaredError,
      data: data(inputs: 2, outputs: 1, samples: 9), batching: .singleWithReplacement, rate: 0.3)
  }

  private static var layered: System {
    System(
      name: "B2", experiments: ["backpropagation"], equations: Equations.layered,
      names: layers(4, "∇f(W", "∇f(b", close: ")"), errorNames: (1...4).map { "δ\(raised($0))" },
      parameterNames: layers(4, "W", "b"),
      network: Network.mlp(hidden: [4, 3, 5], activation: .sigmoid, output: .sigmoid)
        .architecture(inputs: 3, outputs: 2),
      loss: .meanSquaredError, data: data(inputs: 3, outputs: 2, samples: 8), batching: .singleWithReplacement,
      rate: 0.5)
  }

  private static var wv: System {
    System(
      name: "B3", experiments: ["combining-lines", "latent-features"], equations: Equations.wv,
      names: [("∂f/∂W", "∂f/∂W₀"), ("∂f/∂V", "∂f/∂V₀")], errorNames: ["γ", "δ"],
      parameterNames: [("W", "W₀"), ("V", "V₀")],
      network: Network.mlp(hidden: 3, activation: .sigmoid, output: .sigmoid).architecture(inputs: 2, outputs: 2),
      loss: .meanSquaredError, data: data(inputs: 2, outputs: 2, samples: 8), batching: .singleWithReplacement,
      rate: 0.5)
  }

  private static var line: System {
    System(
      name: "C1", experiments: ["line-fitting"], equations: Equations.line,
      names: [("∂E/∂w", "∂E/∂b")], errorNames: [nil], parameterNames: [("w", "b")],
      network: Network.linear().architecture(inputs: 1, outputs: 1), loss: .halfMeanSquaredError,
      data: data(inputs: 1, outputs: 1, samples: 12), batching: .full, rate: 0.4)
  }

  /// The 3-3-2 example with one hidden layer, and the exercise with more.
  private static func phi(layers hidden: Int) -> System {
    let activations = Array([Activation.tanh, .sigmoid, .tanh].prefix(hidden))
    return System(
      name: hidden == 1 ? "C2" : "C2-deep", experiments: ["three-three-two"], equations: Equations.phi,
      names: layers(hidden + 1, "∂E/∂W", "∂E/∂b"), errorNames: (1...hidden + 1).map { "δ\(raised($0))" },
      parameterNames: layers(hidden + 1, "W", "b"),
      network: Network.layers(activations.map { (3, $0) }, output: .sigmoid).architecture(inputs: 3, outputs: 2),
      loss: .halfMeanSquaredError, data: data(inputs: 3, outputs: 2, samples: 6), batching: .full, rate: 0.5)
  }

  private static var chain: System {
    let depth = 5
    return System(
      name: "D", experiments: ["tanh-chain", "local-minima", "overcapacity", "larger-is-easier"],
      equations: Equations.chain,
      names: (1...depth).map { ("∂loss/∂w\(lowered($0))", "") }, errorNames: (1...depth).map { "δ\(lowered($0))" },
      parameterNames: (1...depth).map { ("w\(lowered($0))", "") },
      network: Network(
        hidden: Array(repeating: 1, count: depth - 1), activation: .tanh, output: [.tanh], bias: false
      ).architecture(inputs: 1, outputs: 1),
      loss: .sumOfSquares, data: data(inputs: 1, outputs: 1, samples: 5), batching: .singleWithReplacement, rate: 0.2)
  }

  private static var sigmoidMLP: System {
    System(
      name: "E", experiments: ["sigmoid-network", "backpropagation", "descent-variants"],
      equations: Equations.sigmoidMLP,
      names: layers(3, "∂E/∂w", "∂E/∂θ"), errorNames: (1...3).map { "δ\(raised($0))" },
      parameterNames: layers(3, "w", "θ"),
      network: Network.mlp(hidden: [4, 3], activation: .sigmoid, output: .sigmoid).architecture(inputs: 2, outputs: 2),
      loss: .halfSumOfSquares, data: data(inputs: 2, outputs: 2, samples: 9), batching: .mini(size: 3), rate: 0.3)
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

  private static func layers(_ count: Int, _ w: String, _ b: String, close: String = "") -> [(w: String, b: String)] {
    (1...count).map { ("\(w)\(raised($0))\(close)", "\(b)\(raised($0))\(close)") }
  }

  private static func raised(_ number: Int) -> String {
    ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"][number % 10]
  }
  private static func lowered(_ number: Int) -> String {
    ["₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"][number % 10]
  }
}
