/// One run with everything resolved: what the trainer needs to know, and nothing about sweeps.
package struct TrainingRun: Sendable {
  /// What is trained: a network of known sizes with its data, or a function of the parameters alone.
  package enum Problem: Sendable {
    /// A network, its loss, its data and its batches.
    case network(Architecture, Loss, Dataset, Batching)
    /// A function of the parameters alone.
    case objective(Objective)
  }

  /// What is minimised.
  package var problem: Problem
  /// The initial parameters, in the order of the network.
  package var initialParameters: [Double]
  /// Update rule, learning rate, schedule and weight decay.
  package var optimizer: Optimizer
  /// When the run ends.
  package var stop: StopRule
  /// What is recorded, and how often.
  package var recording: Recording
  /// The type of number.
  package var precision: Precision
  /// Seeds the order of samples and the masks of dropout.
  package var seed: UInt64
  /// The probability with which a step leaves out a hidden unit; 0 for no dropout.
  package var dropout: Double

  /// One run with everything resolved.
  package init(
    problem: Problem, initialParameters: [Double], optimizer: Optimizer, stop: StopRule,
    recording: Recording = .standard, precision: Precision = .float64, seed: UInt64, dropout: Double = 0
  ) {
    self.problem = problem
    self.initialParameters = initialParameters
    self.optimizer = optimizer
    self.stop = stop
    self.recording = recording
    self.precision = precision
    self.seed = seed
    self.dropout = dropout
  }

  /// Checks what must hold before the engine writes a run into its lanes, where no write is checked.
  /// - Throws: `Mistake` for parameters or data of another size than the network's.
  package func check() throws(Mistake) {
    let count = form.parameterCount
    guard initialParameters.count == count else {
      throw Mistake(
        at: "parameters", value: "\(initialParameters.count) numbers", rule: "the run has \(count) parameters",
        remedy: "Give one number for each")
    }
    guard case .network(let network, _, let data, let batching) = problem else { return }
    try data.checkSizes(at: "data \(data.name)")
    guard network.inputs == data.inputCount, network.outputs == data.outputCount else {
      throw Mistake(
        .data, at: "data \(data.name)", value: "\(data.inputCount) inputs and \(data.outputCount) outputs",
        rule: "the network has \(network.inputs) inputs and \(network.outputs) outputs",
        remedy: "Make the network for these data")
    }
    guard dropout >= 0, dropout < 1 else {
      throw Mistake(at: "dropout", value: "\(dropout)", rule: "it lies in [0, 1)", remedy: "Try 0.5")
    }
    guard stop.earlyStopping == nil || data.validation != nil else {
      throw Mistake(
        at: "stop rule, early stopping", value: data.name, rule: "the data have no validation part",
        remedy: "Add .validation(share: 0.2) to the data")
    }
    guard data.training.count > 0, batching.size(samples: data.training.count) > 0 else {
      throw Mistake(
        at: "batch", value: batching.name, rule: "a batch has one or more samples", remedy: "Use .full for all samples")
    }
  }
}
