public import Landscape

/// A class of places, for claims about a census.
public enum Ending: Sendable {
  /// Strict and degenerate minima.
  case minima
  /// Minima whose Hessian has positive eigenvalues only.
  case strictMinima
  /// Minima with flat directions.
  case degenerateMinima
  /// Saddles and maxima.
  case saddles
  /// Levels of the loss on which minima lie.
  case levels
  /// Points at infinity.
  case atInfinity
  /// Kinks of ReLU, of |y − t| or of an objective.
  case kinks
  /// Runs that are still on their way, not places.
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
    case .atInfinity: "places at infinity"
    case .kinks: "kinks"
    case .stillMoving: "runs still moving"
    case .diverged: "diverged runs"
    }
  }

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
  /// How many distinct places of a class the runs found; runs, where the class is no place.
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
