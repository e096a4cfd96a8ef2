import Learning
import Studies
import Synchronization

/// The sums of outputs of runs, and of the baselines of their data, computed once for a whole report.
final class ScoreCache: Sendable {
  private struct Key: Hashable {
    let part: DataPart
    let run: Int
  }

  private let known = Mutex<[Key: OutputSums]>([:])
  private let baselines = Mutex<[BaselineFit.Key: BaselineFit]>([:])

  func sums(_ part: DataPart, _ run: Int, make: () throws -> OutputSums) rethrows -> OutputSums {
    let key = Key(part: part, run: run)
    if let found = known.withLock({ $0[key] }) { return found }
    let made = try make()
    known.withLock { $0[key] = made }
    return made
  }

  func baseline(_ key: BaselineFit.Key, make: () throws -> BaselineFit) rethrows -> BaselineFit {
    if let found = baselines.withLock({ $0[key] }) { return found }
    let made = try make()
    baselines.withLock { $0[key] = made }
    return made
  }
}
