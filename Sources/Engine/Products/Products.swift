import Lanes

/// The last operation on a product's tile while it is still in registers.
enum Finish<V: LaneVector> {
  case none
  /// φ(z), where φ's slope is a function of its value.
  case value(ActivationKind)
  /// δ·φ′(z), given the rows of a = φ(z).
  case slope(ActivationKind, Rows<V>)

  @inline(__always)
  func callAsFunction<Block: ColumnBlock>(_ tile: Block, row: Int, column: Int) -> Block where Block.V == V {
    switch self {
    case .none: tile
    case .value(let activation): activation.value(tile)
    case .slope(let activation, let a): activation.timesSlope(tile, at: Block(a.row(row) + column, stride: 1))
    }
  }
}

/// The products of a layer, lane by lane, in register tiles of four rows by four columns.
///
///            k →                s s s s                  Within a tile each loaded vector meets four factors and each
///        r [ w w w … ]     k  [ x x x x ]     r [ t t t t ]   factor four vectors, so that the arithmetic units, not
///        r [ w w w … ]  ·  ↓  [ x x x x ]  =  r [ t t t t ]   the loads, set the pace.
///
/// The order of every sum is the order of its index: it depends on the shape alone. Indices wrap instead of trapping
/// (`&+`): they were made from sizes that have been checked, and the checks would cost as much as the arithmetic.
enum Products<Axis: LaneAxis> {
  typealias V = Axis.V

  /// out[r][s] = finish(start(r) + Σₖ w(r, k)·x[k][s]): forward with start = bias, backward with the transposed weights
  /// and without one (`bias` −1).
  @inline(__always)
  static func multiply(
    _ parameters: UnsafePointer<V>, _ w: WeightMatrix, bias: Int, rows: Int, inner: Int, columns: Int,
    _ x: Rows<V>, into out: Rows<V>, finish: Finish<V>
  ) {
    let weights = Weights(parameters, w, bias: bias, rows: rows, inner: inner)
    var s = 0
    while !Axis.isWide, s &+ 4 <= columns {
      strip(Quad<V>.self, weights, x, out, column: s, finish)
      s &+= 4
    }
    if !Axis.isWide, s &+ 2 <= columns {
      strip(Pair<V>.self, weights, x, out, column: s, finish)
      s &+= 2
    }
    while s < columns {
      strip(Single<V>.self, weights, x, out, column: s, finish)
      s &+= 1
    }
  }

  /// The places of a product's factors, in bytes.
  private struct Weights {
    let first: UnsafeRawPointer
    let rowStep: Int
    let innerStep: Int
    let bias: UnsafeRawPointer?
    let rows: Int
    let inner: Int

    @inline(__always)
    init(_ parameters: UnsafePointer<V>, _ w: WeightMatrix, bias: Int, rows: Int, inner: Int) {
      let base = UnsafeRawPointer(parameters)
      first = base + w.offset &* Axis.parameterStride
      rowStep = w.rowStride &* Axis.parameterStride
      innerStep = w.innerStride &* Axis.parameterStride
      self.bias = bias < 0 ? nil : base + bias &* Axis.parameterStride
      self.rows = rows
      self.inner = inner
    }

    @inline(__always)
    func start(_ row: Int) -> V {
      guard let bias else { return V.zero }
      return Axis.weight(at: bias + row &* Axis.parameterStride)
    }
  }

  /// All rows of the product for one block of columns.
  @inline(__always)
  private static func strip<Block: ColumnBlock>(
    _ block: Block.Type, _ w: Weights, _ x: Rows<V>, _ out: Rows<V>, column: Int, _ finish: Finish<V>
  ) where Block.V == V {
    var first = w.first
    var r = 0
    while r &+ 4 <= w.rows {
      fourRows(block, w, first, x, out, row: r, column: column, finish)
      first += 4 &* w.rowStep
      r &+= 4
    }
    while r < w.rows {
      oneRow(block, w, first, x, out, row: r, column: column, finish)
      first += w.rowStep
      r &+= 1
    }
  }

  @inline(__always)
  private static func fourRows<Block: ColumnBlock>(
    _ block: Block.Type, _ w: Weights, _ first: UnsafeRawPointer, _ x: Rows<V>, _ out: Rows<V>, row r: Int, column: Int,
    _ finish: Finish<V>
  ) where Block.V == V {
    var (w0, w1, w2, w3) = (first, first + w.rowStep, first + 2 &* w.rowStep, first + 3 &* w.rowStep)
    var t0 = Block(repeating: w.start(r))
    var t1 = Block(repeating: w.start(r &+ 1))
    var t2 = Block(repeating: w.start(r &+ 2))
    var t3 = Block(repeating: w.start(r &+ 3))
    var source = x.base + column
    for _ in 0..<w.inner {
      let vectors = Block(source, stride: 1)
      t0 = vectors.times(Axis.weight(at: w0), plus: t0)
      t1 = vectors.times(Axis.weight(at: w1), plus: t1)
      t2 = vectors.times(Axis.weight(at: w2), plus: t2)
      t3 = vectors.times(Axis.weight(at: w3), plus: t3)
      source += x.stride
      w0 += w.innerStep
      w1 += w.innerStep
      w2 += w.innerStep
      w3 += w.innerStep
    }
    finish(t0, row: r, column: column).store(out.row(r) + column)
    finish(t1, row: r &+ 1, column: column).store(out.row(r &+ 1) + column)
    finish(t2, row: r &+ 2, column: column).store(out.row(r &+ 2) + column)
    finish(t3, row: r &+ 3, column: column).store(out.row(r &+ 3) + column)
  }

  @inline(__always)
  private static func oneRow<Block: ColumnBlock>(
    _ block: Block.Type, _ w: Weights, _ first: UnsafeRawPointer, _ x: Rows<V>, _ out: Rows<V>, row r: Int, column: Int,
    _ finish: Finish<V>
  ) where Block.V == V {
    var place = first
    var t = Block(repeating: w.start(r))
    var source = x.base + column
    for _ in 0..<w.inner {
      t = Block(source, stride: 1).times(Axis.weight(at: place), plus: t)
      source += x.stride
      place += w.innerStep
    }
    finish(t, row: r, column: column).store(out.row(r) + column)
  }
}
