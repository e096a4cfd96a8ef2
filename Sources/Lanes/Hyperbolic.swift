extension LaneVector {
  /// The exponential's two halves: with x = k·½ln2 + h, gives p = 2ᵏ and C = h·coth h, so that e²ˣ = p·(C+h)/(C−h).
  /// `logarithm` takes k·½ln2 off x.
  ///
  /// The quotient of a sum and a difference needs half the polynomial that eʰ itself would, and tanh and σ are
  /// quotients anyway, so the one division serves both.
  @inlinable @inline(__always)
  static func halves(_ x: Self, logarithm: (_ k: Self, _ x: Self) -> Self) -> (p: Self, c: Self, h: Self) {
    let biased = fma(x, constant(2.885390081777926814720), exponentBias)
    let h = logarithm(biased - exponentBias, x)
    let u = h * h
    return (pow2(ofBiased: biased), fma(u, cothPolynomial(u), constant(1)), h)
  }

  /// tanh x, odd, ±1 in the limit, NaN kept.
  ///
  ///     x = k·½ln2 + h,  C = h·coth h,  p = 2ᵏ
  ///     tanh x = N/D,  N = (p−1)·C + (p+1)·h,  D = (p+1)·C + (p−1)·h
  ///
  /// For k = 0 this is h/C: no cancellation near zero. The rounded ½ln2 will do, as k is small and tanh flat where k is
  /// not 0. With −x come −h and 1/p, a power of two, so that N and D change scale and sign but no digit.
  @inlinable @inline(__always)
  public static func tanh(_ x: Self) -> Self {
    let (p, c, h) = halves(max(-tanhLimit, min(tanhLimit, x))) { k, x in
      fma(k, -(halfLog2.high + halfLog2.low), x)
    }
    let less = constant(1) - p
    let more = constant(1) + p
    return fma(-less, c, more * h) / fma(more, c, -(less * h))
  }

  /// The logistic function σ(x) = 1/(1 + e⁻ˣ), accurate in both tails; 0 where the exact value is subnormal.
  ///
  ///     e ˣ = p·(C+h)/(C−h),  σ = p·(C+h) / (p·(C+h) + (C−h))
  @inlinable @inline(__always)
  public static func sigmoid(_ x: Self) -> Self {
    let limit = expLimit - constant(2)
    let (p, c, h) = halves(max(-limit, min(limit, x)) * constant(0.5)) { k, x in
      fma(k, -halfLog2.low, fma(k, -halfLog2.high, x))
    }
    let up = p * (c + h)
    let value = up / (up + (c - h))
    return whereLess(x, -limit, constant(0), whereEqual(x, x, value, x))
  }
}
