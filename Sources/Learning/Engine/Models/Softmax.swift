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
