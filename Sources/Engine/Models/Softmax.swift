import Lanes

/// The softmax of each column over the rows of an output layer.
enum Softmax<V: LaneVector> {
  /// Turns the weighted inputs in `z` into probabilities, in place.
  ///
  ///     pₖ = e^(zₖ − m) / Σⱼ e^(zⱼ − m),  m = maxⱼ zⱼ
  @inline(__always)
  static func apply(_ z: Rows<V>, units: Int, columns: Int) {
    for s in 0..<columns {
      let top = maximum(z, units: units, column: s)
      var sum = V.zero
      for k in 0..<units {
        let e = V.exp(z.row(k)[s] - top)
        z.row(k)[s] = e
        sum = sum + e
      }
      let scale = V.constant(1) / sum
      for k in 0..<units { z.row(k)[s] = z.row(k)[s] * scale }
    }
  }

  /// ln Σₖ e^zₖ of a column.
  @inline(__always)
  static func logSumExp(_ z: Rows<V>, units: Int, column s: Int) -> V {
    let top = maximum(z, units: units, column: s)
    var sum = V.zero
    for k in 0..<units { sum = sum + V.exp(z.row(k)[s] - top) }
    return top + V.log(sum)
  }

  /// The cross-entropy of some columns whose targets add up to any sum w = Σₖ tₖ, without its factor:
  ///
  ///     w·ln Σⱼ e^zⱼ − Σₖ tₖzₖ,  ∂/∂zₖ = pₖ·w − tₖ
  ///
  /// Leaves factor·∂/∂z in `g`. For w = 1 the derivative has the bits of p − t.
  static func weightedCrossEntropy(
    _ p: Rows<V>, logits z: Rows<V>, _ t: Rows<V>, _ g: Rows<V>, units: Int, columns: Range<Int>, factor: V
  ) -> V {
    var sum = V.zero
    for s in columns {
      var weight = V.zero
      for k in 0..<units { weight = weight + t.row(k)[s] }
      for k in 0..<units {
        let t = t.row(k)[s]
        sum = V.fma(-t, z.row(k)[s], sum)
        g.row(k)[s] = V.fma(p.row(k)[s], weight, -t) * factor
      }
      sum = V.fma(weight, logSumExp(z, units: units, column: s), sum)
    }
    return sum
  }

  /// δ through the softmax: ∂E/∂zₖ = pₖ·(gₖ − Σⱼ gⱼpⱼ) for g = ∂E/∂p, in place.
  @inline(__always)
  static func backward(_ g: Rows<V>, _ p: Rows<V>, units: Int, columns: Int) {
    for s in 0..<columns {
      var mean = V.zero
      for k in 0..<units { mean = V.fma(g.row(k)[s], p.row(k)[s], mean) }
      for k in 0..<units { g.row(k)[s] = p.row(k)[s] * (g.row(k)[s] - mean) }
    }
  }

  @inline(__always)
  private static func maximum(_ z: Rows<V>, units: Int, column s: Int) -> V {
    var top = z.row(0)[s]
    for k in 1..<Swift.max(1, units) { top = V.max(top, z.row(k)[s]) }
    return top
  }
}
