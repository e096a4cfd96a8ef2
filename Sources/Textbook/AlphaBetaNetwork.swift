/// System A: one hidden layer, the bias as component 0, a function g_k of its own for every output.
///
///     x = [1, x₁ … x_p],  z = [1, z₁ … z_M]
///     z_m = σ(⟨α_m, x⟩),  ŷ_k = g_k(⟨β_k, z⟩)
///     R(θ) = Σᵢ Rⁱ(θ),  Rⁱ = Σ_k (y_kⁱ − ŷ_kⁱ)²        summed over the samples, not averaged
public struct AlphaBetaNetwork {
  /// alpha[m][ℓ]: from component ℓ of x (0: the bias) to hidden unit m.
  public var alpha: [[Double]]
  /// beta[k][m]: from component m of z (0: the bias) to output k.
  public var beta: [[Double]]
  /// The function of each output.
  public var g: [Nonlinearity]

  /// A network of weights α, β and output functions g.
  public init(alpha: [[Double]], beta: [[Double]], g: [Nonlinearity]) {
    self.alpha = alpha
    self.beta = beta
    self.g = g
  }

  static func inner(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }

  /// z = [1, z₁ … z_M] of an input without its leading 1.
  public func hidden(_ x: [Double]) -> [Double] { [1] + alpha.map { sigma(Self.inner($0, [1] + x)) } }

  /// ŷ_k = g_k(⟨β_k, z⟩)
  public func output(_ x: [Double]) -> [Double] {
    let z = hidden(x)
    return beta.indices.map { k in g[k].value(Self.inner(beta[k], z)) }
  }

  /// Rⁱ = Σ_k (y_k − ŷ_k)²
  public func risk(_ x: [Double], _ y: [Double]) -> Double {
    let yHat = output(x)
    var sum = 0.0
    for k in y.indices { sum += (y[k] - yHat[k]) * (y[k] - yHat[k]) }
    return sum
  }

  /// Partial derivatives of one sample's Rⁱ, and the δ and s they come from.
  public struct Gradient {
    /// ∂R/∂α, or α.
    public var alpha: [[Double]]
    /// ∂R/∂β
    public var beta: [[Double]]
    /// The errors δ_k at the outputs.
    public var delta: [Double]
    /// The errors s_m at the hidden units.
    public var s: [Double]
  }

  /// The derivatives of the risk of one sample.
  public func gradient(_ x: [Double], _ y: [Double]) -> Gradient {
    let x = [1] + x
    let z = hidden(Array(x.dropFirst()))
    // (1)  δ_k = −2(y_k − ŷ_k)·g′_k(⟨β_k, z⟩)
    let delta = beta.indices.map { k in
      let t = Self.inner(beta[k], z)
      return -2 * (y[k] - g[k].value(t)) * g[k].derivative(t)
    }
    // s_m = σ′(⟨α_m, x⟩)·Σ_k δ_k β_km
    let s = alpha.indices.map { m in
      var sum = 0.0
      for k in beta.indices { sum += delta[k] * beta[k][m + 1] }
      return sigmaPrime(Self.inner(alpha[m], x)) * sum
    }
    return Gradient(
      // ∂Rⁱ/∂α_mℓ = s_m·x_ℓ
      alpha: s.map { s in x.map { s * $0 } },
      // ∂Rⁱ/∂β_km = δ_k·z_m
      beta: delta.map { delta in z.map { delta * $0 } }, delta: delta, s: s)
  }

  /// (2)  θ⁽ʳ⁾ = θ⁽ʳ⁻¹⁾ − η⁽ʳ⁾·∇ Σᵢ Rⁱ(θ⁽ʳ⁻¹⁾)
  public mutating func step(_ samples: [(x: [Double], y: [Double])], eta: Double) {
    let gradients = samples.map { gradient($0.x, $0.y) }
    for m in alpha.indices {
      for l in alpha[m].indices {
        var sum = 0.0
        for gradient in gradients { sum += gradient.alpha[m][l] }
        alpha[m][l] -= eta * sum
      }
    }
    for k in beta.indices {
      for m in beta[k].indices {
        var sum = 0.0
        for gradient in gradients { sum += gradient.beta[k][m] }
        beta[k][m] -= eta * sum
      }
    }
  }
}
