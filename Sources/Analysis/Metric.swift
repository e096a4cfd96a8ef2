public import Learning
import Studies

/// A number computed from a finished run, for tables, axes, claims and sentences.
///
/// A diverged run has the worst final value: ∞ for losses, gradient and update norms and the absolute error, −∞ for
/// accuracies and other scores of which more is better. The other metrics use what the run recorded before it diverged.
public enum Metric: Hashable, Sendable {
  /// Loss on all training data after the last update; with early stopping, at the best step, as all final values.
  case finalLoss
  /// Least recorded loss on all training data.
  case bestLoss
  /// Gradient norm ‖∇E‖₂ at the last step, before its update.
  case finalGradientNorm
  /// Number of updates.
  case steps
  /// The step of the least measured validation loss, whose parameters a run with early stopping keeps. A diverged run has its number of
  /// updates.
  case bestStep
  /// First recorded step at which the loss on all training data is below a threshold; the number of updates if only the loss
  /// after the last of them is; ∞ if none is.
  case stepsToLoss(Double)
  /// A quantity after the last update: `.final(.validationAccuracy)`.
  case final(Quantity)
  /// The best value of a recorded quantity: least of a loss or error, greatest of an accuracy.
  case best(Quantity)
  /// A score of the outputs on a part of the data after the last update: `.rSquared(on: .validation)`.
  case score(Score, on: DataPart)

  package var title: String {
    switch self {
    // The loss of a batch is recorded, but no metric: these are losses on all training data.
    case .finalLoss, .final(.loss), .final(.trainingLoss): "final training loss E"
    case .bestLoss, .best(.loss): "best training loss E"
    case .finalGradientNorm: "final gradient norm ‖∇E‖₂"
    case .steps: "steps"
    case .bestStep: "step of the least validation loss"
    case .stepsToLoss(let threshold): "steps to a training loss below \(NumberText.short(threshold))"
    case .final(let quantity): "final \(quantity.title)"
    case .best(let quantity): "best \(quantity.title)"
    case .score(let score, let part): "\(part.rawValue) \(score.title)"
    }
  }

  /// The range of possible values, if it is bounded.
  package var limits: ClosedRange<Double>? {
    switch self {
    case .final(let quantity), .best(let quantity): quantity.limits
    case .score(let score, _): score.limits
    default: nil
    }
  }

  /// Whether greater values are better.
  package var prefersMore: Bool {
    switch self {
    case .final(let quantity), .best(let quantity): quantity.prefersMore
    case .score(let score, _): score.prefersMore
    default: false
    }
  }

  /// The value of a diverged run: the worst possible one. `nil` where its last or best value before divergence is used.
  var worst: Double? {
    switch self {
    case .finalLoss, .finalGradientNorm: .infinity
    case .final(let quantity):
      quantity.prefersMore ? -.infinity : quantity.isMagnitude || quantity == .absoluteError ? .infinity : nil
    case .score(let score, _): score.prefersMore ? -.infinity : .infinity
    case .bestLoss, .steps, .bestStep, .stepsToLoss, .best: nil
    }
  }

  /// Whether the metric needs the loss on all training data during training. Runs with smaller batches know it only if they
  /// record it.
  package var needsTrainingLoss: Bool {
    switch self {
    case .bestLoss, .best(.loss), .stepsToLoss: true
    default: false
    }
  }
}

extension Quantity {
  /// Whether greater values are better.
  package var prefersMore: Bool { [.accuracy, .validationAccuracy, .testAccuracy].contains(self) }

  /// The range of possible values, if it is bounded.
  package var limits: ClosedRange<Double>? { prefersMore ? 0...1 : self == .gradientCosine ? -1...1 : nil }
}
