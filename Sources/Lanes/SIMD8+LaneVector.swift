public import CLanes

extension Double: LaneScalar {
  public typealias Lanes = SIMD8<Double>

  @inlinable @inline(__always)
  public static func spread(_ from: UnsafePointer<Self>, count: Int, to: UnsafeMutablePointer<Self>, stride: Int) {
    clanes_spread_f64(from, count, to, stride)
  }
}

extension SIMD8<Double>: LaneVector {
  @inlinable @inline(__always)
  public init(repeating value: Double) { self = clanes_splat_f64(value) }
  @inlinable @inline(__always)
  public static func + (a: Self, b: Self) -> Self { clanes_add_f64(a, b) }
  @inlinable @inline(__always)
  public static func - (a: Self, b: Self) -> Self { clanes_subtract_f64(a, b) }
  @inlinable @inline(__always)
  public static func * (a: Self, b: Self) -> Self { clanes_multiply_f64(a, b) }
  @inlinable @inline(__always)
  public static func / (a: Self, b: Self) -> Self { clanes_divide_f64(a, b) }
  @inlinable @inline(__always)
  public static func fma(_ a: Self, _ b: Self, _ c: Self) -> Self { clanes_fma_f64(a, b, c) }
  @inlinable @inline(__always)
  public static func min(_ a: Self, _ b: Self) -> Self { clanes_min_f64(a, b) }
  @inlinable @inline(__always)
  public static func max(_ a: Self, _ b: Self) -> Self { clanes_max_f64(a, b) }
  @inlinable @inline(__always)
  public static func squareRoot(_ a: Self) -> Self { clanes_sqrt_f64(a) }
  @inlinable @inline(__always)
  public static func abs(_ a: Self) -> Self { clanes_abs_f64(a) }
  @inlinable @inline(__always)
  public static func copysign(_ magnitude: Self, _ sign: Self) -> Self { clanes_copysign_f64(magnitude, sign) }
  @inlinable @inline(__always)
  public static func whereLess(_ a: Self, _ b: Self, _ yes: Self, _ no: Self) -> Self {
    clanes_where_less_f64(a, b, yes, no)
  }
  @inlinable @inline(__always)
  public static func whereEqual(_ a: Self, _ b: Self, _ yes: Self, _ no: Self) -> Self {
    clanes_where_equal_f64(a, b, yes, no)
  }
  @inlinable @inline(__always)
  public static func anyLess(_ a: Self, _ b: Self) -> Bool { clanes_any_less_f64(a, b) }
  @inlinable @inline(__always)
  public static func allFinite(_ a: Self) -> Bool { clanes_all_finite_f64(a) }
  @inlinable @inline(__always)
  public static func transpose(
    _ from: UnsafePointer<Self>, stride fromStride: Int, to: UnsafeMutablePointer<Self>, stride toStride: Int
  ) {
    clanes_transpose_f64(from, fromStride, to, toStride)
  }
  @inlinable @inline(__always)
  public var sumOfLanes: Double { clanes_sum_f64(self) }
  @inlinable @inline(__always)
  public static func sumsOfLanes(_ a: Self, _ b: Self, _ c: Self, _ d: Self) -> SIMD4<Double> {
    clanes_sum4_f64(a, b, c, d)
  }

  @inlinable @inline(__always)
  public static func pow2(ofBiased n: Self) -> Self { clanes_pow2_of_biased_f64(n) }
  @inlinable @inline(__always)
  public static func negateIfBit(_ bit: Int32, ofBiased n: Self, _ a: Self) -> Self {
    clanes_negate_if_bit_f64(a, n, bit)
  }
  @inlinable @inline(__always)
  public static func whereOdd(biased n: Self, _ odd: Self, _ even: Self) -> Self { clanes_where_odd_f64(n, odd, even) }
  @inlinable @inline(__always)
  public static func mantissa(_ a: Self) -> Self { clanes_mantissa_f64(a, 0x3FE6_A09E_667F_3BCD) }
  @inlinable @inline(__always)
  public static func exponent(_ a: Self) -> Self { clanes_exponent_f64(a, 0x3FE6_A09E_667F_3BCD) }
}
