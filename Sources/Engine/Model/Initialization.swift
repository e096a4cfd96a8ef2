import Lanes

/// The distribution of a run's initial weights, drawn from the run's own stream: layer by layer from the input, each layer's
/// weights (fan-in × fan-out) row by row, then its biases where they are drawn at all.
///
/// fan_in is the number of inputs of a layer, fan_out its number of units. Biases are 0 unless they are drawn.
public struct Initialization: Hashable, Sendable {
  /// The distributions of initial parameters.
  public enum Kind: Hashable, Sendable {
    /// scale·N(0, 1)
    case normal
    /// scale·U(−1, 1)
    case uniform
    /// scale·N(0, 1)/√fan_in
    case fanIn
    /// scale·U(−a, a), a = √(6/(fan_in + fan_out)); Glorot & Bengio 2010
    case glorot
    /// scale·N(0, 1)·√(2/fan_in); He et al. 2015, doi:10.1109/ICCV.2015.123
    case he
    /// scale everywhere
    case constant
    /// the parameters themselves, in the network's order (per layer: one row of weights per unit, then the biases)
    case explicit([Double])
  }

  /// The distribution.
  public var kind: Kind
  /// The factor in front, finite and not negative; σ₀ in figures. An explicit start does not use it.
  public var scale: Double
  /// Whether biases are drawn like weights. Otherwise they are 0 at first.
  public var drawsBiases: Bool

  /// A distribution with its factor.
  public init(_ kind: Kind, scale: Double = 1, drawsBiases: Bool = false) {
    self.kind = kind
    self.scale = scale
    self.drawsBiases = drawsBiases
  }

  /// Weights scale·N(0, 1); biases 0, or drawn likewise where `biases` is true.
  public static func normal(scale: Double, biases: Bool = false) -> Self {
    Self(.normal, scale: scale, drawsBiases: biases)
  }
  /// Weights scale·U(−1, 1); biases 0, or drawn likewise where `biases` is true.
  public static func uniform(scale: Double, biases: Bool = false) -> Self {
    Self(.uniform, scale: scale, drawsBiases: biases)
  }
  /// Weights scale·N(0, 1)/√fan_in, biases 0.
  public static func fanIn(scale: Double = 1) -> Self { Self(.fanIn, scale: scale) }
  /// Weights scale·U(−a, a) with a = √(6/(fan_in + fan_out)), biases 0; Glorot & Bengio 2010.
  public static func glorot(scale: Double = 1) -> Self { Self(.glorot, scale: scale) }
  /// Weights scale·N(0, 1)·√(2/fan_in), biases 0; He et al. 2015, doi:10.1109/ICCV.2015.123.
  public static func he(scale: Double = 1) -> Self { Self(.he, scale: scale) }
  /// All weights and biases equal to a value.
  public static func constant(_ value: Double) -> Self { Self(.constant, scale: value, drawsBiases: true) }
  /// All weights and biases 0.
  public static let zero = Self(.constant, scale: 0, drawsBiases: true)
  /// The parameters themselves, one number for each: per layer one row of weights per unit, then the biases.
  public static func explicit(_ parameters: [Double]) -> Self { Self(.explicit(parameters)) }

  /// The name in descriptions.
  public var name: String {
    switch kind {
    case .normal: "normal"
    case .uniform: "uniform"
    case .fanIn: "fan-in"
    case .glorot: "glorot"
    case .he: "he"
    case .constant: "constant"
    case .explicit(let values): "explicit(\(values))"
    }
  }

  /// The initial parameters of a network for a seed, in the network's order.
  public func parameters(of network: Architecture, seed: UInt64) -> [Double] {
    if case .explicit(let values) = kind { return values }
    var source = Source(kind: kind, stream: RandomStream(seed: seed, role: .weights))
    source.prepare(count: drawsBiases ? network.parameterCount : network.weightCount)
    var result = [Double](repeating: 0, count: network.parameterCount)
    for layer in network.layers {
      let width = factor(fanIn: layer.inputs, fanOut: layer.units) * scale
      for i in 0..<layer.inputs {
        for o in 0..<layer.units {
          result[layer.weight(o, i)] = width * source.next()
        }
      }
      if drawsBiases, layer.hasBias {
        for o in 0..<layer.units { result[layer.bias(o)] = width * source.next() }
      }
    }
    return result
  }

  private func factor(fanIn: Int, fanOut: Int) -> Double {
    switch kind {
    case .normal, .uniform, .constant, .explicit: 1
    case .fanIn: 1 / Double(fanIn).squareRoot()
    case .glorot: (6 / Double(fanIn + fanOut)).squareRoot()
    case .he: (2 / Double(fanIn)).squareRoot()
    }
  }

  /// The unscaled numbers, one after another.
  private struct Source {
    let kind: Kind
    let stream: RandomStream
    var normals: [Double] = []
    var position = 0

    mutating func prepare(count: Int) {
      switch kind {
      case .normal, .fanIn, .he: normals = stream.normals(count)
      case .uniform, .glorot, .constant, .explicit: break
      }
    }

    mutating func next() -> Double {
      defer { position += 1 }
      switch kind {
      case .normal, .fanIn, .he: return normals[position]
      case .uniform, .glorot: return 2 * stream.uniform(position) - 1
      case .constant, .explicit: return 1
      }
    }
  }
}
