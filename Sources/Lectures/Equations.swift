import Learning
import Textbook

/// A sample: an input and its target.
typealias Sample = (x: [Double], t: [Double])

/// The equations of a textbook for one network and its loss.
struct Equations: Sendable {
  /// The derivatives of one sample's loss, and each layer's errors δ.
  typealias Gradient = (layers: [LayerValues], errors: [[Double]])

  /// The loss of one sample.
  let loss: @Sendable (_ layers: [LayerValues], _ sample: Sample) -> Double
  /// Its derivatives.
  let gradient: @Sendable (_ layers: [LayerValues], _ sample: Sample) -> Gradient
  /// One step on a batch as the lecture writes it.
  let step: @Sendable (_ layers: [LayerValues], _ batch: [Sample], _ rate: Double) -> [LayerValues]
  /// What else the lecture says in formulas, against the engine.
  var further: @Sendable (EngineCase) throws -> [CheckLine] = { _ in [] }
}

// MARK: The networks that a lecture's equations describe

extension Architecture {
  fileprivate var hasBiases: Bool { layers.allSatisfy(\.hasBias) }

  /// Whether every unit of every layer is a sigmoid with a bias.
  fileprivate var isSigmoid: Bool { hasBiases && layers.allSatisfy { $0.activations.allSatisfy { $0 == .sigmoid } } }
}

extension Loss {
  /// The factor in front of one sample's squared error; `nil` for a loss that is no squared error.
  fileprivate var squareFactor: Double? {
    if case .squaredError = self { factor(samples: 1) } else { nil }
  }
}

extension Nonlinearity {
  /// The textbook's own function for an activation of the engine; `nil` where it has none.
  fileprivate init?(_ activation: Activation) {
    switch activation {
    case .identity: self = .identity
    case .sigmoid: self = .sigmoid
    case .tanh: self = .tanh
    case .sine: self = .sine
    case .softplus: self = .softplus
    case .relu: self = .relu
    case .leakyReLU(let slope): self = .leakyReLU(slope: slope)
    case .softmax, .function: return nil
    }
  }
}

extension Equations {
  /// System A: one hidden layer of sigmoids, each output with a function of its own.
  @Sendable static func alphaBeta(_ network: Architecture, _ loss: Loss) -> Equations? {
    let g = network.layers.last.map { layer in (0..<layer.units).compactMap { Nonlinearity(layer.activation(of: $0)) } }
    guard network.layers.count == 2, network.hasBiases, loss.squareFactor == 1, let g, g.count == network.outputs,
      network.layers[0].activations.allSatisfy({ $0 == .sigmoid })
    else { return nil }
    @Sendable func textbook(_ layers: [LayerValues]) -> AlphaBetaNetwork {
      AlphaBetaNetwork(alpha: layers[0].rows, beta: layers[1].rows, g: g)
    }
    return Equations(
      loss: { textbook($0).risk($1.x, $1.t) },
      gradient: { layers, sample in
        let gradient = textbook(layers).gradient(sample.x, sample.t)
        return ([LayerValues(rows: gradient.alpha), LayerValues(rows: gradient.beta)], [gradient.s, gradient.delta])
      },
      step: { layers, batch, rate in
        var network = textbook(layers)
        network.step(batch.map { ($0.x, $0.t) }, eta: rate)
        return [LayerValues(rows: network.alpha), LayerValues(rows: network.beta)]
      })
  }

  /// System B1: one sigmoid unit.
  @Sendable static func logisticNeuron(_ network: Architecture, _ loss: Loss) -> Equations? {
    guard network.layers.count == 1, network.outputs == 1, network.isSigmoid, loss.squareFactor == 1 else { return nil }
    @Sendable func textbook(_ layers: [LayerValues]) -> LogisticNeuron {
      LogisticNeuron(w: layers[0].w[0], b: layers[0].b[0])
    }
    return Equations(
      loss: { textbook($0).loss($1.x, $1.t[0]) },
      gradient: { layers, sample in
        let gradient = textbook(layers).gradient(sample.x, sample.t[0])
        return ([LayerValues(w: [gradient.w], b: [gradient.b])], [[gradient.delta]])
      },
      step: { layers, batch, rate in
        var neuron = textbook(layers)
        for sample in batch { neuron.step(sample.x, sample.t[0], tau: rate) }
        return [LayerValues(w: [neuron.w], b: [neuron.b])]
      })
  }

  /// System B2: any number of sigmoid layers.
  @Sendable static func layered(_ network: Architecture, _ loss: Loss) -> Equations? {
    guard network.isSigmoid, loss.squareFactor == 1 else { return nil }
    @Sendable func textbook(_ layers: [LayerValues]) -> LayeredNetwork {
      LayeredNetwork(w: layers.map(\.w), b: layers.map(\.b))
    }
    return Equations(
      loss: { textbook($0).loss($1.x, $1.t) },
      gradient: { layers, sample in
        let gradient = textbook(layers).gradient(sample.x, sample.t)
        return (zip(gradient.w, gradient.b).map { LayerValues(w: $0, b: $1) }, gradient.delta)
      },
      step: { layers, batch, rate in
        var network = textbook(layers)
        for sample in batch { network.step(sample.x, sample.t, tau: rate) }
        return zip(network.w, network.b).map { LayerValues(w: $0, b: $1) }
      })
  }

