import Lanes
import Learning

extension Setup {
  /// The form of the runs of a seed: runs of one form can train side by side.
  func form(seed: UInt64, data cache: DataCache) throws -> TrainingRun.Form {
    let trained: TrainingRun.Form.Problem
    switch problem {
    case .objective(let objective, _): trained = .objective(objective)
    case .network(let problem):
      let facts = try cache.facts(problem.data, seed: seed)
      trained = .network(
        TrainingRun.Form.NetworkProblem(
          architecture: problem.network.architecture(inputs: facts.inputCount, outputs: facts.outputCount),
          loss: problem.loss, batching: problem.batch, samples: facts.samples,
          validationSamples: facts.validationSamples, testSamples: facts.testSamples, classes: facts.classes,
          hasUnitTargets: facts.hasUnitTargets, dropout: problem.network.dropoutRate))
    }
    return TrainingRun.Form(
      problem: trained, precision: precision ?? .float64, rule: optimizer.rule, recording: record)
  }

  /// The run of a seed.
  func resolve(seed: UInt64, data cache: DataCache) throws -> TrainingRun {
    let resolved: TrainingRun.Problem
    let parameters: [Double]
    switch problem {
    case .objective(let objective, let start):
      resolved = .objective(objective)
      parameters = try start.point(count: objective.parameterCount, seed: seed, cache)
    case .network(let problem):
      let dataset = try cache.dataset(problem.data, seed: seed)
      let architecture = problem.network.architecture(inputs: dataset.inputCount, outputs: dataset.outputCount)
      resolved = .network(architecture, problem.loss, dataset, problem.batch)
      switch problem.weights {
      case .drawn(let initialization): parameters = initialization.parameters(of: architecture, seed: seed)
      case .stored(let run): parameters = try cache.state(of: run).parameters
      }
    }
    return TrainingRun(
      problem: resolved, initialParameters: parameters, optimizer: optimizer, stop: stop, recording: record,
      precision: precision ?? .float64, seed: seed, dropout: network?.dropoutRate ?? 0)
  }
}

extension Setup.Start {
  func point(count: Int, seed: UInt64, _ cache: DataCache) throws -> [Double] {
    let stream = RandomStream(seed: seed, role: .weights)
    switch self {
    case .at(let point): return point
    case .stored(let run): return try cache.state(of: run).parameters
    case .normal(let scale): return stream.normals(count).map { scale * $0 }
    case .uniform(let range):
      return (0..<count).map { range.lowerBound + (range.upperBound - range.lowerBound) * stream.uniform($0) }
    }
  }
}
