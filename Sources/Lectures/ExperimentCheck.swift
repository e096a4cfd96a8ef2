import Learning
package import Studies

/// Compares the engine with the equations of the lectures, and with central differences, on an experiment's own networks, losses, data and initial
/// parameters.
///
/// Every different network or loss of the sweep is checked once, with the first settings that have it and the sweep's first seed.
public struct ExperimentCheck: Sendable {
  /// A network with its loss, or an objective.
  public struct Part: Sendable {
    /// "2-3-1 sigmoid;sigmoid, squared-error(mean), equations of B2".
    public let title: String
    /// The quantities that were compared.
    public let lines: [CheckLine]
    /// What was not compared, and why; empty where everything was.
    public let notes: [String]
  }

  /// The experiment's name.
  public let name: String
  /// Its networks and objectives.
  public let parts: [Part]

  /// The samples that are used of the training data, from the first.
  static let sampleLimit = 12
  /// The parameters whose derivatives are compared with central differences, evenly spread.
  static let differenceLimit = 120

  /// The check of a resolved experiment.
  /// - Throws: `Mistake` where the data cannot be read.
  package init(_ plan: Plan) throws {
    name = plan.name
    var parts: [Part] = []
    var known: Set<String> = []
    for index in stride(from: 0, to: plan.runCount, by: plan.seeds.count) {
      let run = try plan.trainingRun(index)
      switch run.problem {
      case .network(let network, let loss, let data, let batching):
        // At parameters that are all 0 many derivatives are 0: a later setting shows more.
        let isLast = index + plan.seeds.count >= plan.runCount
        guard isLast || run.initialParameters.contains(where: { $0 != 0 }),
          known.insert("\(network.name) \(loss.name) \(data.name)").inserted
        else { continue }
        let example = EngineCase(
          network: network, loss: loss, data: data.first(Self.sampleLimit),
          batching: batching.limited(Self.sampleLimit),
          optimizer: run.optimizer, start: run.initialParameters, seed: run.seed)
        parts.append(try Self.part(example, experiment: plan.name))
      case .objective(let objective):
        guard known.insert(objective.name).inserted else { continue }
        let starts = try (index..<min(index + 16, index + plan.seeds.count)).map {
          try plan.trainingRun($0).initialParameters
        }
        parts.append(try Self.part(objective, starts))
      }
    }
    self.parts = parts
  }

  // MARK: Networks

  private static func part(_ example: EngineCase, experiment: String) throws -> Part {
    let network = "\(name(of: example.network)), \(example.loss.name), \(example.data.name)"
    let sources = System.all.filter { $0.experiments.contains(experiment) } + System.all.filter { $0.name == "C2" }
    for system in sources {
      guard let equations = system.equations(example.network, example.loss) else { continue }
      let gradient = example.gradient(equations, at: example.start, on: example.samples)
      let parts = [
        try derivatives(example, equations, gradient), differences(example, equations, gradient),
        try steps(example, equations),
      ]
      return Part(
        title: "\(network): equations of \(system.name)",
        lines: parts.flatMap(\.lines) + (try equations.further(example)), notes: parts.flatMap(\.notes))
    }
    return Part(
      title: network, lines: try withoutEquations(example),
      notes: [
        "the lectures have no equations for \(example.loss.name) with these activations: central differences only"
      ])
  }

  /// The network's name, shortened where it has many layers.
  private static func name(of network: Architecture) -> String {
    guard network.layers.count > 10, let first = network.layers.first, let last = network.layers.last else {
      return network.name
    }
    return "\(network.inputs)-\(first.units)-…-\(last.units) with \(network.layers.count) layers"
  }

  private typealias Comparison = (lines: [CheckLine], notes: [String])

  private static func derivatives(
    _ example: EngineCase, _ equations: Equations, _ textbook: [Double]
  ) throws -> Comparison {
    let lines = [
      CheckLine(
        "∂E/∂θ", "textbook – engine", textbook[...], try example.engineGradient()[...],
        terms: example.largestTerm(equations), bound: 1e-12),
      CheckLine(
        "δ", "textbook – engine", example.errors(equations).flatMap(\.self)[...],
        try example.engineErrors().flatMap(\.self)[...], bound: 1e-12),
    ]
    return (lines, [])
  }

