extension LayeredWeights {
  /// These weights with the units of every hidden layer exchanged, flipped and scaled so that they lie as near to others as can
  /// be. The function stays what it is.
  ///
  /// First from the input up, each layer by what feeds it: that finds a copy. Then each layer by all that touches it, in turns
  /// until nothing changes, which with several hidden layers need not be the best of all (Ainsworth, Hayase & Srinivasa
  /// 2023, arXiv:2209.04836).
  /// - Parameter scaling: whether units with φ(cz) = cφ(z) may change their scales, too.
  func matched(to other: LayeredWeights, scaling: Bool) -> LayeredWeights {
    var weights = self
    if hidden.count > 1 {
      for l in weights.hidden { _ = weights.match(l, to: other, scaling: scaling, onlyBelow: true) }
    }
    for _ in 0..<(hidden.count > 1 ? 20 : 1) {
      let orders = weights.hidden.map { weights.match($0, to: other, scaling: scaling, onlyBelow: false) }
      if orders.allSatisfy({ $0 == Array($0.indices) }) { break }
    }
    return weights
  }

  /// Exchanges, flips and scales the units of one layer, the others as they are. Returns the order taken.
  private mutating func match(_ l: Int, to other: LayeredWeights, scaling: Bool, onlyBelow: Bool) -> [Int] {
    let units = layers[l].units
    let wanted = (0..<units).map { other.around(l, $0) }
    let plain = (0..<units).map { around(l, $0) }
    var flipped = self
    if flips(l) { (0..<units).forEach { flipped.flip(l, $0) } }
    let turned = flips(l) ? (0..<units).map { flipped.around(l, $0) } : plain
    let mayScale = scaling && scales(l)
    func gap(_ i: Int, _ candidate: Around) -> Double {
      if onlyBelow { return wanted[i].gapBelow(to: candidate, normalized: mayScale) }
      let c = mayScale ? candidate.scale(like: wanted[i]) : 1
      return wanted[i].squaredDistance(to: candidate, scaledBy: c)
    }
    let order = Assignment.best(units) { i, j in min(gap(i, plain[j]), gap(i, turned[j])) }
    for (i, j) in order.enumerated() {
      if flips(l), gap(i, turned[j]) < gap(i, plain[j]) { flip(l, j) }
      if mayScale { scale(l, j, by: plain[j].scale(like: wanted[i])) }
    }
    permute(l, order)
    return order
  }

  /// What feeds a unit, and what reads it.
  private struct Around {
    var low: [Double]
    var high: [Double]

    /// The c that gives c·low and high/c the balance of another unit.
    func scale(like other: Around) -> Double {
      let own = Linear.norm(low) / Linear.norm(high)
      let wanted = Linear.norm(other.low) / Linear.norm(other.high)
      let c = (wanted / own).squareRoot()
      return c.isFinite && c > 0 ? c : 1
    }

    /// Of what feeds the units alone, in length or, where lengths mean nothing, in direction.
    func gapBelow(to other: Around, normalized: Bool) -> Double {
      let (a, b) = normalized ? (Linear.unit(low) ?? low, Linear.unit(other.low) ?? other.low) : (low, other.low)
      let gap = Linear.add(a, -1, b)
      return Linear.dot(gap, gap)
    }

    func squaredDistance(to other: Around, scaledBy c: Double) -> Double {
      let (a, b) = (Linear.add(low, -c, other.low), Linear.add(high, -1 / c, other.high))
      return Linear.dot(a, a) + Linear.dot(b, b)
    }
  }

  private func around(_ l: Int, _ unit: Int) -> Around {
    Around(low: layers[l].incoming(unit), high: layers[l + 1].column(unit))
  }
}
