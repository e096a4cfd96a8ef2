import Learning
import Synchronization

extension EndPoint {
  /// Classifies the end points of many runs on several threads, in the order of the runs.
  ///
  /// Objectives are measured in the unit of their own end points, the upper quartile of ‖θ‖/√P: a coordinate in metres and
  /// the same in millimetres give the same classes.
  /// - Parameter runs: each run's loss function and last parameters.
  package static func survey(
    _ runs: [(function: any LossFunction, theta: [Double])], threads: Int, limit: Int = 500
  ) -> [EndPoint] {
    let runs = measured(runs)
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

  private static func measured(
    _ runs: [(function: any LossFunction, theta: [Double])]
  ) -> [(function: any LossFunction, theta: [Double])] {
    let lengths = runs.compactMap { run -> Double? in
      guard let objective = run.function as? ObjectiveLoss, objective.unit == 1 else { return nil }
      let length = Linear.norm(run.theta) / Double(max(1, run.theta.count)).squareRoot()
      return length > 0 && length.isFinite ? length : nil
    }.sorted()
    guard !lengths.isEmpty else { return runs }
    let unit = lengths[lengths.count * 3 / 4]
    return runs.map { run in
      guard let objective = run.function as? ObjectiveLoss, objective.unit == 1 else { return run }
      return (ObjectiveLoss(objective.objective, weightDecay: objective.weightDecay, unit: unit), run.theta)
    }
  }
}
