/// System D: a chain of single tanh units without biases.
///
///     f₀ = x,  zᵢ = fᵢ₋₁wᵢ,  fᵢ = tanh zᵢ,  i = 1 … L
///     loss = (y − f_L)²; elsewhere in the notes ½(y − f_L)², which halves every derivative
public struct TanhChain {
  /// w[0] is w₁.
  public var w: [Double]
  /// 1 for (y − f_L)², ½ for ½(y − f_L)².
  public var factor: Double

  /// A chain of weights, with a factor 1 or ½ in front of the loss.
  public init(w: [Double], factor: Double = 1) {
    self.w = w
    self.factor = factor
  }

  /// f₀ … f_L
  public func forward(_ x: Double) -> [Double] {
    var f = [x]
    for weight in w { f.append(hyperbolicTangent(f[f.count - 1] * weight)) }
    return f
  }

  /// factor·(y − f_L)²
  public func loss(_ x: Double, _ y: Double) -> Double {
    let error = y - forward(x)[w.count]
    return factor * error * error
  }

  /// δᵢ = ∂loss/∂zᵢ and ∂loss/∂wᵢ by the recursion from the end.
  public func gradient(_ x: Double, _ y: Double) -> (w: [Double], delta: [Double]) {
    let f = forward(x)
    let last = w.count
    var delta = w.map { _ in 0.0 }
    // δ_L = 2(f_L − y)(1 − f_L²)
    delta[last - 1] = factor * 2 * (f[last] - y) * (1 - f[last] * f[last])
    // δᵢ = (1 − fᵢ²)·wᵢ₊₁·δᵢ₊₁
    for i in stride(from: last - 1, to: 0, by: -1) { delta[i - 1] = (1 - f[i] * f[i]) * w[i] * delta[i] }
    // ∂loss/∂wᵢ = fᵢ₋₁·δᵢ
    return (w.indices.map { f[$0] * delta[$0] }, delta)
  }

  /// The recursion unrolled: ∂loss/∂w₁ = x · Πᵢ₌₁ᴸ(1 − fᵢ²) · Πᵢ₌₂ᴸ wᵢ · 2(f_L − y).
  public func unrolledFirstDerivative(_ x: Double, _ y: Double) -> Double {
    let f = forward(x)
    var product = x * factor * 2 * (f[w.count] - y)
    for i in 1...w.count { product *= 1 - f[i] * f[i] }
    for i in 1..<w.count { product *= w[i] }
    return product
  }

  /// w ← w − η·∂loss/∂w for one sample.
  public mutating func step(_ x: Double, _ y: Double, eta: Double) {
    let gradient = gradient(x, y)
    for i in w.indices { w[i] -= eta * gradient.w[i] }
  }
}
