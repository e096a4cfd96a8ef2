/// System B2: the L-layer sigmoid network of lecture 14, written as the lecture writes it: scalar loops, its notation, its order.
///
///     forward   a⁰ = x,  zˡ = Wˡaˡ⁻¹ + bˡ,  aˡ = σ(zˡ)
///     loss      f = Σₖ (aᴸₖ − yₖ)²  for one sample
///     backward  δᴸ = ∇ₐf ⊙ σ′(zᴸ),  δˡ = (Wˡ⁺¹ᵀδˡ⁺¹) ⊙ σ′(zˡ),  ∇Wˡ = δˡ(aˡ⁻¹)ᵀ,  ∇bˡ = δˡ
///
/// Imports nothing of the engine: it is what the engine is checked against.
public struct LayeredNetwork {
  /// w[l][j][k]: weight from unit k of the layer below to unit j; layers counted from 0.
  public var w: [[[Double]]]
  /// The biases bˡ, or their derivatives.
  public var b: [[Double]]

  /// A network of weights and biases.
  public init(w: [[[Double]]], b: [[Double]]) {
    self.w = w
    self.b = b
  }

  /// The results of one sample's forward pass: `a[0]` is the input, `a[l + 1]` the output of layer l.
  public struct Forward {
    /// The weighted inputs zˡ.
    public var z: [[Double]] = []
    /// The activations aˡ; the first is the input.
    public var a: [[Double]]
  }

  /// Partial derivatives, shaped like the parameters, and the δ they come from.
  public struct Gradient {
    /// The derivatives by the weights Wˡ.
    public var w: [[[Double]]]
    /// The biases bˡ, or their derivatives.
    public var b: [[Double]]
    /// The errors δˡ.
    public var delta: [[Double]]
  }

  /// The forward pass.
  public func forward(_ x: [Double]) -> Forward {
    var pass = Forward(a: [x])
    for l in w.indices {
      var z: [Double] = []
      for j in w[l].indices {
        var sum = b[l][j]
        for k in w[l][j].indices { sum += w[l][j][k] * pass.a[l][k] }
        z.append(sum)
      }
      pass.z.append(z)
      pass.a.append(z.map(sigma))
    }
    return pass
  }

  /// fᵢ = Σ_k (ŷ_k − y_k)²
  public func loss(_ x: [Double], _ y: [Double]) -> Double {
    let output = forward(x).a[w.count]
    var sum = 0.0
    for k in y.indices { sum += (output[k] - y[k]) * (output[k] - y[k]) }
    return sum
  }

  /// The derivatives of fᵢ.
  public func gradient(_ x: [Double], _ y: [Double]) -> Gradient {
    let pass = forward(x)
    let last = w.count - 1
    var delta = w.map { $0.map { _ in 0.0 } }
    for j in w[last].indices {
      let a = pass.a[last + 1][j]
      delta[last][j] = 2 * (a - y[j]) * a * (1 - a)
    }
    for l in stride(from: last - 1, through: 0, by: -1) {
      for k in w[l].indices {
        var sum = 0.0
        for j in w[l + 1].indices { sum += w[l + 1][j][k] * delta[l + 1][j] }
        let a = pass.a[l + 1][k]
        delta[l][k] = sum * a * (1 - a)
      }
    }
    var gradient = Gradient(w: w, b: delta, delta: delta)
    for l in w.indices {
      for j in w[l].indices {
        for k in w[l][j].indices { gradient.w[l][j][k] = delta[l][j] * pass.a[l][k] }
      }
    }
    return gradient
  }

  /// One step of stochastic gradient descent on sample (x, y): Wˡ ← Wˡ − τ∇f(Wˡ), bˡ ← bˡ − τ∇f(bˡ), all by the old weights.
  public mutating func step(_ x: [Double], _ y: [Double], tau: Double) {
    let gradient = gradient(x, y)
    for l in w.indices {
      for j in w[l].indices {
        for k in w[l][j].indices { w[l][j][k] -= tau * gradient.w[l][j][k] }
        b[l][j] -= tau * gradient.b[l][j]
      }
    }
  }
}
