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
  /// Loss, accuracies and absolute error after the last update, where the data have them.
  public var finals: [Quantity: Double]

  public init(
    status: RunStatus, steps: Int, series: [Quantity: Series], finalParameters: [Double], finalLoss: Double,
    finals: [Quantity: Double]
  ) {
    self.status = status
    self.steps = steps
    self.series = series
    self.finalParameters = finalParameters
    self.finalLoss = finalLoss
    self.finals = finals
  }
}
