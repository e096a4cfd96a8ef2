import Learning

extension NetworkLoss {
  /// A network's parameters moved by its symmetries as near to others as possible: units exchanged, signs flipped, scales
  /// matched. The loss does not change.
  public func aligned(_ theta: [Double], to other: [Double]) -> [Double] {
    let (own, wanted) = (LayeredWeights(architecture, theta), LayeredWeights(architecture, other))
    // A penalty on ‖θ‖ is not scaled away.
    return own.matched(to: wanted, scaling: weightDecay == 0).parameters
  }

  public func copies(of theta: [Double], near other: [Double]) -> [[Double]] {
    LayeredWeights(architecture, theta).neighbours.map(\.parameters).sorted {
      Linear.distance($0, other) < Linear.distance($1, other)
    }
  }
}

extension LayeredWeights {
  /// These weights after each single flip, half turn or exchange.
  fileprivate var neighbours: [LayeredWeights] {
    hidden.flatMap { l in
      (0..<layers[l].units).flatMap { unit -> [LayeredWeights] in
        var found: [LayeredWeights] = []
        func add(_ change: (inout LayeredWeights) -> Void) {
          var copy = self
          change(&copy)
          found.append(copy)
        }
        if flips(l) { add { $0.flip(l, unit) } }
        if turns(l) {
          for k in [-1.0, 1] {
            add { $0.turn(l, unit, by: k) }
            add {
              $0.flip(l, unit)
              $0.turn(l, unit, by: k)
            }
          }
        }
        for other in 0..<unit {
          add { weights in
            var order = Array(0..<weights.layers[l].units)
            order.swapAt(unit, other)
            weights.permute(l, order)
          }
        }
        return found
      }
    }
  }
}
