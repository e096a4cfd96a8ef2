public import Landscape

/// A class of end points, for claims about a census.
public enum Ending: Sendable {
  /// Strict and degenerate minima.
  case minima
  /// Minima whose Hessian has positive eigenvalues only.
  case strictMinima
  /// Minima with flat directions.
  case degenerateMinima
  /// Saddles and maxima.
  case saddles
  /// Different values of the loss at minima.
  case levels
  /// Points at infinity.
  case atInfinity
  /// Kinks of ReLU, of |y − t| or of an objective.
  case kinks
  /// Runs that have not converged.
  case stillMoving
  /// Diverged runs.
  case diverged

  package var title: String {
    switch self {
    case .minima: "minima"
    case .strictMinima: "strict minima"
    case .degenerateMinima: "degenerate minima"
    case .saddles: "saddles"
    case .levels: "loss levels of minima"
    case .atInfinity: "points at infinity"
    case .kinks: "kinks"
    case .stillMoving: "runs that have not converged"
    case .diverged: "diverged runs"
    }
  }

  /// Whether the class consists of points, not of runs.
  package var isOfPoints: Bool { self != .stillMoving && self != .diverged }

  func holds(_ kind: EndPoint.Kind) -> Bool {
    switch self {
    case .minima, .levels: kind == .strictMinimum || kind == .degenerateMinimum
    case .strictMinima: kind == .strictMinimum
    case .degenerateMinima: kind == .degenerateMinimum
    case .saddles: kind == .saddle || kind == .maximum
    case .atInfinity: kind == .atInfinity
    case .kinks: kind == .kink
    case .stillMoving: kind == .stillMoving
    case .diverged: kind == .diverged
    }
  }
}

extension Census {
  /// The number of distinct end points of a class; of runs, for the classes `stillMoving` and `diverged`.
  public func count(of ending: Ending) -> Int {
    switch ending {
    case .levels: levels.count
    case .stillMoving, .diverged: ends.count { ending.holds($0.kind) }
    default: places.count { ending.holds($0.kind) }
    }
  }

  /// The share of all runs that ended in a class.
  public func share(endingIn ending: Ending) -> Share {
    Share(ends.count { ending.holds($0.kind) }, of: ends.count)
  }
}
