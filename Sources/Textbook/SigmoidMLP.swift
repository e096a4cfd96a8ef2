/// System E: a network of sigmoid units with thresholds θ, trained by batch, mini-batch or single samples.
///
///     zˡ_k = Σⱼ w_jk yˡ⁻¹_j + θˡ_k,  y = σ(z),  E = Σᵢ Eⁱ,  Eⁱ = ½ Σ_k (t_k − y_k)²
public struct SigmoidMLP {
  /// w[l][j][k]: from unit j of the layer below to unit k, as the lecture orders the indices.
  public var w: [[[Double]]]
  /// The thresholds, which are added, or their derivatives.
  public var theta: [[Double]]

  /// A network of weights and thresholds.
  public init(w: [[[Double]]], theta: [[Double]]) {
    self.w = w
    self.theta = theta
  }

  /// The outputs of all layers, the input in front.
  public func forward(_ x: [Double]) -> [[Double]] {
    var y = [x]
    for l in w.indices {
      y.append(
        theta[l].indices.map { k in
          var z = theta[l][k]
          for j in w[l].indices { z += w[l][j][k] * y[l][j] }
          return sigma(z)
        })
    }
    return y
  }

  /// Eⁱ = ½ Σ (t − y)²
  public func loss(_ x: [Double], _ t: [Double]) -> Double {
    let y = forward(x)[w.count]
    var sum = 0.0
    for k in t.indices { sum += (t[k] - y[k]) * (t[k] - y[k]) / 2 }
    return sum
  }

  /// |y_k − t_k| summed over the outputs: the error of a prediction beside its loss.
  public func absoluteError(_ x: [Double], _ t: [Double]) -> Double {
    let y = forward(x)[w.count]
    var sum = 0.0
    for k in t.indices { sum += abs(y[k] - t[k]) }
    return sum
  }

  /// The derivatives of the loss, with the errors.
  public struct Gradient {
    /// The derivatives by the weights.
    public var w: [[[Double]]]
    /// The thresholds, which are added, or their derivatives.
    public var theta: [[Double]]
    /// The errors δ.
    public var delta: [[Double]]
    /// Multiplications that the backward pass took.
    public var products: Int
  }

  /// The derivatives of the loss of one sample.
  public func gradient(_ x: [Double], _ t: [Double]) -> Gradient {
    let y = forward(x)
    let last = w.count - 1
    var products = 0
    var delta = theta
    // output node: δ_k = (y_k − t_k)·y_k(1 − y_k)
    for k in theta[last].indices {
      delta[last][k] = (y[last + 1][k] - t[k]) * y[last + 1][k] * (1 - y[last + 1][k])
      products += 2
    }
    // hidden: ∂E/∂y_i = Σ_j w_ij y_j(1 − y_j) ∂E/∂y_j, where δ_j = y_j(1 − y_j) ∂E/∂y_j is used again
    for l in stride(from: last - 1, through: 0, by: -1) {
      for i in theta[l].indices {
        var byOutput = 0.0
        for j in theta[l + 1].indices {
          byOutput += w[l + 1][i][j] * delta[l + 1][j]
          products += 1
        }
        delta[l][i] = byOutput * y[l + 1][i] * (1 - y[l + 1][i])
        products += 2
      }
    }
    // ∂E/∂w_jk = y_j δ_k,  ∂E/∂θ_k = δ_k
    var gradient = Gradient(w: w, theta: delta, delta: delta, products: products)
    for l in w.indices {
      for j in w[l].indices {
        for k in w[l][j].indices {
          gradient.w[l][j][k] = y[l][j] * delta[l][k]
          gradient.products += 1
        }
      }
    }
    return gradient
  }

  /// δ of one unit without reuse: computed separately for every path to the outputs. Counts the multiplications.
  public func deltaByPaths(_ x: [Double], _ t: [Double], layer: Int, unit: Int, products: inout Int) -> Double {
    let y = forward(x)
    func walk(_ l: Int, _ k: Int) -> Double {
      let slope = y[l + 1][k] * (1 - y[l + 1][k])
      products += 2
      if l == w.count - 1 { return (y[l + 1][k] - t[k]) * slope }
      var byOutput = 0.0
      for j in theta[l + 1].indices {
        byOutput += w[l + 1][k][j] * walk(l + 1, j)
        products += 1
      }
      return byOutput * slope
    }
    return walk(layer, unit)
  }

  /// W ← W − α∇E over the samples of a batch, whose errors are summed.
  public mutating func step(_ samples: [(x: [Double], t: [Double])], alpha: Double) {
    let gradients = samples.map { gradient($0.x, $0.t) }
    for l in w.indices {
      for j in w[l].indices {
        for k in w[l][j].indices {
          var sum = 0.0
          for gradient in gradients { sum += gradient.w[l][j][k] }
          w[l][j][k] -= alpha * sum
        }
      }
      for k in theta[l].indices {
        var sum = 0.0
        for gradient in gradients { sum += gradient.theta[l][k] }
        theta[l][k] -= alpha * sum
      }
    }
  }
}
