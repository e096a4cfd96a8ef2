/// The end point of a run: polished, classified by its Hessian, with the numbers that justify the class.
public struct EndPoint: Sendable {
  /// The class of an end point.
  public enum Kind: Hashable, Sendable {
    /// ∇E = 0 and every eigenvalue of the Hessian is positive beyond its uncertainty.
    case strictMinimum
    /// ∇E = 0, no negative eigenvalue, and nothing lower was found along the directions without curvature. A candidate: what
    /// second derivatives leave open, losses at finitely many points do not decide.
    case degenerateMinimum
    /// ∇E = 0 and E falls along some direction.
    case saddle
    /// ∇E = 0 and E falls along every direction.
    case maximum
    /// No minimum: E decreases along a path on which the parameters grow without bound.
    case atInfinity
    /// The run ended on a kink, of ReLU, of |y − t| or of an objective, where neither gradient nor Hessian classify the point.
    case kink
    /// The polishing used up its steps before it reached a stationary point.
    case stillMoving
    /// The run's parameters or loss are not finite.
    case diverged
  }

  /// The class of the point.
  public let kind: Kind
  /// The run's final parameters; `theta` are those after polishing.
  public let start: [Double]
  /// The polished parameters.
  public let theta: [Double]
  /// The loss at the polished parameters.
  public let loss: Double
  /// ‖∇E‖₂ at the polished parameters.
  public let gradientNorm: Double
  /// For a place at infinity the loss far along the path there; else the loss.
  public let limit: Double
  /// ‖θ − θ₀‖₂, the distance by which the Newton steps of polishing moved the final parameters θ₀.
  public let moved: Double
  /// Number of polishing steps.
  public let iterations: Int
  /// Whether polishing met negative curvature: there gradient descent might have gone to another basin.
  public let mayHaveLeftBasin: Bool
  /// The eigenvalues of the Hessian ∂²E/∂θᵢ∂θⱼ at `theta`, in rising order; empty where there is none.
  public let eigenvalues: [Double]
  /// Directions without curvature and their causes.
  public let flat: FlatDirections
  /// How a saddle is left.
  public let escape: Escape?
  /// The units whose weights grow without bound, for a place at infinity.
  public let growing: [UnitName]

  /// The number of negative eigenvalues of a saddle or maximum; 0 for other classes.
  public var index: Int { kind == .saddle || kind == .maximum ? negative : 0 }
  let negative: Int
  /// By how much the loss and the parameters may differ from those of the stationary point itself.
  let uncertainty: EndPointUncertainty

  /// Whether it is a strict or a degenerate minimum.
  public var isMinimum: Bool { kind == .strictMinimum || kind == .degenerateMinimum }
  /// The least eigenvalue that is not zero within its uncertainty.
  public var leastCurvature: Double {
    let sorted = eigenvalues.sorted { abs($0) < abs($1) }
    return flat.count < sorted.count ? sorted[flat.count] : .nan
  }
}

extension EndPoint {
  /// How a saddle is left.
  public struct Escape: Sendable {
    /// Of length 1, pointing downhill on the side on which the run stopped.
    public let direction: [Double]
    /// The eigenvalue along it; 0 where only higher derivatives lead down.
    public let curvature: Double
    /// The end point of a descent that is continued from there.
    public let destination: [EndPoint]
  }

  /// A unit by its layer and number, both from 1; the layer after the last hidden one is the output.
  public struct UnitName: Hashable, Sendable, CustomStringConvertible {
    /// The layer, from 1.
    public let layer: Int
    /// The unit in its layer, from 1.
    public let unit: Int
    /// Whether the unit is an output.
    public let isOutput: Bool

    public var description: String { isOutput ? "output \(unit)" : "unit \(unit) of layer \(layer)" }
  }
}

extension EndPoint.Kind: CustomStringConvertible {
  public var description: String {
    switch self {
    case .strictMinimum: "strict minimum"
    case .degenerateMinimum: "degenerate minimum"
    case .saddle: "saddle"
    case .maximum: "maximum"
    case .atInfinity: "at infinity"
    case .kink: "kink"
    case .stillMoving: "still moving"
    case .diverged: "diverged"
    }
  }

  /// All kinds, the most settled first.
  public static let all: [EndPoint.Kind] = [
    .strictMinimum, .degenerateMinimum, .saddle, .maximum, .atInfinity, .kink, .stillMoving, .diverged,
  ]
}
