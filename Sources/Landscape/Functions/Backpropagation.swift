import Lanes
import Learning

/// Forward and backward pass of a network over all training samples, in any number that lanes can hold.
///
///     zˡ = Wˡaˡ⁻¹ + bˡ,  aˡ = φ(zˡ)            kept: aˡ and φ′(zˡ)
///     δᴸ = ∂E/∂zᴸ,  δˡ⁻¹ = (Wˡᵀδˡ) ⊙ φ′(zˡ⁻¹)
///     ∂E/∂Wˡ = δˡaˡ⁻¹ᵀ,  ∂E/∂bˡ = δˡ
struct Backpropagation<N: LaneNumber> {
  typealias V = SIMD8<Double>

  private let layers: [Architecture.Layer]
  private let loss: Loss
  private let data: Dataset
  private let factor: V
  private let readsLogits: Bool
  private let isSoftmax: Bool
  /// Whether the output layer keeps zᴸ where other layers keep φ′: its φ′ is not needed then.
  private var keepsLogits: Bool { readsLogits || isSoftmax }
  private let theta: UnsafePointer<N>
  /// Activations of all layers one after another, the input first; φ′ at the same places; δ of two layers.
  private let a: UnsafeMutablePointer<N>
  private let slope: UnsafeMutablePointer<N>
  private let delta: UnsafeMutablePointer<N>
  private let widest: Int
  /// Where the output layer's numbers begin in `a` and `slope`, and how many there are.
  private let outputs: Int
  private let outputCount: Int

  /// The loss, in every lane, of the parameters in that lane; adds its gradient to `gradient`.
  static func run(_ function: NetworkLoss, _ theta: UnsafePointer<N>, gradient: UnsafeMutablePointer<N>?) -> V {
    with(function, theta) { pass in
      var sum = V.zero
      for sample in 0..<function.data.training.count {
        pass.forward(sample)
        sum = sum + pass.loss(sample)
        if let gradient { pass.backward(sample, gradient) }
      }
      return sum * pass.factor
    }
  }

  /// The outputs for every sample, one after another.
  static func outputs(_ function: NetworkLoss, _ theta: UnsafePointer<N>) -> [N] {
    with(function, theta) { pass in
      (0..<function.data.training.count).flatMap { sample in
        pass.forward(sample)
        return (0..<pass.outputCount).map { pass.a[pass.outputs + $0] }
      }
    }
  }

  private static func with<Result>(
    _ function: NetworkLoss, _ theta: UnsafePointer<N>, _ work: (Backpropagation) -> Result
  ) -> Result {
    let architecture = function.architecture
    let units = architecture.layers.reduce(architecture.inputs) { $0 + $1.units }
    let widest = architecture.layers.reduce(architecture.inputs) { max($0, $1.units) }
    let base = UnsafeMutablePointer<N>.allocate(capacity: 2 * units + 2 * widest)
    defer { base.deallocate() }
    return work(
      Backpropagation(
        layers: architecture.layers, loss: function.loss, data: function.data,
        factor: V(repeating: function.loss.factor(samples: function.data.training.count)),
        readsLogits: function.loss == .binaryCrossEntropy || function.loss == .crossEntropy,
        isSoftmax: architecture.layers.last?.activations[0] == .softmax, theta: theta, a: base, slope: base + units,
        delta: base + 2 * units, widest: widest, outputs: units - architecture.outputs,
        outputCount: architecture.outputs))
  }

  // MARK: Forward

  private func forward(_ sample: Int) {
    let inputs = data.inputCount
    for i in 0..<inputs { a[i] = N(constant: V(repeating: data.training.inputs[sample * inputs + i])) }
    var below = a
    var slopes = slope + inputs
    for (index, layer) in layers.enumerated() {
      let isLast = index == layers.count - 1
      let output = below + layer.inputs
      for unit in 0..<layer.units {
        var z = layer.hasBias ? theta[layer.bias(unit)] : N(constant: .zero)
        let row = theta + layer.weight(unit, 0)
        for i in 0..<layer.inputs { z = N.fma(row[i], below[i], z) }
        let activation = layer.activation(of: unit)
        let found = N.apply({ activation.bend($0) }, to: z)
        output[unit] = found.value
        slopes[unit] = isLast && keepsLogits ? z : found.slope
      }
      below = output
      slopes += layer.units
    }
    if isSoftmax { softmax(below) }
  }

