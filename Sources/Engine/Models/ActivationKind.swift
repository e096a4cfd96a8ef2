/// An activation without its references, for layer plans and inner loops, where copying one must retain nothing.
enum ActivationKind: Equatable {
  case identity, sigmoid, tanh, relu, softplus, sine, softmax
  case leakyReLU(Double)
  /// A function that the network's own `Activation` has.
  case function

  init(_ activation: Activation) {
    switch activation {
    case .identity: self = .identity
    case .sigmoid: self = .sigmoid
    case .tanh: self = .tanh
    case .relu: self = .relu
    case .leakyReLU(let slope): self = .leakyReLU(slope)
    case .softplus: self = .softplus
    case .sine: self = .sine
    case .softmax: self = .softmax
    case .function: self = .function
    }
  }

  /// Whether φ′ is not a function of φ's value alone, so that the forward pass has to keep it.
  var keepsSlope: Bool { self == .softplus || self == .sine || self == .function }
}
