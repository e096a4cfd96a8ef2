import Foundation
import Learning
import Studies
import Synchronization

/// The steps at which a figure shows its runs, and the parameters of the runs at these steps. A run is replayed once, for all steps.
package final class Replays: Sendable {
  /// The steps in ascending order; empty while it is only noted which runs a figure needs.
  package let steps: [Int]
  private let known = Mutex<[Int: [[Double]]]>([:])
  private let longest = Mutex(0)
  private let common = Mutex<[String: any Sendable]>([:])

  package init(steps: [Int]) { self.steps = steps }

  /// The number of steps of the longest run whose parameters were needed.
  package var lastStep: Int { longest.withLock { $0 } }

  func note(_ row: Results.Row) { longest.withLock { $0 = max($0, row.summary.steps) } }

  func parameters(of row: Results.Row, at index: Int, replay: () throws -> [[Double]]) rethrows -> [Double] {
    if let found = known.withLock({ $0[row.run.index] }) { return found[index] }
    let made = try replay()
    known.withLock { $0[row.run.index] = made }
    return made[index]
  }

  /// What is the same in all frames, computed once.
  package func shared<Value: Sendable>(_ name: String, make: () throws -> Value) rethrows -> Value {
    if let known = common.withLock({ $0[name] as? Value }) { return known }
    let made = try make()
    common.withLock { $0[name] = made }
    return made
  }

  /// `count` steps from 0 to `last`; all steps where there are fewer.
  package static func steps(to last: Int, count: Int, byPowers: Bool) -> [Int] {
    guard count >= 2, last >= count else { return Array(0...max(0, last)) }
    var steps = [0]
    for index in 1..<count {
      let share = Double(index) / Double(count - 1)
      let wanted = byPowers ? expm1(log1p(Double(last)) * share) : Double(last) * share
      // Every step is later than the one before, and leaves room for those that follow.
      steps.append(min(max(Int(wanted.rounded()), steps[index - 1] + 1), last - (count - 1 - index)))
    }
    return steps
  }
}

/// A point in the training of the runs that a figure shows.
package struct Moment: Sendable {
  package let replays: Replays
  /// The index among the steps of the replays; `nil` for the end of each run.
  package let index: Int?

  /// The step; `nil` for the end of each run.
  package var step: Int? { index.map { replays.steps[$0] } }
}

extension Results {
  /// The same runs with their parameters after some of their steps. Metrics and curves remain those of the whole runs.
  package func at(_ index: Int?, of replays: Replays) -> Results {
    var copy = self
    copy.moment = Moment(replays: replays, index: index)
    return copy
  }

  /// The parameters of a run after every step of a figure that plays, and how many of these steps its present frame has
  /// reached; `nil` for other figures.
  package func playedPath(of row: Row) throws -> (points: [[Double]], count: Int)? {
    guard let moment else { return nil }
    moment.replays.note(row)
    guard let index = moment.index else { return nil }
    let points = try moment.replays.steps.indices.map { try parameters(of: row, at: $0, of: moment.replays) }
    return (points, index + 1)
  }

  func parameters(of row: Row, at index: Int, of replays: Replays) throws -> [Double] {
    replays.note(row)
    return try replays.parameters(of: row, at: index) { try trajectory(of: row, at: replays.steps) }
  }
}

extension Moment? {
  /// A value that is the same in all frames of a figure, computed once; in a figure without frames, computed now.
  package func sharedInFrames<Value: Sendable>(_ name: String, make: () throws -> Value) rethrows -> Value {
    guard let replays = self?.replays else { return try make() }
    return try replays.shared(name, make: make)
  }
}

extension Results {
  /// The path of a run as a surface shows it: the part that the present frame has reached, and the whole.
  package func drawnPath(of row: Row) throws -> (shown: [[Double]], whole: [[Double]]) {
    if let (points, count) = try playedPath(of: row) { return (Array(points.prefix(count)), points) }
    let whole = try trajectory(of: row, at: pathSteps(of: row))
    return (whole, whole)
  }
}