  /// pₖ = e^(zₖ − m) / Σⱼ e^(zⱼ − m),  m = maxⱼ zⱼ
  private func softmax(_ z: UnsafeMutablePointer<N>) {
    let top = greatestLogit
    var sum = N(constant: .zero)
    for k in 0..<outputCount {
      z[k] = N.apply({ exponential($0) }, to: z[k] - N(constant: top)).value
      sum = sum + z[k]
    }
    for k in 0..<outputCount { z[k] = z[k] / sum }
  }

  private var greatestLogit: V {
    let z = slope + outputs
    var top = z[0].value
    for k in 1..<max(1, outputCount) { top = V.max(top, z[k].value) }
    return top
  }

  // MARK: Loss

  private func target(_ sample: Int, _ k: Int) -> V {
    V(repeating: data.training.targets[sample * data.outputCount + k])
  }

  private func targetSum(_ sample: Int) -> V { (0..<outputCount).reduce(V.zero) { $0 + target(sample, $1) } }

  /// The sample's loss without its factor.
  private func loss(_ sample: Int) -> V {
    let (y, z) = (a + outputs, slope + outputs)
    var sum = V.zero
    switch loss {
    case .binaryCrossEntropy:
      for k in 0..<outputCount { sum = sum + V.fma(-target(sample, k), z[k].value, V.softplus(z[k].value)) }
    case .crossEntropy:
      let top = greatestLogit
      var total = V.zero
      for k in 0..<outputCount {
        total = total + V.exp(z[k].value - top)
        sum = V.fma(-target(sample, k), z[k].value, sum)
      }
      sum = data.hasUnitTargets ? sum + top + V.log(total) : V.fma(targetSum(sample), top + V.log(total), sum)
    default:
      for k in 0..<outputCount { sum = sum + loss.bend(y[k].value, target(sample, k)).value }
    }
    return sum
  }

  // MARK: Backward

  private func backward(_ sample: Int, _ gradient: UnsafeMutablePointer<N>) {
    var above = delta
    var below = delta + widest
    outputErrors(sample, above)
    var place = outputs
    for (index, layer) in layers.enumerated().reversed() {
      let input = a + place - layer.inputs
      for unit in 0..<layer.units {
        let row = gradient + layer.weight(unit, 0)
        for i in 0..<layer.inputs { row[i] = N.fma(above[unit], input[i], row[i]) }
        if layer.hasBias { gradient[layer.bias(unit)] = gradient[layer.bias(unit)] + above[unit] }
      }
      place -= layer.inputs
      if index == 0 { break }
      for i in 0..<layer.inputs {
        var error = N(constant: .zero)
        for unit in 0..<layer.units { error = N.fma(theta[layer.weight(unit, i)], above[unit], error) }
        below[i] = error * slope[place + i]
      }
      swap(&above, &below)
    }
  }

  /// δᴸ
  private func outputErrors(_ sample: Int, _ delta: UnsafeMutablePointer<N>) {
    let y = a + outputs
    let scale = N(constant: factor)
    if readsLogits {
      // The output's own slope cancels against the loss's: p·Σt − t for classes, where Σt is 1 unless classes have weights.
      let isWeighted = loss == .crossEntropy && !data.hasUnitTargets
      let weight = N(constant: isWeighted ? targetSum(sample) : V.constant(1))
      for k in 0..<outputCount {
        let p = isWeighted ? y[k] * weight : y[k]
        delta[k] = (p - N(constant: target(sample, k))) * scale
      }
      return
    }
    for k in 0..<outputCount {
      let t = target(sample, k)
      // d′ as a function of y, whose own slope is d″.
      let error = N.apply(
        { y in
          let bend = loss.bend(y, t)
          return Bend(value: bend.first, first: bend.second, second: .zero)
        }, to: y[k]
      ).value
      delta[k] = error * scale
      if !isSoftmax { delta[k] = delta[k] * slope[outputs + k] }
    }
    if !isSoftmax { return }
    // ∂E/∂zₖ = pₖ(gₖ − Σⱼ gⱼpⱼ)
    var mean = N(constant: .zero)
    for k in 0..<outputCount { mean = N.fma(delta[k], y[k], mean) }
    for k in 0..<outputCount { delta[k] = y[k] * (delta[k] - mean) }
  }
}

@inline(__always)
private func exponential(_ x: SIMD8<Double>) -> Bend {
  let e = SIMD8<Double>.exp(x)
  return Bend(value: e, first: e, second: e)
}
