import Lanes

/// Elementary functions of single numbers with the bits of the lanes', for data that must be the same everywhere.
public enum Exact {
  private typealias V = SIMD8<Double>

  /// sin x and cos x.
  public static func sincos(_ x: Double) -> (sin: Double, cos: Double) {
    let (sin, cos) = V.sincos(V(repeating: x))
    return (sin[0], cos[0])
  }
  /// sin x
  public static func sin(_ x: Double) -> Double { sincos(x).sin }
  /// eˣ
  public static func exp(_ x: Double) -> Double { V.exp(V(repeating: x))[0] }
  /// ln x
  public static func log(_ x: Double) -> Double { V.log(V(repeating: x))[0] }
  /// tanh x
  public static func tanh(_ x: Double) -> Double { V.tanh(V(repeating: x))[0] }

  static func apply(_ activation: Activation, _ z: Double) -> Double {
    var lanes = V(repeating: z)
    activation.apply(&lanes, slope: nil, count: 1)
    return lanes[0]
  }

  /// A network's outputs for one input, one number at a time.
  public static func output(of network: Architecture, _ parameters: [Double], at input: [Double]) -> [Double] {
    layers(of: network, parameters, at: input).last?.a ?? input
  }

  /// Weighted inputs zˡ and activations aˡ of every layer for one input, the first layer's first.
  public static func layers(
    of network: Architecture, _ parameters: [Double], at input: [Double]
  ) -> [(z: [Double], a: [Double])] {
    var all: [(z: [Double], a: [Double])] = []
    for layer in network.layers {
      let a = all.last?.a ?? input
      let z = (0..<layer.units).map { unit in
        let start = layer.hasBias ? parameters[layer.bias(unit)] : 0
        return a.indices.reduce(start) { $0 + parameters[layer.weight(unit, $1)] * a[$1] }
      }
      if layer.activations[0] == .softmax {
        let top = z.max() ?? 0
        let e = z.map { exp($0 - top) }
        let sum = e.reduce(0, +)
        all.append((z, e.map { $0 / sum }))
      } else {
        all.append((z, z.enumerated().map { apply(layer.activation(of: $0), $1) }))
      }
    }
    return all
  }
}
