import Learning

extension NetworkLoss {
  /// A network's parameters carried by its symmetries as near to others as can be: units exchanged, signs flipped, scales
  /// matched. The loss stays what it is.
  public func aligned(_ theta: [Double], to other: [Double]) -> [Double] {
    let (own, wanted) = (LayeredWeights(architecture, theta), LayeredWeights(architecture, other))
    // A penalty on ‖θ‖ is not scaled away.
    return own.matched(to: wanted, scaling: weightDecay == 0).parameters
  }
}

extension ObjectiveLoss {
  /// The same for an objective: rows and columns in turn, from several first orders, the nearest of what was found.
  public func aligned(_ theta: [Double], to other: [Double]) -> [Double] {
    guard case .permutations(let rows, let columns) = objective.symmetry else { return theta }
    func entry(_ v: [Double], _ i: Int, _ j: Int) -> Double { v[i * columns + j] }
    var best = theta
    for shift in 0..<max(1, columns) {
      var order = (0..<columns).map { ($0 + shift) % columns }
      var lines = Array(0..<rows)
      for _ in 0..<12 {
        let before = (order, lines)
        lines = Assignment.best(rows) { i, k in
          (0..<columns).reduce(0) { sum, j in
            let gap = entry(other, i, j) - entry(theta, k, order[j])
            return sum + gap * gap
          }
        }
        order = Assignment.best(columns) { j, m in
          (0..<rows).reduce(0) { sum, i in
            let gap = entry(other, i, j) - entry(theta, lines[i], m)
            return sum + gap * gap
          }
        }
        if before == (order, lines) { break }
      }
      let found = (0..<rows).flatMap { i in (0..<columns).map { entry(theta, lines[i], order[$0]) } }
      if Linear.distance(found, other) < Linear.distance(best, other) { best = found }
    }
    return best
  }
}
