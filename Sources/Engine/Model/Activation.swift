/// The function φ that a unit applies to its weighted input z. Hidden layers can have any but softmax.
public enum Activation: Hashable, Sendable {
  /// φ(z) = z
  case identity
  /// φ(z) = 1/(1 + e⁻ᶻ)
  case sigmoid
  /// φ(z) = tanh z
  case tanh
  /// φ(z) = max(z, 0); slope 0 at z = 0
  case relu
  /// φ(z) = z for z > 0, `slope`·z otherwise; `slope` in [0, 1]
  case leakyReLU(slope: Double = 0.01)
  /// φ(z) = ln(1 + eᶻ)
  case softplus
  /// φ(z) = sin z
  case sine
  /// φ(z)ₖ = e^zₖ / Σⱼ e^zⱼ, for a whole output layer only
  case softmax
  /// A declared function with its slope: `custom(_:_:slope:)`.
  case function(ActivationFunction)

  /// The name used in descriptions, tables and on the command line.
  public var name: String {
    switch self {
    case .identity: "identity"
    case .sigmoid: "sigmoid"
    case .tanh: "tanh"
    case .relu: "relu"
    case .leakyReLU(let slope): "leaky-relu(\(slope))"
    case .softplus: "softplus"
    case .sine: "sine"
    case .softmax: "softmax"
    case .function(let function): "custom(\(function.name))"
    }
  }

  /// Every built-in activation that a hidden unit can have, leaky ReLU at its default slope.
  public static let hidden: [Activation] = [
    .identity, .sigmoid, .tanh, .relu, .leakyReLU(), .softplus, .sine,
  ]
}
