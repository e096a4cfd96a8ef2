extension LaneVector {
  /// The exponential's two halves: with x = k·½ln2 + h, gives p = 2ᵏ and C = h·coth h, so that e²ˣ = p·(C+h)/(C−h).
  ///
  /// The quotient of a sum and a difference needs half the polynomial that eʰ itself would, and tanh and σ are
  /// quotients anyway, so the one division serves both.
  @inlinable @inline(__always)
  static func halves(_ x: Self) -> (p: Self, c: Self, h: Self) {
    let biased = fma(x, constant(2.885390081777926814720), roundingBias)
    let k = biased - roundingBias
    let h = fma(k, -halfLog2.low, fma(k, -halfLog2.high, x))
    let u = h * h
    return (pow2(ofBiased: biased), fma(u, cothPolynomial(u), constant(1)), h)
  }

  /// tanh x, odd, ±1 in the limit, NaN kept.
  ///
  ///     |x| = k·½ln2 + h,  C = h·coth h,  p = 2ᵏ
  ///     tanh|x| = ((p−1)·C + (p+1)·h) / ((p+1)·C + (p−1)·h)
  ///
  /// For k = 0 this is h/C: no cancellation near zero.
  @inlinable @inline(__always)
  public static func tanh(_ x: Self) -> Self {
    let magnitude = min(tanhLimit, abs(x))
    let (p, c, h) = halves(magnitude)
    let less = p - constant(1)
    let more = p + constant(1)
    let numerator = fma(less, c, more * h)
    let denominator = fma(more, c, less * h)
    return copysign(numerator / denominator, x)
  }

  /// The logistic function σ(x) = 1/(1 + e⁻ˣ), accurate in both tails; 0 where the exact value is subnormal.
  ///
  ///     e ˣ = p·(C+h)/(C−h),  σ = p·(C+h) / (p·(C+h) + (C−h))
  @inlinable @inline(__always)
  public static func sigmoid(_ x: Self) -> Self {
    let limit = expLimit - constant(2)
    let (p, c, h) = halves(max(-limit, min(limit, x)) * constant(0.5))
    let up = p * (c + h)
    let value = up / (up + (c - h))
    return whereLess(x, -limit, constant(0), whereEqual(x, x, value, x))
  }
}
