/// System B3: one hidden layer, written with W and V and the bias as component 0.
///
///     h = σ(W x),  ŷ = σ(V h),  fᵢ = Σ_k (ŷ_k − y_k)²
public struct WVNetwork {
  /// w[m][j]: from component j of x (0: the bias) to hidden unit m.
  public var w: [[Double]]
  /// v[k][m]: from component m of h (0: the bias) to output k.
  public var v: [[Double]]

  /// A network of weights W and V.
  public init(w: [[Double]], v: [[Double]]) {
    self.w = w
    self.v = v
  }

  /// h = [1, h₁ … h_M] of an input without its leading 1.
  public func hidden(_ x: [Double]) -> [Double] { [1] + w.map { sigma(AlphaBetaNetwork.inner($0, [1] + x)) } }

  /// ŷ = σ(Vh)
  public func output(_ x: [Double]) -> [Double] {
    let h = hidden(x)
    return v.map { sigma(AlphaBetaNetwork.inner($0, h)) }
  }

  /// Σ_k (ŷ_k − y_k)²
  public func loss(_ x: [Double], _ y: [Double]) -> Double {
    let yHat = output(x)
    var sum = 0.0
    for k in y.indices { sum += (yHat[k] - y[k]) * (yHat[k] - y[k]) }
    return sum
  }

  /// The errors of one sample: δ at the outputs, γ at the hidden units, both by the weights of this step.
  public func errors(_ x: [Double], _ y: [Double]) -> (delta: [Double], gamma: [Double]) {
    let h = hidden(x)
    let yHat = output(x)
    // δ_k = 2(ŷ_k − y_k)·ŷ_k(1 − ŷ_k)
    let delta = y.indices.map { k in 2 * (yHat[k] - y[k]) * yHat[k] * (1 - yHat[k]) }
    // γ_m = Σ_k δ_k V_km h_m(1 − h_m)
    let gamma = w.indices.map { m in
      var sum = 0.0
      for k in v.indices { sum += delta[k] * v[k][m + 1] * h[m + 1] * (1 - h[m + 1]) }
      return sum
    }
    return (delta, gamma)
  }

  /// ∂f/∂V_km = δ_k h_m,  ∂f/∂W_mj = γ_m x_j
  public func gradient(_ x: [Double], _ y: [Double]) -> (w: [[Double]], v: [[Double]]) {
    let (delta, gamma) = errors(x, y)
    let h = hidden(x)
    return (gamma.map { gamma in ([1] + x).map { gamma * $0 } }, delta.map { delta in h.map { delta * $0 } })
  }

  /// Deepest layer first: V ← V − τ δhᵀ, then W ← W − τ γxᵀ; γ was computed with the old V.
  public mutating func step(_ x: [Double], _ y: [Double], tau: Double) {
    let gradient = gradient(x, y)
    for k in v.indices {
      for m in v[k].indices { v[k][m] -= tau * gradient.v[k][m] }
    }
    for m in w.indices {
      for j in w[m].indices { w[m][j] -= tau * gradient.w[m][j] }
    }
  }
}
