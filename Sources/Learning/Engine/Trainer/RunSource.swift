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
