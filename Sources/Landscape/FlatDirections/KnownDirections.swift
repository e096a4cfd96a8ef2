import Learning

/// Directions of parameter space along which a network's outputs on its training samples stay as they are, by their cause.
struct KnownDirections {
  private let architecture: Architecture
  private let theta: [Double]
  private let activity: UnitActivity

  init(_ function: NetworkLoss, _ theta: [Double], _ activity: UnitActivity) {
    architecture = function.architecture
    self.theta = theta
    self.activity = activity
  }

  // MARK: Symmetries

  /// w_in ← (1 + ε)w_in, w_out ← (1 − ε)w_out for units with φ(cz) = cφ(z), c > 0; for linear units also
  /// row i += ε·row j, column j −= ε·column i; a common shift of all softmax inputs.
  var symmetry: [[Double]] {
    var found: [[Double]] = []
    for (l, units) in activity.hidden.enumerated() {
      for unit in units {
        for other in units where canMix(unit, other) { found.append(mixing(l, unit.index, other.index)) }
      }
    }
    if let last = architecture.layers.last, last.activations[0] == .softmax {
      found += (0..<last.inputs).map { input in
        direction { v in (0..<last.units).forEach { v[last.weight($0, input)] = 1 } }
      }
      if last.hasBias { found.append(direction { v in (0..<last.units).forEach { v[last.bias($0)] = 1 } }) }
    }
    return found
  }

  private func canMix(_ a: UnitActivity.Unit, _ b: UnitActivity.Unit) -> Bool {
    switch a.activation {
    case .relu, .leakyReLU: a.index == b.index
    case .identity: b.activation == .identity
    default: false
    }
  }

  /// Row i gains row j, column j loses column i.
  private func mixing(_ l: Int, _ i: Int, _ j: Int) -> [Double] {
    let (layer, next) = (architecture.layers[l], architecture.layers[l + 1])
    return direction { v in
      for input in 0..<layer.inputs { v[layer.weight(i, input)] += theta[layer.weight(j, input)] }
      if layer.hasBias { v[layer.bias(i)] += theta[layer.bias(j)] }
      for unit in 0..<next.units { v[next.weight(unit, j)] -= theta[next.weight(unit, i)] }
    }
  }

  // MARK: Units without effect

  /// All weights of a unit whose output and slope are 0, and the incoming weights of a unit whose outgoing weights are 0.
  var deadUnits: [[Double]] {
    activity.hidden.joined().flatMap { unit -> [[Double]] in
      let isSilent = unit.outputs.allSatisfy { $0 == 0 } && unit.slopes.allSatisfy { $0 == 0 }
      if isSilent { return incoming(unit) + outgoing(unit) }
      return readers(unit).allSatisfy { abs(theta[$0]) < 1e-12 } ? incoming(unit) : []
    }
  }

  /// The incoming weights of a unit of slope 0, and its constant output against the biases above it.
  var saturation: [[Double]] {
    activity.hidden.joined().flatMap { unit -> [[Double]] in
      guard unit.slopes.allSatisfy({ abs($0) < 1e-9 }), let constant = unit.outputs.first else { return [] }
      let next = architecture.layers[unit.layer + 1]
      guard next.hasBias else { return incoming(unit) }
      return incoming(unit)
        + (0..<next.units).map { above in
          direction { v in
            v[next.weight(above, unit.index)] = 1
            v[next.bias(above)] = -constant
          }
        }
    }
  }

  /// wᵢ += ε, wⱼ −= cε above two units with aᵢ = c·aⱼ at every sample; the sigmoid's aᵢ = 1 − aⱼ trades with the bias.
  var duplicateUnits: [[Double]] {
    activity.hidden.enumerated().flatMap { l, units in
      units.flatMap { a in units.filter { $0.index > a.index }.flatMap { b in trades(l, a, b) } }
    }
  }

  private func trades(_ l: Int, _ a: UnitActivity.Unit, _ b: UnitActivity.Unit) -> [[Double]] {
    let next = architecture.layers[l + 1]
    let square = Linear.dot(b.outputs, b.outputs)
    guard square > 0 else { return [] }
    let ratio = Linear.dot(a.outputs, b.outputs) / square
    func agree(_ f: (Double, Double) -> Double) -> Bool {
      zip(a.outputs, b.outputs).allSatisfy { abs(f($0, $1)) < 1e-7 }
    }
    if agree({ $0 - ratio * $1 }) {
      return (0..<next.units).map { above in
        direction { v in
          v[next.weight(above, a.index)] = 1
          v[next.weight(above, b.index)] = -ratio
        }
      }
    }
    guard next.hasBias, agree({ $0 + $1 - 1 }) else { return [] }
    return (0..<next.units).map { above in
      direction { v in
        v[next.weight(above, a.index)] = 1
        v[next.weight(above, b.index)] = 1
        v[next.bias(above)] = -1
      }
    }
  }

  // MARK: Building

  private func direction(_ fill: (inout [Double]) -> Void) -> [Double] {
    var v = Array(repeating: 0.0, count: theta.count)
    fill(&v)
    return v
  }

  private func incoming(_ unit: UnitActivity.Unit) -> [[Double]] {
    let layer = architecture.layers[unit.layer]
    let places =
      (0..<layer.inputs).map { layer.weight(unit.index, $0) } + (layer.hasBias ? [layer.bias(unit.index)] : [])
    return places.map { place in direction { $0[place] = 1 } }
  }

  private func readers(_ unit: UnitActivity.Unit) -> [Int] {
    let next = architecture.layers[unit.layer + 1]
    return (0..<next.units).map { next.weight($0, unit.index) }
  }

  private func outgoing(_ unit: UnitActivity.Unit) -> [[Double]] {
    readers(unit).map { place in direction { $0[place] = 1 } }
  }
}
