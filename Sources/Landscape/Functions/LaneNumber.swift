import Lanes

/// The numbers that backpropagation computes with: eight side by side, alone or with a derivative each.
///
/// The same loops then give gradients (in plain lanes) and columns of the Hessian (in `Dual`), so that second derivatives
/// have no separate formulas that could disagree with the first.
protocol LaneNumber {
  typealias V = SIMD8<Double>

  var value: V { get }
  init(constant: V)
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static func / (a: Self, b: Self) -> Self
  /// a·b + c
  static func fma(_ a: Self, _ b: Self, _ c: Self) -> Self
  /// f(z) and f′(z) of a function given with its first two derivatives.
  static func apply(_ f: (V) -> Bend, to z: Self) -> (value: Self, slope: Self)
}

/// A function's value, slope and second derivative at a point.
struct Bend {
  var value, first, second: SIMD8<Double>
}

extension SIMD8<Double>: LaneNumber {
  @inline(__always) var value: Self { self }
  @inline(__always) init(constant: Self) { self = constant }

  @inline(__always) static func apply(_ f: (Self) -> Bend, to z: Self) -> (value: Self, slope: Self) {
    let bend = f(z)
    return (bend.value, bend.first)
  }
}

/// a + a′ε with ε² = 0: a number and its derivative along a direction, one direction a lane.
///
/// Arithmetic on it is differentiation; gradients computed in it carry products with the Hessian,
///
///     ∇E(θ + εv) = ∇E(θ) + ε·H(θ)v
///
/// Source: Pearlmutter 1994, doi:10.1162/neco.1994.6.1.147 (there as the R-operator).
struct Dual: LaneNumber {
  var value: V
  var slope: V

  @inline(__always) init(_ value: V, _ slope: V) {
    self.value = value
    self.slope = slope
  }

  @inline(__always) init(constant: V) { self.init(constant, .zero) }

  @inline(__always) static func + (a: Dual, b: Dual) -> Dual { Dual(a.value + b.value, a.slope + b.slope) }
  @inline(__always) static func - (a: Dual, b: Dual) -> Dual { Dual(a.value - b.value, a.slope - b.slope) }
  @inline(__always) static func * (a: Dual, b: Dual) -> Dual {
    Dual(a.value * b.value, V.fma(a.slope, b.value, a.value * b.slope))
  }
  @inline(__always) static func / (a: Dual, b: Dual) -> Dual {
    let quotient = a.value / b.value
    return Dual(quotient, (a.slope - quotient * b.slope) / b.value)
  }
  @inline(__always) static func fma(_ a: Dual, _ b: Dual, _ c: Dual) -> Dual {
    Dual(V.fma(a.value, b.value, c.value), V.fma(a.slope, b.value, V.fma(a.value, b.slope, c.slope)))
  }
  @inline(__always) static func apply(_ f: (V) -> Bend, to z: Dual) -> (value: Dual, slope: Dual) {
    let bend = f(z.value)
    return (Dual(bend.value, bend.first * z.slope), Dual(bend.first, bend.second * z.slope))
  }
}
