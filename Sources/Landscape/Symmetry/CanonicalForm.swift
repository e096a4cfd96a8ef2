import Learning

/// A network's parameters without the freedom that its training samples cannot tell apart: linear layers multiplied out, units
/// removed that are dead, constant or unread, duplicates joined, scales and signs fixed, units in order.
///
/// Two networks with the same form are one function on the samples. The converse does not hold: other coincidences exist.
struct CanonicalForm {
  private(set) var weights: LayeredWeights

  init(_ function: NetworkLoss, _ theta: [Double]) {
    weights = LayeredWeights(function.architecture, theta)
    let activity = UnitActivity(function, theta)
    // From the output down, so that what a removal leaves unread below is seen.
    for l in weights.hidden.reversed() {
      for unit in activity.hidden[l].reversed() { removeIdle(l, unit) }
    }
    for l in weights.hidden.reversed() where weights.layers[l].activation == .identity { weights.absorbLinear(l) }
    for l in weights.hidden {
      normalize(l)
      joinDuplicates(l)
      sort(l)
    }
  }

  private mutating func removeIdle(_ l: Int, _ unit: UnitActivity.Unit) {
    guard let first = unit.outputs.first else { return }
    let isUnread = weights.layers[l + 1].column(unit.index).allSatisfy { abs($0) < 1e-9 }
    let isConstant = unit.outputs.allSatisfy { abs($0 - first) < 1e-9 }
    let canHold = first == 0 || !weights.layers[l + 1].biases.isEmpty
    if isUnread || isConstant && canHold { weights.remove(l, unit.index, constant: isUnread ? 0 : first) }
  }

  private mutating func normalize(_ l: Int) {
    for unit in 0..<weights.layers[l].units {
      let length = Linear.norm(weights.layers[l].incoming(unit))
      if weights.scales(l), length > 0 { weights.scale(l, unit, by: 1 / length) }
      // Into (−π/2, π/2].
      if weights.turns(l) { weights.turn(l, unit, by: -(weights.layers[l].biases[unit] / Double.pi).rounded()) }
      guard weights.flips(l) else { continue }
      let largest = weights.layers[l].incoming(unit).max { abs($0) < abs($1) } ?? 0
      if largest < 0 { weights.flip(l, unit) }
    }
  }

  private mutating func joinDuplicates(_ l: Int) {
    var a = 0
    while a < weights.layers[l].units {
      for b in stride(from: weights.layers[l].units - 1, to: a, by: -1) {
        let (one, other) = (weights.layers[l].incoming(a), weights.layers[l].incoming(b))
        if Linear.distance(one, other) < 1e-6 * (1 + Linear.norm(one)) { weights.merge(l, b, into: a) }
      }
      a += 1
    }
  }

  private mutating func sort(_ l: Int) {
    let keys = (0..<weights.layers[l].units).map { weights.layers[l].incoming($0) }
    weights.permute(l, keys.indices.sorted { keys[$0].lexicographicallyPrecedes(keys[$1]) })
  }

  /// The distance to another form whose units are matched with these as well as possible; ∞ where the sizes differ.
  func distance(to other: CanonicalForm) -> Double {
    let (a, b) = (weights, other.weights)
    guard a.layers.map(\.units) == b.layers.map(\.units) else { return .infinity }
    return Linear.distance(a.parameters, b.matched(to: a, scaling: false).parameters)
  }

  /// Whether the best matching of units is certain to be found: with one hidden layer, by one assignment.
  var isMatchedExactly: Bool { weights.hidden.count <= 1 }

  var length: Double { Linear.norm(weights.parameters) }
}