  /// The equations' derivatives against differences of their loss, as far as these can tell: E is rounded to 2⁻⁵², so that the
  /// differences are wrong by about 2⁻⁵²E/h.
  private static func differences(
    _ example: EngineCase, _ equations: Equations, _ gradient: [Double]
  ) -> Comparison {
    let chosen = spread(over: gradient.count)
    let textbook = chosen.map { gradient[$0] }
    let loss = example.loss(equations, at: example.start)
    let rounding = 8 * loss * .ulpOfOne / EngineCase.step / (textbook.map(abs).max() ?? 0)
    guard rounding < 0.1 else {
      return ([], ["∂E/∂θ, textbook – differences: not compared, since rounding hides derivatives as small as these"])
    }
    let differences = example.differences(equations, of: chosen)
    let line = CheckLine(
      "∂E/∂θ", "textbook – differences", textbook[...], differences[...], bound: max(1e-7, rounding))
    return ([line], [])
  }

  /// The parameters after steps of the experiment's own descent, where it is one of the lectures'.
  private static func steps(_ example: EngineCase, _ equations: Equations) throws -> Comparison {
    let optimizer = example.optimizer
    guard optimizer.rule == .gradientDescent, optimizer.weightDecay == 0, optimizer.l1Penalty == 0,
      optimizer.clipNorm == .infinity
    else {
      return ([], ["θ after steps: not compared, since the lectures have gradient descent only"])
    }
    let lines = try [1, 10].map { steps in
      var theta = example.start
      for (step, batch) in example.batches(steps: steps).enumerated() {
        let gradient = example.gradient(equations, at: theta, on: batch)
        let rate = optimizer.learningRate * optimizer.schedule.factor(step)
        for i in theta.indices { theta[i] -= rate * gradient[i] }
      }
      return CheckLine(
        "θ after \(NumberText.count(steps, "step"))", "textbook – engine", theta[...],
        try example.engineParameters(after: steps)[...], bound: 1e-12 * Double(steps))
    }
    return (lines, [])
  }

  private static func withoutEquations(_ example: EngineCase) throws -> [CheckLine] {
    try differences(of: .network(example.network, example.loss, example.data, .full), at: example.start)
  }

  // MARK: Objectives

  /// The comparison at the first of some initial points at which the function is not flat.
  private static func part(_ objective: Objective, _ starts: [[Double]]) throws -> Part {
    let problem = TrainingRun.Problem.objective(objective)
    let steep = try starts.first { try BackwardPass.gradient(of: problem, at: $0).gradient.contains { $0 != 0 } }
    guard let steep else {
      return Part(
        title: objective.name, lines: [], notes: ["its gradient is 0 at the initial points of the first seeds"])
    }
    return Part(title: objective.name, lines: try differences(of: problem, at: steep), notes: [])
  }

  /// The engine's gradient against central differences of the engine's own loss.
  private static func differences(of problem: TrainingRun.Problem, at start: [Double]) throws -> [CheckLine] {
    let gradient = try BackwardPass.gradient(of: problem, at: start).gradient
    let chosen = spread(over: start.count)
    let differences = try EngineCase.differences(at: start, of: chosen) {
      try BackwardPass.gradient(of: problem, at: $0).loss
    }
    return [
      CheckLine("∇E", "engine – differences", chosen.map { gradient[$0] }[...], differences[...], bound: 1e-6)
    ]
  }

  private static func spread(over count: Int) -> [Int] {
    let step = max(1, (count + differenceLimit - 1) / differenceLimit)
    return Array(stride(from: 0, to: count, by: step))
  }
}

extension Dataset {
  /// The data set with its first training samples only.
  fileprivate func first(_ limit: Int) -> Dataset {
    let count = min(limit, training.count)
    return Dataset(
      name: name, inputNames: inputNames, outputNames: outputNames,
      training: Samples(
        count: count, inputs: Array(training.inputs.prefix(count * inputCount)),
        targets: Array(training.targets.prefix(count * outputCount))),
      classes: classes)
  }
}

extension Batching {
  /// The same way of choosing samples, from data of at most `limit` samples.
  fileprivate func limited(_ limit: Int) -> Batching {
    if case .mini(let size) = self { .mini(size: min(size, limit)) } else { self }
  }
}
