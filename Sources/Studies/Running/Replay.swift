package import Learning
import Synchronization

/// Trains single runs outside a sweep, for example to find a run's parameters at steps that were not recorded. Nothing is
/// stored, and the bits are those of the sweep.
package enum Replay {
  /// The results in the order of the runs, which may have any forms.
  /// - Throws: `Mistake` where a run has parameters or data of another size than its network's.
  package static func train(_ runs: [TrainingRun]) throws -> [TrainedRun] {
    for run in runs { try run.check() }
    var results: [Int: TrainedRun] = [:]
    for (_, indices) in Dictionary(grouping: runs.indices, by: { runs[$0].form }) {
      guard let first = indices.first else { continue }
      let list = RunList(indices.map { ($0, runs[$0]) })
      try Trainer.train(like: runs[first], from: list)
      if let mistake = list.mistake.withLock({ $0 }) { throw mistake }
      results.merge(list.results.withLock { $0 }) { a, _ in a }
    }
    return runs.indices.compactMap { results[$0] }
  }
}

private final class RunList: RunSource {
  private let waiting: Mutex<ArraySlice<(index: Int, run: TrainingRun)>>
  let results = Mutex<[Int: TrainedRun]>([:])
  let mistake = Mutex<Mistake?>(nil)

  init(_ runs: [(index: Int, run: TrainingRun)]) { waiting = Mutex(runs[...]) }

  func next() -> (index: Int, run: TrainingRun)? { waiting.withLock { $0.popFirst() } }
  func finished(_ index: Int, _ result: TrainedRun) { results.withLock { $0[index] = result } }
  func refused(_ index: Int, _ mistake: Mistake) { self.mistake.withLock { $0 = mistake } }
  func progressed(steps: Int) {}
  var isCancelled: Bool { false }
}
