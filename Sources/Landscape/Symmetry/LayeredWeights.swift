import Learning

/// A network's parameters unit by unit, so that units can be exchanged, turned, scaled and taken out.
struct LayeredWeights {
  struct Layer {
    var activation: Activation
    /// One row a unit.
    var weights: [[Double]]
    /// Empty for a layer without biases.
    var biases: [Double]
    var units: Int { weights.count }

    /// A unit's incoming weights, then its bias.
    func incoming(_ unit: Int) -> [Double] { weights[unit] + (biases.isEmpty ? [] : [biases[unit]]) }
    /// The outgoing weights of a unit of the layer below.
    func column(_ input: Int) -> [Double] { weights.map { $0[input] } }
  }

  var layers: [Layer]
  let inputs: Int

  init(_ architecture: Architecture, _ theta: [Double]) {
    inputs = architecture.inputs
    layers = architecture.layers.map { layer in
      Layer(
        activation: layer.activations[0],
        weights: (0..<layer.units).map { unit in (0..<layer.inputs).map { theta[layer.weight(unit, $0)] } },
        biases: layer.hasBias ? (0..<layer.units).map { theta[layer.bias($0)] } : [])
    }
  }

  /// In the order of `Architecture`.
  var parameters: [Double] { layers.flatMap { $0.weights.flatMap(\.self) + $0.biases } }

  /// Layers that have units that can be exchanged: all but the output.
  var hidden: Range<Int> { 0..<layers.count - 1 }

  // MARK: Changes that keep the function

  /// Unit i takes the place of `order[i]`: new unit i is old unit `order[i]`.
  mutating func permute(_ l: Int, _ order: [Int]) {
    layers[l].weights = order.map { layers[l].weights[$0] }
    if !layers[l].biases.isEmpty { layers[l].biases = order.map { layers[l].biases[$0] } }
    for unit in layers[l + 1].weights.indices {
      layers[l + 1].weights[unit] = order.map { layers[l + 1].weights[unit][$0] }
    }
  }

  /// w → −w, b → −b, and the change above that compensates it: φ(−z) = −φ(z), or 1 − φ(z) for the sigmoid.
  mutating func flip(_ l: Int, _ unit: Int) {
    layers[l].weights[unit] = layers[l].weights[unit].map { -$0 }
    if !layers[l].biases.isEmpty { layers[l].biases[unit] = -layers[l].biases[unit] }
    for above in layers[l + 1].weights.indices {
      let weight = layers[l + 1].weights[above][unit]
      if layers[l].activation == .sigmoid { layers[l + 1].biases[above] += weight }
      layers[l + 1].weights[above][unit] = -weight
    }
  }

  /// Whether a unit can be flipped.
  func flips(_ l: Int) -> Bool {
    switch layers[l].activation {
    case .tanh, .sine, .identity: true
    // Its 1 goes into the biases above, if there are any.
    case .sigmoid: !layers[l + 1].biases.isEmpty
    case .relu, .leakyReLU, .softplus, .softmax, .function: false
    }
  }

  /// w, b → cw, cb before and 1/c above, for units with φ(cz) = cφ(z).
  mutating func scale(_ l: Int, _ unit: Int, by c: Double) {
    layers[l].weights[unit] = layers[l].weights[unit].map { c * $0 }
    if !layers[l].biases.isEmpty { layers[l].biases[unit] *= c }
    for above in layers[l + 1].weights.indices { layers[l + 1].weights[above][unit] /= c }
  }

  func scales(_ l: Int) -> Bool {
    switch layers[l].activation {
    case .relu, .leakyReLU, .identity: true
    default: false
    }
  }

  /// sin(z + kπ) = (−1)ᵏ sin z: adds k half turns to a sine unit's bias.
  mutating func turn(_ l: Int, _ unit: Int, by k: Double) {
    layers[l].biases[unit] += k * Double.pi
    guard k.truncatingRemainder(dividingBy: 2) != 0 else { return }
    for above in layers[l + 1].weights.indices { layers[l + 1].weights[above][unit] *= -1 }
  }

  func turns(_ l: Int) -> Bool { layers[l].activation == .sine && !layers[l].biases.isEmpty }

  // MARK: Removing units

  /// Removes a unit whose output is the same for every sample; its share goes into the biases above.
  mutating func remove(_ l: Int, _ unit: Int, constant: Double) {
    for above in layers[l + 1].weights.indices {
      let weight = layers[l + 1].weights[above].remove(at: unit)
      if !layers[l + 1].biases.isEmpty { layers[l + 1].biases[above] += weight * constant }
    }
    layers[l].weights.remove(at: unit)
    if !layers[l].biases.isEmpty { layers[l].biases.remove(at: unit) }
  }

  /// Removes unit b, whose outputs equal those of unit a.
  mutating func merge(_ l: Int, _ b: Int, into a: Int) {
    for above in layers[l + 1].weights.indices {
      layers[l + 1].weights[above][a] += layers[l + 1].weights[above][b]
      layers[l + 1].weights[above].remove(at: b)
    }
    layers[l].weights.remove(at: b)
    if !layers[l].biases.isEmpty { layers[l].biases.remove(at: b) }
  }

  /// A linear hidden layer multiplied into the one above: W′ = W₂W₁, b′ = W₂b₁ + b₂.
  mutating func absorbLinear(_ l: Int) {
    let (below, above) = (layers[l], layers[l + 1])
    let width = below.weights.first?.count ?? 0
    layers[l + 1].weights = above.weights.map { row in
      (0..<width).map { input in row.indices.reduce(0) { $0 + row[$1] * below.weights[$1][input] } }
    }
    if !below.biases.isEmpty, !above.biases.isEmpty {
      layers[l + 1].biases = zip(above.weights, above.biases).map { Linear.dot($0, below.biases) + $1 }
    }
    layers.remove(at: l)
  }
}
