import Learning

/// What two end points must share to be one place.
///
/// - Strict minima and saddles of a network: the canonical form, to a relative distance of 10⁻⁵.
/// - Where one of two is degenerate: the answers to all training samples, to 10⁻⁵. Whether a valley with equal answers is connected is not
///   decided by that.
/// - Points of an objective: their parameters after alignment by the symmetries its author has declared.
enum Identity {
  case form(CanonicalForm, answers: [Double])
  case answers([Double])
  case point([Double], ObjectiveLoss?)

  static var tolerance: Double { 1e-5 }

  init(_ end: EndPoint, of function: some LossFunction) {
    if let network = function as? NetworkLoss {
      let answers = network.answers(end.theta)
      // Freedom by symmetry, dead units and the like is gone from the form; what the data leave free is not.
      let isOpen = end.flat.data + end.flat.unexplained > 0
      self = isOpen ? .answers(answers) : .form(CanonicalForm(network, end.theta), answers: answers)
    } else {
      self = .point(end.theta, function as? ObjectiveLoss)
    }
  }

  /// `nil` for an end that is no place.
  static func of(_ end: EndPoint, _ function: any LossFunction) -> Identity? {
    end.isPlace ? Identity(end, of: function) : nil
  }

  func isSame(as other: Identity) -> Bool {
    switch (self, other) {
    case (.form(let a, let x), .form(let b, let y)):
      Self.agree(x, y) && a.distance(to: b) <= Self.tolerance * (1 + a.length)
    case (.answers(let x), .answers(let y)), (.form(_, let x), .answers(let y)), (.answers(let x), .form(_, let y)):
      Self.agree(x, y)
    case (.point(let a, let objective), .point(let b, _)):
      Linear.distance(a, objective?.aligned(b, to: a) ?? b) <= Self.tolerance * (1 + Linear.norm(a))
    default: false
    }
  }

  private static func agree(_ x: [Double], _ y: [Double]) -> Bool {
    let scale = 1 + (x.map(abs).max() ?? 0)
    return x.count == y.count && zip(x, y).allSatisfy { abs($0 - $1) <= tolerance * scale }
  }
}

extension NetworkLoss {
  /// The outputs for every training sample.
  func answers(_ theta: [Double]) -> [Double] {
    Backpropagation<Vector>.outputs(self, theta.map { Vector(repeating: $0) }).map { $0[0] }
  }
}
