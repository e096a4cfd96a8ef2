import Foundation
import Learning
import Synchronization

/// Hands runs out to trainers, form by form, and takes the results: stores them in batches and tells the listener.
final class RunDesk: Sendable {
  private struct State {
    /// Runs not yet taken, by form; forms in the order of their work, largest first.
    var queues: [(form: TrainingRun.Form, runs: ArraySlice<Int>)]
    var records: [RunRecord] = []
    var recordBytes = 0
    var progress: Event.Progress
    var samples: [Event.Sample] = []
    var lastReport = Date.distantPast
    var error: (any Error)?
    var archiveSeconds = 0.0
  }

  private let plan: Plan
  private let store: any RunStore
  private let provenance: Provenance
  private let listener: any EventListener
  private let isCancelledByUser: @Sendable () -> Bool
  private let started = Date()
  private let state: Mutex<State>
  private let stepsMade = Atomic<Int>(0)
  private let stepsSaved = Atomic<Int>(0)
  private let hasFailed = Atomic<Bool>(false)
  /// Serializes writes, so that the state's lock is never held while the disk is.
  private let writing = Mutex<Void>(())

  init(
    plan: Plan, missing: [Int], steps: Int, store: any RunStore, provenance: Provenance, listener: any EventListener,
    isCancelled: @escaping @Sendable () -> Bool
  ) {
    self.plan = plan
    self.store = store
    self.provenance = provenance
    self.listener = listener
    isCancelledByUser = isCancelled
    let groups = Dictionary(grouping: missing) { plan.form(of: $0) }
    let queues = groups.map { form, runs in (form: form, runs: runs[...], work: form.workPerStep * runs.count) }
      .sorted { ($0.work, $1.runs.first ?? 0) > ($1.work, $0.runs.first ?? 0) }
      .map { (form: $0.form, runs: $0.runs) }
    let progress = Event.Progress(
      experiment: plan.name, runs: missing.count, runsDone: 0, steps: steps, stepsDone: 0, stepsMade: 0, diverged: 0,
      seconds: 0)
    state = Mutex(State(queues: queues, progress: progress))
  }

  var isCancelled: Bool { isCancelledByUser() || hasFailed.load(ordering: .relaxed) }

  /// Trains form after form until nothing is left.
  func work() {
    while !isCancelled {
      guard let form = state.withLock({ $0.queues.first { !$0.runs.isEmpty }?.form }) else { return }
      let source = FormSource(form: form, desk: self)
      guard let first = source.peek() else { continue }
      Trainer.train(like: first, from: source)
    }
  }

  // MARK: What trainers call

  func next(_ form: TrainingRun.Form) -> (index: Int, run: TrainingRun)? {
    if isCancelled { return nil }
    let index = state.withLock { state -> Int? in
      guard let at = state.queues.firstIndex(where: { $0.form == form }) else { return nil }
      return state.queues[at].runs.popFirst()
    }
    guard let index else { return nil }
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
      let record = RunRecord(key: run.key, description: run.description, result: result, provenance: provenance)
      let bytes = result.series.values.reduce(8 * result.finalParameters.count) { $0 + 8 * $1.values.count }
      if case .diverged(let step) = result.status {
        listener.hear(.diverged(experiment: plan.name, run: index, step: step))
      }
      // Steps that an early end saves count as done, so that the bar arrives.
      let saved = run.cell.setup.stop.steps - result.steps
      stepsSaved.add(saved, ordering: .relaxed)
      let isFull = state.withLock { state in
        state.records.append(record)
        state.recordBytes += bytes
        state.progress.runsDone += 1
        if case .diverged = result.status { state.progress.diverged += 1 }
        return state.recordBytes > 32 << 20
      }
      if isFull { flush() }
    } catch {
      fail(error)
    }
  }

  func progressed(steps: Int) {
    stepsMade.add(steps, ordering: .relaxed)
    let now = Date()
    let report = state.withLock { state -> (progress: Event.Progress, samples: [Event.Sample])? in
      guard now.timeIntervalSince(state.lastReport) > 0.1 else { return nil }
      state.lastReport = now
      defer { state.samples = [] }
      return (current(&state, now), state.samples)
    }
    if let report {
      listener.hear(.progressed(report.progress))
      if !report.samples.isEmpty { listener.hear(.observed(experiment: plan.name, samples: report.samples)) }
      // A run that is done is safe within about a second, also from a kill.
      flush()
    }
  }

  func observed(_ index: Int, step: Int, loss: Double) {
    // A glance, not a record: what comes too fast between two reports is dropped.
    state.withLock { state in
      if state.samples.count < 64 { state.samples.append(Event.Sample(run: index, step: step, loss: loss)) }
    }
  }

  private func current(_ state: inout State, _ now: Date) -> Event.Progress {
    state.progress.stepsMade = stepsMade.load(ordering: .relaxed)
    state.progress.stepsDone = state.progress.stepsMade + stepsSaved.load(ordering: .relaxed)
    state.progress.seconds = now.timeIntervalSince(started)
    return state.progress
  }

  // MARK: Storing

  private func flush() {
    writing.withLock { _ in
      let records = state.withLock { state in
        defer {
          state.records = []
          state.recordBytes = 0
        }
        return state.records
      }
      guard !records.isEmpty else { return }
      let start = Date()
      do {
        try store.save(records)
      } catch {
        fail(error)
      }
      let seconds = Date().timeIntervalSince(start)
      state.withLock { $0.archiveSeconds += seconds }
    }
  }

  private func fail(_ error: any Error) {
    hasFailed.store(true, ordering: .relaxed)
    state.withLock { if $0.error == nil { $0.error = error } }
  }

  /// Stores what is left and reports; throws what went wrong on the way.
  func close() throws {
    flush()
    let (progress, archive, error) = state.withLock { state in
      (current(&state, Date()), state.archiveSeconds, state.error)
    }
    listener.hear(.trained(progress, seconds: progress.seconds, archiveSeconds: archive))
    if let error { throw error }
  }
}

/// The runs of one form, as a trainer sees them.
private final class FormSource: RunSource {
  private let form: TrainingRun.Form
  private let desk: RunDesk
  /// A run taken to learn what the form's runs look like; it is the first to be trained.
  private let first = Mutex<(index: Int, run: TrainingRun)?>(nil)

  init(form: TrainingRun.Form, desk: RunDesk) {
    self.form = form
    self.desk = desk
  }

  func peek() -> TrainingRun? {
    let taken = desk.next(form)
    first.withLock { $0 = taken }
    return taken?.run
  }

  func next() -> (index: Int, run: TrainingRun)? {
    let held = first.withLock { held in
      defer { held = nil }
      return held
    }
    return held ?? desk.next(form)
  }

  func finished(_ index: Int, _ result: TrainedRun) { desk.finished(index, result) }
  func progressed(steps: Int) { desk.progressed(steps: steps) }
  func observed(_ index: Int, step: Int, loss: Double) { desk.observed(index, step: step, loss: loss) }
  var isCancelled: Bool { desk.isCancelled }
}
