/// Constants and polynomials of float32.
extension LaneVector where Scalar == Float {
  @inlinable @inline(__always)
  public static var roundingBias: Self { Self(repeating: 0x1.8p23) }
  @inlinable @inline(__always)
  public static var exponentBias: Self { Self(repeating: 0x1.8p23 + 127) }
  @inlinable @inline(__always)
  public static var halfLog2: SplitConstant<Self> { SplitConstant(0x1.62e0p-2, 0x1.0bfbe8p-16) }
  @inlinable @inline(__always)
  public static var log2: SplitConstant<Self> { SplitConstant(0x1.62e0p-1, 0x1.0bfbe8p-15) }
  @inlinable @inline(__always)
  public static var halfPi: (Self, Self, Self) {
    (Self(repeating: 0x1.921fb4p+0), Self(repeating: 0x1.4442d0p-24), Self(repeating: 0x1.846988p-48))
  }
  /// 2¹²⁸/2²²
  @inlinable @inline(__always)
  public static var quadrantLimit: Self { Self(repeating: 0x1p106) }
  @inlinable @inline(__always)
  public static func cothPolynomial(_ u: Self) -> Self {
    polynomial(u, 0x1.555546p-2, -0x1.6b0ca2p-6)
  }
  @inlinable @inline(__always)
  public static func expPolynomial(_ r: Self) -> Self {
    polynomial(r, 0x1.000000p-1, 0x1.5554dcp-3, 0x1.55551ap-5, 0x1.120ba2p-7, 0x1.6d113cp-10)
  }
  @inlinable @inline(__always)
  public static func logPolynomial(_ w: Self) -> Self {
    polynomial(w, 0x1.555556p-1, 0x1.9999ecp-2, 0x1.245c28p-2, 0x1.ddd4dcp-3)
  }
  @inlinable @inline(__always)
  public static func sinPolynomial(_ w: Self) -> Self {
    polynomial(w, -0x1.555556p-3, 0x1.11110ep-7, -0x1.a013a4p-13, 0x1.6dbcfcp-19)
  }
  @inlinable @inline(__always)
  public static func cosPolynomial(_ w: Self) -> Self {
    polynomial(w, 0x1.555554p-5, -0x1.6c12d0p-10, 0x1.9bd786p-16)
  }
  @inlinable @inline(__always)
  public static var tanhLimit: Self { Self(repeating: 10) }
  @inlinable @inline(__always)
  public static var expLimit: Self { Self(repeating: 88.72283) }
  @inlinable @inline(__always)
  public static var smallestNormal: Self { Self(repeating: Float.leastNormalMagnitude) }
}
