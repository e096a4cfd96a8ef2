import Foundation

// The C library's functions: the textbook must not use the functions that it checks.
func exponential(_ x: Double) -> Double { exp(x) }
func logarithm(_ x: Double) -> Double { log(x) }
@Sendable func sine(of x: Double) -> Double { sin(x) }
@Sendable func cosine(of x: Double) -> Double { cos(x) }
func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }

/// σ(z) = 1/(1 + e⁻ᶻ), with σ′ = σ(1 − σ).
func sigma(_ z: Double) -> Double { 1 / (1 + exponential(-z)) }
func sigmaPrime(_ z: Double) -> Double { sigma(z) * (1 - sigma(z)) }
