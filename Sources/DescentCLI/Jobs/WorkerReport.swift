import Foundation
import Jobs
import Studies
import Synchronization

/// Tells in the job folder, and on standard output, how far a worker is with a chunk.
final class WorkerReport: EventListener {
  private struct State {
    var progress: Event.Progress?
    /// Runs that were published before.
    var before = 0
    var lastState: ContinuousClock.Instant?
    var lastLine: ContinuousClock.Instant?
  }

  let name: String
  private let folder: JobFolder
  private let runs: Int
  private let steps: Int
  private let began = ContinuousClock.now
  private let state = Mutex(State())

  init(_ folder: JobFolder, name: String, runs: Int, steps: Int) {
    (self.folder, self.name, self.runs, self.steps) = (folder, name, runs, steps)
  }

  /// The worker begins: so many runs are missing.
  func begin(missing: Int) {
    state.withLock { $0.before = runs - missing }
    say(
      "\(NumberText.count(missing, "run")) of \(NumberText.grouped(runs)) to train on \(Here.host), process \(getpid())"
    )
    write(.running)
  }

  /// The worker ends.
  func end(_ phase: ChunkState.Phase, message: String? = nil) {
    if let message { say(message) } else if phase == .interrupted { say("interrupted by a signal") }
    write(phase, message: message)
  }

  func hear(_ event: Event) {
    switch event {
    case .progressed(let progress):
      let now = ContinuousClock.now
      let (isStateDue, isLineDue) = state.withLock { state in
        state.progress = progress
        let due = (
          state.lastState.map { now - $0 > .seconds(10) } ?? true,
          state.lastLine.map { now - $0 > .seconds(60) } ?? true
        )
        if due.0 { state.lastState = now }
        if due.1 { state.lastLine = now }
        return due
      }
      if isStateDue { write(.running) }
      if isLineDue { say(EventText.progress(progress)) }
    case .trained(let progress, _, _):
      state.withLock { $0.progress = progress }
      EventText.line(event).map(say)
    default: break
    }
  }

  /// Adds a line to the log of the chunk.
  func say(_ text: String) {
    let line = "\(ISO8601DateFormatter().string(from: Date())) \(name) \(text)"
    Console.line(line)
    let file = open(folder.log(name).path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard file >= 0 else { return }
    defer { close(file) }
    let bytes = Array((line + "\n").utf8)
    _ = bytes.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
  }

  /// Replaces the state of the chunk. Training goes on where it cannot be written.
  private func write(_ phase: ChunkState.Phase, message: String? = nil) {
    let (progress, before) = state.withLock { ($0.progress, $0.before) }
    let environment = ProcessInfo.processInfo.environment
    let array = environment["SLURM_ARRAY_JOB_ID"].flatMap { id in
      environment["SLURM_ARRAY_TASK_ID"].map { "\(id)_\($0)" }
    }
    let isAll = phase == .published
    let value = ChunkState(
      phase: phase, runs: runs, runsDone: isAll ? runs : before + (progress?.runsDone ?? 0), steps: steps,
      stepsDone: isAll ? steps : progress?.stepsDone ?? 0, seconds: (ContinuousClock.now - began) / .seconds(1),
      host: Here.host, process: getpid(), slurm: array ?? environment["SLURM_JOB_ID"], message: message)
    guard let data = try? JSONFile.data(value) else { return }
    try? data.write(to: folder.stateFile(name), options: .atomic)
  }
}
