/// A function φ of one number with its derivative, chosen by name: what lectures write as g_k, φ¹, φ².
public struct Nonlinearity: Sendable {
  public let name: String
  public let value: @Sendable (Double) -> Double
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
}
