/// A function φ of one number with its derivative, chosen by name: what lectures write as g_k, φ¹, φ².
public struct Nonlinearity: Sendable {
  /// The name.
  public let name: String
  /// φ(z)
  public let value: @Sendable (Double) -> Double
  /// φ′(z)
  public let derivative: @Sendable (Double) -> Double

  /// φ(z) = z, φ′ = 1
  public static let identity = Nonlinearity(name: "identity", value: { $0 }, derivative: { _ in 1 })
  /// φ(z) = σ(z), φ′ = σ(1 − σ)
  public static let sigmoid = Nonlinearity(name: "sigmoid", value: sigma, derivative: sigmaPrime)
  /// φ(z) = tanh z, φ′ = 1 − tanh²
  public static let tanh = Nonlinearity(
    name: "tanh", value: hyperbolicTangent,
    derivative: { z in
      let f = hyperbolicTangent(z)
      return 1 - f * f
    })

  /// φ(z) = sin z, φ′ = cos z
  public static let sine = Nonlinearity(name: "sine", value: sine(of:), derivative: cosine(of:))
  /// φ(z) = max(z, 0), φ′ = 1 above 0 and 0 elsewhere
  public static let relu = leakyReLU(slope: 0, name: "relu")
  /// φ(z) = z above 0 and `slope`·z elsewhere
  public static func leakyReLU(slope: Double, name: String = "leaky-relu") -> Nonlinearity {
    Nonlinearity(name: name, value: { $0 > 0 ? $0 : slope * $0 }, derivative: { $0 > 0 ? 1 : slope })
  }
  /// φ(z) = ln(1 + eᶻ), φ′ = σ(z)
  public static let softplus = Nonlinearity(
    name: "softplus", value: { max($0, 0) + logarithm(1 + exponential(-abs($0))) }, derivative: sigma)
}
