package import Engine
import Lanes

/// One run whose parameters a page wants after several numbers of steps: of a network, or of a function of two variables.
package struct PagePath: Sendable {
  /// The run.
  package var run: TrainingRun
  /// Numbers of steps, from 0.
  package var steps: [Int]

  /// The path of a run.
  package init(run: TrainingRun, steps: [Int]) { (self.run, self.steps) = (run, steps) }

  /// A request: 0 for a network or 1 for an objective, the number of stops and their steps, the number of initial parameters and their values
  /// (none where they are drawn), and the description of the run.
  package init?(request: [Double]) {
    var numbers = PageNumbers(request)
    guard let kind = numbers.whole(0...1), let count = numbers.whole(1...1000), let stops = numbers.next(count),
      let size = numbers.whole(0...1_000_000), let start = numbers.next(size)
    else { return nil }
    let steps = stops.compactMap { Int(exactly: $0) }
    guard steps.count == count, steps.allSatisfy((0...PageRuns.mostSteps).contains),
      let run = kind == 0 ? PageRuns(numbers: numbers.rest)?.runs.first : PageDescent(numbers: numbers.rest)?.run
    else { return nil }
    self.init(run: run, steps: steps)
    if size > 0 { self.run.initialParameters = start }
  }

  /// The number of parameters, then for each number of steps: the steps that the run has made, 0 finished or 1 diverged, the loss, the
  /// parameters, and the gradient of an objective. Empty where the run is not consistent, or not such as a page trains.
  ///
  /// Every stop is a run of its own beside the others; all have the bits of the one that goes on.
  package func trained() -> [Double] {
    let runs = steps.filter { $0 > 0 }.map { count in
      var part = run
      part.stop.steps = count
      return part
    }
    var ends = PageSource.results(of: runs) { (run, source) throws(Mistake) in
      try Trainer.trainNarrow(like: run, from: source)
    }[...]
    guard ends.count == runs.count, (try? run.check()) != nil else { return [] }
    return [Double(run.initialParameters.count)]
      + steps.flatMap { count -> [Double] in
        guard count > 0, let end = ends.popFirst() else { return [0, 0, .nan] + point(run.initialParameters) }
        return [Double(end.steps), end.status == .finished ? 0 : 1, end.finalLoss] + point(end.finalParameters)
      }
  }

  private func point(_ parameters: [Double]) -> [Double] {
    guard case .objective(let objective) = run.problem else { return parameters }
    return parameters + objective(parameters).gradient
  }
}

extension PageRuns {
  /// The outputs of the first run's network for a list of inputs. A request: the number of inputs and their values, the number of parameters and
  /// their values, and the description of the run.
  package static func outputs(request: [Double]) -> [Double]? {
    var numbers = PageNumbers(request)
    guard let count = numbers.whole(0...1_000_000), let inputs = numbers.next(count),
      let size = numbers.whole(1...1_000_000), let parameters = numbers.next(size),
      let runs = PageRuns(numbers: numbers.rest), let data = runs.data.first
    else { return nil }
    let network = runs.network.architecture(inputs: data.inputCount, outputs: data.outputCount)
    guard network.parameterCount == size, count % data.inputCount == 0 else { return nil }
    return Exact.outputs(
      of: network, parameters, for: Dataset.Samples(count: count / data.inputCount, inputs: inputs, targets: []),
      by: SIMD2<Double>.self)
  }
}
