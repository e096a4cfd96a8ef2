public import Learning
import Studies

/// A number that a finished run has, for tables, axes, expectations and sentences.
public enum Metric: Hashable, Sendable {
  /// Loss on all training data after the last update.
  case finalLoss
  /// Least known loss on all training data.
  case bestLoss
  /// Gradient norm at the last step, before its update.
  case finalGradientNorm
  /// Updates made.
  case steps
  /// First step at which the loss on all training data is below a threshold; ∞ where it never is.
  case stepsToLoss(Double)
  /// A quantity after the last update: `.final(.validationAccuracy)`.
  case final(Quantity)
  /// The best value of a recorded quantity: least of a loss or error, greatest of an accuracy.
  case best(Quantity)

  /// The final loss.
  public static let loss = Metric.finalLoss

  package var title: String {
    switch self {
    case .finalLoss: "final training loss E"
    case .bestLoss: "best training loss E"
    case .finalGradientNorm: "final gradient norm ‖∇E‖₂"
    case .steps: "steps"
    case .stepsToLoss(let threshold): "steps to a training loss below \(NumberText.short(threshold))"
    case .final(let quantity): "final \(quantity.title)"
    case .best(let quantity): "best \(quantity.title)"
    }
  }

  /// Values that it cannot pass; `nil` where there are none.
  package var limits: ClosedRange<Double>? {
    switch self {
    case .final(let quantity), .best(let quantity): quantity.limits
    default: nil
    }
  }

  /// Whether a greater value is the better one.
  package var prefersMore: Bool {
    switch self {
    case .final(let quantity), .best(let quantity): quantity.prefersMore
    default: false
    }
  }

  /// What a run that diverged counts as: the worst there is. `nil` where its value before the end stands.
  var worst: Double? {
    switch self {
    case .finalLoss, .finalGradientNorm: .infinity
    case .final(let quantity):
      quantity.prefersMore ? -.infinity : quantity.isMagnitude || quantity == .absoluteError ? .infinity : nil
    case .bestLoss, .steps, .stepsToLoss, .best: nil
    }
  }

  /// Whether it is a loss on all training data on the way, which runs of smaller batches know only where they record it.
  package var needsTrainingLoss: Bool {
    switch self {
    case .bestLoss, .best(.loss), .stepsToLoss: true
    default: false
    }
  }
}

extension Quantity {
  /// Whether a greater value is the better one.
  package var prefersMore: Bool { self == .accuracy || self == .validationAccuracy }

  /// Values that it cannot pass; `nil` where there are none.
  package var limits: ClosedRange<Double>? { prefersMore ? 0...1 : self == .gradientCosine ? -1...1 : nil }
}
