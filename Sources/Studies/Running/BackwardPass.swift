package import Learning

/// The numbers of the training engine's forward and backward pass for one sample.
///
///     zˡ = Wˡaˡ⁻¹ + bˡ,  aˡ = φˡ(zˡ),  a⁰ = x
///     δˡ = ∂E/∂zˡ,  ∂E/∂aˡ = (Wˡ⁺¹)ᵀ δˡ⁺¹,  ∂E/∂Wˡ = δˡ (aˡ⁻¹)ᵀ,  ∂E/∂bˡ = δˡ
///
/// E is the loss of this sample alone. Layers are counted from the first hidden layer, which has index 0.
public struct BackwardPass: Sendable {
  /// E
  public let loss: Double
  /// zˡ: the weighted inputs of each layer's units.
  public let inputs: [[Double]]
  /// aˡ: the outputs of each layer's units.
  public let outputs: [[Double]]
  /// δˡ = ∂E/∂zˡ for each layer.
  public let delta: [[Double]]
  /// ∂E/∂aˡ for each hidden layer.
  public let byOutput: [[Double]]
  /// ∂E/∂θ in the order of the network's parameters.
  public let gradient: [Double]

  /// The pass of a network with given parameters for one sample.
  ///
  /// The engine returns derivatives by parameters only. The derivative by a bias is δ. The pass is therefore computed a second time in
  /// an equal network in which every unit has a bias, and in which a linear layer with the identity as weights follows every hidden layer: its δ is ∂E/∂a.
  /// - Throws: `Mistake` for parameters or a sample of another size than the network's.
  package init(
    network: Architecture, loss: Loss, parameters: [Double], input: [Double], target: [Double],
    classes: Dataset.Classes? = nil
  ) throws {
    let sample = Dataset(
      name: "one sample", inputNames: input.indices.map { "x\($0 + 1)" },
      outputNames: target.indices.map { "t\($0 + 1)" },
      training: Dataset.Samples(count: 1, inputs: input, targets: target), classes: classes)
    let own = try Self.gradient(of: .network(network, loss, sample, .full), at: parameters)
    let probe = Probe(network, parameters)
    let probed = try Self.gradient(of: .network(probe.network, loss, sample, .full), at: probe.parameters).gradient
    let biases = probe.network.layers.map { layer in (0..<layer.units).map { probed[layer.bias($0)] } }
    let layers = Exact.layers(of: network, parameters, at: input)
    self.loss = own.loss
    gradient = own.gradient
    inputs = layers.map(\.z)
    outputs = layers.map(\.a)
    delta = network.layers.indices.map { biases[2 * $0] }
    byOutput = network.layers.indices.dropLast().map { biases[2 * $0 + 1] }
  }

  /// Loss and gradient on all data by the training engine, from the change of the parameters in one step. The learning rate is so large that
  /// the digits of the parameters themselves do not hide those of the gradient.
  /// - Throws: `Mistake` for parameters or data of another size than the network's.
  package static func gradient(
    of problem: TrainingRun.Problem, at parameters: [Double]
  ) throws -> (loss: Double, gradient: [Double]) {
    let rate = 0x1p200
    let run = TrainingRun(
      problem: problem, initialParameters: parameters, optimizer: .gradientDescent(learningRate: rate),
      stop: StopRule.after(steps: 1).neverDiverging(), seed: 0)
    let end = try Replay.train([run]).first
    let gradient = zip(parameters, end?.finalParameters ?? []).map { ($0 - $1) / rate }
    return (end?.series[.loss]?.values.first ?? .nan, gradient)
  }
}

/// An equal network with a bias in every unit and, after every hidden layer, a linear layer that changes nothing.
private struct Probe {
  let network: Architecture
  let parameters: [Double]

  init(_ original: Architecture, _ parameters: [Double]) {
    var layers: [Architecture.Layer] = []
    var values: [Double] = []
    for (index, layer) in original.layers.enumerated() {
      layers.append(
        Architecture.Layer(
          inputs: layer.inputs, units: layer.units, activations: layer.activations, hasBias: true, offset: values.count)
      )
      values += (0..<layer.weightCount).map { parameters[layer.offset + $0] }
      values += (0..<layer.units).map { layer.hasBias ? parameters[layer.bias($0)] : 0 }
      guard index < original.layers.count - 1 else { break }
      layers.append(
        Architecture.Layer(
          inputs: layer.units, units: layer.units, activations: [.identity], hasBias: true, offset: values.count))
      values += (0..<layer.units).flatMap { i in (0..<layer.units).map { i == $0 ? 1.0 : 0 } }
      values += Array(repeating: 0, count: layer.units)
    }
    network = Architecture(inputs: original.inputs, layers: layers)
    self.parameters = values
  }
}
