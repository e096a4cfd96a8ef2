public import Learning

/// The loss of a network on data as a function of its parameters, with exact first and second derivatives.
///
/// Second derivatives come from differentiating backpropagation itself along a direction v (forward over reverse):
///
///     R{zˡ} = Wˡ R{aˡ⁻¹} + Vˡ aˡ⁻¹ + vˡ,   R{aˡ} = φ′(zˡ) R{zˡ}
///     R{δˡ} = R{eˡ} φ′(zˡ) + eˡ φ″(zˡ) R{zˡ},   e = Wᵀδ,  R{e} = Wᵀ R{δ} + Vᵀδ
///     (Hv) by Wˡ = R{δˡ} aˡ⁻¹ᵀ + δˡ R{aˡ⁻¹}ᵀ
///
/// Exact up to rounding, wherever φ is twice differentiable; ReLU's kinks count as flat. Source: Pearlmutter 1994,
/// doi:10.1162/neco.1994.6.1.147. One number at a time: for networks of up to a few hundred parameters.
public struct NetworkLoss: Sendable {
  public let architecture: Architecture
  public let loss: Loss
  public let data: Dataset

  public init(architecture: Architecture, loss: Loss, data: Dataset) {
    self.architecture = architecture
    self.loss = loss
    self.data = data
  }

  public var parameterCount: Int { architecture.parameterCount }

  /// ∇E(θ)
  public func gradient(_ theta: [Double]) -> [Double] {
    derivatives(theta, along: Array(repeating: 0, count: theta.count)).gradient
  }

  /// H(θ)v
  public func hessianProduct(_ theta: [Double], _ v: [Double]) -> [Double] { derivatives(theta, along: v).product }

  /// H(θ), row by row.
  public func hessian(_ theta: [Double]) -> [[Double]] {
    theta.indices.map { i in
      var v = Array(repeating: 0.0, count: theta.count)
      v[i] = 1
      return hessianProduct(theta, v)
    }
  }

  private func derivatives(_ theta: [Double], along v: [Double]) -> (gradient: [Double], product: [Double]) {
    var gradient = Array(repeating: 0.0, count: theta.count)
    var product = gradient
    for sample in 0..<data.training.count {
      add(sample, theta, v, to: &gradient, &product)
    }
    return (gradient, product)
  }

  // MARK: One sample

  /// A unit's weighted input and output, and how both change along the direction.
  private struct Unit {
    var z, a, rz, ra: Double
  }

  private func add(
    _ sample: Int, _ theta: [Double], _ v: [Double], to gradient: inout [Double], _ product: inout [Double]
  ) {
    let x = (0..<data.inputCount).map { data.training.inputs[sample * data.inputCount + $0] }
    let t = (0..<data.outputCount).map { data.training.targets[sample * data.outputCount + $0] }
    var passes = [x.map { Unit(z: $0, a: $0, rz: 0, ra: 0) }]
    for layer in architecture.layers { passes.append(forward(layer, passes[passes.count - 1], theta, v)) }
    var (delta, rDelta) = outputErrors(passes[passes.count - 1], t)
    for (index, layer) in architecture.layers.enumerated().reversed() {
      let below = passes[index]
      for unit in 0..<layer.units {
        for input in 0..<layer.inputs {
          gradient[layer.weight(unit, input)] += delta[unit] * below[input].a
          product[layer.weight(unit, input)] += rDelta[unit] * below[input].a + delta[unit] * below[input].ra
        }
        if layer.hasBias {
          gradient[layer.bias(unit)] += delta[unit]
          product[layer.bias(unit)] += rDelta[unit]
        }
      }
      if index > 0 { (delta, rDelta) = passDown(layer, index, below, delta, rDelta, theta, v) }
    }
  }

  private func forward(_ layer: Architecture.Layer, _ below: [Unit], _ theta: [Double], _ v: [Double]) -> [Unit] {
    var units = (0..<layer.units).map { unit -> Unit in
      var z = layer.hasBias ? theta[layer.bias(unit)] : 0
      var rz = layer.hasBias ? v[layer.bias(unit)] : 0
      for input in 0..<layer.inputs {
        let index = layer.weight(unit, input)
        z += theta[index] * below[input].a
        rz += theta[index] * below[input].ra + v[index] * below[input].a
      }
      return Unit(z: z, a: z, rz: rz, ra: rz)
    }
    if layer.activations[0] == .softmax {
      let top = units.map(\.z).max() ?? 0
      let e = units.map { Exact.exp($0.z - top) }
      let sum = e.reduce(0, +)
      let p = e.map { $0 / sum }
      let mean = zip(p, units).reduce(0) { $0 + $1.0 * $1.1.rz }
      for k in units.indices {
        units[k].a = p[k]
        units[k].ra = p[k] * (units[k].rz - mean)
      }
    } else {
      for k in units.indices {
        let phi = layer.activation(of: k).derivatives(units[k].z)
        units[k].a = phi.value
        units[k].ra = phi.first * units[k].rz
      }
    }
    return units
  }

