/// A fully connected network as its author declares it; inputs and outputs are taken from the data.
///
///     a⁰ = x,   zˡ = Wˡaˡ⁻¹ + bˡ,   aˡ = φˡ(zˡ),   y = aᴸ         Wˡ: units of layer l × units of layer l − 1
///
/// At most 1000 hidden layers of 1 to 10⁶ units each.
public struct Network: Hashable, Sendable {
  /// Units of each hidden layer, from the input on.
  public var hidden: [Int]
  /// The activation of all hidden layers; that of the first where `perLayer` gives each its own.
  public var activation: Activation {
    didSet { perLayer = [] }
  }
  /// One activation for each hidden layer; empty where all have the same.
  public private(set) var perLayer: [Activation] = []
  /// One activation for all output units, or one for each. Softmax is for the whole output layer and for no other layer.
  public var output: [Activation]
  /// Whether every unit has a bias.
  public var hasBias: Bool
  /// The probability p of dropout, in [0, 1); 0 for none: `dropout(_:)`.
  public var dropoutRate = 0.0

  /// A network of hidden layers with one activation.
  public init(hidden: [Int], activation: Activation, output: [Activation], bias: Bool = true) {
    self.hidden = hidden
    self.activation = activation
    self.output = output
    self.hasBias = bias
  }

  /// One hidden layer, or none for `hidden: 0`.
  public static func mlp(
    hidden: Int, activation: Activation = .tanh, output: Activation = .identity, bias: Bool = true
  ) -> Network {
    Network(hidden: hidden == 0 ? [] : [hidden], activation: activation, output: [output], bias: bias)
  }

  /// Any number of hidden layers.
  public static func mlp(
    hidden: [Int], activation: Activation = .tanh, output: Activation = .identity, bias: Bool = true
  ) -> Network {
    Network(hidden: hidden, activation: activation, output: [output], bias: bias)
  }

  /// Hidden layers with an activation each, from the input on: `.layers([(3, .tanh), (4, .sigmoid)])`.
  public static func layers(
    _ hidden: [(units: Int, activation: Activation)], output: Activation = .identity, bias: Bool = true
  ) -> Network {
    var network = Network(
      hidden: hidden.map { $0.units }, activation: hidden.first?.activation ?? .identity, output: [output], bias: bias)
    network.perLayer = hidden.map { $0.activation }
    return network
  }

  /// No hidden layer: y = φ(Wx + b).
  public static func linear(output: Activation = .identity, bias: Bool = true) -> Network {
    Network(hidden: [], activation: .identity, output: [output], bias: bias)
  }

  /// Leaves each hidden unit out of a training step with a probability, for each sample anew.
  ///
  ///     training     aˡ ← m ⊙ φˡ(zˡ)      mᵢ = 0 with probability p, else 1/(1 − p)
  ///     evaluation   aˡ = φˡ(zˡ)
  ///
  /// The loss and the gradient of a step are those with its masks. The training and validation losses, accuracies and predictions
  /// are those of the whole network. Unit i of sample s of the step r is left out where draw (r·B + s)·H + i of the run's own stream is
  /// below p, for a batch of B samples and H hidden units in all layers. Srivastava et al. 2014,
  /// https://jmlr.org/papers/v15/srivastava14a.html.
  /// - Parameter probability: p in [0, 1); 0.5 halves the hidden layers on average.
  public func dropout(_ probability: Double) -> Network {
    var network = self
    network.dropoutRate = probability
    return network
  }

  package func activation(ofHiddenLayer hiddenLayer: Int) -> Activation {
    perLayer.indices.contains(hiddenLayer) ? perLayer[hiddenLayer] : activation
  }

  /// The network with its sizes filled in. The declaration has been checked before.
  public func architecture(inputs: Int, outputs: Int) -> Architecture {
    var layers: [Architecture.Layer] = []
    var previous = inputs
    var offset = 0
    for (index, units) in (hidden + [outputs]).enumerated() {
      let isOutput = index == hidden.count
      let activations =
        isOutput && output.count == outputs ? output : [isOutput ? output[0] : activation(ofHiddenLayer: index)]
      let layer = Architecture.Layer(
        inputs: previous, units: units, activations: activations, hasBias: hasBias, offset: offset)
      layers.append(layer)
      offset += layer.parameterCount
      previous = units
    }
    return Architecture(inputs: inputs, layers: layers)
  }
}

/// The exact shape of a network: the place of every parameter.
///
///     per layer:  w₀₀ w₀₁ … w₀₍ᵢ₋₁₎ | w₁₀ … | …     one row per unit o, one column per input i
///                 b₀ b₁ … b₍ₒ₋₁₎                    where the layer has biases
public struct Architecture: Hashable, Sendable {
  /// One layer with its sizes and the position of its parameters.
  public struct Layer: Hashable, Sendable {
    /// Number of inputs.
    public let inputs: Int
    /// Number of units.
    public let units: Int
    /// One for the whole layer, or one a unit.
    public let activations: [Activation]
    /// Whether the units have a bias.
    public let hasBias: Bool
    /// Where the layer's parameters begin.
    public let offset: Int

    /// A layer whose parameters begin at an offset.
    package init(inputs: Int, units: Int, activations: [Activation], hasBias: Bool, offset: Int) {
      self.inputs = inputs
      self.units = units
      self.activations = activations
      self.hasBias = hasBias
      self.offset = offset
    }

    /// Position of the weight from an input to a unit.
    public func weight(_ unit: Int, _ input: Int) -> Int { offset + unit * inputs + input }
    /// Position of the bias of a unit.
    public func bias(_ unit: Int) -> Int { offset + units * inputs + unit }
    /// Number of weights, without biases.
    public var weightCount: Int { units * inputs }
    /// Number of weights and biases.
    public var parameterCount: Int { weightCount + (hasBias ? units : 0) }
    /// The activation of a unit.
    public func activation(of unit: Int) -> Activation { activations.count == 1 ? activations[0] : activations[unit] }
    /// Positions of all parameters of the layer.
    public var parameters: Range<Int> { offset..<offset + parameterCount }
  }

  /// Number of inputs.
  public let inputs: Int
  /// The layers, from the first hidden layer to the output.
  public let layers: [Layer]

  /// Layers that follow each other.
  package init(inputs: Int, layers: [Layer]) {
    self.inputs = inputs
    self.layers = layers
  }

  /// Number of outputs.
  public var outputs: Int { layers.last?.units ?? inputs }
  /// Number of weights and biases.
  public var parameterCount: Int { layers.reduce(0) { $0 + $1.parameterCount } }
  /// Number of weights, without biases.
  public var weightCount: Int { layers.reduce(0) { $0 + $1.weightCount } }

  /// Number of inputs, then the number of units of each layer.
  package var widths: [Int] { [inputs] + layers.map { $0.units } }

  /// The name used in descriptions: sizes, then each layer's activations.
  public var name: String {
    let sizes = widths.map(String.init).joined(separator: "-")
    let functions = layers.map { $0.activations.map { $0.name }.joined(separator: ",") }.joined(separator: ";")
    return "\(sizes) \(functions)\(layers.allSatisfy { $0.hasBias } ? "" : " no-bias")"
  }

  /// Multiply-adds of one gradient: forward and weight gradient for every layer, delta back for all but the first.
  public func multiplyAdds(samples: Int) -> Int {
    layers.enumerated().reduce(0) { $0 + samples * $1.element.weightCount * ($1.offset == 0 ? 2 : 3) }
  }
}
