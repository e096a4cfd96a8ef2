import Lanes

extension Activation {
  /// a = φ(z) for `count` vectors, in place. Softplus and sine leave φ′(z) in `slope`.
  @inline(__always)
  func apply<V: LaneVector>(_ z: UnsafeMutablePointer<V>, slope: UnsafeMutablePointer<V>?, count: Int) {
    switch self {
    case .identity, .softmax: break
    case .sigmoid: for i in 0..<count { z[i] = V.sigmoid(z[i]) }
    case .tanh: for i in 0..<count { z[i] = V.tanh(z[i]) }
    case .relu: for i in 0..<count { z[i] = V.max(V.zero, z[i]) }
    case .leakyReLU(let leak):
      let leak = V(repeating: V.Scalar(leak))
      for i in 0..<count { z[i] = V.whereLess(V.zero, z[i], z[i], leak * z[i]) }
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
    }
  }

  /// δ ← δ·φ′(z) for `count` vectors, φ′ taken from a = φ(z) where it is a function of a.
  @inline(__always)
  func multiplyBySlope<V: LaneVector>(
    _ delta: UnsafeMutablePointer<V>, _ a: UnsafePointer<V>, slope: UnsafePointer<V>?, count: Int
  ) {
    let one = V.constant(1)
    switch self {
    case .identity, .softmax: break
    case .sigmoid: for i in 0..<count { delta[i] = delta[i] * (a[i] * (one - a[i])) }
    case .tanh: for i in 0..<count { delta[i] = delta[i] * V.fma(-a[i], a[i], one) }
    case .relu: for i in 0..<count { delta[i] = V.whereLess(V.zero, a[i], delta[i], V.zero) }
    case .leakyReLU(let leak):
      let leak = V(repeating: V.Scalar(leak))
      for i in 0..<count { delta[i] = V.whereLess(V.zero, a[i], delta[i], leak * delta[i]) }
    case .softplus, .sine:
      guard let slope else { return }
      for i in 0..<count { delta[i] = delta[i] * slope[i] }
    }
  }
}
