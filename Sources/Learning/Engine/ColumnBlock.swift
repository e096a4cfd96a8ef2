import Lanes

/// One vector or several that share a factor: what a register tile is made of.
protocol ColumnBlock {
  associatedtype V: LaneVector
  static var width: Int { get }
  init(repeating value: V)
  /// Reads `width` vectors, `stride` vectors apart.
  init(_ source: UnsafePointer<V>, stride: Int)
  func store(_ target: UnsafeMutablePointer<V>)
  /// factor·self + sum, each vector rounded once.
  func times(_ factor: V, plus sum: Self) -> Self
  /// Puts sums over a batch where parameters `index`, `index` + 1 … stand.
  func put<Axis: LaneAxis>(_ axis: Axis.Type, _ gradient: UnsafeMutablePointer<V>, _ index: Int, adding: Bool)
  where Axis.V == V
  /// The same for the blocks of four rows, whose parameters stand `stride` apart.
  static func put<Axis: LaneAxis>(
    _ rows: (Self, Self, Self, Self), _ axis: Axis.Type, _ gradient: UnsafeMutablePointer<V>, _ index: Int, stride: Int,
    adding: Bool) where Axis.V == V
}

struct Single<V: LaneVector>: ColumnBlock {
  var a: V

  @inline(__always) static var width: Int { 1 }
  @inline(__always) init(repeating value: V) { a = value }
  @inline(__always) init(_ source: UnsafePointer<V>, stride: Int) { a = source[0] }
  @inline(__always) func store(_ target: UnsafeMutablePointer<V>) { target[0] = a }
  @inline(__always)
  func times(_ factor: V, plus sum: Self) -> Self { Self(repeating: V.fma(factor, a, sum.a)) }

  @inline(__always)
  func put<Axis: LaneAxis>(_ axis: Axis.Type, _ gradient: UnsafeMutablePointer<V>, _ index: Int, adding: Bool)
  where Axis.V == V {
    Axis.put(a, gradient, index, adding: adding)
  }

  @inline(__always)
  static func put<Axis: LaneAxis>(
    _ rows: (Self, Self, Self, Self), _ axis: Axis.Type, _ gradient: UnsafeMutablePointer<V>, _ index: Int, stride: Int,
    adding: Bool
  ) where Axis.V == V {
    let sums = Quad(rows.0.a, rows.1.a, rows.2.a, rows.3.a)
    Axis.put(sums, gradient, index, stride: stride, adding: adding)
  }
}

struct Quad<V: LaneVector>: ColumnBlock {
  var a, b, c, d: V

  @inline(__always) static var width: Int { 4 }

  @inline(__always)
  init(_ a: V, _ b: V, _ c: V, _ d: V) {
    self.a = a
    self.b = b
    self.c = c
    self.d = d
  }

  @inline(__always)
  init(repeating value: V) {
    a = value
    b = value
    c = value
    d = value
  }

  @inline(__always)
  init(_ source: UnsafePointer<V>, stride: Int) {
    a = source[0]
    b = source[stride]
    c = source[2 * stride]
    d = source[3 * stride]
  }

  @inline(__always)
  func store(_ target: UnsafeMutablePointer<V>) {
    target[0] = a
    target[1] = b
    target[2] = c
    target[3] = d
  }

  @inline(__always)
  func times(_ factor: V, plus sum: Self) -> Self {
    var result = sum
    result.a = V.fma(factor, a, sum.a)
    result.b = V.fma(factor, b, sum.b)
    result.c = V.fma(factor, c, sum.c)
    result.d = V.fma(factor, d, sum.d)
    return result
  }
  @inline(__always)
  func put<Axis: LaneAxis>(_ axis: Axis.Type, _ gradient: UnsafeMutablePointer<V>, _ index: Int, adding: Bool)
  where Axis.V == V {
    Axis.put(self, gradient, index, stride: 1, adding: adding)
  }

  @inline(__always)
  static func put<Axis: LaneAxis>(
    _ rows: (Self, Self, Self, Self), _ axis: Axis.Type, _ gradient: UnsafeMutablePointer<V>, _ index: Int, stride: Int,
    adding: Bool
  ) where Axis.V == V {
    rows.0.put(axis, gradient, index, adding: adding)
    rows.1.put(axis, gradient, index + stride, adding: adding)
    rows.2.put(axis, gradient, index + 2 * stride, adding: adding)
    rows.3.put(axis, gradient, index + 3 * stride, adding: adding)
  }
}
