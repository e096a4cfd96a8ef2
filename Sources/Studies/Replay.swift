public import Learning
import Synchronization

/// Trains single runs outside a sweep: to look at a run again at other steps, or at a loss at other parameters. Nothing
/// is stored, and the bits are those that a sweep would give.
public enum Replay {
  /// The results in the order of the runs, which may have any forms.
  public static func train(_ runs: [TrainingRun]) -> [TrainedRun] {
    var results: [Int: TrainedRun] = [:]
    for (_, indices) in Dictionary(grouping: runs.indices, by: { runs[$0].form }) {
      guard let first = indices.first else { continue }
      let list = RunList(indices.map { ($0, runs[$0]) })
      Trainer.train(like: runs[first], from: list)
      results.merge(list.results.withLock { $0 }) { a, _ in a }
    }
    return runs.indices.compactMap { results[$0] }
  }
}

private final class RunList: RunSource {
  private let waiting: Mutex<ArraySlice<(index: Int, run: TrainingRun)>>
  let results = Mutex<[Int: TrainedRun]>([:])

  init(_ runs: [(index: Int, run: TrainingRun)]) { waiting = Mutex(runs[...]) }

  func next() -> (index: Int, run: TrainingRun)? { waiting.withLock { $0.popFirst() } }
  func finished(_ index: Int, _ result: TrainedRun) { results.withLock { $0[index] = result } }
  func progressed(steps: Int) {}
  var isCancelled: Bool { false }
}
