public import CLanes

/// One register of a processor with vectors of 128 bits, as WebAssembly has them.
extension SIMD2<Double>: LaneVector {
  @inlinable @inline(__always)
  public init(repeating value: Double) { self = clanes_splat_f64n(value) }
  @inlinable @inline(__always)
  public static func + (a: Self, b: Self) -> Self { clanes_add_f64n(a, b) }
  @inlinable @inline(__always)
  public static func - (a: Self, b: Self) -> Self { clanes_subtract_f64n(a, b) }
  @inlinable @inline(__always)
  public static func * (a: Self, b: Self) -> Self { clanes_multiply_f64n(a, b) }
  @inlinable @inline(__always)
  public static func / (a: Self, b: Self) -> Self { clanes_divide_f64n(a, b) }
  @inlinable @inline(__always)
  public static func fma(_ a: Self, _ b: Self, _ c: Self) -> Self { clanes_fma_f64n(a, b, c) }
  @inlinable @inline(__always)
  public static func min(_ a: Self, _ b: Self) -> Self { clanes_min_f64n(a, b) }
  @inlinable @inline(__always)
  public static func max(_ a: Self, _ b: Self) -> Self { clanes_max_f64n(a, b) }
  @inlinable @inline(__always)
  public static func squareRoot(_ a: Self) -> Self { clanes_sqrt_f64n(a) }
  @inlinable @inline(__always)
  public static func abs(_ a: Self) -> Self { clanes_abs_f64n(a) }
  @inlinable @inline(__always)
  public static func copysign(_ magnitude: Self, _ sign: Self) -> Self { clanes_copysign_f64n(magnitude, sign) }
  @inlinable @inline(__always)
  public static func whereLess(_ a: Self, _ b: Self, _ yes: Self, _ no: Self) -> Self {
    clanes_where_less_f64n(a, b, yes, no)
  }
  @inlinable @inline(__always)
  public static func whereEqual(_ a: Self, _ b: Self, _ yes: Self, _ no: Self) -> Self {
    clanes_where_equal_f64n(a, b, yes, no)
  }
  @inlinable @inline(__always)
  public static func anyLess(_ a: Self, _ b: Self) -> Bool { clanes_any_less_f64n(a, b) }
  @inlinable @inline(__always)
  public static func allFinite(_ a: Self) -> Bool { clanes_all_finite_f64n(a) }
  @inlinable @inline(__always)
  public static func transpose(
    _ from: UnsafePointer<Self>, stride fromStride: Int, to: UnsafeMutablePointer<Self>, stride toStride: Int
  ) {
    clanes_transpose_f64n(from, fromStride, to, toStride)
  }
  @inlinable @inline(__always)
  public var sumOfLanes: Double { clanes_sum_f64n(self) }
  @inlinable @inline(__always)
  public static func sumsOfLanes(_ a: Self, _ b: Self, _ c: Self, _ d: Self) -> SIMD4<Double> {
    clanes_sum4_f64n(a, b, c, d)
  }

  @inlinable @inline(__always)
  public static func pow2(ofBiased n: Self) -> Self { clanes_pow2_of_biased_f64n(n) }
  @inlinable @inline(__always)
  public static func negateIfBit(_ bit: Int32, ofBiased n: Self, _ a: Self) -> Self {
    clanes_negate_if_bit_f64n(a, n, bit)
  }
  @inlinable @inline(__always)
  public static func whereOdd(biased n: Self, _ odd: Self, _ even: Self) -> Self { clanes_where_odd_f64n(n, odd, even) }
  @inlinable @inline(__always)
  public static func mantissa(_ a: Self) -> Self { clanes_mantissa_f64n(a, 0x3FE6_A09E_667F_3BCD) }
  @inlinable @inline(__always)
  public static func exponent(_ a: Self) -> Self { clanes_exponent_f64n(a, 0x3FE6_A09E_667F_3BCD) }
}
