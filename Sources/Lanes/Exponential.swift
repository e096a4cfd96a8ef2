extension LaneVector {
  /// eˣ; 0 where the result would be subnormal, ∞ above the largest finite result, NaN kept.
  ///
  ///     x = k·ln2 + r, |r| ≤ ½ln2;  eˣ = 2ᵏ·(1 + r + r²·Q(r))
  @inlinable @inline(__always)
  public static func exp(_ x: Self) -> Self {
    let low = -expLimit + constant(2)
    let clamped = max(low, min(expLimit, x))
    let biased = fma(clamped, constant(1.4426950408889634074), exponentBias)
    let k = biased - exponentBias
    let r = fma(k, -log2.low, fma(k, -log2.high, clamped))
    let power = fma(r * r, expPolynomial(r), r)
    // 2ᵏ in two factors: at the upper end 2ᵏ alone would overflow before the product does.
    let half = pow2(ofBiased: biased - constant(1))
    let value = fma(half, power, half) * constant(2)
    let bounded = whereLess(expLimit, x, constant(.infinity), whereLess(x, low, constant(0), value))
    return whereEqual(x, x, bounded, x)
  }

  /// ln x for x > 0; −∞ at zero, NaN below, subnormal x counted as zero.
  ///
  ///     x = 2ᵉ·m, m ∈ [√½, √2), s = (m−1)/(m+1);  ln x = e·ln2 + 2s + s³·G(s²)
  @inlinable @inline(__always)
  public static func log(_ x: Self) -> Self {
    let e = exponent(x)
    let f = mantissa(x) - constant(1)
    let s = f / (f + constant(2))
    let w = s * s
    // 2s = f − s·f keeps the leading term exact: only the small remainder carries the polynomial's rounding.
    let half = constant(0.5) * f * f
    let tail = fma(s, fma(w, logPolynomial(w), half), e * log2.low)
    let value = fma(e, log2.high, f - (half - tail))
    let bounded = whereLess(x, smallestNormal, whereLess(x, constant(0), constant(.nan), constant(-.infinity)), value)
    return whereLess(x, constant(.infinity), bounded, x)
  }

  /// ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|), without overflow.
  @inlinable @inline(__always)
  public static func softplus(_ x: Self) -> Self {
    let e = exp(-abs(x))
    // ln(1+e) with the rounding of 1+e put back: ln(u) + (e − (u − 1))/u.
    let u = constant(1) + e
    let logarithm = log(u) + (e - (u - constant(1))) / u
    return max(constant(0), x) + logarithm
  }
}
