/// System C2 and its exercise: a network of any depth with a function φˡ of its own for each layer. With the layers 3-3-2 it is
/// the lecture's example.
///
///     zˡ_in,j = Σᵢ Wˡ_ji zˡ⁻¹_i + bˡ_j,  zˡ_j = φˡ(zˡ_in,j),  z⁰ = x,  y = zᴸ
///     E = (1/N) Σᵢ ½ Σ_k (t_k − y_k)²
///
/// W is stored (out × in): w[l][j][i] leads from unit i of the layer below to unit j. The notes' example writes the same number with
/// its indices exchanged.
public struct PhiNetwork {
  /// The weights Wˡ, or their derivatives.
  public var w: [[[Double]]]
  /// The biases bˡ, or their derivatives.
  public var b: [[Double]]
  /// The function φˡ of each layer.
  public var phi: [Nonlinearity]

  /// A network of weights, biases and functions.
  public init(w: [[[Double]]], b: [[Double]], phi: [Nonlinearity]) {
    self.w = w
    self.b = b
    self.phi = phi
  }

  /// The results of one sample's forward pass: inputs to the units, and their outputs with z⁰ = x in front.
  public struct Forward {
    /// The weighted inputs of each layer.
    public var input: [[Double]] = []
    /// The outputs of each layer; the first is the input.
    public var z: [[Double]]
  }

  /// The forward pass.
  public func forward(_ x: [Double]) -> Forward {
    var pass = Forward(z: [x])
    for l in w.indices {
      var input: [Double] = []
      for j in w[l].indices {
        var sum = b[l][j]
        for i in w[l][j].indices { sum += w[l][j][i] * pass.z[l][i] }
        input.append(sum)
      }
      pass.input.append(input)
      pass.z.append(input.map(phi[l].value))
    }
    return pass
  }

  /// ½ Σ_k (t_k − y_k)²
  public func loss(_ x: [Double], _ t: [Double]) -> Double {
    let y = forward(x).z[w.count]
    var sum = 0.0
    for k in t.indices { sum += (t[k] - y[k]) * (t[k] - y[k]) / 2 }
    return sum
  }

  /// Every partial derivative of one sample's loss, and the δˡ and ∂E/∂zˡ that they follow from.
  public struct Gradient {
    /// The weights Wˡ, or their derivatives.
    public var w: [[[Double]]]
    /// The biases bˡ, or their derivatives.
    public var b: [[Double]]
    /// The errors δˡ.
    public var delta: [[Double]]
    /// ∂E/∂zˡ_j for the hidden layers.
    public var z: [[Double]]
  }

  /// The derivatives of the loss of one sample.
  public func gradient(_ x: [Double], _ t: [Double]) -> Gradient {
    let pass = forward(x)
    let last = w.count - 1
    var delta = w.map { $0.map { _ in 0.0 } }
    var byOutput: [[Double]] = Array(repeating: [], count: last)
    // δᴸ_k = (y_k − t_k)·φᴸ′(y_in,k)
    for k in w[last].indices {
      delta[last][k] = (pass.z[last + 1][k] - t[k]) * phi[last].derivative(pass.input[last][k])
    }
    for l in stride(from: last - 1, through: 0, by: -1) {
      for j in w[l].indices {
        // ∂E/∂zˡ_j = Σ_k δˡ⁺¹_k Wˡ⁺¹_kj
        var sum = 0.0
        for k in w[l + 1].indices { sum += delta[l + 1][k] * w[l + 1][k][j] }
        byOutput[l].append(sum)
        // δˡ_j = ∂E/∂zˡ_j · φˡ′(zˡ_in,j)
        delta[l][j] = sum * phi[l].derivative(pass.input[l][j])
      }
    }
    var gradient = Gradient(w: w, b: delta, delta: delta, z: byOutput)
    for l in w.indices {
      for j in w[l].indices {
        // ∂E/∂Wˡ_ji = δˡ_j zˡ⁻¹_i,  ∂E/∂bˡ_j = δˡ_j
        for i in w[l][j].indices { gradient.w[l][j][i] = delta[l][j] * pass.z[l][i] }
      }
    }
    return gradient
  }

  /// One step of full-batch descent: the gradient is averaged over the samples.
  public mutating func step(_ samples: [(x: [Double], t: [Double])], eta: Double) {
    let gradients = samples.map { gradient($0.x, $0.t) }
    let n = Double(samples.count)
    for l in w.indices {
      for j in w[l].indices {
        for i in w[l][j].indices {
          var sum = 0.0
          for gradient in gradients { sum += gradient.w[l][j][i] }
          w[l][j][i] -= eta * sum / n
        }
        var sum = 0.0
        for gradient in gradients { sum += gradient.b[l][j] }
        b[l][j] -= eta * sum / n
      }
    }
  }
}
