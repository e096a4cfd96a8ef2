import Lanes
import Learning

extension Activation {
  /// φ, φ′ and φ″ in eight lanes, in the engine's own elementary functions; kinks count as flat. Softmax is not a function
  /// of one number: its layer treats it apart.
  @inline(__always)
  func bend(_ z: SIMD8<Double>) -> Bend {
    typealias V = SIMD8<Double>
    let (zero, one) = (V.zero, V.constant(1))
    switch self {
    case .identity, .softmax: return Bend(value: z, first: one, second: zero)
    case .sigmoid:
      let s = V.sigmoid(z)
      let slope = s * (one - s)
      return Bend(value: s, first: slope, second: slope * (one - (s + s)))
    case .tanh:
      let f = V.tanh(z)
      let slope = V.fma(-f, f, one)
      return Bend(value: f, first: slope, second: V.constant(-2) * f * slope)
    case .relu:
      return Bend(value: V.max(zero, z), first: V.whereLess(zero, z, one, zero), second: zero)
    case .leakyReLU(let leak):
      let leak = V(repeating: leak)
      return Bend(value: V.whereLess(zero, z, z, leak * z), first: V.whereLess(zero, z, one, leak), second: zero)
    case .softplus:
      let s = V.sigmoid(z)
      return Bend(value: V.softplus(z), first: s, second: s * (one - s))
    case .sine:
      let (sin, cos) = V.sincos(z)
      return Bend(value: sin, first: cos, second: -sin)
    case .function(let function): return function.bend(z)
    }
  }
}

extension ActivationFunction {
  /// Lane by lane; the second derivative, which is not declared, by a central difference of the slope.
  @inline(never)
  fileprivate func bend(_ z: SIMD8<Double>) -> Bend {
    var bend = Bend(value: .zero, first: .zero, second: .zero)
    for lane in 0..<8 {
      let h = 1e-5 * Swift.max(1, Swift.abs(z[lane]))
      bend.value[lane] = value(z[lane])
      bend.first[lane] = slope(z[lane])
      bend.second[lane] = (slope(z[lane] + h) - slope(z[lane] - h)) / (2 * h)
    }
    return bend
  }
}

extension Loss {
  /// One output's loss d(y, t) without its factor, with ∂d/∂y and ∂²d/∂y². Cross-entropies read logits and are not here.
  @inline(__always)
  func bend(_ y: SIMD8<Double>, _ t: SIMD8<Double>) -> Bend {
    typealias V = SIMD8<Double>
    let error = y - t
    switch self {
    case .absoluteError:
      let sign = V.whereEqual(error, .zero, .zero, V.copysign(V.constant(1), error))
      return Bend(value: V.abs(error), first: sign, second: .zero)
    case .custom(let distance): return distance.bend(y, t)
    case .squaredError, .binaryCrossEntropy, .crossEntropy:
      return Bend(value: error * error, first: error + error, second: V.constant(2))
    }
  }
}

extension Distance {
  /// Lane by lane; the second derivative, which is not declared, by a central difference of the first.
  fileprivate func bend(_ y: SIMD8<Double>, _ t: SIMD8<Double>) -> Bend {
    var bend = Bend(value: .zero, first: .zero, second: .zero)
    for lane in 0..<8 {
      let h = 1e-5 * Swift.max(1, Swift.abs(y[lane]))
      bend.value[lane] = value(y[lane], t[lane])
      bend.first[lane] = derivative(y[lane], t[lane])
      bend.second[lane] = (derivative(y[lane] + h, t[lane]) - derivative(y[lane] - h, t[lane])) / (2 * h)
    }
    return bend
  }
}
