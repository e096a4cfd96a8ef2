/// System B2 with dropout: each hidden activation is multiplied by its mask, in the forward and in the backward pass.
///
///     aˡ = mˡ ⊙ σ(zˡ),   δˡ = mˡ ⊙ (Wˡ⁺¹ᵀδˡ⁺¹) ⊙ σ′(zˡ),   ∇Wˡ = δˡ(aˡ⁻¹)ᵀ,   ∇bˡ = δˡ        mˡᵢ is 0 or 1/(1 − p)
///
/// Source: Srivastava et al. 2014, with the factor 1/(1 − p) in training instead of 1 − p in evaluation.
extension LayeredNetwork {
  /// The loss of one sample, and its derivatives.
  /// - Parameter masks: one factor for each unit of each hidden layer.
  public func gradient(_ x: [Double], _ y: [Double], masks: [[Double]]) -> (loss: Double, gradient: Gradient) {
    var s: [[Double]] = []
    var a = [x]
    for l in w.indices {
      s.append(
        w[l].indices.map { j in
          var sum = b[l][j]
          for k in w[l][j].indices { sum += w[l][j][k] * a[l][k] }
          return sigma(sum)
        })
      a.append(l < masks.count ? zip(masks[l], s[l]).map { $0 * $1 } : s[l])
    }
    let last = w.count - 1
    var delta = w.map { $0.map { _ in 0.0 } }
    var loss = 0.0
    for j in w[last].indices {
      loss += (s[last][j] - y[j]) * (s[last][j] - y[j])
      delta[last][j] = 2 * (s[last][j] - y[j]) * s[last][j] * (1 - s[last][j])
    }
    for l in stride(from: last - 1, through: 0, by: -1) {
      for k in w[l].indices {
        var sum = 0.0
        for j in w[l + 1].indices { sum += w[l + 1][j][k] * delta[l + 1][j] }
        delta[l][k] = masks[l][k] * sum * s[l][k] * (1 - s[l][k])
      }
    }
    let byWeight = w.indices.map { l in delta[l].map { d in a[l].map { d * $0 } } }
    return (loss, Gradient(w: byWeight, b: delta, delta: delta))
  }
}
