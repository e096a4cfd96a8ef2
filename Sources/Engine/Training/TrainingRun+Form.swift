extension TrainingRun {
  /// What runs must share to train side by side in the lanes of one trainer.
  package struct Form: Hashable, Sendable {
    package let problem: Problem
    let precision: Precision
    let rule: Optimizer.Rule
    let recording: Recording

    package init(problem: Problem, precision: Precision, rule: Optimizer.Rule, recording: Recording) {
      self.problem = problem
      self.precision = precision
      self.rule = rule
      self.recording = recording
    }

    /// A run's problem without the numbers of its data.
    package enum Problem: Hashable, Sendable {
      case network(NetworkProblem)
      case objective(Objective)
    }

    package struct NetworkProblem: Hashable, Sendable {
      package let architecture: Architecture
      let loss: Loss
      let batching: Batching
      let samples: Int
      let validationSamples: Int?
      let testSamples: Int?
      let classes: Dataset.Classes?
      let hasUnitTargets: Bool
      let dropout: Double

      package init(
        architecture: Architecture, loss: Loss, batching: Batching, samples: Int, validationSamples: Int?,
        testSamples: Int?, classes: Dataset.Classes?, hasUnitTargets: Bool, dropout: Double
      ) {
        self.architecture = architecture
        self.loss = loss
        self.batching = batching
        self.samples = samples
        self.validationSamples = validationSamples
        self.testSamples = testSamples
        self.classes = classes
        self.hasUnitTargets = hasUnitTargets
        self.dropout = dropout
      }

      /// Samples in a step's batch.
      var batchSize: Int { batching.size(samples: samples) }
    }
  }

  /// What the run shares with others in the lanes of one trainer.
  package var form: Form {
    let shared: Form.Problem =
      switch problem {
      case .objective(let objective): .objective(objective)
      case .network(let architecture, let loss, let data, let batching):
        .network(
          Form.NetworkProblem(
            architecture: architecture, loss: loss, batching: batching, samples: data.training.count,
            validationSamples: data.validation?.count, testSamples: data.test?.count, classes: data.classes,
            hasUnitTargets: data.hasUnitTargets, dropout: dropout))
      }
    return Form(problem: shared, precision: precision, rule: optimizer.rule, recording: recording)
  }
}

extension TrainingRun.Form {
  /// The number of parameters that a run of this form trains.
  package var parameterCount: Int {
    switch problem {
    case .network(let problem): problem.architecture.parameterCount
    case .objective(let objective): objective.parameterCount
    }
  }

  /// Multiply-adds of a step, roughly: for the order of work and for the time that it will take.
  package var workPerStep: Int {
    switch problem {
    case .objective(let objective): return 100 * max(1, objective.parameterCount)
    case .network(let problem):
      let units = problem.architecture.layers.reduce(0) { $0 + $1.units }
      let products = problem.architecture.multiplyAdds(samples: problem.batchSize)
      return products + 30 * units * problem.batchSize + 4 * parameterCount
    }
  }

  /// The recorded quantity that is the loss on all training data: the batch's own loss where the batch is all of it and no unit is
  /// left out, else the training loss where it is recorded; `nil` where it is not measured during training.
  var trainingLossQuantity: Quantity? {
    switch problem {
    case .network(let problem) where problem.batching != .full || problem.dropout > 0:
      recording.quantities.contains(.trainingLoss) ? .trainingLoss : nil
    case .network, .objective: .loss
    }
  }

  /// Whether a step takes so little work that the loops around it take as long: four vectors of runs then train at once.
  var isTiny: Bool { parameterCount <= 160 }

  /// Runs that a thread trains side by side.
  package var runsAtOnce: Int {
    guard case .network = problem else { return 8 }
    if putsSamplesInLanes { return 1 }
    let lanes = precision == .float64 ? 8 : 16
    return isTiny ? 4 * lanes : lanes
  }

  /// Whether one run's samples fill the lanes better than the runs beside it would. The run's own shape alone decides, so
  /// that a run's bits do not depend on the sweep that it is a part of.
  package var putsSamplesInLanes: Bool {
    guard case .network(let problem) = problem else { return false }
    return problem.batchSize >= 32
  }

  /// Whether columns of so many samples suit the run: at most a tenth of their places stay empty, and elementary
  /// functions, not products, are most of the work (wide vectors leave products too few registers).
  func fillsWideColumns(of width: Int) -> Bool {
    guard case .network(let problem) = problem, problem.architecture.weightCount <= 1024 else { return false }
    let batch = problem.batchSize
    let places = (batch + width - 1) / width * width
    return batch >= width && 10 * (places - batch) <= places
  }
}
