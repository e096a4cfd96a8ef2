extension LaneVector {
  /// sin x and cos x together. Arguments beyond 2²⁰ (float64) or 2¹⁰ (float32) lose accuracy in proportion; from 2⁵¹ (2²²) on neighbouring
  /// numbers are up to a quadrant apart, and both are NaN.
  ///
  ///     x = n·½π + r, |r| ≤ ¼π, ½π in three parts;  the quadrant n mod 4 picks function and sign
  @inlinable @inline(__always)
  public static func sincos(_ x: Self) -> (sin: Self, cos: Self) {
    let biased = fma(x, constant(0.63661977236758134308), roundingBias)
    let n = biased - roundingBias
    let (p1, p2, p3) = halfPi
    let r = fma(-n, p3, fma(-n, p2, fma(-n, p1, x)))
    let w = r * r
    let sine = fma(r * w, sinPolynomial(w), r)
    let cosine = fma(w * w, cosPolynomial(w), fma(w, constant(-0.5), constant(1)))
    let sin = negateIfBit(1, ofBiased: biased, whereOdd(biased: biased, cosine, sine))
    let cos = negateIfBit(1, ofBiased: biased + constant(1), whereOdd(biased: biased, sine, cosine))
    // 1, or NaN where the product overflows: ∞ − ∞.
    let scaled = x * quadrantLimit
    let known = constant(1) + (scaled - scaled)
    return (sin * known, cos * known)
  }

  @inlinable @inline(__always)
  public static func sin(_ x: Self) -> Self { sincos(x).sin }

  @inlinable @inline(__always)
  public static func cos(_ x: Self) -> Self { sincos(x).cos }
}
