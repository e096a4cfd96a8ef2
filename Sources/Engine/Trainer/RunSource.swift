/// Gives runs to trainers and takes their results. Implementations are safe to call from several threads.
package protocol RunSource: Sendable {
  /// The next run of this form that has not been taken.
  func next() -> (index: Int, run: TrainingRun)?
  /// Takes the result of a run.
  func finished(_ index: Int, _ result: TrainedRun)
  /// A run that cannot be trained beside the others: its form is another, or its numbers have the wrong count.
  func refused(_ index: Int, _ mistake: Mistake)
  /// Steps made since the last call.
  func progressed(steps: Int)
  /// The loss of a run in training at a step, reported now and then, for live displays.
  func observed(_ index: Int, step: Int, loss: Double)
  /// Whether to stop at once, leaving what is unfinished.
  var isCancelled: Bool { get }
}

extension RunSource {
  package func observed(_ index: Int, step: Int, loss: Double) {}
}

/// The functions of a source as closures: a trainer is compiled for its model alone, not for each type of source, and it needs no
/// existential, which Embedded Swift does not have.
struct RunCalls {
  private let take: () -> (index: Int, run: TrainingRun)?
  private let refused: (_ index: Int, _ mistake: Mistake) -> Void
  let finished: (_ index: Int, _ result: TrainedRun) -> Void
  let progressed: (_ steps: Int) -> Void
  let observed: (_ index: Int, _ step: Int, _ loss: Double) -> Void
  let isCancelled: () -> Bool

  init(_ source: some RunSource) {
    take = { source.next() }
    refused = { source.refused($0, $1) }
    finished = { source.finished($0, $1) }
    progressed = { source.progressed(steps: $0) }
    observed = { source.observed($0, step: $1, loss: $2) }
    isCancelled = { source.isCancelled }
  }

  /// The next run of a form; those that do not fit are refused.
  func next(of form: TrainingRun.Form) -> (index: Int, run: TrainingRun)? {
    while let (index, run) = take() {
      guard let mistake = form.mistake(in: run) else { return (index, run) }
      refused(index, mistake)
    }
    return nil
  }
}

extension TrainingRun.Form {
  fileprivate func mistake(in run: TrainingRun) -> Mistake? {
    if run.form != self {
      return Mistake(
        at: "run", value: "another form", rule: "runs side by side share network, loss, batch and numbers of samples",
        remedy: "Train runs of another form by a trainer of their own")
    }
    do {
      try run.check()
      return nil
    } catch {
      return error
    }
  }

  /// The least of the known losses on all training data, the final one included; NaN where no step knows one. A full batch's
  /// own loss is known at every step, a recorded training loss at its cadence.
  func bestLoss(_ series: [Quantity: Series], _ finalLoss: Double) -> Double {
    guard let quantity = trainingLossQuantity else { return .nan }
    return (series[quantity]?.values ?? []).reduce(finalLoss.isNaN ? .infinity : finalLoss) { $1 < $0 ? $1 : $0 }
  }
}
