import Lanes

/// A matrix of vectors in memory: row r, column s stands at `base[r·stride + s]`.
struct Rows<V: LaneVector> {
  let base: UnsafeMutablePointer<V>
  let stride: Int

  @inline(__always)
  func row(_ index: Int) -> UnsafeMutablePointer<V> { base + index * stride }

  /// The same rows from column `first` on.
  @inline(__always)
  func from(column first: Int) -> Rows { Rows(base: base + first, stride: stride) }
}

/// A matrix inside the packed parameters: entry (r, k) is parameter `offset + r·rowStride + k·innerStride`.
struct WeightMatrix {
  let offset: Int
  let rowStride: Int
  let innerStride: Int

  @inline(__always)
  func index(_ row: Int, _ inner: Int) -> Int { offset + row * rowStride + inner * innerStride }
}

/// The two products of a layer, lane by lane, in register tiles of four rows by four columns.
///
/// Within a tile each loaded vector meets four factors and each factor four vectors, so that the arithmetic units, not
/// the loads, set the pace. The order of every sum is the order of its index: it depends on the shape alone.
enum Products<Axis: LaneAxis> {
  typealias V = Axis.V

  /// out[r][s] = start(r) + Σₖ w(r, k)·x[k][s]: forward with start = bias, backward with the transposed weights and
  /// without one (`bias` −1).
  @inline(__always)
  static func multiply(
    _ parameters: UnsafePointer<V>, _ w: WeightMatrix, bias: Int, rows: Int, inner: Int, columns: Int,
    _ x: Rows<V>, into out: Rows<V>
  ) {
    var s = 0
    while !Axis.isWide, s + 4 <= columns {
      strip(Quad<V>.self, parameters, w, bias: bias, rows: rows, inner: inner, x.from(column: s), out.from(column: s))
      s += 4
    }
    while s < columns {
      strip(Single<V>.self, parameters, w, bias: bias, rows: rows, inner: inner, x.from(column: s), out.from(column: s))
      s += 1
    }
  }

  /// All rows of the product for one block of columns.
  @inline(__always)
  private static func strip<Block: ColumnBlock>(
    _ block: Block.Type, _ parameters: UnsafePointer<V>, _ w: WeightMatrix, bias: Int, rows: Int, inner: Int,
    _ x: Rows<V>, _ out: Rows<V>
  ) where Block.V == V {
    @inline(__always) func start(_ row: Int) -> Block {
      Block(repeating: bias < 0 ? V.zero : Axis.weight(parameters, bias + row))
    }
    @inline(__always) func factor(_ row: Int, _ k: Int) -> V { Axis.weight(parameters, w.index(row, k)) }
    var r = 0
    while r + 4 <= rows {
      var t0 = start(r)
      var t1 = start(r + 1)
      var t2 = start(r + 2)
      var t3 = start(r + 3)
      for k in 0..<inner {
        let column = Block(x.row(k), stride: 1)
        t0 = column.times(factor(r, k), plus: t0)
        t1 = column.times(factor(r + 1, k), plus: t1)
        t2 = column.times(factor(r + 2, k), plus: t2)
        t3 = column.times(factor(r + 3, k), plus: t3)
      }
      t0.store(out.row(r))
      t1.store(out.row(r + 1))
      t2.store(out.row(r + 2))
      t3.store(out.row(r + 3))
      r += 4
    }
    while r < rows {
      var t = start(r)
      for k in 0..<inner { t = Block(x.row(k), stride: 1).times(factor(r, k), plus: t) }
      t.store(out.row(r))
      r += 1
    }
  }

  /// g(o, i) = Σₛ δ[o][s]·x[i][s], put where the weight (o, i) stands; `adding` for a batch in several tiles.
  @inline(__always)
  static func outer(
    _ delta: Rows<V>, _ x: Rows<V>, units: Int, inputs: Int, columns: Int,
    _ gradient: UnsafeMutablePointer<V>, offset: Int, adding: Bool
  ) {
    var i = 0
    while !Axis.isWide, i + 4 <= inputs {
      outerStrip(Quad<V>.self, delta, x, i, units: units, inputs: inputs, columns: columns, gradient, offset, adding)
      i += 4
    }
    while i < inputs {
      outerStrip(Single<V>.self, delta, x, i, units: units, inputs: inputs, columns: columns, gradient, offset, adding)
      i += 1
    }
  }

  /// All units' sums for one block of inputs, beginning at input `i`.
  @inline(__always)
  private static func outerStrip<Block: ColumnBlock>(
    _ block: Block.Type, _ delta: Rows<V>, _ x: Rows<V>, _ i: Int, units: Int, inputs: Int, columns: Int,
    _ gradient: UnsafeMutablePointer<V>, _ offset: Int, _ adding: Bool
  ) where Block.V == V {
    let first = x.row(i)
    var o = 0
    while o + 4 <= units {
      let d0 = delta.row(o)
      let d1 = delta.row(o + 1)
      let d2 = delta.row(o + 2)
      let d3 = delta.row(o + 3)
      var t0 = Block(repeating: .zero)
      var t1 = t0
      var t2 = t0
      var t3 = t0
      for s in 0..<columns {
        let inputs = Block(first + s, stride: x.stride)
        t0 = inputs.times(d0[s], plus: t0)
        t1 = inputs.times(d1[s], plus: t1)
        t2 = inputs.times(d2[s], plus: t2)
        t3 = inputs.times(d3[s], plus: t3)
      }
      let at = offset + o * inputs + i
      Block.put((t0, t1, t2, t3), Axis.self, gradient, at, stride: inputs, adding: adding)
      o += 4
    }
    while o < units {
      let d = delta.row(o)
      var t = Block(repeating: .zero)
      for s in 0..<columns { t = Block(first + s, stride: x.stride).times(d[s], plus: t) }
      t.put(Axis.self, gradient, offset + o * inputs + i, adding: adding)
      o += 1
    }
  }

  /// g(o) = Σₛ δ[o][s], the bias's share.
  @inline(__always)
  static func rowSums(
    _ delta: Rows<V>, units: Int, columns: Int, _ gradient: UnsafeMutablePointer<V>, offset: Int, adding: Bool
  ) {
    var o = 0
    while o + 4 <= units {
      var t = Quad<V>(repeating: .zero)
      for s in 0..<columns {
        t = Quad(delta.row(o) + s, stride: delta.stride).times(V.constant(1), plus: t)
      }
      Axis.put(t, gradient, offset + o, stride: 1, adding: adding)
      o += 4
    }
    while o < units {
      let d = delta.row(o)
      var t = V.zero
      for s in 0..<columns { t = t + d[s] }
      Axis.put(t, gradient, offset + o, adding: adding)
      o += 1
    }
  }
}
