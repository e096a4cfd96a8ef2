package import Learning

/// The rules on a network, its data and its loss.
struct NetworkProblemCheck {
  let problem: Setup.NetworkProblem
  let recorded: [Quantity]
  let earlyStopping: StopRule.EarlyStopping?
  let data: DataCache
  let seed: UInt64

  func check() throws { try Mistakes.collect([initialization, network, functions, sizes, preparedTargets, withData]) }

  // MARK: Rules that need no data

  private func initialization() throws {
    guard case .drawn(let initialization) = problem.weights else { return }
    let scale = initialization.scale
    try require(
      scale.isFinite && (scale >= 0 || initialization.kind == .constant), "init-scale", scale,
      "a scale is finite and not negative", "Use 0 for a start at zero")
  }

  private func sizes() throws {
    for units in problem.network.hidden {
      try require(
        (1...1_000_000).contains(units), "hidden", units, "a hidden layer has between 1 and 10⁶ units",
        "Use an empty list for no hidden layer")
    }
    try require(
      problem.network.hidden.count <= 1000, "depth", problem.network.hidden.count,
      "a network has at most 1000 hidden layers",
      "Choose fewer")
  }

  private func network() throws {
    let network = problem.network
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
    let rate = network.dropoutRate
    try require(rate >= 0 && rate < 1, "dropout", rate, "a probability of dropout lies in [0, 1)", "Try 0.5")
    try require(
      rate == 0 || !network.hidden.isEmpty, "dropout", rate, "it leaves out hidden units, and the network has none",
      "Add a hidden layer, or leave it out")
    for case .leakyReLU(let slope) in network.output + network.perLayer + [network.activation] {
      try require(
        slope.isFinite && slope >= 0 && slope <= 1, "leaky ReLU slope", slope, "it lies in [0, 1]", "Try 0.01")
    }
    switch problem.loss {
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

  func withData() throws {
    guard problem.network.hasPossibleLayers, !problem.network.output.isEmpty else { return }
    let data = try data.facts(problem.data, seed: seed)
    try Mistakes.collect([
      { try outputs(data) }, { try batches(data) }, { try quantities(data) }, { try weights(data) },
    ])
  }

  private func functions() throws {
    let network = problem.network
    let hidden = network.perLayer.isEmpty ? [network.activation] : network.perLayer
    var declared: [ActivationFunction] = []
    for function in (hidden + network.output).compactMap(\.function) where !declared.contains(function) {
      declared.append(function)
    }
    try Mistakes.collect(declared.map { function in { try ActivationCheck(function: function).check() } })
  }

  /// Smoothed labels and class weights are targets of probabilities.
  private func preparedTargets() throws {
    let words = [
      (problem.data.labelSmoothing != 0, "label smoothing", "smoothedLabels"),
      (problem.data.classWeights != nil, "class weights", "classWeights"),
    ]
    for (isUsed, title, word) in words where isUsed && problem.loss != .crossEntropy {
      throw Mistake(
        at: "loss", value: "\(problem.loss.name) with \(title)",
        rule: "the targets of \(title) are probabilities or weights of classes, which only the cross-entropy takes",
        remedy: "Use loss: .crossEntropy with output: .softmax, or leave \(word) out")
    }
  }

  private func outputs(_ data: DataFacts) throws {
    let given = problem.network.output.count
    try require(
      given == 1 || given == data.outputCount, "output", "\(given) activations",
      "\(data.name) has \(data.outputCount) outputs", "Give one activation, or one for each")
    switch problem.loss {
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
    if case .mini(let size) = problem.batch {
      try require(
        (1...data.samples).contains(size), "batch", size,
        "a batch of \(data.name) has between 1 and \(data.samples) samples", "Use .full for all of them")
    }
  }

  private func quantities(_ data: DataFacts) throws {
    if let rule = earlyStopping {
      try require(
        data.validationSamples != nil, "stop rule, early stopping", "patience \(rule.patience)",
        "\(data.name) has no validation part", "Add .validation(share: 0.2) to the data")
    }
    let layers = problem.network.hidden.count + 1
    for quantity in recorded {
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
      try require(
        !quantity.isOfTest, "record", quantity.name, "the test part is used once, after training",
        "Leave it out: the report can use .final(.\(quantity == .testLoss ? "testLoss" : "testAccuracy"))")
      if quantity == .accuracy || quantity == .validationAccuracy {
        try require(
          data.classes != nil, "record", quantity.name, "\(data.name) has no classes", "Record a loss instead")
      }
    }
  }

  private func weights(_ data: DataFacts) throws {
    let network = problem.network.architecture(inputs: data.inputCount, outputs: data.outputCount)
    switch problem.weights {
    case .drawn(let initialization):
      guard case .explicit(let values) = initialization.kind else { return }
      try require(
        values.count == network.parameterCount, "initialization", "\(values.count) explicit parameters",
        "the network \(network.name) has \(network.parameterCount)", "Give one number for each")
      try require(
        values.allSatisfy(\.isFinite), "initialization", "an explicit parameter that is not finite",
        "every parameter is finite", "Replace NaN and infinity")
    case .stored(let run):
      let state = try self.data.state(of: run)
      let widths = state.widths.isEmpty ? "an objective" : state.widths.map(String.init).joined(separator: "-")
      try require(
        state.widths == network.widths && state.parameters.count == network.parameterCount, "start",
        "\(run.name): \(widths) with \(state.parameters.count) parameters",
        "the network is \(network.widths.map(String.init).joined(separator: "-")) with \(network.parameterCount)",
        "Choose a run of a network with the same layers")
      try run.refuseDiverged(state)
    }
  }
}

extension StoredRun {
  /// - Throws: `Mistake` where the run diverged.
  func refuseDiverged(_ state: State) throws {
    try require(
      !state.hasDiverged && state.parameters.allSatisfy(\.isFinite), "start", name, "the run diverged",
      "Choose a run that did not diverge")
  }
}

extension Network {
  /// Whether the sizes of the layers are small enough to count parameters without overflow.
  package var hasPossibleLayers: Bool { hidden.count <= 1000 && hidden.allSatisfy { (1...1_000_000).contains($0) } }
}
