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
  /// The least validation loss so far; `nil` for a run without early stopping.
  var best: BestValidation?
  /// The gradient norm of the last step made.
  private(set) var lastNorm = Double.nan
  /// Best loss up to the start of the current no-progress window, and in it.
  private var bestBefore = Double.infinity
  private var bestInWindow: Double?

  init(index: Int, run: TrainingRun) {
    self.index = index
    self.run = run
    best = run.stop.earlyStopping.map(BestValidation.init)
    let count = min(run.stop.steps / run.recording.lossEvery + 1, 1 << 16)
    losses.reserveCapacity(count)
    norms.reserveCapacity(count)
  }

  /// Takes the losses of the steps from `step` on.
  func take(losses values: UnsafeBufferPointer<Double>) {
    if run.stop.noProgress != nil {
      for value in values { bestInWindow = bestInWindow.map { value < $0 ? value : $0 } ?? value }
    }
    Self.append(values, from: step, every: run.recording.lossEvery, to: &losses)
  }

  /// Takes the gradient norms of the steps from `step` on.
  func take(norms values: UnsafeBufferPointer<Double>) {
    if let first = values.first, best?.step == step { best?.gradientNorm = first }
    lastNorm = values.last ?? lastNorm
    Self.append(values, from: step, every: run.recording.lossEvery, to: &norms)
  }

  /// Appends the values of the steps that are multiples of `every`.
  private static func append(
    _ values: UnsafeBufferPointer<Double>, from step: Int, every: Int, to series: inout [Double]
  ) {
    if every == 1 {
      series.append(contentsOf: values)
      return
    }
    for index in stride(from: (every - step % every) % every, to: values.count, by: every) {
      series.append(values[index])
    }
  }

  /// Steps until the next event: the last step, a recording, the end of a window, a measurement of the validation loss.
  var stepsToNextEvent: Int {
    var next = run.stop.steps - step
    if !run.recording.quantities.isEmpty { next = min(next, run.recording.every - step % run.recording.every) }
    if let window = run.stop.noProgress?.window { next = min(next, window - step % window) }
    if let best { next = min(next, best.stepsToNext(from: step)) }
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
    let best = bestInWindow ?? .infinity
    bestInWindow = nil
    defer { bestBefore = min(bestBefore, best) }
    guard bestBefore.isFinite else { return false }
    return best > bestBefore - rule.improvement * abs(bestBefore)
  }
}
