import Foundation
import Learning
import Synchronization

/// Gives runs to trainers, form by form, stores the results in batches and reports to the listener.
final class RunDesk: Sendable {
  private struct State {
    /// Runs not yet taken, a queue for each form; forms in the order of their work, largest first.
    var queues: [ArraySlice<Int>]
    /// Finished runs that are not stored yet, and their bytes.
    var finished: [PreparedRun] = []
    var finishedBytes = 0
    var progress: Event.Progress
    var samples: [Event.Sample] = []
    var lastReport: ContinuousClock.Instant?
    var error: (any Error)?
    /// Of all threads together.
    var archiveTime = Duration.zero
    /// Runs that the store has taken.
    var kept = 0
  }

  private let plan: Plan
  private let store: any RunStore
  private let provenance: Provenance
  private let listener: any EventListener
  private let isCancelledByUser: @Sendable () -> Bool
  /// A continuous clock: the time of day may be changed while runs train.
  private let started = ContinuousClock.now
  private let state: Mutex<State>
  private let stepsMade = Atomic<Int>(0)
  private let stepsSaved = Atomic<Int>(0)
  private let hasFailed = Atomic<Bool>(false)
  /// Serializes writes, so that the state's lock is never held while the disk is.
  private let writing = Mutex<Void>(())

