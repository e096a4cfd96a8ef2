/// One run with everything resolved: what the trainer needs to know, and nothing about sweeps.
public struct TrainingRun: Sendable {
  /// What is made small.
  public enum Problem: Sendable {
    case network(Architecture, Loss, Dataset, Batching)
    case objective(Objective)
  }

  public var problem: Problem
  public var initialParameters: [Double]
  public var optimizer: Optimizer
  public var stop: StopRule
  public var recording: Recording
  public var precision: Precision
  /// Seeds the order of samples.
  public var seed: UInt64

  public init(
    problem: Problem, initialParameters: [Double], optimizer: Optimizer, stop: StopRule,
    recording: Recording = .standard, precision: Precision = .float64, seed: UInt64
  ) {
    self.problem = problem
    self.initialParameters = initialParameters
    self.optimizer = optimizer
    self.stop = stop
    self.recording = recording
    self.precision = precision
    self.seed = seed
  }

  /// What has to hold before the engine writes a run into its lanes, where no write is checked.
  /// - Throws: `Mistake` for parameters or data of another size than the network's.
  public func check() throws {
    let count = form.parameterTotal
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
    guard data.training.count > 0, batching.size(samples: data.training.count) > 0 else {
      throw Mistake(
        at: "batch", value: batching.name, rule: "a batch has one or more samples", remedy: "Use .full for all samples")
    }
  }

  /// What runs must share to ride in the lanes of one trainer.
  public var form: Form {
    var form = Form(
      precision: precision, rule: optimizer.rule, recording: recording)
    switch problem {
    case .network(let architecture, let loss, let data, let batching):
      form.architecture = architecture
      form.loss = loss
      form.batching = batching
      form.samples = data.training.count
      form.validationSamples = data.validation?.count
      form.classes = data.classes
    case .objective(let objective):
      form.objective = objective
    }
    return form
  }

  public struct Form: Hashable, Sendable {
    let precision: Precision
    let rule: Optimizer.Rule
    let recording: Recording
    var architecture: Architecture?
    var loss: Loss?
    var batching: Batching?
    var samples = 0
    var validationSamples: Int?
    var classes: Dataset.Classes?
    var objective: Objective?

    package init(
      precision: Precision, rule: Optimizer.Rule, recording: Recording, architecture: Architecture? = nil,
      loss: Loss? = nil, batching: Batching? = nil, samples: Int = 0, validationSamples: Int? = nil,
      classes: Dataset.Classes? = nil, objective: Objective? = nil
    ) {
      self.precision = precision
      self.rule = rule
      self.recording = recording
      self.architecture = architecture
      self.loss = loss
      self.batching = batching
      self.samples = samples
      self.validationSamples = validationSamples
      self.classes = classes
      self.objective = objective
    }

    /// Numbers that a run of this form trains.
    public var parameterTotal: Int { architecture?.parameterCount ?? objective?.parameterCount ?? 0 }

    /// Multiply-adds of a step, roughly: for sharing out work and for telling how long it will take.
    public var workPerStep: Int {
      guard let architecture, let batching else { return 100 * max(1, parameterTotal) }
      let batch = batching.size(samples: samples)
      let units = architecture.layers.reduce(0) { $0 + $1.units }
      return architecture.multiplyAdds(samples: batch) + 30 * units * batch + 4 * parameterTotal
    }

    /// Whether so little is done in a step that the loops around it cost as much: four vectors of runs then go at once.
    var isTiny: Bool { parameterTotal <= 160 }

    /// Runs that a thread trains side by side.
    public var runsAtOnce: Int {
      if putsSamplesInLanes { return 1 }
      let lanes = precision == .float64 || objective != nil ? 8 : 16
      return isTiny && objective == nil ? 4 * lanes : lanes
    }

    /// Whether columns of so many samples suit the run: at most a tenth of their places stay empty, and elementary
    /// functions, not products, are most of the work (wide vectors leave products too few registers).
    func fillsWideColumns(of width: Int) -> Bool {
      guard let batching, let architecture, architecture.weightCount <= 1024 else { return false }
      let batch = batching.size(samples: samples)
      let places = (batch + width - 1) / width * width
      return batch >= width && 10 * (places - batch) <= places
    }

    /// Whether one run's samples fill the lanes better than the runs beside it would: a matter of its own shape alone,
    /// so that a run's bits do not depend on the sweep it came in.
    public var putsSamplesInLanes: Bool {
      guard let batching else { return false }
      return batching.size(samples: samples) >= 32
    }
  }
}

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
