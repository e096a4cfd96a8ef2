public import Learning

extension Setup {
  /// What a set-up trains. `TrainingRun.Problem` is the same with data, network and seed resolved.
  package enum Problem: Sendable {
    /// A network on data.
    case network(NetworkProblem)
    /// A function of the parameters alone.
    case objective(Objective, start: Start)
  }

  /// A network, the data that it is trained on, and the loss.
  package struct NetworkProblem: Sendable {
    /// Samples, validation part and standardising.
    package var data: DataSource
    /// Layers, activations and biases.
    package var network: Network
    /// The function that training minimises.
    package var loss: Loss
    /// θ at step 0.
    package var weights: Weights
    /// Samples per step.
    package var batch: Batching
    /// The type of number.
    package var precision: Precision
  }

  /// The initial parameters of a network.
  package enum Weights: Hashable, Sendable {
    /// drawn by the seed of the run
    case drawn(Initialization)
    /// those of a run in the archive after its training
    case stored(StoredRun)
  }

  /// The initial parameters of an objective: a point, or a random one by the run's seed.
  public enum Start: Hashable, Sendable {
    /// a given point
    case at([Double])
    /// scale·N(0, 1) in every component
    case normal(scale: Double)
    /// uniform between the bounds in every component
    case uniform(ClosedRange<Double>)
    /// the parameters of a run in the archive after its training
    case stored(StoredRun)

    /// The parameters of a run in the archive after its training.
    /// - Parameter key: the run's key, the last column of runs.csv.
    public static func run(_ key: String) -> Self { .stored(.run(key)) }

    var name: String {
      switch self {
      case .at(let point): "at(\(point))"
      case .normal(let scale): "normal(\(scale))"
      case .uniform(let range): "uniform(\(range.lowerBound),\(range.upperBound))"
      case .stored(let run): run.name
      }
    }
  }
}

/// The parts of a problem. Those of a network are `nil` for an objective, and a value given to them changes nothing there.
extension Setup {
  /// Samples, validation part and standardising.
  public var data: DataSource? {
    get { networkProblem?.data }
    set { change(\.data, to: newValue) }
  }

  /// Layers, activations and biases.
  public var network: Network? {
    get { networkProblem?.network }
    set { change(\.network, to: newValue) }
  }

  /// The function that training minimises.
  public var loss: Loss? {
    get { networkProblem?.loss }
    set { change(\.loss, to: newValue) }
  }

  /// Distribution of the initial weights; `nil` for an objective, and for a network that starts from a stored run.
  ///
  /// A network that is given a distribution starts from it, and no longer from a stored run.
  public var initialization: Initialization? {
    get { if case .drawn(let initialization) = networkProblem?.weights { initialization } else { nil } }
    set { change(\.weights, to: newValue.map(Weights.drawn)) }
  }

  /// Samples per step.
  public var batch: Batching? {
    get { networkProblem?.batch }
    set { change(\.batch, to: newValue) }
  }

  /// The number format of a network's training; `nil` for an objective, which is always evaluated in float64.
  public var precision: Precision? {
    get { networkProblem?.precision }
    set { change(\.precision, to: newValue) }
  }

  /// The function trained in place of a network; `nil` for a network, and a value given to it changes nothing there.
  public var objective: Objective? {
    get { if case .objective(let objective, _) = problem { objective } else { nil } }
    set { if let newValue, let start { problem = .objective(newValue, start: start) } }
  }

  /// The initial parameters of an objective; `nil` for a network, and a value given to it changes nothing there.
  public var start: Start? {
    get { if case .objective(_, let start) = problem { start } else { nil } }
    set { if let newValue, let objective { problem = .objective(objective, start: newValue) } }
  }

  package var networkProblem: NetworkProblem? {
    if case .network(let problem) = problem { problem } else { nil }
  }

  private mutating func change<Value>(_ part: WritableKeyPath<NetworkProblem, Value>, to value: Value?) {
    guard let value, var changed = networkProblem else { return }
    changed[keyPath: part] = value
    problem = .network(changed)
  }
}

extension Setup {
  var generator: Generator? {
    guard case .generator(let generator) = data?.origin else { return nil }
    return generator
  }

  /// The generator, if it has noise and a number of samples: bit patterns have neither.
  var variableGenerator: Generator? {
    switch generator?.shape {
    case nil, .xor, .parity: nil
    default: generator
    }
  }

  /// The standard deviation of the generator's noise; `nil` where the data have none.
  package var noise: Double? { variableGenerator?.noise }

  /// The same with other noise.
  package func with(noise: Double) -> Setup {
    var setup = self
    setup.changeGenerator { $0.noise = noise }
    return setup
  }

  mutating func changeGenerator(_ change: (inout Generator) -> Void) {
    guard var generator else { return }
    change(&generator)
    data?.origin = .generator(generator)
  }
}
