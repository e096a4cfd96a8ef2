import Foundation
import Learning
import Studies
import Synchronization
import Testing

/// A store in memory.
final class MemoryStore: RunStore {
  let records = Mutex<[String: RunRecord]>([:])
  /// Fails from this many records on, like a disk that is full.
  let limit: Int

  init(limit: Int = .max) { self.limit = limit }

  struct Full: Error {}

  func known(among keys: [String]) throws -> Set<String> { records.withLock { Set(keys).intersection($0.keys) } }
  func save(_ new: [RunRecord]) throws {
    try records.withLock { records in
      if records.count + new.count > limit { throw Full() }
      for record in new { records[record.key] = record }
    }
  }
  func summaries(_ keys: [String]) throws -> [String: RunSummary] {
    records.withLock { records in
      Dictionary(uniqueKeysWithValues: keys.compactMap { key in records[key].map { (key, RunSummary($0.result)) } })
    }
  }
  func series(_ quantity: Quantity, of keys: [String]) throws -> [String: Series] { [:] }
  func finalParameters(of keys: [String]) throws -> [String: [Double]] { [:] }
}

final class Ear: EventListener {
  let events = Mutex<[Event]>([])
  let onProgress: @Sendable () -> Void
  init(_ onProgress: @escaping @Sendable () -> Void = {}) { self.onProgress = onProgress }
  func hear(_ event: Event) {
    events.withLock { $0.append(event) }
    if case .progressed = event { onProgress() }
  }
}

@Suite struct RunnerTests {
  static let provenance = Provenance(revision: "r", toolchain: "t", processor: "p", semantics: 1, time: "now")

  static func plan(_ rates: [Double], seeds: Range<Int> = 0..<5, steps: Int = 50) throws -> Plan {
    var setup = PlanTests.setup
    setup.stop.steps = steps
    return try PlanTests.plan(
      PlanTests.study(setup) {
        Vary(.learningRate, over: rates)
        Vary(.hidden, over: [2, 3])
        Seeds(seeds)
      })
  }

  static func run(_ plan: Plan, _ store: MemoryStore, threads: Int = 2, fresh: Bool = false, ear: Ear = Ear()) throws
    -> Bool
  {
    try Runner(plan: plan, store: store, threads: threads, provenance: provenance, listener: ear).run(fresh: fresh)
  }

  static func parameters(_ store: MemoryStore) -> [String: [Double]] {
    store.records.withLock { $0.mapValues(\.result.finalParameters) }
  }

  @Test func everyRunIsStoredOnceWhateverTheThreads() throws {
    let plan = try Self.plan([0.1, 0.5])
    let one = MemoryStore()
    let many = MemoryStore()
    #expect(try Self.run(plan, one, threads: 1))
    #expect(try Self.run(plan, many, threads: 5))
    #expect(Self.parameters(one).count == plan.runCount)
    #expect(Self.parameters(one) == Self.parameters(many))
  }

  @Test func onlyWhatIsMissingIsTrained() throws {
    let store = MemoryStore()
    _ = try Self.run(try Self.plan([0.1]), store)
    let ear = Ear()
    let wider = try Self.plan([0.1, 0.7])
    _ = try Self.run(wider, store, ear: ear)
    guard case .planned(_, let runs, let cached, _) = ear.events.withLock({ $0.first }) else {
      Issue.record("no plan was announced")
      return
    }
    #expect(runs == 20 && cached == 10)
    let again = Ear()
    _ = try Self.run(wider, store, ear: again)
    #expect(again.events.withLock { $0.count } == 1, "nothing to train")
    let fresh = Ear()
    _ = try Self.run(wider, store, fresh: true, ear: fresh)
    guard case .planned(_, _, let kept, _) = fresh.events.withLock({ $0.first }) else { return }
    #expect(kept == 0)
  }

  @Test func aCancelledSweepKeepsWhatIsDoneAndGoesOn() throws {
    let plan = try Self.plan([0.1, 0.2, 0.3], seeds: 0..<400, steps: 2000)
    let store = MemoryStore()
    let box = Mutex<Runner?>(nil)
    let ear = Ear { box.withLock { $0?.cancel() } }
    let runner = Runner(plan: plan, store: store, threads: 2, provenance: Self.provenance, listener: ear)
    box.withLock { $0 = runner }
    let isDone = try runner.run(fresh: false)
    let kept = store.records.withLock { $0.count }
    #expect(!isDone && kept < plan.runCount)
    #expect(try Self.run(plan, store))
    let straight = MemoryStore()
    _ = try Self.run(plan, straight)
    #expect(Self.parameters(store) == Self.parameters(straight))
  }

  @Test func aStoreThatFailsEndsTheRunWithItsError() throws {
    let store = MemoryStore(limit: 3)
    #expect(throws: MemoryStore.Full.self) { try Self.run(try Self.plan([0.1]), store) }
  }

  @Test func divergedRunsAreCounted() throws {
    let ear = Ear()
    let plan = try Self.plan([100])
    _ = try Self.run(plan, MemoryStore(), ear: ear)
    let last = ear.events.withLock { $0.last }
    guard case .trained(let progress, _, _) = last else {
      Issue.record("no end was announced")
      return
    }
    #expect(progress.diverged == plan.runCount && progress.runsDone == plan.runCount)
    #expect(progress.stepsDone == plan.stepCount, "steps saved by an early end count as done")
  }
}
