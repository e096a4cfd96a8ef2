import Engine

extension PageRuns {
  /// Trains the runs and gives their results as numbers, one run after another:
  ///
  ///     0 finished or 1 diverged, steps, final loss, number of losses, losses, gradient norms, number of parameters, parameters
  ///
  /// Empty where the runs are not consistent, or not such as narrow vectors train.
  package func trainedNarrow() -> [Double] {
    results { (run, source) throws(Mistake) in try Trainer.trainNarrow(like: run, from: source) }
  }

  fileprivate func results(_ train: (TrainingRun, PageSource) throws(Mistake) -> Void) -> [Double] {
    PageSource.results(of: runs, train).flatMap(Self.numbers)
  }

  private static func numbers(_ run: TrainedRun) -> [Double] {
    let losses = run.series[.loss]?.values ?? []
    let norms = run.series[.gradientNorm]?.values ?? []
    let hasDiverged = run.status != .finished
    var numbers = [hasDiverged ? 1 : 0, Double(run.steps), run.finalLoss, Double(losses.count)]
    numbers.reserveCapacity(5 + losses.count + norms.count + run.finalParameters.count)
    numbers += losses
    numbers += norms
    numbers.append(Double(run.finalParameters.count))
    return numbers + run.finalParameters
  }
}

#if !arch(wasm32)
  extension PageRuns {
    /// The same by the vectors of this machine, for comparisons. A page does without them: they are most of the engine's code.
    package func trainedWide() -> [Double] {
      results { (run, source) throws(Mistake) in try Trainer.train(like: run, from: source) }
    }
  }
#endif

/// A list of runs for one trainer. It is used by one thread, the one that trains.
final class PageSource: RunSource, @unchecked Sendable {
  /// The results in the order of the runs; empty where one of them is not consistent, or is not trained.
  static func results(
    of runs: [TrainingRun], _ train: (TrainingRun, PageSource) throws(Mistake) -> Void
  ) -> [TrainedRun] {
    guard let first = runs.first else { return [] }
    let list = PageSource(runs)
    do { try train(first, list) } catch { return [] }
    return list.results
  }

  private let runs: [TrainingRun]
  private var taken = 0
  private var results: [TrainedRun] = []
  private var numbered: [TrainedRun?]

  private init(_ runs: [TrainingRun]) {
    self.runs = runs
    numbered = Array(repeating: nil, count: runs.count)
  }

  func next() -> (index: Int, run: TrainingRun)? {
    guard taken < runs.count else { return nil }
    defer { taken += 1 }
    return (taken, runs[taken])
  }

  func finished(_ index: Int, _ result: TrainedRun) {
    numbered[index] = result
    if !numbered.contains(where: { $0 == nil }) { results = numbered.compactMap { $0 } }
  }
  func refused(_ index: Int, _ mistake: Mistake) {}
  func progressed(steps: Int) {}
  var isCancelled: Bool { false }
}
