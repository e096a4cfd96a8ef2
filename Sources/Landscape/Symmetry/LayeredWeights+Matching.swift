extension LayeredWeights {
  /// These weights with the units of every hidden layer exchanged, flipped and scaled so that they lie as near to others as
  /// possible. The function does not change.
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

  /// Exchanges and moves the units of one layer, the others as they are. Returns the order taken.
  private mutating func match(_ l: Int, to other: LayeredWeights, scaling: Bool, onlyBelow: Bool) -> [Int] {
    let units = layers[l].units
    let (wanted, own) = ((0..<units).map { other.around(l, $0) }, (0..<units).map { around(l, $0) })
    func moves(_ i: Int, _ j: Int) -> [Move] {
      (flips(l) ? [false, true] : [false]).flatMap { flips -> [Move] in
        var move = Move(flips: flips)
        if scaling, scales(l) { move.scale = own[j].scale(like: wanted[i]) }
        guard turns(l) else { return [move] }
        let nearest = ((wanted[i].bias - (flips ? -1 : 1) * own[j].bias) / Double.pi).rounded()
        return [nearest, nearest - 1, nearest + 1].map { turns in
          var turned = move
          turned.turns = turns
          return turned
        }
      }
    }
    func gap(_ i: Int, _ j: Int, _ move: Move) -> Double {
      wanted[i].squaredDistance(to: own[j].moved(move), onlyBelow: onlyBelow)
    }
    func best(_ i: Int, _ j: Int) -> Move? { moves(i, j).min { gap(i, j, $0) < gap(i, j, $1) } }
    let order = Assignment.best(units) { i, j in best(i, j).map { gap(i, j, $0) } ?? .infinity }
    for (i, j) in order.enumerated() {
      guard let move = best(i, j) else { continue }
      if move.flips { flip(l, j) }
      if move.turns != 0 { turn(l, j, by: move.turns) }
      if move.scale != 1 { scale(l, j, by: move.scale) }
    }
    permute(l, order)
    return order
  }

  private func around(_ l: Int, _ unit: Int) -> Around {
    Around(low: layers[l].incoming(unit), high: layers[l + 1].column(unit))
  }
}

/// What a symmetry does to a unit: first flipped, then turned, then scaled.
private struct Move {
  var flips = false
  var turns = 0.0
  var scale = 1.0
}

/// A unit's incoming weights, its bias last, and its outgoing weights.
private struct Around {
  var low: [Double]
  var high: [Double]

  var bias: Double { low.last ?? 0 }

  func moved(_ move: Move) -> Around {
    let sign = move.turns.truncatingRemainder(dividingBy: 2) == 0 ? 1.0 : -1
    var moved = Around(
      low: Linear.scale((move.flips ? -1 : 1) * move.scale, low),
      high: Linear.scale((move.flips ? -sign : sign) / move.scale, high))
    if move.turns != 0 { moved.low[low.count - 1] += move.turns * Double.pi }
    return moved
  }

  /// The c that gives c·low and high/c the balance of another unit.
  func scale(like other: Around) -> Double {
    let own = Linear.norm(low) / Linear.norm(high)
    let wanted = Linear.norm(other.low) / Linear.norm(other.high)
    let c = (wanted / own).squareRoot()
    return c.isFinite && c > 0 ? c : 1
  }

  func squaredDistance(to other: Around, onlyBelow: Bool) -> Double {
    let (a, b) = (Linear.add(low, -1, other.low), Linear.add(high, -1, other.high))
    return Linear.dot(a, a) + (onlyBelow ? 0 : Linear.dot(b, b))
  }
}
