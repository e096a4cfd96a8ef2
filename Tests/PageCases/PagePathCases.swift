import Engine
import PageEngine

/// Paths of runs and outputs of networks, with the numbers that the program itself computes: every stop by a training of its own, with the
/// vectors of this machine.
extension PageCases {
  package static let stops = [0, 1, 2, 7, 40, 100, 90]

  /// Requests for paths, each with its answer.
  package static var paths: [(request: [Double], answer: [Double])] {
    let networks = all.enumerated().filter { $0.offset % 37 == 0 }.map { index, runs in
      // Every other one starts from a given point.
      let first = runs.runs[0].initialParameters
      let start = index % 2 == 0 ? [] : first.map { $0 + 0.25 }
      return path(0, start, runs.description?.numbers ?? [], runs.runs[0])
    }
    return networks + descents.map { path(1, [], $0.description ?? [], $0.run) }
      + descents.map { path(1, [0.5, -1.25], $0.description ?? [], $0.run) }
  }

  private static var descents: [PageDescent] {
    let rates = [1e-5, 1e-3, 1]
    return PageDescent.objectives.flatMap { objective in
      rates.flatMap { rate in
        [Optimizer.gradientDescent(learningRate: rate), .momentum(learningRate: rate), .adam(learningRate: rate)].map {
          PageDescent(objective, start: [-2, 1.5], optimizer: $0, stop: StopRule(steps: 100))
        }
      }
    }
  }

  private static func path(
    _ kind: Double, _ start: [Double], _ description: [Double], _ run: TrainingRun
  ) -> (request: [Double], answer: [Double]) {
    var run = run
    if !start.isEmpty { run.initialParameters = start }
    let answer = [Double(run.initialParameters.count)] + stops.flatMap { ended(run, after: $0) }
    return (
      [kind, Double(stops.count)] + stops.map(Double.init) + [Double(start.count)] + start + description, answer
    )
  }

  private static func ended(_ run: TrainingRun, after steps: Int) -> [Double] {
    func gradient(_ parameters: [Double]) -> [Double] {
      if case .objective(let objective) = run.problem { objective(parameters).gradient } else { [] }
    }
    guard steps > 0 else { return [0, 0, .nan] + run.initialParameters + gradient(run.initialParameters) }
    var part = run
    part.stop.steps = steps
    let source = OneRun(part)
    try? Trainer.train(like: part, from: source)
    guard let end = source.result else { return [] }
    return [Double(end.steps), end.status == .finished ? 0 : 1, end.finalLoss] + end.finalParameters
      + gradient(end.finalParameters)
  }

  /// Requests for outputs, one input at a time in the answer.
  static var outputs: [PageCase] {
    all.enumerated().filter { $0.offset % 29 == 0 }.map { _, runs in
      let data = runs.data[0]
      let network = runs.network.architecture(inputs: data.inputCount, outputs: data.outputCount)
      let parameters = runs.runs[0].initialParameters
      let inputs = (0..<7 * data.inputCount).map { 0.4 * Double($0) - 2 }
      let answer = stride(from: 0, to: inputs.count, by: data.inputCount).flatMap { first in
        Exact.output(of: network, parameters, at: Array(inputs[first..<first + data.inputCount]))
      }
      let request = [Double(inputs.count)] + inputs + [Double(parameters.count)] + parameters
      return PageCase(
        function: .evaluate, request: request + (runs.description?.numbers ?? []), answer: answer)
    }
  }
}

/// A source of one run, for the thread that trains it.
private final class OneRun: RunSource, @unchecked Sendable {
  private var run: TrainingRun?
  private(set) var result: TrainedRun?

  init(_ run: TrainingRun) { self.run = run }

  func next() -> (index: Int, run: TrainingRun)? {
    defer { run = nil }
    return run.map { (0, $0) }
  }
  func finished(_ index: Int, _ result: TrainedRun) { self.result = result }
  func refused(_ index: Int, _ mistake: Mistake) {}
  func progressed(steps: Int) {}
  var isCancelled: Bool { false }
}
