/// Where trainers get their runs, and where they take what became of them. Implementations are safe to call from
/// several threads.
public protocol RunSource: Sendable {
  /// The next run of this form that nobody has taken.
  func next() -> (index: Int, run: TrainingRun)?
  func finished(_ index: Int, _ result: TrainedRun)
  /// Steps made since the last call.
  func progressed(steps: Int)
  /// Whether to stop at once, leaving what is unfinished.
  var isCancelled: Bool { get }
}
