package import Lanes

extension Exact {
  /// A network's outputs for all samples, one after another: as many samples at a time as the vectors have lanes, with the bits of
  /// `output(of:_:at:)`.
  package static func outputs<V: LaneVector>(
    of network: Architecture, _ parameters: [Double], for samples: Dataset.Samples,
    by vectors: V.Type = SIMD8<Double>.self
  ) -> [Double] where V.Scalar == Double {
    let lanes = V.scalarCount
    var outputs = [Double](repeating: 0, count: samples.count * network.outputs)
    for first in stride(from: 0, to: samples.count, by: lanes) {
      let count = min(lanes, samples.count - first)
      var a = (0..<network.inputs).map { input in
        var x = V.zero
        for lane in 0..<count { x[lane] = samples.inputs[(first + lane) * network.inputs + input] }
        return x
      }
      for layer in network.layers { a = activations(of: layer, parameters, a) }
      for (output, y) in a.enumerated() {
        for lane in 0..<count { outputs[(first + lane) * network.outputs + output] = y[lane] }
      }
    }
    return outputs
  }

  private static func activations<V: LaneVector>(
    of layer: Architecture.Layer, _ parameters: [Double], _ a: [V]
  ) -> [V] where V.Scalar == Double {
    var z = (0..<layer.units).map { unit -> V in
      var sum = V(repeating: layer.hasBias ? parameters[layer.bias(unit)] : 0)
      for input in a.indices { sum = sum + V(repeating: parameters[layer.weight(unit, input)]) * a[input] }
      return sum
    }
    guard layer.activations[0] == .softmax, let first = z.first else {
      for unit in z.indices { layer.activation(of: unit).apply(&z[unit], slope: nil, count: 1) }
      return z
    }
    let top = z.reduce(first) { V.whereLess($0, $1, $1, $0) }
    let e = z.map { V.exp($0 - top) }
    let sum = e.reduce(V.zero) { $0 + $1 }
    return e.map { $0 / sum }
  }
}
