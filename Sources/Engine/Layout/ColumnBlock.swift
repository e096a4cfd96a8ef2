import Lanes

/// One vector or several that share a factor: a row of a register tile.
protocol ColumnBlock {
  associatedtype V: LaneVector
  init(repeating value: V)
  /// Reads the block's vectors, `stride` vectors apart.
  init(_ source: UnsafePointer<V>, stride: Int)
  func store(_ target: UnsafeMutablePointer<V>)
  /// Adds the vectors to packed numbers that need not begin where a vector does, or puts them there.
  func put(packed target: UnsafeMutablePointer<V.Scalar>, adding: Bool)
  /// factor·self + sum, each vector rounded once.
  func times(_ factor: V, plus sum: Self) -> Self
  func map(_ transform: (V) -> V) -> Self
  func map(with other: Self, _ transform: (V, V) -> V) -> Self
  /// Puts sums over a batch at the places of parameters `index`, `index` + 1 …
  func put<Axis: LaneAxis>(_ axis: Axis.Type, _ gradient: UnsafeMutablePointer<V>, _ index: Int, adding: Bool)
  where Axis.V == V
  /// The same for the blocks of four rows, whose parameters are `stride` apart.
  static func put<Axis: LaneAxis>(
    _ rows: (Self, Self, Self, Self), _ axis: Axis.Type, _ gradient: UnsafeMutablePointer<V>, _ index: Int, stride: Int,
    adding: Bool) where Axis.V == V
}

struct Single<V: LaneVector>: ColumnBlock {
  var a: V

  @inline(__always) init(repeating value: V) { a = value }
  @inline(__always) init(_ source: UnsafePointer<V>, stride: Int) { a = source[0] }
  @inline(__always) func store(_ target: UnsafeMutablePointer<V>) { target[0] = a }

  @inline(__always)
  func put(packed target: UnsafeMutablePointer<V.Scalar>, adding: Bool) {
    let raw = UnsafeMutableRawPointer(target)
    raw.storeBytes(of: adding ? raw.loadUnaligned(as: V.self) + a : a, as: V.self)
  }

  @inline(__always)
  func times(_ factor: V, plus sum: Self) -> Self { Self(repeating: V.fma(factor, a, sum.a)) }
  @inline(__always)
  func map(_ transform: (V) -> V) -> Self { Self(repeating: transform(a)) }
  @inline(__always)
  func map(with other: Self, _ transform: (V, V) -> V) -> Self { Self(repeating: transform(a, other.a)) }

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

struct Pair<V: LaneVector>: ColumnBlock {
  var a, b: V

  @inline(__always)
  init(_ a: V, _ b: V) {
    self.a = a
    self.b = b
  }

  @inline(__always) init(repeating value: V) { self.init(value, value) }
  @inline(__always) init(_ source: UnsafePointer<V>, stride: Int) { self.init(source[0], source[stride]) }

  @inline(__always)
  func store(_ target: UnsafeMutablePointer<V>) {
    target[0] = a
    target[1] = b
  }

  @inline(__always)
  func put(packed target: UnsafeMutablePointer<V.Scalar>, adding: Bool) {
    Single(repeating: a).put(packed: target, adding: adding)
    Single(repeating: b).put(packed: target + V.scalarCount, adding: adding)
  }

  @inline(__always)
  func times(_ factor: V, plus sum: Self) -> Self { Self(V.fma(factor, a, sum.a), V.fma(factor, b, sum.b)) }
  @inline(__always)
  func map(_ transform: (V) -> V) -> Self { Self(transform(a), transform(b)) }
  @inline(__always)
  func map(with other: Self, _ transform: (V, V) -> V) -> Self { Self(transform(a, other.a), transform(b, other.b)) }

  @inline(__always)
  func put<Axis: LaneAxis>(_ axis: Axis.Type, _ gradient: UnsafeMutablePointer<V>, _ index: Int, adding: Bool)
  where Axis.V == V {
    Axis.put(a, gradient, index, adding: adding)
    Axis.put(b, gradient, index &+ 1, adding: adding)
  }

  @inline(__always)
  static func put<Axis: LaneAxis>(
    _ rows: (Self, Self, Self, Self), _ axis: Axis.Type, _ gradient: UnsafeMutablePointer<V>, _ index: Int, stride: Int,
    adding: Bool
  ) where Axis.V == V {
    Axis.put(Quad(rows.0.a, rows.1.a, rows.2.a, rows.3.a), gradient, index, stride: stride, adding: adding)
    Axis.put(Quad(rows.0.b, rows.1.b, rows.2.b, rows.3.b), gradient, index &+ 1, stride: stride, adding: adding)
  }
}

struct Quad<V: LaneVector>: ColumnBlock {
  var a, b, c, d: V

  @inline(__always)
  init(_ a: V, _ b: V, _ c: V, _ d: V) {
    self.a = a
    self.b = b
    self.c = c
    self.d = d
  }

  @inline(__always)
  init(repeating value: V) { self.init(value, value, value, value) }

  @inline(__always)
  init(_ source: UnsafePointer<V>, stride: Int) {
    self.init(source[0], source[stride], source[2 &* stride], source[3 &* stride])
  }

  @inline(__always)
  func store(_ target: UnsafeMutablePointer<V>) {
    target[0] = a
    target[1] = b
    target[2] = c
    target[3] = d
  }

  @inline(__always)
  func put(packed target: UnsafeMutablePointer<V.Scalar>, adding: Bool) {
    Single(repeating: a).put(packed: target, adding: adding)
    Single(repeating: b).put(packed: target + V.scalarCount, adding: adding)
    Single(repeating: c).put(packed: target + 2 &* V.scalarCount, adding: adding)
    Single(repeating: d).put(packed: target + 3 &* V.scalarCount, adding: adding)
  }

  @inline(__always)
  func times(_ factor: V, plus sum: Self) -> Self {
    Self(V.fma(factor, a, sum.a), V.fma(factor, b, sum.b), V.fma(factor, c, sum.c), V.fma(factor, d, sum.d))
  }
  @inline(__always)
  func map(_ transform: (V) -> V) -> Self { Self(transform(a), transform(b), transform(c), transform(d)) }
  @inline(__always)
  func map(with other: Self, _ transform: (V, V) -> V) -> Self {
    Self(transform(a, other.a), transform(b, other.b), transform(c, other.c), transform(d, other.d))
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
    rows.1.put(axis, gradient, index &+ stride, adding: adding)
    rows.2.put(axis, gradient, index &+ 2 &* stride, adding: adding)
    rows.3.put(axis, gradient, index &+ 3 &* stride, adding: adding)
  }
}
