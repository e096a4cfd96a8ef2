/// The result of comparing two end points.
enum Match {
  case same
  /// They are two places, proven within the uncertainty of both.
  case different
  /// No symmetric copy of one equals the other as far as was searched, and that there is none is not proven.
  case unknown
}

/// What two end points must share to be one place.
///
/// - Strict minima and saddles of a network: the canonical form, to a relative distance of 10⁻⁵.
/// - Where one of two is degenerate: the outputs for all training samples, to 10⁻⁵. That does not decide whether a valley of
///   equal outputs is connected.
/// - Points of an objective: their parameters after alignment by the symmetries its author has declared, as far as curvature
///   and rounding leave them uncertain (`EndPointUncertainty`). Degenerate minima may also be connected by a valley (`Valley`).
enum Identity {
  case form(CanonicalForm, outputs: [Double])
  case outputs([Double])
  case point([Double], ObjectiveLoss, within: Double)

  static var tolerance: Double { 1e-5 }

  /// `nil` for an end point that is no place.
  init?(_ end: EndPoint, of function: some LossFunction) {
    guard end.isPlace else { return nil }
    if let network = function as? NetworkLoss {
      let outputs = network.trainingOutputs(end.theta)
      // The form removes directions that are free by symmetry, dead units and the like, but not those that the data leave free.
      let isOpen = end.flat.data + end.flat.unexplained > 0
      self = isOpen ? .outputs(outputs) : .form(CanonicalForm(network, end.theta), outputs: outputs)
    } else if let objective = function as? ObjectiveLoss {
      self = .point(end.theta, objective, within: end.uncertainty.position)
    } else {
      return nil
    }
  }

  func match(_ other: Identity) -> Match {
    switch (self, other) {
    case (.form(let a, let x), .form(let b, let y)):
      guard Self.agree(x, y) else { return .different }
      if a.distance(to: b) <= Self.tolerance * (1 + a.length) { return .same }
      // Units of several hidden layers are matched in turns, which may miss the best order.
      return a.isMatchedExactly && b.isMatchedExactly ? .different : .unknown
    case (.outputs(let x), .outputs(let y)), (.outputs(let x), .form(_, let y)), (.form(_, let x), .outputs(let y)):
      return Self.agree(x, y) ? .same : .different
    case (.point(let a, let objective, let r), .point(let b, _, let s)): return objective.match(a, b, within: r + s)
    default: return .different
    }
  }

  private static func agree(_ x: [Double], _ y: [Double]) -> Bool {
    let scale = 1 + (x.map(abs).max() ?? 0)
    return x.count == y.count && zip(x, y).allSatisfy { abs($0 - $1) <= tolerance * scale }
  }
}

extension NetworkLoss {
  /// The outputs for every training sample.
  func trainingOutputs(_ theta: [Double]) -> [Double] {
    Backpropagation<Vector>.outputs(self, theta.map { Vector(repeating: $0) }).map { $0[0] }
  }
}
