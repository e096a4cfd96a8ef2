public import CLanes

extension Float: LaneScalar {
  public typealias Lanes = SIMD16<Float>
}

extension SIMD16<Float>: LaneVector {
  @inlinable @inline(__always)
  public static func fma(_ a: Self, _ b: Self, _ c: Self) -> Self { clanes_fma_f32(a, b, c) }
  @inlinable @inline(__always)
  public static func min(_ a: Self, _ b: Self) -> Self { clanes_min_f32(a, b) }
  @inlinable @inline(__always)
  public static func max(_ a: Self, _ b: Self) -> Self { clanes_max_f32(a, b) }
  @inlinable @inline(__always)
  public static func squareRoot(_ a: Self) -> Self { clanes_sqrt_f32(a) }
  @inlinable @inline(__always)
  public static func abs(_ a: Self) -> Self { clanes_abs_f32(a) }
  @inlinable @inline(__always)
  public static func copysign(_ magnitude: Self, _ sign: Self) -> Self { clanes_copysign_f32(magnitude, sign) }
  @inlinable @inline(__always)
  public static func whereLess(_ a: Self, _ b: Self, _ yes: Self, _ no: Self) -> Self {
    clanes_where_less_f32(a, b, yes, no)
  }
  @inlinable @inline(__always)
  public static func whereEqual(_ a: Self, _ b: Self, _ yes: Self, _ no: Self) -> Self {
    clanes_where_equal_f32(a, b, yes, no)
  }
  @inlinable @inline(__always)
  public static func anyLess(_ a: Self, _ b: Self) -> Bool { clanes_any_less_f32(a, b) }
  @inlinable @inline(__always)
  public static func allFinite(_ a: Self) -> Bool { clanes_all_finite_f32(a) }
  @inlinable @inline(__always)
  public var sumOfLanes: Float { clanes_sum_f32(self) }
  @inlinable @inline(__always)
  public static func sumsOfLanes(_ a: Self, _ b: Self, _ c: Self, _ d: Self) -> SIMD4<Float> {
    clanes_sum4_f32(a, b, c, d)
  }

  @inlinable @inline(__always)
  public static var roundingBias: Self { Self(repeating: 0x1.8p23) }
  @inlinable @inline(__always)
  public static func pow2(ofBiased n: Self) -> Self { clanes_pow2_of_biased_f32(n) }
  @inlinable @inline(__always)
  public static func negateIfBit(_ bit: Int32, ofBiased n: Self, _ a: Self) -> Self {
    clanes_negate_if_bit_f32(a, n, bit)
  }
  @inlinable @inline(__always)
  public static func whereOdd(biased n: Self, _ odd: Self, _ even: Self) -> Self { clanes_where_odd_f32(n, odd, even) }
  @inlinable @inline(__always)
  public static func mantissa(_ a: Self) -> Self { clanes_mantissa_f32(a, 0x3F35_04F3) }
  @inlinable @inline(__always)
  public static func exponent(_ a: Self) -> Self { clanes_exponent_f32(a, 0x3F35_04F3) }

  @inlinable @inline(__always)
  public static var halfLog2: SplitConstant<Self> { SplitConstant(0x1.62e0p-2, 0x1.0bfbe8p-16) }
  @inlinable @inline(__always)
  public static var log2: SplitConstant<Self> { SplitConstant(0x1.62e0p-1, 0x1.0bfbe8p-15) }
  @inlinable @inline(__always)
  public static var halfPi: (Self, Self, Self) {
    (Self(repeating: 0x1.921fb4p+0), Self(repeating: 0x1.4442d0p-24), Self(repeating: 0x1.846988p-48))
  }
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
