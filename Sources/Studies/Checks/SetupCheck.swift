import Learning

/// The rules a set-up has to keep, each with its place, value and remedy; all that are broken are reported together.
struct SetupCheck {
  let setup: Setup
  let data: DataCache
  let seed: UInt64

  func check() throws {
    try Mistakes.collect([optimizer, penalties, { try schedule(setup.optimizer.schedule) }, stop, cadence, problem])
  }

  /// The rules that depend on a seed's own data, for the seeds after the first.
  func checkData() throws {
    if case .network(let problem) = setup.problem { try networkCheck(problem).withData() }
  }

  private func problem() throws {
    switch setup.problem {
    case .network(let problem): try networkCheck(problem).check()
    case .objective(let objective, let start):
      try Mistakes.collect([recording, { try self.start(start, of: objective) }])
    }
  }

  private func networkCheck(_ problem: Setup.NetworkProblem) -> NetworkProblemCheck {
    NetworkProblemCheck(
      problem: problem, recorded: setup.record.quantities, earlyStopping: setup.stop.earlyStopping, data: data,
      seed: seed)
  }

  // MARK: Any set-up

  private func optimizer() throws {
    let rate = setup.optimizer.learningRate
    try require(
      rate > 0 && rate.isFinite, "learning-rate", rate, "a learning rate is positive and finite", "Try 0.1")
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
    case .custom(let rule): try UpdateRuleCheck(rule: rule).check()
    }
  }

  private func penalties() throws {
    let (decay, l1, norm) = (setup.optimizer.weightDecay, setup.optimizer.l1Penalty, setup.optimizer.clipNorm)
    try Mistakes.collect([
      {
        try require(
          decay >= 0 && decay.isFinite, "weight-decay", decay, "weight decay is finite and not negative",
          "Use 0 for none")
      },
      {
        try require(
          l1 >= 0 && l1.isFinite, "l1-penalty", l1, "an L1 penalty is finite and not negative", "Use 0 for none")
      },
      {
        try require(
          norm > 0, "clip-norm", norm, "the norm that gradients are clipped to is positive",
          "Use infinity for no clipping")
      },
    ])
  }

  private func schedule(_ schedule: Schedule) throws {
    let place = "schedule"
    switch schedule {
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
    case .warmUp(let steps, let then):
      try require(steps >= 1, place, "\(steps) steps", "a warm-up takes 1 or more steps", "Try 100")
      if case .warmUp = then {
        throw Mistake(
          at: place, value: schedule.name, rule: "a schedule has one warm-up", remedy: "Add up the steps of the two")
      }
      try self.schedule(then)
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
    if let rule = stop.earlyStopping {
      for (name, value, example) in [("patience", rule.patience, 20), ("every", rule.every, 10)] {
        try require(
          (1...1_000_000_000).contains(value), "early stopping, \(name)", value, "it lies between 1 and 10⁹",
          "Try \(example)")
      }
    }
    if let factor = stop.divergence {
      try require(factor > 1, "stop rule, divergence", factor, "it is greater than 1", "Try 1e6")
    }
  }

  private func cadence() throws {
    let every = setup.record.every
    try require(every >= 1, "record, every", every, "a cadence is 1 or more steps", "Try 100")
    let lossEvery = setup.record.lossEvery
    try require(lossEvery >= 1, "record, every step of the loss", lossEvery, "a cadence is 1 or more steps", "Try 10")
  }

  // MARK: Objectives

  private func recording() throws {
    if let rule = setup.stop.earlyStopping {
      throw Mistake(
        at: "stop rule, early stopping", value: "patience \(rule.patience)",
        rule: "an objective has no validation data",
        remedy: "Leave it out, or write .orNoProgress(window: 1000)")
    }
    for quantity in setup.record.quantities {
      try require(
        [.loss, .gradientNorm, .parameterNorm, .updateNorm, .sharpness, .gradientCosine, .trainingLoss].contains(
          quantity),
        "record", quantity.name, "an objective has no data and no layers", "Leave it out")
    }
  }

  private func start(_ start: Setup.Start, of objective: Objective) throws {
    try require(
      objective.parameterCount >= 1, "objective \(objective.name)", objective.parameterCount,
      "it has one or more parameters", "Give their number")
    if case .at(let point) = start {
      try require(
        point.count == objective.parameterCount, "start", "\(point.count) numbers",
        "\(objective.name) has \(objective.parameterCount) parameters", "Give one number for each")
      try require(point.allSatisfy(\.isFinite), "start", point, "every number is finite", "Replace NaN and infinity")
    }
    if case .stored(let run) = start {
      let state = try data.state(of: run)
      try require(
        state.widths.isEmpty && state.parameters.count == objective.parameterCount, "start",
        "\(run.name): \(state.parameters.count) parameters\(state.widths.isEmpty ? "" : " of a network")",
        "\(objective.name) has \(objective.parameterCount) parameters", "Choose a run of an objective with as many")
      try run.refuseDiverged(state)
    }
  }
}

/// - Throws: `Mistake` where a rule does not hold.
func require(
  _ holds: Bool, _ place: String, _ value: some CustomStringConvertible, _ rule: String, _ remedy: String
) throws {
  if !holds { throw Mistake(at: place, value: "\(value)", rule: rule, remedy: remedy) }
}
