import Foundation

/// The C library's exponential: the textbook must not lean on the functions it checks.
func exponential(_ x: Double) -> Double { exp(x) }