  init(
    plan: Plan, missing: [Int], steps: Int, store: any RunStore, provenance: Provenance, listener: any EventListener,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws {
    self.plan = plan
    self.store = store
    self.provenance = provenance
    self.listener = listener
    isCancelledByUser = isCancelled
    let groups = try Self.forms(of: missing, in: plan)
    let queues = groups.map { form, runs in (runs: runs[...], work: form.workPerStep * runs.count) }
      .sorted { ($0.work, $1.runs.first ?? 0) > ($1.work, $0.runs.first ?? 0) }
      .map(\.runs)
    let progress = Event.Progress(
      experiment: plan.name, runs: missing.count, runsDone: 0, steps: steps, stepsDone: 0, stepsMade: 0, diverged: 0,
      seconds: 0)
    state = Mutex(State(queues: queues, progress: progress))
  }

  /// The runs of each form. The form of a setting is asked for once, unless each seed has its own.
  private static func forms(of missing: [Int], in plan: Plan) throws -> [TrainingRun.Form: [Int]] {
    var groups: [TrainingRun.Form: [Int]] = [:]
    var rest = missing[...]
    while let first = rest.first {
      let combination = plan.combination(of: first)
      let isShared = combination.form != nil
      let same = isShared ? rest.prefix { plan.combination(of: $0) === combination } : rest.prefix(1)
      groups[try plan.form(of: first), default: []] += same
      rest = rest.dropFirst(same.count)
    }
    return groups
  }

  var isCancelled: Bool { isCancelledByUser() || hasFailed.load(ordering: .relaxed) }

  /// Trains form after form until nothing is left.
  func work() {
    while !isCancelled {
      guard let queue = state.withLock({ $0.queues.firstIndex { !$0.isEmpty } }) else { return }
      let source = FormSource(queue: queue, desk: self)
      guard let first = source.peek() else { continue }
      do {
        try Trainer.train(like: first, from: source)
      } catch {
        fail(error)
      }
    }
  }

  // MARK: What trainers call

  func next(_ queue: Int) -> (index: Int, run: TrainingRun)? {
    if isCancelled { return nil }
    guard let index = state.withLock({ $0.queues[queue].popFirst() }) else { return nil }
    do {
      return (index, try plan.trainingRun(index))
    } catch {
      fail(error)
      return nil
    }
  }

  func finished(_ index: Int, _ result: TrainedRun) {
    do {
      let run = try plan.run(index)
      let record = RunRecord(
        key: run.key, description: run.description, widths: try plan.widths(of: index), result: result,
        provenance: provenance)
      let start = ContinuousClock.now
      let prepared = store.prepare(record)
      let time = ContinuousClock.now - start
      if case .diverged(let step) = result.status {
        listener.hear(.diverged(experiment: plan.name, run: index, step: step))
      }
      // Steps that an early end saves count as done, so that the progress bar reaches its end.
      let saved = run.setup.stop.steps - result.steps
      stepsSaved.add(saved, ordering: .relaxed)
      let (waiting, runs) = state.withLock { state in
        state.finished.append(prepared)
        state.finishedBytes += prepared.bytes
        state.archiveTime += time
        state.progress.runsDone += 1
        if case .diverged = result.status { state.progress.diverged += 1 }
        return (state.finishedBytes, state.finished.count)
      }
      if waiting > Self.mostBytes {
        flush()
      } else if waiting > max(Self.manyBytes, Self.largeRun * runs) {
        flushUnlessBusy()
      }
    } catch {
      fail(error)
    }
  }

  func refused(_ mistake: Mistake) { fail(mistake) }

  func progressed(steps: Int) {
    stepsMade.add(steps, ordering: .relaxed)
    let now = ContinuousClock.now
    let report = state.withLock { state -> (progress: Event.Progress, samples: [Event.Sample])? in
      guard state.lastReport.map({ now - $0 > .seconds(0.1) }) ?? true else { return nil }
      state.lastReport = now
      defer { state.samples = [] }
      return (current(&state, now), state.samples)
    }
    if let report {
      listener.hear(.progressed(report.progress))
      if !report.samples.isEmpty { listener.hear(.observed(experiment: plan.name, samples: report.samples)) }
      // A finished run is stored within about a second, so that a kill does not lose it.
      flushUnlessBusy()
    }
  }

  func observed(_ index: Int, step: Int, loss: Double) {
    // For display only: more samples than these between two reports are dropped.
    state.withLock { state in
      if state.samples.count < 64 { state.samples.append(Event.Sample(run: index, step: step, loss: loss)) }
    }
  }

  private func current(_ state: inout State, _ now: ContinuousClock.Instant) -> Event.Progress {
    state.progress.stepsMade = stepsMade.load(ordering: .relaxed)
    state.progress.stepsDone = state.progress.stepsMade + stepsSaved.load(ordering: .relaxed)
    state.progress.seconds = (now - started) / .seconds(1)
    return state.progress
  }

  // MARK: Storing

  /// Bytes of finished runs that are worth a transaction, and those with which a thread waits for the one that writes.
  private static let manyBytes = 2 << 20
  private static let mostBytes = 32 << 20
  /// Bytes of a large run. Smaller ones wait for the next report: a transaction of many small runs changes pages all over the index of keys.
  private static let largeRun = 6 << 10

  private func flush() { writing.withLock { _ in writeFinished() } }

  /// While another thread writes, this one trains.
  private func flushUnlessBusy() { _ = writing.withLockIfAvailable { _ in writeFinished() } }

  /// Stores the runs that are waiting; only one thread at a time does.
  private func writeFinished() {
    let runs = state.withLock { state in
      defer {
        state.finished = []
        state.finishedBytes = 0
      }
      return state.finished
    }
    guard !runs.isEmpty else { return }
    let start = ContinuousClock.now
    var least = Int.max
    let kept = keep(runs[...], &least)
    state.withLock {
      $0.kept += kept
      $0.archiveTime += .now - start
    }
  }

  /// Stores runs, in smaller and smaller batches where the store does not take them all: what fits on a disk is kept.
  /// - Parameter least: the size in bytes of the smallest single run that did not fit; larger ones are not tried.
  /// - Returns: how many were stored.
  private func keep(_ runs: ArraySlice<PreparedRun>, _ least: inout Int) -> Int {
    let bound = least
    guard runs.contains(where: { $0.bytes < bound }) else { return 0 }
    do {
      try store.save(Array(runs))
      return runs.count
    } catch {
      fail(error)
      guard runs.count > 1 else {
        least = min(least, runs.first?.bytes ?? 0)
        return 0
      }
      let middle = (runs.startIndex + runs.endIndex) / 2
      return keep(runs[..<middle], &least) + keep(runs[middle...], &least)
    }
  }

  private func fail(_ error: any Error) {
    hasFailed.store(true, ordering: .relaxed)
    state.withLock { if $0.error == nil { $0.error = error } }
  }

  /// Stores the remaining runs and reports; throws the first error of the sweep, with the number of runs that are kept.
  func close() throws {
    flush()
    let (progress, time, error, kept) = state.withLock { state in
      (current(&state, .now), state.archiveTime, state.error, state.kept)
    }
    listener.hear(.trained(progress, seconds: progress.seconds, archiveSeconds: time / .seconds(1)))
    guard let error else { return }
    guard var mistake = error as? Mistake else { throw error }
    let (trained, stored) = (NumberText.grouped(progress.runsDone), NumberText.grouped(kept))
    mistake.rule += "; \(stored) of the \(trained) runs just trained are kept"
    throw mistake
  }
}

/// The runs of one form, as a trainer sees them.
private final class FormSource: RunSource {
  /// The index of the form's queue.
  private let queue: Int
  private let desk: RunDesk
  /// A run taken as an example of the form's runs; it is the first to be trained.
  private let first = Mutex<(index: Int, run: TrainingRun)?>(nil)

  init(queue: Int, desk: RunDesk) {
    self.queue = queue
    self.desk = desk
  }

  func peek() -> TrainingRun? {
    let taken = desk.next(queue)
    first.withLock { $0 = taken }
    return taken?.run
  }

  func next() -> (index: Int, run: TrainingRun)? {
    let held = first.withLock { held in
      defer { held = nil }
      return held
    }
    return held ?? desk.next(queue)
  }

  func finished(_ index: Int, _ result: TrainedRun) { desk.finished(index, result) }
  func refused(_ index: Int, _ mistake: Mistake) { desk.refused(mistake) }
  func progressed(steps: Int) { desk.progressed(steps: steps) }
  func observed(_ index: Int, step: Int, loss: Double) { desk.observed(index, step: step, loss: loss) }
  var isCancelled: Bool { desk.isCancelled }
}
