/// The purpose of a stream of random numbers. Streams of different roles never overlap, so that a change in the number of
/// draws for one role does not affect the others.
public enum StreamRole: UInt64, Sendable {
  case weights = 1
  case sampleOrder = 2
  case data = 3
  case split = 4
  case analysis = 5
  case dropout = 6
}

/// A counter-based random stream: draw i is a pure function of seed, role and i, so any language can regenerate it.
///
///     state₀ = mix64(seed + 1 + role·2³²),  draw(i) = mix64(state₀ + (i+1)·0x9E3779B97F4A7C15)   (mod 2⁶⁴)
///
/// Source: SplitMix64; Steele, Lea & Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014,
/// doi:10.1145/2660193.2660195.
public struct RandomStream: Sendable {
  @usableFromInline let origin: UInt64

  public init(seed: UInt64, role: StreamRole) {
    origin = Self.mix(seed &+ 1 &+ (role.rawValue << 32))
  }

  /// The generator's finalizer: a bijection of 64 bits in which every input bit reaches every output bit.
  @inlinable
  public static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Draw number `index`, 64 random bits.
  @inlinable
  public func draw(_ index: Int) -> UInt64 {
    Self.mix(origin &+ (UInt64(truncatingIfNeeded: index) &+ 1) &* 0x9E37_79B9_7F4A_7C15)
  }

  /// Draw number `index` as a number in [0, 1), a multiple of 2⁻⁵³.
  @inlinable
  public func uniform(_ index: Int) -> Double { Double(draw(index) >> 11) * 0x1p-53 }

  /// Draw number `index` as a whole number below `bound`, by the high half of the 128-bit product.
  @inlinable
  public func index(_ index: Int, below bound: Int) -> Int {
    Int(draw(index).multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// The first `count` standard normals of the stream.
  ///
  ///     r = √(−2 ln u₁),  t = 2π·u₂;  normals 2k and 2k+1 are r·cos t and r·sin t of draws 2k and 2k+1
  ///
  /// Source: Box & Muller 1958, doi:10.1214/aoms/1177706645. The logarithm and the circle functions are Descent's
  /// own, so the numbers have the same bits on every machine.
  public func normals(_ count: Int) -> [Double] {
    typealias V = SIMD8<Double>
    var result: [Double] = []
    result.reserveCapacity(count + 16)
    var pair = 0
    while result.count < count {
      var u = V.zero
      var t = V.zero
      for lane in 0..<V.scalarCount {
        u[lane] = (Double(draw(2 * (pair + lane)) >> 11) + 1) * 0x1p-53
        t[lane] = 2 * Double.pi * uniform(2 * (pair + lane) + 1)
      }
      let radius = V.squareRoot(V.constant(-2) * V.log(u))
      let (sin, cos) = V.sincos(t)
      let even = radius * cos
      let odd = radius * sin
      for lane in 0..<V.scalarCount {
        result.append(even[lane])
        result.append(odd[lane])
      }
      pair += V.scalarCount
    }
    result.removeLast(result.count - count)
    return result
  }
}