  /// System B3: one hidden layer of sigmoids, sigmoid outputs.
  @Sendable static func wv(_ network: Architecture, _ loss: Loss) -> Equations? {
    guard network.layers.count == 2, network.isSigmoid, loss.squareFactor == 1 else { return nil }
    @Sendable func textbook(_ layers: [LayerValues]) -> WVNetwork { WVNetwork(w: layers[0].rows, v: layers[1].rows) }
    return Equations(
      loss: { textbook($0).loss($1.x, $1.t) },
      gradient: { layers, sample in
        let network = textbook(layers)
        let gradient = network.gradient(sample.x, sample.t)
        let errors = network.errors(sample.x, sample.t)
        return ([LayerValues(rows: gradient.w), LayerValues(rows: gradient.v)], [errors.gamma, errors.delta])
      },
      step: { layers, batch, rate in
        var network = textbook(layers)
        for sample in batch { network.step(sample.x, sample.t, tau: rate) }
        return [LayerValues(rows: network.w), LayerValues(rows: network.v)]
      })
  }

  /// System C1: a line.
  @Sendable static func line(_ network: Architecture, _ loss: Loss) -> Equations? {
    guard network.layers.count == 1, network.inputs == 1, network.outputs == 1, network.hasBiases,
      network.layers[0].activations == [.identity], loss.squareFactor == 0.5
    else { return nil }
    @Sendable func textbook(_ layers: [LayerValues]) -> LineFitting {
      LineFitting(w: layers[0].w[0][0], b: layers[0].b[0])
    }
    return Equations(
      loss: { textbook($0).loss($1.x, $1.t) },
      gradient: { layers, sample in
        let gradient = textbook(layers).gradient(sample.x, sample.t)
        return ([LayerValues(w: [[gradient.w]], b: [gradient.b])], [[gradient.b]])
      },
      step: { layers, batch, rate in
        var line = textbook(layers)
        line.step(batch.map { $0.x[0] }, batch.map { $0.t[0] }, eta: rate)
        return [LayerValues(w: [[line.w]], b: [line.b])]
      }, further: FurtherFormulas.line)
  }

  /// System C2 and its exercise: any number of layers, a function φ for each.
  @Sendable static func phi(_ network: Architecture, _ loss: Loss) -> Equations? {
    let functions = network.layers.compactMap { $0.activations.count == 1 ? Nonlinearity($0.activations[0]) : nil }
    guard functions.count == network.layers.count, let factor = loss.squareFactor else { return nil }
    // The lecture's loss has the factor ½.
    let scale = 2 * factor
    @Sendable func textbook(_ layers: [LayerValues]) -> PhiNetwork {
      let b = layers.map { layer in layer.b.isEmpty ? layer.w.map { _ in 0 } : layer.b }
      return PhiNetwork(w: layers.map(\.w), b: b, phi: functions)
    }
    return Equations(
      loss: { scale * textbook($0).loss($1.x, $1.t) },
      gradient: { layers, sample in
        let gradient = textbook(layers).gradient(sample.x, sample.t)
        let values = zip(gradient.w, gradient.b).map { w, b in
          LayerValues(w: w.map { $0.map { scale * $0 } }, b: b.map { scale * $0 })
        }
        return (values, gradient.delta.map { $0.map { scale * $0 } })
      },
      step: { layers, batch, rate in
        var network = textbook(layers)
        network.step(batch.map { ($0.x, $0.t) }, eta: scale * rate)
        return zip(network.w, network.b).map { LayerValues(w: $0, b: $1) }
      })
  }

  /// System D: a chain of single tanh units without biases, with either of the notes' two losses.
  @Sendable static func chain(_ network: Architecture, _ loss: Loss) -> Equations? {
    let isChain = network.layers.allSatisfy { $0.inputs == 1 && $0.units == 1 && !$0.hasBias }
    guard isChain, network.layers.allSatisfy({ $0.activations == [.tanh] }), let factor = loss.squareFactor else {
      return nil
    }
    @Sendable func textbook(_ layers: [LayerValues]) -> TanhChain {
      TanhChain(w: layers.map { $0.w[0][0] }, factor: factor)
    }
    return Equations(
      loss: { textbook($0).loss($1.x[0], $1.t[0]) },
      gradient: { layers, sample in
        let gradient = textbook(layers).gradient(sample.x[0], sample.t[0])
        return (gradient.w.map { LayerValues(w: [[$0]], b: []) }, gradient.delta.map { [$0] })
      },
      step: { layers, batch, rate in
        var chain = textbook(layers)
        for sample in batch { chain.step(sample.x[0], sample.t[0], eta: rate) }
        return chain.w.map { LayerValues(w: [[$0]], b: []) }
      },
      further: { example in
        try FurtherFormulas.chain(example, textbook([LayerValues](example.start, of: example.network)))
      })
  }

  /// System E: any number of sigmoid layers with thresholds; the lecture's first index is the lower unit, ours the upper.
  @Sendable static func sigmoidMLP(_ network: Architecture, _ loss: Loss) -> Equations? {
    guard network.isSigmoid, loss.squareFactor == 0.5 else { return nil }
    @Sendable func exchanged(_ w: [[Double]]) -> [[Double]] { (w.first ?? []).indices.map { k in w.map { $0[k] } } }
    @Sendable func textbook(_ layers: [LayerValues]) -> SigmoidMLP {
      SigmoidMLP(w: layers.map { exchanged($0.w) }, theta: layers.map(\.b))
    }
    return Equations(
      loss: { textbook($0).loss($1.x, $1.t) },
      gradient: { layers, sample in
        let gradient = textbook(layers).gradient(sample.x, sample.t)
        return (zip(gradient.w, gradient.theta).map { LayerValues(w: exchanged($0), b: $1) }, gradient.delta)
      },
      step: { layers, batch, rate in
        var network = textbook(layers)
        network.step(batch.map { ($0.x, $0.t) }, alpha: rate)
        return zip(network.w, network.theta).map { LayerValues(w: exchanged($0), b: $1) }
      },
      further: { example in
        try FurtherFormulas.sigmoidMLP(example, textbook([LayerValues](example.start, of: example.network)))
      })
  }
}
