/// System B1: one neuron with the logistic function.
///
///     ŷ = σ(⟨x, w⟩ + b),  f(w, b) = (1/n) Σᵢ (yᵢ − ŷᵢ)²
public struct LogisticNeuron {
  /// The weights.
  public var w: [Double]
  /// The bias.
  public var b: Double

  /// A neuron of weights and a bias.
  public init(w: [Double], b: Double) {
    self.w = w
    self.b = b
  }

  /// ŷ = σ(xᵀw + b)
  public func output(_ x: [Double]) -> Double { sigma(AlphaBetaNetwork.inner(w, x) + b) }

  /// fᵢ = (yᵢ − ŷᵢ)², one sample's share of n·f.
  public func loss(_ x: [Double], _ y: Double) -> Double {
    let error = y - output(x)
    return error * error
  }

  /// δ = 2(ŷ − y)·ŷ(1 − ŷ),  ∇_w fᵢ = δx,  ∇_b fᵢ = δ
  public func gradient(_ x: [Double], _ y: Double) -> (w: [Double], b: Double, delta: Double) {
    let yHat = output(x)
    let delta = 2 * (yHat - y) * yHat * (1 - yHat)
    return (x.map { delta * $0 }, delta, delta)
  }

  /// w ← w − τ∇f_{i_t}(w),  b ← b − τ∇f_{i_t}(b), for the one sample drawn at this step.
  public mutating func step(_ x: [Double], _ y: Double, tau: Double) {
    let gradient = gradient(x, y)
    for j in w.indices { w[j] -= tau * gradient.w[j] }
    b -= tau * gradient.b
  }
}
