public import Learning

/// Everything that one training depends on, as its author declares it: what a sweep varies.
public struct Setup: Sendable {
  /// What is trained: a network on data, or a function of the parameters alone.
  public var problem: Problem
  /// Update rule, learning rate, schedule and weight decay.
  public var optimizer: Optimizer
  /// When a run ends.
  public var stop: StopRule
  /// What is recorded beside loss and gradient norm.
  public var record: Recording
  /// The values of `Variants` axes, by the axis's name.
  package var variants: [String: String] = [:]

  /// A network on data.
  public init(
    data: DataSource, network: Network, loss: Loss, optimizer: Optimizer, initialization: Initialization,
    batch: Batching = .full, stop: StopRule, record: Recording = .standard, precision: Precision = .float64
  ) {
    problem = .network(
      NetworkProblem(
        data: data, network: network, loss: loss, initialization: initialization, batch: batch, precision: precision))
    self.optimizer = optimizer
    self.stop = stop
    self.record = record
  }

  /// A function of the parameters alone.
  public init(
    objective: Objective, start: Start, optimizer: Optimizer, stop: StopRule, record: Recording = .standard
  ) {
    problem = .objective(objective, start: start)
    self.optimizer = optimizer
    self.stop = stop
    self.record = record
  }
}

extension Setup {
  /// Whether the loss of a step is that of all training data.
  package var seesAllSamples: Bool { batch ?? .full == .full }

  /// The recorded quantity that is the loss on all training data; `nil` where a run does not measure it during training.
  /// Where the training loss is recorded it is used for full batches too, so that settings are compared at the same steps.
  package var trainingLossQuantity: Quantity? {
    record.quantities.contains(.trainingLoss) ? .trainingLoss : seesAllSamples ? .loss : nil
  }
}
