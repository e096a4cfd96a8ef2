public import Learning

/// Everything that one training depends on, as its author declares it: what a sweep varies.
public struct Setup: Sendable {
  /// What is trained: a network on data, or a function of the parameters alone.
  package var problem: Problem
  /// Update rule, learning rate, schedule and weight decay.
  public var optimizer: Optimizer
  /// When a run ends.
  public var stop: StopRule
  /// What is recorded beside loss and gradient norm.
  public var record: Recording
  /// The values of `Variants` axes, by the axis's name.
  package var variants: [String: String] = [:]

  /// A network on data.
  /// - Parameters:
  ///   - data: training samples and, optionally, validation samples.
  ///   - network: hidden layers, activations and biases; the numbers of inputs and outputs are those of the data.
  ///   - loss: the function E(θ) that training minimises.
  ///   - optimizer: update rule, learning rate, schedule and weight decay.
  ///   - initialization: the distribution of θ at step 0, drawn by the seed of the run.
  ///   - batch: the samples of a step; all by default.
  ///   - stop: when a run ends.
  ///   - record: quantities beside loss and gradient norm, and their cadence; none by default.
  ///   - precision: the number format of the training; float64 by default.
  public init(
    data: DataSource, network: Network, loss: Loss, optimizer: Optimizer, initialization: Initialization,
    batch: Batching = .full, stop: StopRule, record: Recording = .standard, precision: Precision = .float64
  ) {
    self.init(
      .network(
        NetworkProblem(
          data: data, network: network, loss: loss, weights: .drawn(initialization), batch: batch, precision: precision)
      ),
      optimizer, stop, record)
  }

  /// A network on data that continues from the parameters of a run in the archive, as they were after its training.
  ///
  /// Only the parameters are continued: step numbers and schedules begin at 0, and momenta and averages of an optimizer at zero.
  /// Every seed of the sweep starts from the same parameters; it decides the order of samples, and parts drawn per seed. The key of
  /// the stored run is part of the new run's description, and so of its key.
  /// - Parameters:
  ///   - data: training samples and, optionally, validation samples. What is learnt from them, as the means of standardised
  ///     inputs are, is learnt again.
  ///   - network: hidden layers, activations and biases, with as many parameters in layers of the same widths as the stored run.
  ///   - loss: the function E(θ) that training minimises.
  ///   - optimizer: update rule, learning rate, schedule and weight decay.
  ///   - start: `.run(key)`, with the key from the last column of runs.csv.
  ///   - batch: the samples of a step; all by default.
  ///   - stop: when a run ends.
  ///   - record: quantities beside loss and gradient norm, and their cadence; none by default.
  ///   - precision: the number format of the training; float64 by default.
  public init(
    data: DataSource, network: Network, loss: Loss, optimizer: Optimizer, start: StoredRun,
    batch: Batching = .full, stop: StopRule, record: Recording = .standard, precision: Precision = .float64
  ) {
    self.init(
      .network(
        NetworkProblem(
          data: data, network: network, loss: loss, weights: .stored(start), batch: batch, precision: precision)),
      optimizer, stop, record)
  }

  /// A function E(θ) of the parameters alone, in float64. Its loss and gradient are exact at every step: there are no batches.
  /// - Parameters:
  ///   - objective: the function with its gradient.
  ///   - start: θ at step 0.
  ///   - optimizer: update rule, learning rate, schedule and weight decay.
  ///   - stop: when a run ends.
  ///   - record: quantities beside loss and gradient norm; none by default, and none that needs data or layers.
  public init(
    objective: Objective, start: Start, optimizer: Optimizer, stop: StopRule, record: Recording = .standard
  ) {
    self.init(.objective(objective, start: start), optimizer, stop, record)
  }

  private init(_ problem: Problem, _ optimizer: Optimizer, _ stop: StopRule, _ record: Recording) {
    self.problem = problem
    self.optimizer = optimizer
    self.stop = stop
    self.record = record
  }
}

extension Setup {
  /// Whether the loss of a step is that of the whole network on all training data.
  package var seesAllSamples: Bool { batch ?? .full == .full && network?.dropoutRate ?? 0 == 0 }

  /// In a set-up that does not see all samples: why not.
  package var partialLoss: String { batch ?? .full == .full ? "with dropout" : "with batches smaller than the data" }

  /// The recorded quantity that is the loss on all training data; `nil` where a run does not measure it during training.
  /// Where the training loss is recorded it is used for full batches too, so that settings are compared at the same steps.
  package var trainingLossQuantity: Quantity? {
    record.quantities.contains(.trainingLoss) ? .trainingLoss : seesAllSamples ? .loss : nil
  }
}
