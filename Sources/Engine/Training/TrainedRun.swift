/// How a run ended.
public enum RunStatus: Hashable, Sendable {
  /// It made all its steps, or fulfilled a stop rule.
  case finished
  /// Its loss or gradient norm was not finite, or its loss exceeded the bound, at this step.
  case diverged(atStep: Int)
}

/// The values of a quantity over the steps of a run: at every step, or at every `every`th.
public struct Series: Hashable, Sendable {
  /// The distance between values in steps; the first is at step 0.
  public var every: Int
  /// The values, the one at index i from step i·every.
  public var values: [Double]

  /// Values recorded every so many steps.
  package init(every: Int, values: [Double]) {
    self.every = every
    self.values = values
  }

  /// The step of the value at an index.
  public func step(_ index: Int) -> Int { index * every }

  /// The last value at or before a step; `nil` where there are no values.
  package func last(upTo step: Int) -> Double? { values.isEmpty ? nil : values[min(step / every, values.count - 1)] }
}

/// The result of a run.
package struct TrainedRun: Sendable {
  /// Whether the run finished or diverged.
  package var status: RunStatus
  /// The number of updates.
  package var steps: Int
  /// The recorded series.
  package var series: [Quantity: Series]
  /// The parameters after the last update; with early stopping those of the least validation loss.
  package var finalParameters: [Double]
  /// Loss on all training data at the final parameters; infinite or NaN where the run diverged.
  package var finalLoss: Double
  /// Least loss on all training data among those known: at every recorded step and after the last update for full batches and
  /// objectives, at the recorded steps and after the last update where the training loss is recorded; NaN where a run of
  /// smaller batches has not recorded it.
  package var bestLoss: Double
  /// Loss, accuracies and absolute error at the final parameters, where the data have them.
  package var finals: [Quantity: Double]
  /// The gradient norm at the last step, before its update; with early stopping that of the best step, if the run went beyond it.
  package var finalGradientNorm: Double
  /// The number of updates after which the run had its final parameters, for early stopping; `nil` for a run that keeps its last ones.
  package var bestStep: Int?

  /// The result of a training.
  package init(
    status: RunStatus, steps: Int, series: [Quantity: Series], finalParameters: [Double], finalLoss: Double,
    bestLoss: Double, finals: [Quantity: Double], finalGradientNorm: Double? = nil, bestStep: Int? = nil
  ) {
    self.status = status
    self.steps = steps
    self.series = series
    self.finalParameters = finalParameters
    self.finalLoss = finalLoss
    self.bestLoss = bestLoss
    self.finals = finals
    self.finalGradientNorm = finalGradientNorm ?? series[.gradientNorm]?.values.last ?? .nan
    self.bestStep = bestStep
  }
}
