import Learning
import Synchronization

extension EndPoint {
  /// Looks at the ends of many runs, on all threads; the order is theirs.
  /// - Parameter runs: each run's loss function and last parameters.
  public static func survey(
    _ runs: [(function: any LossFunction, theta: [Double])], threads: Int, limit: Int = 500
  ) -> [EndPoint] {
    let next = Mutex(0)
    let found = Mutex([Int: EndPoint]())
    // A handful at a time: one lock a handful, and no thread waits long for the last.
    let handful = 16
    Trainer.onThreads(max(1, min(threads, runs.count / handful + 1))) {
      while true {
        let first = next.withLock { position in
          defer { position += handful }
          return position
        }
        if first >= runs.count { return }
        let range = first..<min(first + handful, runs.count)
        let ends = range.map { ($0, Self.look(runs[$0].function, runs[$0].theta, limit)) }
        found.withLock { all in ends.forEach { all[$0.0] = $0.1 } }
      }
    }
    let all = found.withLock { $0 }
    return runs.indices.compactMap { all[$0] }
  }

  private static func look(_ function: any LossFunction, _ theta: [Double], _ limit: Int) -> EndPoint {
    EndPoint(function, at: theta, limit: limit)
  }
}
