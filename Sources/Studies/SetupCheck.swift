package import Learning

/// The rules a set-up has to keep, each with its place, value and remedy; all that are broken are reported together.
struct SetupCheck {
  let setup: Setup
  let data: DataCache
  let seed: UInt64

  func check() throws {
    var checks: [() throws -> Void] = [optimizer, schedule, stop, recording, initialization]
    if let objective = setup.objective {
      checks.append { try self.start(objective) }
    } else {
      checks += [network, sizes, withData]
    }
    try Mistakes.collect(checks)
  }

  private func require(
    _ holds: Bool, _ place: String, _ value: some CustomStringConvertible, _ rule: String, _ remedy: String
  ) throws {
    if !holds { throw Mistake(at: place, value: "\(value)", rule: rule, remedy: remedy) }
  }

  // MARK: Rules that need no data

  private func optimizer() throws {
    let rate = setup.optimizer.learningRate
    try require(
      rate > 0 && rate.isFinite, "learning-rate", rate, "a learning rate is positive and finite", "Try 0.1")
    let decay = setup.optimizer.weightDecay
    try require(
      decay >= 0 && decay.isFinite, "weight-decay", decay, "weight decay is finite and not negative", "Use 0 for none")
    func share(_ name: String, _ value: Double) throws {
      try require(value >= 0 && value < 1, name, value, "it lies in [0, 1)", "Try 0.9")
    }
    func small(_ value: Double) throws {
      try require(value > 0 && value.isFinite, "epsilon", value, "it is positive and finite", "Try 1e-8")
    }
    switch setup.optimizer.rule {
    case .gradientDescent: break
    case .momentum(let mu), .nesterov(let mu): try share("momentum", mu)
    case .adaGrad(let epsilon): try small(epsilon)
    case .rmsProp(let decay, let epsilon):
      try share("decay of RMSProp", decay)
      try small(epsilon)
    case .adam(let beta1, let beta2, let epsilon):
      try share("β₁ of Adam", beta1)
      try share("β₂ of Adam", beta2)
      try small(epsilon)
    }
  }

  private func schedule() throws {
    let place = "schedule"
    switch setup.optimizer.schedule {
    case .constant, .custom: break
    case .step(let factor, let every):
      try require(
        every >= 1, place, "every \(every) steps", "a step schedule changes after 1 or more steps", "Try 1000")
      try require(factor >= 0 && factor.isFinite, place, factor, "the factor is finite and not negative", "Try 0.5")
    case .inverse(let halving):
      try require(halving > 0, place, halving, "the halving step is positive", "Use 1 for 1/(1+r)")
    case .exponential(let factor):
      try require(factor > 0 && factor.isFinite, place, factor, "the factor is positive and finite", "Try 0.999")
    case .cosine(let steps):
      try require(
        steps >= 1, place, "\(steps) steps", "a cosine takes 1 or more steps", "Use the run's number of steps")
    }
  }

  private func stop() throws {
    let stop = setup.stop
    try require(
      (1...1_000_000_000).contains(stop.steps), "steps", stop.steps, "a run takes between 1 and 10⁹ steps",
      "Choose a number in between")
    for (name, limit) in [("loss limit", stop.lossBelow), ("gradient norm limit", stop.gradientNormBelow)] {
      if let limit { try require(limit > 0, "stop rule, \(name)", limit, "a limit is positive", "Try 1e-3") }
    }
    if let rule = stop.noProgress {
      try require(rule.window >= 1, "stop rule, window", rule.window, "a window has 1 or more steps", "Try 1000")
      try require(
        rule.improvement >= 0 && rule.improvement < 1, "stop rule, improvement", rule.improvement, "it lies in [0, 1)",
        "Try 0.001")
    }
    if let factor = stop.divergence {
      try require(factor > 1, "stop rule, divergence", factor, "it is greater than 1", "Try 1e6")
    }
  }

  private func recording() throws {
    let every = setup.record.every
    try require(every >= 1, "record, every", every, "a cadence is 1 or more steps", "Try 100")
    guard setup.objective != nil else { return }
    for quantity in setup.record.quantities {
      try require(
        [.loss, .gradientNorm, .parameterNorm, .updateNorm, .sharpness, .gradientCosine, .trainingLoss].contains(
          quantity),
        "record", quantity.name, "an objective has no data and no layers", "Leave it out")
    }
  }

  private func initialization() throws {
    let scale = setup.initialization.scale
    try require(
      scale.isFinite && (scale >= 0 || setup.initialization.kind == .constant), "init-scale", scale,
      "a scale is finite and not negative", "Use 0 for a start at zero")
  }

  private func start(_ objective: Objective) throws {
    try require(
      objective.parameterCount >= 1, "objective \(objective.name)", objective.parameterCount,
      "it has one or more parameters", "Give their number")
    if case .at(let point) = setup.start {
      try require(
        point.count == objective.parameterCount, "start", "\(point.count) numbers",
        "\(objective.name) has \(objective.parameterCount) parameters", "Give one number for each")
      try require(point.allSatisfy(\.isFinite), "start", point, "every number is finite", "Replace NaN and infinity")
    }
  }

