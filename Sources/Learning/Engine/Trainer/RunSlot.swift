/// One run in training: its number, the steps that it has made, and what it has recorded.
///
/// A class: a trainer reads all of its runs between chunks, and reading a value would copy a dozen references.
final class RunSlot {
  let index: Int
  let run: TrainingRun
  var step = 0
  var losses: [Double] = []
  var norms: [Double] = []
  var recorded: [Quantity: [Double]] = [:]
  /// Loss above which the run counts as diverged; known from the first step on.
  var ceiling: Double = .infinity
  /// Best loss up to the start of the current no-progress window, and in it.
  private var bestBefore = Double.infinity
  private var judged = 0

  init(index: Int, run: TrainingRun) {
    self.index = index
    self.run = run
    losses.reserveCapacity(min(run.stop.steps, 1 << 16))
    norms.reserveCapacity(min(run.stop.steps, 1 << 16))
  }

  /// Steps until the next event: the last step, a recording, the end of a window.
  var stepsToNextEvent: Int {
    var next = run.stop.steps - step
    if !run.recording.quantities.isEmpty { next = min(next, run.recording.every - step % run.recording.every) }
    if let window = run.stop.noProgress?.window { next = min(next, window - step % window) }
    return next
  }

  var isRecording: Bool { !run.recording.quantities.isEmpty && step % run.recording.every == 0 }

  /// Why the run ends at `step`, whose loss and norm these are, if it does.
  func verdict(atStep step: Int, loss: Double, norm: Double) -> RunStatus? {
    if run.stop.divergence != nil, !loss.isFinite || !norm.isFinite || loss > ceiling {
      return .diverged(atStep: step)
    }
    if let limit = run.stop.lossBelow, loss < limit { return .finished }
    if let limit = run.stop.gradientNormBelow, norm < limit { return .finished }
    return nil
  }

  /// Whether the loss improved too little in the window that just ended.
  func lacksProgress() -> Bool {
    guard let rule = run.stop.noProgress, step > 0, step % rule.window == 0 else { return false }
    let best = losses[judged...].min() ?? .infinity
    judged = losses.count
    defer { bestBefore = min(bestBefore, best) }
    guard bestBefore.isFinite else { return false }
    return best > bestBefore - rule.improvement * abs(bestBefore)
  }
}
