public import CLanes

/// Four vectors of runs, as `SIMD32<Double>`.
extension SIMD64<Float>: LaneVector {
  @inlinable @inline(__always)
  public init(repeating value: Float) { self = clanes_splat_f32w(value) }
  @inlinable @inline(__always)
  public static func + (a: Self, b: Self) -> Self { clanes_add_f32w(a, b) }
  @inlinable @inline(__always)
  public static func - (a: Self, b: Self) -> Self { clanes_subtract_f32w(a, b) }
  @inlinable @inline(__always)
  public static func * (a: Self, b: Self) -> Self { clanes_multiply_f32w(a, b) }
  @inlinable @inline(__always)
  public static func / (a: Self, b: Self) -> Self { clanes_divide_f32w(a, b) }
  @inlinable @inline(__always)
  public static func fma(_ a: Self, _ b: Self, _ c: Self) -> Self { clanes_fma_f32w(a, b, c) }
  @inlinable @inline(__always)
  public static func min(_ a: Self, _ b: Self) -> Self { clanes_min_f32w(a, b) }
  @inlinable @inline(__always)
  public static func max(_ a: Self, _ b: Self) -> Self { clanes_max_f32w(a, b) }
  @inlinable @inline(__always)
  public static func squareRoot(_ a: Self) -> Self { clanes_sqrt_f32w(a) }
  @inlinable @inline(__always)
  public static func abs(_ a: Self) -> Self { clanes_abs_f32w(a) }
  @inlinable @inline(__always)
  public static func copysign(_ magnitude: Self, _ sign: Self) -> Self { clanes_copysign_f32w(magnitude, sign) }
  @inlinable @inline(__always)
  public static func whereLess(_ a: Self, _ b: Self, _ yes: Self, _ no: Self) -> Self {
    clanes_where_less_f32w(a, b, yes, no)
  }
  @inlinable @inline(__always)
  public static func whereEqual(_ a: Self, _ b: Self, _ yes: Self, _ no: Self) -> Self {
    clanes_where_equal_f32w(a, b, yes, no)
  }
  @inlinable @inline(__always)
  public static func anyLess(_ a: Self, _ b: Self) -> Bool { clanes_any_less_f32w(a, b) }
  @inlinable @inline(__always)
  public static func allFinite(_ a: Self) -> Bool { clanes_all_finite_f32w(a) }
  @inlinable @inline(__always)
  public static func transpose(
    _ from: UnsafePointer<Self>, stride fromStride: Int, to: UnsafeMutablePointer<Self>, stride toStride: Int
  ) {
    transpose(by: SIMD16<Float>.self, from, stride: fromStride, to: to, stride: toStride)
  }
  @inlinable @inline(__always)
  public var sumOfLanes: Float { folded.sumOfLanes }
  @inlinable @inline(__always)
  public static func sumsOfLanes(_ a: Self, _ b: Self, _ c: Self, _ d: Self) -> SIMD4<Float> {
    clanes_sum4_f32(a.folded, b.folded, c.folded, d.folded)
  }

  /// The four vectors added up by halving.
  @inlinable @inline(__always)
  var folded: SIMD16<Float> { clanes_fold_f32(self) }

  @inlinable @inline(__always)
  public static func pow2(ofBiased n: Self) -> Self { clanes_pow2_of_biased_f32w(n) }
  @inlinable @inline(__always)
  public static func negateIfBit(_ bit: Int32, ofBiased n: Self, _ a: Self) -> Self {
    clanes_negate_if_bit_f32w(a, n, bit)
  }
  @inlinable @inline(__always)
  public static func whereOdd(biased n: Self, _ odd: Self, _ even: Self) -> Self { clanes_where_odd_f32w(n, odd, even) }
  @inlinable @inline(__always)
  public static func mantissa(_ a: Self) -> Self { clanes_mantissa_f32w(a, 0x3F35_04F3) }
  @inlinable @inline(__always)
  public static func exponent(_ a: Self) -> Self { clanes_exponent_f32w(a, 0x3F35_04F3) }
}
