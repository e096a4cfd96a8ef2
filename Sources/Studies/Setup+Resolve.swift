import Lanes
import Learning

extension Setup {
  /// What the runs of these data share, for putting them into lanes together.
  func form(_ data: DataFacts?) -> TrainingRun.Form {
    let precision = objective == nil ? precision : .float64
    guard let data else {
      return TrainingRun.Form(precision: precision, rule: optimizer.rule, recording: record, objective: objective)
    }
    return TrainingRun.Form(
      precision: precision, rule: optimizer.rule, recording: record,
      architecture: network.architecture(inputs: data.inputCount, outputs: data.outputCount), loss: loss,
      batching: batch, samples: data.samples, validationSamples: data.validationSamples, classes: data.classes)
  }

  /// The run of a seed.
  func resolve(seed: UInt64, data cache: DataCache) throws -> TrainingRun {
    let problem: TrainingRun.Problem
    let parameters: [Double]
    if let objective {
      problem = .objective(objective)
      parameters = start.point(count: objective.parameterCount, seed: seed)
    } else {
      let dataset = try cache.dataset(data, seed: seed)
      let architecture = network.architecture(inputs: dataset.inputCount, outputs: dataset.outputCount)
      problem = .network(architecture, loss, dataset, batch)
      parameters = initialization.parameters(of: architecture, seed: seed)
    }
    return TrainingRun(
      problem: problem, initialParameters: parameters, optimizer: optimizer, stop: stop, recording: record,
      precision: objective == nil ? precision : .float64, seed: seed)
  }
}

extension Setup.Start {
  func point(count: Int, seed: UInt64) -> [Double] {
    let stream = RandomStream(seed: seed, role: .weights)
    switch self {
    case .at(let point): return point
    case .normal(let scale): return stream.normals(count).map { scale * $0 }
    case .uniform(let range):
      return (0..<count).map { range.lowerBound + (range.upperBound - range.lowerBound) * stream.uniform($0) }
    }
  }
}
