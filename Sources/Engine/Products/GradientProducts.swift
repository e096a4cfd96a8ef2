import Lanes

/// The sums over a batch that a layer's gradient consists of.
///
///     ∂E/∂w(o, i) = Σₛ δ[o][s]·x[i][s]        ∂E/∂b(o) = Σₛ δ[o][s]
///
/// They are put at the place of the parameter, or added there for a batch of several tiles.
struct GradientProducts<Axis: LaneAxis> {
  typealias V = Axis.V

  let delta: Rows<V>
  let x: Rows<V>
  let units: Int
  let inputs: Int
  let columns: Int
  let gradient: UnsafeMutablePointer<V>
  /// Where the layer's weights begin among the parameters, and its biases; −1 without biases.
  let weights: Int
  let biases: Int
  let adding: Bool

  /// All of the layer's gradient. With `scratch`, inputs go into the lanes as far as they fill them.
  @inline(__always)
  func put(scratch: UnsafeMutablePointer<V>?) {
    var first = 0
    if Axis.turnsInputs, let scratch, inputs >= V.scalarCount {
      first = inputs / V.scalarCount &* V.scalarCount
      across(vectors: inputs / V.scalarCount, scratch)
    }
    var o = 0
    while o &+ 4 <= units {
      var i = first
      while !Axis.isWide, i &+ 4 <= inputs {
        fourRows(Quad<V>.self, o, i)
        i &+= 4
      }
      while i < inputs {
        fourRows(Single<V>.self, o, i)
        i &+= 1
      }
      if biases >= 0 { Axis.put(fourSums(o), gradient, biases &+ o, stride: 1, adding: adding) }
      o &+= 4
    }
    while o < units {
      var i = first
      while i &+ 4 <= inputs {
        oneRow(Quad<V>.self, o, i)
        i &+= 4
      }
      while i < inputs {
        oneRow(Single<V>.self, o, i)
        i &+= 1
      }
      if biases >= 0 { Axis.put(sum(o), gradient, biases &+ o, adding: adding) }
      o &+= 1
    }
  }

  @inline(__always)
  private func index(_ o: Int, _ i: Int) -> Int { weights &+ o &* inputs &+ i }

  // MARK: Sums over columns

  /// Units o … o + 3 against a block of inputs.
  @inline(__always)
  private func fourRows<Block: ColumnBlock>(_ block: Block.Type, _ o: Int, _ i: Int) where Block.V == V {
    let (d0, d1, d2, d3) = (delta.row(o), delta.row(o &+ 1), delta.row(o &+ 2), delta.row(o &+ 3))
    let source = x.row(i)
    var t0 = Block(repeating: .zero)
    var (t1, t2, t3) = (t0, t0, t0)
    for s in 0..<columns {
      let vectors = Block(source + s, stride: x.stride)
      t0 = vectors.times(d0[s], plus: t0)
      t1 = vectors.times(d1[s], plus: t1)
      t2 = vectors.times(d2[s], plus: t2)
      t3 = vectors.times(d3[s], plus: t3)
    }
    Block.put((t0, t1, t2, t3), Axis.self, gradient, index(o, i), stride: inputs, adding: adding)
  }

  @inline(__always)
  private func oneRow<Block: ColumnBlock>(_ block: Block.Type, _ o: Int, _ i: Int) where Block.V == V {
    let d = delta.row(o)
    let source = x.row(i)
    var t = Block(repeating: .zero)
    for s in 0..<columns { t = Block(source + s, stride: x.stride).times(d[s], plus: t) }
    t.put(Axis.self, gradient, index(o, i), adding: adding)
  }

  @inline(__always)
  private func fourSums(_ o: Int) -> Quad<V> {
    var t = Quad<V>(repeating: .zero)
    let first = delta.row(o)
    for s in 0..<columns { t = t.map(with: Quad(first + s, stride: delta.stride)) { $0 + $1 } }
    return t
  }

  @inline(__always)
  private func sum(_ o: Int) -> V {
    let d = delta.row(o)
    var t = V.zero
    for s in 0..<columns { t = t + d[s] }
    return t
  }

  // MARK: Inputs in the lanes

  /// The same sums sample by sample, with eight (sixteen) inputs in the lanes and δ as the factor.
  ///
  /// With samples in the lanes every sum ends with a sum over lanes, which for a short batch costs more than the
  /// products. With the inputs transposed, once for all units, there is none: the sums have the order of the packed gradient.
  @inline(__always)
  private func across(vectors: Int, _ turned: UnsafeMutablePointer<V>) {
    let rows = Rows(base: turned, stride: Workspace<V>.stride(columns: vectors))
    turn(vectors: vectors, into: rows)
    var v = 0
    while v &+ 4 <= vectors {
      acrossBlock(Quad<V>.self, v, rows)
      v &+= 4
    }
    while v < vectors {
      acrossBlock(Single<V>.self, v, rows)
      v &+= 1
    }
  }

  /// turned[s][v] = inputs 8v … 8v + 7 of sample s.
  @inline(__always)
  private func turn(vectors: Int, into turned: Rows<V>) {
    let width = V.scalarCount
    for v in 0..<vectors {
      for s in 0..<columns {
        V.transpose(
          x.row(v &* width) + s, stride: x.stride, to: turned.row(s &* width) + v, stride: turned.stride)
      }
    }
  }

  @inline(__always)
  private func acrossBlock<Block: ColumnBlock>(
    _ block: Block.Type, _ v: Int, _ turned: Rows<V>
  ) where Block.V == V {
    let samples = columns &* V.scalarCount
    let target = UnsafeMutableRawPointer(gradient).assumingMemoryBound(to: V.Scalar.self)
    @inline(__always) func factors(_ o: Int) -> UnsafePointer<V.Scalar> {
      UnsafeRawPointer(delta.row(o)).assumingMemoryBound(to: V.Scalar.self)
    }
    var o = 0
    while o &+ 4 <= units {
      let (d0, d1, d2, d3) = (factors(o), factors(o &+ 1), factors(o &+ 2), factors(o &+ 3))
      var source = UnsafePointer(turned.base + v)
      var t0 = Block(repeating: .zero)
      var (t1, t2, t3) = (t0, t0, t0)
      for s in 0..<samples {
        let inputs = Block(source, stride: 1)
        t0 = inputs.times(V(repeating: d0[s]), plus: t0)
        t1 = inputs.times(V(repeating: d1[s]), plus: t1)
        t2 = inputs.times(V(repeating: d2[s]), plus: t2)
        t3 = inputs.times(V(repeating: d3[s]), plus: t3)
        source += turned.stride
      }
      let place = target + index(o, v &* V.scalarCount)
      t0.put(packed: place, adding: adding)
      t1.put(packed: place + inputs, adding: adding)
      t2.put(packed: place + 2 &* inputs, adding: adding)
      t3.put(packed: place + 3 &* inputs, adding: adding)
      o &+= 4
    }
    while o < units {
      let d = factors(o)
      var source = UnsafePointer(turned.base + v)
      var t = Block(repeating: .zero)
      for s in 0..<samples {
        t = Block(source, stride: 1).times(V(repeating: d[s]), plus: t)
        source += turned.stride
      }
      t.put(packed: target + index(o, v &* V.scalarCount), adding: adding)
      o &+= 1
    }
  }
}
