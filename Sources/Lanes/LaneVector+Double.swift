/// Constants and polynomials of float64.
extension LaneVector where Scalar == Double {
  @inlinable @inline(__always)
  public static var roundingBias: Self { Self(repeating: 0x1.8p52) }
  @inlinable @inline(__always)
  public static var exponentBias: Self { Self(repeating: 0x1.8p52 + 1023) }
  @inlinable @inline(__always)
  public static var halfLog2: SplitConstant<Self> { SplitConstant(0x1.62e42fefa3800p-2, 0x1.ef35793c76730p-46) }
  @inlinable @inline(__always)
  public static var log2: SplitConstant<Self> { SplitConstant(0x1.62e42fefa3800p-1, 0x1.ef35793c76730p-45) }
  @inlinable @inline(__always)
  public static var halfPi: (Self, Self, Self) {
    (
      Self(repeating: 0x1.921fb54442d18p+0), Self(repeating: 0x1.1a62633145c06p-54),
      Self(repeating: 0x1.c1cd129024e08p-107)
    )
  }
  /// 2¹⁰²⁴/2⁵¹
  @inlinable @inline(__always)
  public static var quadrantLimit: Self { Self(repeating: 0x1p973) }
  @inlinable @inline(__always)
  public static func cothPolynomial(_ u: Self) -> Self {
    polynomial(
      u, 0x1.5555555555553p-2, -0x1.6c16c16c0ab48p-6, 0x1.1566ab5bcf6ecp-9, -0x1.bbd5311684979p-13,
      0x1.63f1d4c93e813p-16)
  }
  @inlinable @inline(__always)
  public static func expPolynomial(_ r: Self) -> Self {
    // Two halves of degree 4 and 5 in r, joined by r⁵: shorter chains than Horner's.
    let r2 = r * r
    let r5 = r2 * r2 * r
    let low = polynomial(
      r, 0x1.0000000000001p-1, 0x1.5555555555556p-3, 0x1.5555555553d4fp-5, 0x1.11111111109adp-7, 0x1.6c16c17893833p-10)
    let high = polynomial(
      r, 0x1.a01a01a7c8d47p-13, 0x1.a019b8ef67c6cp-16, 0x1.71de0d9c145d0p-19, 0x1.2891a8c1d838dp-22,
      0x1.af38d53857513p-26)
    return fma(high, r5, low)
  }
  @inlinable @inline(__always)
  public static func logPolynomial(_ w: Self) -> Self {
    let low = polynomial(
      w, 0x1.5555555555555p-1, 0x1.9999999999a39p-2, 0x1.2492492476a1ap-2, 0x1.c71c7201a5625p-3)
    let high = polynomial(
      w, 0x1.745cf8e4b9978p-3, 0x1.3b1c3c1cf09e9p-3, 0x1.0fbde0e917cf5p-3, 0x1.0c0aff7d4e4d7p-3)
    let w2 = w * w
    return fma(high, w2 * w2, low)
  }
  @inlinable @inline(__always)
  public static func sinPolynomial(_ w: Self) -> Self {
    polynomial(
      w, -0x1.5555555555555p-3, 0x1.1111111110babp-7, -0x1.a01a019e820acp-13, 0x1.71de37946eb45p-19,
      -0x1.ae6008d0f0520p-26, 0x1.5e0a4fb47ace3p-33)
  }
  @inlinable @inline(__always)
  public static func cosPolynomial(_ w: Self) -> Self {
    polynomial(
      w, 0x1.5555555555555p-5, -0x1.6c16c16c16963p-10, 0x1.a01a019f4ddfdp-16, -0x1.27e4fa16cc1bcp-22,
      0x1.1eeb67d014ecep-29, -0x1.907cd8f26aa3fp-37)
  }
  @inlinable @inline(__always)
  public static var tanhLimit: Self { Self(repeating: 20) }
  @inlinable @inline(__always)
  public static var expLimit: Self { Self(repeating: 709.782712893384) }
  @inlinable @inline(__always)
  public static var smallestNormal: Self { Self(repeating: Double.leastNormalMagnitude) }
}
