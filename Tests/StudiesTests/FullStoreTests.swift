import Learning
import Studies
import Synchronization
import Testing

/// A store that is full: what fits is kept, and the error says how much that is.
@Suite struct FullStoreTests {
  /// Takes so many records altogether, in batches of any size that fits.
  final class SmallStore: RunStore {
    let records = Mutex<[String]>([])
    let room: Int
    init(room: Int) { self.room = room }

    func known(among keys: [String]) -> Set<String> { records.withLock { Set($0).intersection(keys) } }
    func save(_ new: [RunRecord]) throws {
      try records.withLock { records in
        guard records.count + new.count <= room else {
          throw Mistake(.output, at: "store", value: "", rule: "the disk is full", remedy: "Free some space")
        }
        records += new.map(\.key)
      }
    }
    func summaries(_ keys: [String]) -> [String: RunSummary] { [:] }
    func series(_ quantity: Quantity, of keys: [String]) -> [String: Series] { [:] }
    func finalParameters(of keys: [String]) -> [String: [Double]] { [:] }
  }

  @Test(arguments: [0, 1, 7, 19]) func whatFitsIsKeptAndCounted(_ room: Int) throws {
    let store = SmallStore(room: room)
    let ear = Ear()
    let plan = try RunnerTests.plan([0.1, 0.2])
    let runner = Runner(plan: plan, store: store, threads: 2, provenance: RunnerTests.provenance, listener: ear)
    do {
      _ = try runner.run(fresh: false)
      Issue.record("the store was not full")
    } catch let mistake as Mistake {
      let trained = ear.events.withLock { events in
        events.compactMap { if case .trained(let progress, _, _) = $0 { progress.runsDone } else { nil } }.last
      }
      #expect(mistake.kind == .output)
      #expect(mistake.rule == "the disk is full; \(room) of the \(trained ?? -1) runs just trained are kept")
    }
    #expect(store.records.withLock { $0.count } == room)
  }

  /// Damaged runs of a store are trained again, and the listener hears how many.
  @Test func damagedRunsAreTrainedAgain() throws {
    final class DamagedStore: RunStore {
      let inner = MemoryStore()
      let damaged = Mutex<Set<String>>([])
      func known(among keys: [String]) throws -> Set<String> { try inner.known(among: keys) }
      func examine(_ keys: [String]) throws -> (sound: Set<String>, damaged: Set<String>) {
        let bad = damaged.withLock { $0 }
        return (try known(among: keys).subtracting(bad), bad)
      }
      func save(_ records: [RunRecord]) throws {
        try inner.save(records)
        damaged.withLock { $0.subtract(records.map(\.key)) }
      }
      func summaries(_ keys: [String]) throws -> [String: RunSummary] { try inner.summaries(keys) }
      func series(_ quantity: Quantity, of keys: [String]) throws -> [String: Series] { [:] }
      func finalParameters(of keys: [String]) throws -> [String: [Double]] { [:] }
    }
    let store = DamagedStore()
    let plan = try RunnerTests.plan([0.1])
    func run(_ ear: Ear) throws {
      _ = try Runner(plan: plan, store: store, threads: 2, provenance: RunnerTests.provenance, listener: ear)
        .run(fresh: false)
    }
    try run(Ear())
    let keys = try plan.runs().map(\.key)
    store.damaged.withLock { $0 = Set(keys.prefix(3)) }
    let ear = Ear()
    try run(ear)
    let heard = ear.events.withLock { events in
      events.compactMap { event -> [Int]? in
        switch event {
        case .damaged(_, let runs): [runs]
        case .planned(_, let runs, let cached, _): [runs, cached]
        default: nil
        }
      }
    }
    #expect(heard == [[3], [keys.count, keys.count - 3]])
    #expect(store.damaged.withLock { $0.isEmpty })
  }
}
