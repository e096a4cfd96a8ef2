/// Cuts runs into chunks of about equal time.
///
/// A trainer fills its lanes with runs of one form. Lane groups of one form therefore stay whole and beside each other; small forms
/// share a chunk.
package struct ChunkCutter {
  /// Runs of one form.
  package struct Group {
    /// Indices of the plan.
    package var runs: [Int]
    /// Runs that a thread trains side by side.
    package var runsAtOnce: Int
    /// Steps of a run, if none stops early.
    package var steps: (Int) -> Int
    /// Estimated seconds of one thread for each step of a run.
    package var secondsPerStep: Double

    /// Runs of one form with what a step of each costs.
    package init(runs: [Int], runsAtOnce: Int, secondsPerStep: Double, steps: @escaping (Int) -> Int) {
      (self.runs, self.runsAtOnce, self.secondsPerStep, self.steps) = (runs, runsAtOnce, secondsPerStep, steps)
    }
  }

  /// A part of the runs.
  package struct Cut: Hashable {
    /// Indices of the plan.
    package var runs: [Int] = []
    /// Steps of the runs.
    package var steps = 0
    /// Estimated seconds of one thread.
    package var seconds = 0.0
  }

  /// Cuts groups into chunks.
  /// - Parameter target: seconds of one thread that a chunk should take; one lane group is never cut.
  package static func cut(_ groups: [Group], target: Double) -> [Cut] {
    let pieces = groups.flatMap(laneGroups)
    let total = pieces.reduce(0) { $0 + $1.seconds }
    // Chunks of equal length: the last one is no small rest.
    let count = max(1, (total / max(target, .leastNonzeroMagnitude)).rounded(.up))
    let even = total / min(count, Double(max(1, pieces.count)))
    var cuts: [Cut] = []
    var current = Cut()
    var end = even
    var done = 0.0
    for piece in pieces {
      // A piece belongs to the chunk in which its middle lies.
      if !current.runs.isEmpty, done + piece.seconds / 2 > end {
        cuts.append(current)
        current = Cut()
        while end < done + piece.seconds / 2 { end += even }
      }
      current.runs += piece.runs
      current.steps += piece.steps
      current.seconds += piece.seconds
      done += piece.seconds
    }
    if !current.runs.isEmpty { cuts.append(current) }
    return cuts
  }

  private static func laneGroups(_ group: Group) -> [Cut] {
    let size = max(1, group.runsAtOnce)
    return stride(from: 0, to: group.runs.count, by: size).map { start in
      let runs = Array(group.runs[start..<min(start + size, group.runs.count)])
      let steps = runs.reduce(0) { $0 + group.steps($1) }
      return Cut(runs: runs, steps: steps, seconds: Double(steps) * group.secondsPerStep)
    }
  }
}
