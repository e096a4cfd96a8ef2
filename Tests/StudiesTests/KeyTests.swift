import Learning
import Studies
import Synchronization
import Testing

/// The key of a run is the digest of its whole description, also where a part of it is digested once for all seeds.
@Suite struct KeyTests {
  @Test func aKeyIsTheDigestOfTheWholeText() throws {
    let setup = Setup(
      objective: .himmelblau, start: .normal(scale: 1), optimizer: .gradientDescent(learningRate: 0.01),
      stop: .after(steps: 3))
    let study = Study(
      name: "keys", title: "Keys", setup: setup, sweep: [.seeds([0, 7, 123_456_789, 1 << 62])])
    for run in try Plan(study, files: DataFiles(folders: [])).runs() {
      let text = "\(setup.description)\nseed=\(run.seed)\ndata-digest=none\nsemantics=\(TrainingSemantics.version)"
      #expect(run.key == Digest.sha256(text))
      #expect(run.key == run.key, "and the same at every call")
    }
  }

  @Test func seedsThatDrawTheirDataHaveTheirOwnDigests() throws {
    var setup = PlanTests.setup
    setup.data = .moons(samples: 40).drawnPerSeed()
    let study = Study(name: "keys", title: "Keys", setup: setup, sweep: [.seeds([1, 2])])
    let plan = try Plan(study, files: DataFiles(folders: []))
    // The same description and seed with data that all seeds share is another run.
    setup.data = .moons(samples: 40)
    let shared = try Plan(
      Study(name: "keys", title: "Keys", setup: setup, sweep: [.seeds([1, 2])]), files: DataFiles(folders: []))
    #expect(Set(try (plan.runs() + shared.runs()).map(\.key)).count == 4)
  }

  @Test func aRunnerAsksItsStoreInPasses() throws {
    final class Store: RunStore {
      let inner = MemoryStore()
      let most = Mutex(0)
      func known(among keys: [String]) throws -> Set<String> {
        most.withLock { $0 = max($0, keys.count) }
        return try inner.known(among: keys)
      }
      func save(_ records: [RunRecord]) throws { try inner.save(records) }
      func summaries(_ keys: [String]) throws -> [String: RunSummary] { try inner.summaries(keys) }
      func series(_ quantity: Quantity, of keys: [String]) throws -> [String: Series] { [:] }
      func finalParameters(of keys: [String]) throws -> [String: [Double]] { [:] }
    }
    let setup = Setup(
      objective: .himmelblau, start: .normal(scale: 1), optimizer: .gradientDescent(learningRate: 0.001),
      stop: .after(steps: 1))
    let study = Study(name: "passes", title: "Passes", setup: setup, sweep: [.seeds(Array(0..<9000))])
    let plan = try Plan(study, files: DataFiles(folders: []))
    let store = Store()
    // Some runs on both sides of the end of a pass are there already.
    let part = try Plan(
      Study(name: "passes", title: "Passes", setup: setup, sweep: [.seeds([0, 8191, 8192, 8999])]),
      files: DataFiles(folders: []))
    func train(_ plan: Plan) throws -> [Event] {
      let ear = Ear()
      let runner = Runner(plan: plan, store: store, threads: 2, provenance: RunnerTests.provenance, listener: ear)
      #expect(try runner.run(fresh: false))
      return ear.events.withLock { $0 }
    }
    _ = try train(part)
    let cached = try train(plan).compactMap { event -> Int? in
      if case .planned(_, let runs, let cached, _) = event, runs == 9000 { cached } else { nil }
    }
    #expect(cached == [4])
    #expect(store.most.withLock { $0 } == 8192)
    #expect(try store.inner.known(among: plan.runs().map(\.key)).count == 9000)
  }
}
