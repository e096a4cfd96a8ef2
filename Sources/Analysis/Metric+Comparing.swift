package import Learning
package import Studies

extension Metric {
  /// Whether a greater value is better or worse, so that settings can be compared by it. A norm of the parameters has no such
  /// direction.
  package var hasDirection: Bool {
    switch self {
    case .finalLoss, .bestLoss, .steps, .stepsToLoss, .finalGradientNorm, .score: true
    case .bestStep: false
    case .final(let quantity), .best(let quantity): quantity.hasDirection
    }
  }

  /// Whether it is a property of the batch of a step, which is not that of all training data where batches are smaller.
  package var isOfBatch: Bool {
    switch self {
    case .finalGradientNorm, .final(.gradientNorm), .best(.gradientNorm): true
    default: false
    }
  }

  /// The threshold of `.stepsToLoss`.
  package var threshold: Double? { if case .stepsToLoss(let threshold) = self { threshold } else { nil } }
}

extension Quantity {
  /// Whether a greater value is better or worse.
  package var hasDirection: Bool {
    switch self {
    case .loss, .trainingLoss, .validationLoss, .absoluteError, .gradientNorm, .accuracy, .validationAccuracy,
      .testLoss,
      .testAccuracy:
      true
    case .layerGradientNorm, .parameterNorm, .updateNorm, .sharpness, .gradientCosine: false
    }
  }
}

extension Results {
  /// A metric of one run for a comparison. A diverged run has the worst possible value of every metric, and so has a run whose value is
  /// not a number. The steps to a loss alone are those that the run needed before it diverged.
  /// - Throws: what `value(_:_:)` throws.
  func comparable(_ metric: Metric, _ row: Row) throws -> Double {
    let worst: Double = metric.prefersMore ? -.infinity : .infinity
    if row.summary.hasDiverged, metric.threshold == nil { return worst }
    let value = try value(metric, row)
    return value.isNaN ? worst : value
  }
}

extension Metric {
  /// Whether it is computed from values recorded during training.
  package var readsSeries: Bool {
    switch self {
    case .bestLoss, .best, .stepsToLoss: true
    case .finalLoss, .final, .finalGradientNorm, .steps, .bestStep, .score: false
    }
  }

  /// The distance in steps between the recorded values that it is computed from.
  package func cadence(of setup: Setup) -> Int {
    let quantity: Quantity? =
      switch self {
      case .best(let quantity) where quantity != .loss: quantity
      default: setup.trainingLossQuantity
      }
    return quantity.map { setup.record.cadence(of: $0) } ?? 1
  }
}
