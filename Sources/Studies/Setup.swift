public import Learning

/// Everything that one training depends on, as its author declares it: what a sweep varies.
public struct Setup: Sendable {
  public var data: DataSource
  public var network: Network
  public var loss: Loss
  public var optimizer: Optimizer
  public var initialization: Initialization
  public var batch: Batching
  public var stop: StopRule
  public var record: Recording
  public var precision: Precision
  /// A function trained in place of a network; data, network and loss are then not used.
  public var objective: Objective?
  /// Where an objective's descent begins.
  public var start: Start
  /// The values of `Variants` axes, by the axis's name.
  package var variants: [String: String] = [:]

  /// A network on data.
  public init(
    data: DataSource, network: Network, loss: Loss, optimizer: Optimizer, initialization: Initialization,
    batch: Batching = .full, stop: StopRule, record: Recording = .standard, precision: Precision = .float64
  ) {
    self.data = data
    self.network = network
    self.loss = loss
    self.optimizer = optimizer
    self.initialization = initialization
    self.batch = batch
    self.stop = stop
    self.record = record
    self.precision = precision
    start = .normal(scale: 1)
  }

  /// A function of the parameters alone.
  public init(
    objective: Objective, start: Start, optimizer: Optimizer, stop: StopRule, record: Recording = .standard
  ) {
    self.init(
      data: .xor, network: .linear(), loss: .meanSquaredError, optimizer: optimizer, initialization: .zero,
      stop: stop, record: record)
    self.objective = objective
    self.start = start
  }

  /// Where a descent on an objective begins: a point, or a random one by the run's seed.
  public enum Start: Hashable, Sendable {
    case at([Double])
    /// scale·N(0, 1) in every component
    case normal(scale: Double)
    /// uniform between the bounds in every component
    case uniform(ClosedRange<Double>)

    var name: String {
      switch self {
      case .at(let point): "at(\(point))"
      case .normal(let scale): "normal(\(scale))"
      case .uniform(let range): "uniform(\(range.lowerBound),\(range.upperBound))"
      }
    }
  }

  var generator: Generator? {
    guard objective == nil, case .generator(let generator) = data.origin else { return nil }
    return generator
  }

  /// The generator where its noise and size mean anything: bit patterns have neither.
  var variableGenerator: Generator? {
    switch generator?.shape {
    case nil, .xor, .parity: nil
    default: generator
    }
  }

  mutating func changeGenerator(_ change: (inout Generator) -> Void) {
    guard case .generator(var generator) = data.origin else { return }
    change(&generator)
    data.origin = .generator(generator)
  }
}

extension Setup {
  /// Whether the loss of a step is that of all training data.
  package var seesAllSamples: Bool { objective != nil || batch == .full }

  /// The recorded quantity that is the loss on all training data; `nil` where a run does not know it on the way. Where the
  /// training loss is recorded it is used for full batches too, so that settings are compared at the same steps.
  package var trainingLossQuantity: Quantity? {
    record.quantities.contains(.trainingLoss) ? .trainingLoss : seesAllSamples ? .loss : nil
  }
}
