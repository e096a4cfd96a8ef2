import Lanes

extension ActivationKind {
  /// a = φ(z), for the activations whose slope is a function of a; z for the others.
  @inline(__always)
  func value<Block: ColumnBlock>(_ z: Block) -> Block {
    switch self {
    case .identity, .softmax, .softplus, .sine, .function: return z
    case .sigmoid: return z.map { Block.V.sigmoid($0) }
    case .tanh: return z.map { Block.V.tanh($0) }
    case .relu: return z.map { Block.V.max(.zero, $0) }
    case .leakyReLU(let leak):
      let leak = Block.V(repeating: Block.V.Scalar(leak))
      return z.map { Block.V.whereLess(.zero, $0, $0, leak * $0) }
    }
  }

  /// δ·φ′(z), where φ′ is a function of a = φ(z).
  @inline(__always)
  func timesSlope<Block: ColumnBlock>(_ delta: Block, at a: Block) -> Block {
    let one = Block.V.constant(1)
    switch self {
    case .identity, .softmax, .softplus, .sine, .function: return delta
    case .sigmoid: return delta.map(with: a) { $0 * ($1 * (one - $1)) }
    case .tanh: return delta.map(with: a) { $0 * Block.V.fma(-$1, $1, one) }
    case .relu: return delta.map(with: a) { Block.V.whereLess(.zero, $1, $0, .zero) }
    case .leakyReLU(let leak):
      let leak = Block.V(repeating: Block.V.Scalar(leak))
      return delta.map(with: a) { Block.V.whereLess(.zero, $1, $0, leak * $0) }
    }
  }

  /// a = φ(z) for `count` vectors, in place. Softplus and sine leave φ′(z) in `slope`.
  @inline(__always)
  func apply<V: LaneVector>(_ z: UnsafeMutablePointer<V>, slope: UnsafeMutablePointer<V>?, count: Int) {
    switch self {
    case .softplus:
      for i in 0..<count {
        slope?[i] = V.sigmoid(z[i])
        z[i] = V.softplus(z[i])
      }
    case .sine:
      for i in 0..<count {
        let (sin, cos) = V.sincos(z[i])
        slope?[i] = cos
        z[i] = sin
      }
    default:
      for i in 0..<count { z[i] = value(Single(repeating: z[i])).a }
    }
  }

  /// δ ← δ·φ′(z) for `count` vectors, φ′ from a = φ(z) or as the forward pass kept it.
  @inline(__always)
  func multiplyBySlope<V: LaneVector>(
    _ delta: UnsafeMutablePointer<V>, _ a: UnsafePointer<V>, slope: UnsafePointer<V>?, count: Int
  ) {
    if keepsSlope, let slope {
      for i in 0..<count { delta[i] = delta[i] * slope[i] }
    } else {
      for i in 0..<count { delta[i] = timesSlope(Single(repeating: delta[i]), at: Single(repeating: a[i])).a }
    }
  }
}