  private func passDown(
    _ layer: Architecture.Layer, _ index: Int, _ below: [Unit], _ delta: [Double], _ rDelta: [Double],
    _ theta: [Double], _ v: [Double]
  ) -> ([Double], [Double]) {
    let lower = architecture.layers[index - 1]
    var (result, rResult) = ([Double](), [Double]())
    for input in 0..<layer.inputs {
      var (e, re) = (0.0, 0.0)
      for unit in 0..<layer.units {
        let place = layer.weight(unit, input)
        e += theta[place] * delta[unit]
        re += theta[place] * rDelta[unit] + v[place] * delta[unit]
      }
      let phi = lower.activation(of: input).derivatives(below[input].z)
      result.append(e * phi.first)
      rResult.append(re * phi.first + e * phi.second * below[input].rz)
    }
    return (result, rResult)
  }

  // MARK: The loss

  /// δᴸ and R{δᴸ}.
  private func outputErrors(_ units: [Unit], _ t: [Double]) -> ([Double], [Double]) {
    let factor = loss.factor(samples: data.training.count)
    if loss == .binaryCrossEntropy || loss == .crossEntropy {
      // The output's own slope cancels against the loss's.
      return (zip(units, t).map { factor * ($0.a - $1) }, units.map { factor * $0.ra })
    }
    let slopes = zip(units, t).map { factor * loss.slope($0.a, $1) }
    let bends = zip(units, t).map { factor * loss.bend($0.a, $1) * $0.ra }
    guard let layer = architecture.layers.last else { return ([], []) }
    if layer.activations[0] == .softmax {
      let mean = zip(slopes, units).reduce(0) { $0 + $1.0 * $1.1.a }
      let rMean = units.indices.reduce(0) { $0 + bends[$1] * units[$1].a + slopes[$1] * units[$1].ra }
      return (
        units.indices.map { units[$0].a * (slopes[$0] - mean) },
        units.indices.map { units[$0].ra * (slopes[$0] - mean) + units[$0].a * (bends[$0] - rMean) }
      )
    }
    let phi = units.indices.map { layer.activation(of: $0).derivatives(units[$0].z) }
    return (
      units.indices.map { slopes[$0] * phi[$0].first },
      units.indices.map { bends[$0] * phi[$0].first + slopes[$0] * phi[$0].second * units[$0].rz }
    )
  }
}

extension Loss {
  /// ∂/∂y of one output's loss without its factor.
  fileprivate func slope(_ y: Double, _ t: Double) -> Double {
    switch self {
    case .squaredError: 2 * (y - t)
    case .absoluteError: y == t ? 0 : y > t ? 1 : -1
    case .custom(let distance): distance.derivative(y, t)
    case .binaryCrossEntropy, .crossEntropy: y - t
    }
  }

  /// ∂²/∂y² of it; of a custom distance by a central difference of its derivative.
  fileprivate func bend(_ y: Double, _ t: Double) -> Double {
    switch self {
    case .squaredError: return 2
    case .absoluteError: return 0
    case .custom(let distance):
      let h = 1e-5 * max(1, abs(y))
      return (distance.derivative(y + h, t) - distance.derivative(y - h, t)) / (2 * h)
    case .binaryCrossEntropy, .crossEntropy: return 1
    }
  }
}

extension Activation {
  /// φ, φ′ and φ″ at z, in the engine's own elementary functions; softmax is not a function of one number.
  fileprivate func derivatives(_ z: Double) -> (value: Double, first: Double, second: Double) {
    switch self {
    case .identity, .softmax: return (z, 1, 0)
    case .sigmoid:
      let s = Exact.sigmoid(z)
      return (s, s * (1 - s), s * (1 - s) * (1 - 2 * s))
    case .tanh:
      let f = Exact.tanh(z)
      return (f, 1 - f * f, -2 * f * (1 - f * f))
    case .relu: return z > 0 ? (z, 1, 0) : (0, 0, 0)
    case .leakyReLU(let leak): return z > 0 ? (z, 1, 0) : (leak * z, leak, 0)
    case .softplus:
      let s = Exact.sigmoid(z)
      return (max(z, 0) + Exact.log(1 + Exact.exp(-abs(z))), s, s * (1 - s))
    case .sine:
      let (sin, cos) = Exact.sincos(z)
      return (sin, cos, -sin)
    }
  }
}
