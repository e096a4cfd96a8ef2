import Learning

/// Weights and biases of a layer: the shape in which textbook and engine exchange parameters and derivatives.
///
/// `w[unit][input]`; `b` is empty where a layer has no biases.
struct LayerValues: Sendable {
  var w: [[Double]]
  var b: [Double]

  /// The weights with the bias in front of each row, as component 0.
  var rows: [[Double]] { w.indices.map { [b.isEmpty ? 0 : b[$0]] + w[$0] } }

  init(w: [[Double]], b: [Double]) {
    self.w = w
    self.b = b
  }

  /// The inverse of `rows`.
  init(rows: [[Double]]) { self.init(w: rows.map { Array($0.dropFirst()) }, b: rows.map { $0[0] }) }
}

extension [LayerValues] {
  /// The parameters of a network, layer by layer.
  init(_ parameters: [Double], of network: Architecture) {
    self = network.layers.map { layer in
      LayerValues(
        w: (0..<layer.units).map { unit in (0..<layer.inputs).map { parameters[layer.weight(unit, $0)] } },
        b: layer.hasBias ? (0..<layer.units).map { parameters[layer.bias($0)] } : [])
    }
  }

  /// The numbers in the engine's order: per layer the rows of weights, then the biases. Derivatives by biases that the network does not have are left out.
  func packed(for network: Architecture) -> [Double] {
    zip(self, network.layers).flatMap { values, layer in values.w.flatMap(\.self) + (layer.hasBias ? values.b : []) }
  }
}
