/// How a run ended.
public enum RunStatus: Hashable, Sendable {
  /// It took all its steps, or fulfilled a stop rule.
  case finished
  /// Its loss or gradient left the finite, or the bound, at this step.
  case diverged(atStep: Int)
}

/// A course of values, either one a step or at given steps.
public struct Series: Hashable, Sendable {
  /// The distance between values in steps; the first is at step 0.
  public var every: Int
  public var values: [Double]

  public init(every: Int, values: [Double]) {
    self.every = every
    self.values = values
  }

  public func step(_ index: Int) -> Int { index * every }
}

/// What a run leaves behind.
public struct TrainedRun: Sendable {
  public var status: RunStatus
  /// Updates made.
  public var steps: Int
  public var series: [Quantity: Series]
  public var finalParameters: [Double]
  /// Loss on all training data after the last update; infinite or NaN where the run diverged.
  public var finalLoss: Double
  /// Least loss on all training data among those known: at every step and after the last update for full batches and
  /// objectives, at the recorded steps and after the last update where the training loss is recorded; NaN where a run of
  /// smaller batches has not recorded it.
  public var bestLoss: Double
  /// Loss, accuracies and absolute error after the last update, where the data have them.
  public var finals: [Quantity: Double]

  public init(
    status: RunStatus, steps: Int, series: [Quantity: Series], finalParameters: [Double], finalLoss: Double,
    bestLoss: Double, finals: [Quantity: Double]
  ) {
    self.status = status
    self.steps = steps
    self.series = series
    self.finalParameters = finalParameters
    self.finalLoss = finalLoss
    self.bestLoss = bestLoss
    self.finals = finals
  }
}
