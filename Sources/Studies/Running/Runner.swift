import Foundation
import Learning
import Synchronization

/// Trains the runs of a plan that a store does not have, on a number of threads, and stores each as it finishes.
package final class Runner: Sendable {
  private let plan: Plan
  private let store: any RunStore
  private let threads: Int
  private let provenance: Provenance
  private let listener: any EventListener
  private let isCancelled = Atomic<Bool>(false)

  /// A runner with its store, its number of threads and its listener.
  package init(
    plan: Plan, store: any RunStore, threads: Int, provenance: Provenance, listener: any EventListener
  ) {
    self.plan = plan
    self.store = store
    self.threads = max(1, threads)
    self.provenance = provenance
    self.listener = listener
  }

  /// Stops after the current chunk of steps; finished runs are kept.
  package func cancel() { isCancelled.store(true, ordering: .relaxed) }

  /// Damaged runs of the store are trained again.
  /// - Parameters:
  ///   - fresh: trains every run again, also those in the store.
  ///   - part: the indices of the runs that are wanted; all of the plan unless given.
  /// - Throws: `Mistake` where data cannot be used, or the store cannot be read or written.
  /// - Returns: whether everything was trained; `false` after a cancellation.
  package func run(fresh: Bool, only part: [Int]? = nil) throws -> Bool {
    let wanted = part ?? Array(0..<plan.runCount)
    let (missing, damaged) = fresh ? (wanted, 0) : try examine(wanted)
    if damaged > 0 { listener.hear(.damaged(experiment: plan.name, runs: damaged)) }
    let steps = missing.reduce(0) { $0 + plan.combination(of: $1).setup.stop.steps }
    listener.hear(
      .planned(experiment: plan.name, runs: wanted.count, cached: wanted.count - missing.count, steps: steps))
    guard !missing.isEmpty else { return true }
    let desk = try RunDesk(
      plan: plan, missing: missing, steps: steps, store: store, provenance: provenance, listener: listener,
      isCancelled: { [self] in isCancelled.load(ordering: .relaxed) })
    Trainer.onThreads(min(threads, missing.count)) { desk.work() }
    try desk.close()
    return !isCancelled.load(ordering: .relaxed)
  }

  /// Runs that a store is asked for at once.
  private static let passLength = 8192

  /// Those of some runs that the store does not have whole, and the number of damaged ones among them.
  private func examine(_ wanted: [Int]) throws -> (missing: [Int], damaged: Int) {
    var (missing, damagedCount) = ([] as [Int], 0)
    let starts = Array(stride(from: 0, to: wanted.count, by: Self.passLength))
    try Parallel.inOrder(starts.count) { [plan, store] index in
      let pass = wanted[starts[index]..<min(starts[index] + Self.passLength, wanted.count)]
      let keys = try pass.map { try plan.run($0).key }
      return (pass: pass, keys: keys, known: try store.examine(keys))
    } _: { pass, keys, known in
      damagedCount += known.damaged.count
      missing += zip(pass, keys).filter { !known.sound.contains($0.1) }.map(\.0)
      guard !known.sound.isEmpty else { return }
      let indices = Dictionary(zip(keys, pass)) { first, _ in first }
      try store.addWidths(to: Array(known.sound)) { key in try indices[key].map(plan.widths) ?? [] }
    }
    return (missing, damagedCount)
  }
}
