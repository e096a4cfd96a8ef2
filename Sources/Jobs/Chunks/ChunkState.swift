import Foundation

/// What the last worker of a chunk has said of itself, in a file that it replaces every few seconds.
package struct ChunkState: Codable, Hashable, Sendable {
  /// How far the worker is.
  package enum Phase: String, Codable, Sendable {
    /// It trains.
    case running
    /// It has published all runs of the chunk.
    case published
    /// A signal ended it; its finished runs are published.
    case interrupted
    /// An error ended it; its finished runs are published where that was possible.
    case failed
  }

  /// The phase.
  package var phase: Phase
  /// Runs of the chunk, and those that are finished.
  package var runs, runsDone: Int
  /// Steps of the chunk, and those that are made or saved.
  package var steps, stepsDone: Int
  /// Seconds since the worker began with the chunk.
  package var seconds: Double
  /// The machine, and the number of the process on it.
  package var host: String
  package var process: Int32
  /// The job and task of Slurm: `17_3`.
  package var slurm: String?
  /// Why it failed.
  package var message: String?
  /// When it was written, in seconds since 1970.
  package var time: Double

  /// A state at a time.
  package init(
    phase: Phase, runs: Int, runsDone: Int, steps: Int, stepsDone: Int, seconds: Double, host: String, process: Int32,
    slurm: String?, message: String? = nil, time: Double = Date().timeIntervalSince1970
  ) {
    (self.phase, self.runs, self.runsDone, self.steps) = (phase, runs, runsDone, steps)
    (self.stepsDone, self.seconds, self.host, self.process) = (stepsDone, seconds, host, process)
    (self.slurm, self.message, self.time) = (slurm, message, time)
  }

  /// Seconds after which a worker that says nothing is taken for dead. It writes every ten seconds.
  package static let patience = 120.0

  /// Whether its process runs, as far as this machine can know without a scheduler.
  package func seemsAlive(on host: String, now: Double = Date().timeIntervalSince1970) -> Bool {
    guard phase == .running else { return false }
    if host == self.host { return kill(process, 0) == 0 || errno == EPERM }
    return now - time < Self.patience
  }
}
