import Lanes

/// A layer's gradient for a single sample: the outer product of δ and the layer's inputs.
///
///     ∂E/∂w(o, i) = δ(o)·x(i)     ∂E/∂b(o) = δ(o)     ‖·‖² = Σ δ(o)² · (Σ x(i)² + 1)
///
/// Norm and update need no gradient in memory. The time of a small network's step depends on how often its parameters, or as
/// many other numbers, pass through the cache.
struct OuterProduct<Axis: LaneAxis> {
  typealias V = Axis.V

  let delta: Rows<V>
  let x: Rows<V>
  let layer: LayerPlan<V>

  @inline(__always)
  var squares: V {
    let inputs = x.squares(layer.inputs)
    return delta.squares(layer.units) * (layer.biases < 0 ? inputs : inputs + V.constant(1))
  }

  /// θ ← θ − η∇E, with the roundings of a gradient that is kept. The longer side runs innermost.
  @inline(__always)
  func descend(_ parameters: UnsafeMutablePointer<V>, rate: V) {
    let down = -rate
    let w = parameters + layer.weights
    if layer.units > layer.inputs {
      for i in 0..<layer.inputs { add(down, x.row(i)[0], delta, layer.units, to: w + i, stride: layer.inputs) }
    } else {
      for o in 0..<layer.units { add(down, delta.row(o)[0], x, layer.inputs, to: w + o &* layer.inputs, stride: 1) }
    }
    if layer.biases >= 0 {
      let b = parameters + layer.biases
      for o in 0..<layer.units { b[o] = V.fma(down, delta.row(o)[0], b[o]) }
    }
  }

  /// w(k) ← w(k) + down·(factor·row(k))
  @inline(__always)
  private func add(
    _ down: V, _ factor: V, _ rows: Rows<V>, _ count: Int, to target: UnsafeMutablePointer<V>, stride: Int
  ) {
    var w = target
    for k in 0..<count {
      w[0] = V.fma(down, factor * rows.row(k)[0], w[0])
      w += stride
    }
  }
}
