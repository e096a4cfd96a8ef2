extension LaneVector {
  @inlinable @inline(__always)
  public static func constant(_ value: Scalar) -> Self { Self(repeating: value) }

  /// c₀ + c₁x, by Horner's rule with fused steps; longer ones build on shorter ones.
  @inlinable @inline(__always)
  static func polynomial(_ x: Self, _ c0: Scalar, _ c1: Scalar) -> Self {
    fma(x, constant(c1), constant(c0))
  }
  @inlinable @inline(__always)
  static func polynomial(_ x: Self, _ c0: Scalar, _ c1: Scalar, _ c2: Scalar) -> Self {
    fma(x, polynomial(x, c1, c2), constant(c0))
  }
  @inlinable @inline(__always)
  static func polynomial(_ x: Self, _ c0: Scalar, _ c1: Scalar, _ c2: Scalar, _ c3: Scalar) -> Self {
    fma(x, polynomial(x, c1, c2, c3), constant(c0))
  }
  @inlinable @inline(__always)
  static func polynomial(_ x: Self, _ c0: Scalar, _ c1: Scalar, _ c2: Scalar, _ c3: Scalar, _ c4: Scalar) -> Self {
    fma(x, polynomial(x, c1, c2, c3, c4), constant(c0))
  }
  @inlinable @inline(__always)
  static func polynomial(
    _ x: Self, _ c0: Scalar, _ c1: Scalar, _ c2: Scalar, _ c3: Scalar, _ c4: Scalar, _ c5: Scalar
  ) -> Self {
    fma(x, polynomial(x, c1, c2, c3, c4, c5), constant(c0))
  }
}