  private func sizes() throws {
    for units in setup.network.hidden {
      try require(
        (1...1_000_000).contains(units), "hidden", units, "a hidden layer has between 1 and 10⁶ units",
        "Use an empty list for no hidden layer")
    }
    try require(
      setup.network.hidden.count <= 1000, "depth", setup.network.hidden.count,
      "a network has at most 1000 hidden layers",
      "Choose fewer")
  }

  private func network() throws {
    let network = setup.network
    try require(
      network.activation != .softmax, "activation", "softmax", "softmax is for an output layer", "Put it into output:")
    try require(
      network.perLayer.isEmpty || network.perLayer.count == network.hidden.count, "activation",
      "\(network.perLayer.count) activations for \(network.hidden.count) hidden layers", "each layer has one",
      "Change the layers in the declaration, not depth by the command line")
    try require(
      !network.perLayer.contains(.softmax), "activation", "softmax", "softmax is for an output layer",
      "Put it into output:")
    try require(!network.output.isEmpty, "output", "no activation", "an output has one", "Write output: .identity")
    if network.output.contains(.softmax) {
      try require(
        network.output.count == 1, "output", "softmax beside others", "softmax takes the whole output layer",
        "Use it alone")
    }
    for case .leakyReLU(let slope) in network.output + network.perLayer + [network.activation] {
      try require(
        slope.isFinite && slope >= 0 && slope <= 1, "leaky ReLU slope", slope, "it lies in [0, 1]", "Try 0.01")
    }
    switch setup.loss {
    case .crossEntropy:
      try require(
        network.output == [.softmax], "loss",
        "cross-entropy with output \(network.output.map(\.name).joined(separator: ","))",
        "it compares probabilities of classes", "Use output: .softmax")
    case .binaryCrossEntropy:
      try require(
        network.output.allSatisfy { $0 == .sigmoid }, "loss",
        "binary cross-entropy with output \(network.output.map(\.name).joined(separator: ","))",
        "it compares probabilities", "Use output: .sigmoid")
    default: break
    }
  }

  // MARK: Rules that need the data

  private func withData() throws {
    guard setup.network.hasPossibleLayers, !setup.network.output.isEmpty else { return }
    let data = try data.facts(setup.data, seed: seed)
    try Mistakes.collect([
      { try outputs(data) }, { try batches(data) }, { try quantities(data) }, { try weights(data) },
    ])
  }

  /// The rules that depend on a seed's own data, for the seeds after the first.
  func checkData() throws { if setup.objective == nil { try withData() } }

  private func outputs(_ data: DataFacts) throws {
    let given = setup.network.output.count
    try require(
      given == 1 || given == data.outputCount, "output", "\(given) activations",
      "\(data.name) has \(data.outputCount) outputs", "Give one activation, or one for each")
    switch setup.loss {
    case .crossEntropy:
      guard case .oneHot = data.classes else {
        throw Mistake(
          at: "loss", value: "cross-entropy on \(data.name)", rule: "its targets are no classes, one output each",
          remedy: "Use a squared error, or binary cross-entropy for 0 and 1")
      }
    case .binaryCrossEntropy:
      let odd = [data.targets.lowerBound, data.targets.upperBound].first { $0 < 0 || $0 > 1 }
      try require(
        odd == nil, "loss", "binary cross-entropy with a target of \(odd ?? 0)", "targets lie in [0, 1]",
        "Use targets 0 and 1, or a squared error")
    default: break
    }
  }

  private func batches(_ data: DataFacts) throws {
    if case .mini(let size) = setup.batch {
      try require(
        (1...data.samples).contains(size), "batch", size,
        "a batch of \(data.name) has between 1 and \(data.samples) samples", "Use .full for all of them")
    }
  }

  private func quantities(_ data: DataFacts) throws {
    let layers = setup.network.hidden.count + 1
    for quantity in setup.record.quantities {
      switch quantity {
      case .validationLoss, .validationAccuracy:
        try require(
          data.validationSamples != nil, "record", quantity.name, "\(data.name) has no validation part",
          "Add .validation(share: 0.2) to the data")
      case .layerGradientNorm(let layer):
        try require(
          (1...layers).contains(layer), "record", quantity.name, "the network has \(layers) layers",
          "Count layers from 1 at the input")
      default: break
      }
      if quantity == .accuracy || quantity == .validationAccuracy {
        try require(
          data.classes != nil, "record", quantity.name, "\(data.name) has no classes", "Record a loss instead")
      }
    }
  }

  private func weights(_ data: DataFacts) throws {
    guard case .explicit(let values) = setup.initialization.kind else { return }
    let network = setup.network.architecture(inputs: data.inputCount, outputs: data.outputCount)
    try require(
      values.count == network.parameterCount, "initialization", "\(values.count) explicit parameters",
      "the network \(network.name) has \(network.parameterCount)", "Give one number for each")
    try require(
      values.allSatisfy(\.isFinite), "initialization", "an explicit parameter that is not finite",
      "every parameter is finite", "Replace NaN and infinity")
  }
}

extension Network {
  /// Whether the sizes of the layers are small enough to count parameters without overflow.
  package var hasPossibleLayers: Bool { hidden.count <= 1000 && hidden.allSatisfy { (1...1_000_000).contains($0) } }
}
