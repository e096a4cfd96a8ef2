/// A vector of numbers that are computed together: one lane per run, or one lane per sample.
///
/// Every operation acts on each lane alone, so a lane's result does not depend on the other lanes. Products that are added to
/// sums are fused (`fma`) on every machine, in hardware or in software, hence the same bits everywhere.
public protocol LaneVector: SIMD, Sendable where Scalar: LaneScalar, MaskStorage: Sendable {
  /// The same number in every lane.
  init(repeating value: Scalar)
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static func / (a: Self, b: Self) -> Self

  /// a·b + c, rounded once.
  static func fma(_ a: Self, _ b: Self, _ c: Self) -> Self
  /// The lesser of each pair; the second operand where either is NaN.
  static func min(_ a: Self, _ b: Self) -> Self
  /// The greater of each pair; the second operand where either is NaN.
  static func max(_ a: Self, _ b: Self) -> Self
  static func squareRoot(_ a: Self) -> Self
  static func abs(_ a: Self) -> Self
  static func copysign(_ magnitude: Self, _ sign: Self) -> Self
  /// `yes` in the lanes where a < b, `no` elsewhere (also where either is NaN).
  static func whereLess(_ a: Self, _ b: Self, _ yes: Self, _ no: Self) -> Self
  static func whereEqual(_ a: Self, _ b: Self, _ yes: Self, _ no: Self) -> Self
  static func anyLess(_ a: Self, _ b: Self) -> Bool
  static func allFinite(_ a: Self) -> Bool

  /// Sum over all lanes by halving: the upper half is added to the lower until one number is left.
  var sumOfLanes: Scalar { get }
  /// `sumOfLanes` of four vectors, in the same order of additions, in fewer instructions.
  static func sumsOfLanes(_ a: Self, _ b: Self, _ c: Self, _ d: Self) -> SIMD4<Scalar>

  /// Rows become columns: reads a square of as many vectors as a vector has lanes, `fromStride` vectors apart.
  static func transpose(
    _ from: UnsafePointer<Self>, stride fromStride: Int, to: UnsafeMutablePointer<Self>, stride toStride: Int)

  // What the elementary functions need of a format: bit tricks, split constants and fitted polynomials.
  /// n + 1.5·2^(mantissa bits), the sum that rounds a number to an integer and keeps it in the low bits.
  static var roundingBias: Self { get }
  /// n + 1.5·2^(mantissa bits) + the exponent's bias: shifted up, the low bits of that sum are those of 2ⁿ.
  static var exponentBias: Self { get }
  static func pow2(ofBiased n: Self) -> Self
  static func negateIfBit(_ bit: Int32, ofBiased n: Self, _ a: Self) -> Self
  static func whereOdd(biased n: Self, _ odd: Self, _ even: Self) -> Self
  static func mantissa(_ a: Self) -> Self
  static func exponent(_ a: Self) -> Self
  static var halfLog2: SplitConstant<Self> { get }
  static var log2: SplitConstant<Self> { get }
  static var halfPi: (Self, Self, Self) { get }
  /// A factor with which arguments overflow from where sine and cosine no longer know the quadrant.
  static var quadrantLimit: Self { get }
  /// (h·coth h − 1)/h² as a polynomial in h², |h| ≤ ¼ ln 2.
  static func cothPolynomial(_ u: Self) -> Self
  /// (eʳ − 1 − r)/r² as a polynomial in r, |r| ≤ ½ ln 2.
  static func expPolynomial(_ r: Self) -> Self
  /// (2 artanh s − 2s)/s³ as a polynomial in s², |s| ≤ (√2 − 1)/(√2 + 1).
  static func logPolynomial(_ w: Self) -> Self
  /// (sin r − r)/r³ as a polynomial in r², |r| ≤ ¼ π.
  static func sinPolynomial(_ w: Self) -> Self
  /// (cos r − 1 + r²/2)/r⁴ as a polynomial in r², |r| ≤ ¼ π.
  static func cosPolynomial(_ w: Self) -> Self
  /// Where tanh has become 1, where exp overflows, where the exponential's result stops being a normal number.
  static var tanhLimit: Self { get }
  static var expLimit: Self { get }
  static var smallestNormal: Self { get }
}

/// A number format for lanes: `Double` (8 to a vector) or `Float` (16).
public protocol LaneScalar: BinaryFloatingPoint, VectorElement, Sendable, BitwiseCopyable {
  associatedtype Lanes: LaneVector where Lanes.Scalar == Self
  init(_ value: Double)
  /// Copies `count` numbers to places `stride` numbers apart.
  static func spread(_ from: UnsafePointer<Self>, count: Int, to: UnsafeMutablePointer<Self>, stride: Int)
}

/// A constant as a sum of two, the first with trailing zeros, so that its product with a small integer is exact.
public struct SplitConstant<V: LaneVector> {
  public var high: V
  public var low: V

  @inlinable @inline(__always)
  public init(_ high: V.Scalar, _ low: V.Scalar) {
    self.high = V(repeating: high)
    self.low = V(repeating: low)
  }
}

extension LaneVector {
  /// The same for a wide vector, by squares of its quarters.
  @inlinable @inline(__always)
  static func transpose<Quarter: LaneVector>(
    by quarter: Quarter.Type, _ from: UnsafePointer<Self>, stride fromStride: Int, to: UnsafeMutablePointer<Self>,
    stride toStride: Int
  ) {
    let parts = scalarCount / Quarter.scalarCount
    let from = UnsafeRawPointer(from).assumingMemoryBound(to: Quarter.self)
    let to = UnsafeMutableRawPointer(to).assumingMemoryBound(to: Quarter.self)
    for row in 0..<parts {
      for column in 0..<parts {
        Quarter.transpose(
          from + (row &* Quarter.scalarCount &* fromStride &* parts &+ column), stride: fromStride &* parts,
          to: to + (column &* Quarter.scalarCount &* toStride &* parts &+ row), stride: toStride &* parts)
      }
    }
  }

  @inlinable @inline(__always)
  public static prefix func - (a: Self) -> Self { Self(repeating: -0.0) - a }
}
