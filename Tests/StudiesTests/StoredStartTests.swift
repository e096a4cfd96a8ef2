import Learning
import Studies
import Synchronization
import Testing

/// Training that continues from the parameters of a stored run.
@Suite struct StoredStartTests {
  private static func setup(steps: Int, precision: Precision = .float64) -> Setup {
    Setup(
      data: .xor, network: .mlp(hidden: 3, activation: .tanh), loss: .halfMeanSquaredError,
      optimizer: .gradientDescent(learningRate: 0.4), initialization: .normal(scale: 1), stop: .after(steps: steps),
      precision: precision)
  }

  private static func continued(_ key: String, steps: Int, hidden: Int = 3, precision: Precision = .float64) -> Setup {
    Setup(
      data: .xor, network: .mlp(hidden: hidden, activation: .tanh), loss: .halfMeanSquaredError,
      optimizer: .gradientDescent(learningRate: 0.4), start: .run(key), stop: .after(steps: steps),
      precision: precision)
  }

  private static func descent(_ start: Setup.Start, steps: Int) -> Setup {
    Setup(
      objective: .himmelblau, start: start, optimizer: .gradientDescent(learningRate: 0.01), stop: .after(steps: steps))
  }

  private static func plan(_ setup: Setup, _ store: MemoryStore, seeds: Range<Int> = 3..<4) throws -> Plan {
    try Plan(
      PlanTests.study(setup) { Seeds(seeds) }, files: DataFiles(folders: []),
      archive: { key in
        store.records.withLock { $0[key] }.map {
          StoredRun.State(
            widths: $0.widths, parameters: $0.result.finalParameters, hasDiverged: RunSummary($0.result).hasDiverged)
        }
      })
  }

  private static func trained(_ setup: Setup, _ store: MemoryStore, seeds: Range<Int> = 3..<4) throws -> RunRecord {
    let plan = try plan(setup, store, seeds: seeds)
    #expect(try RunnerTests.run(plan, store))
    let key = try plan.run(0).key
    let record = store.records.withLock { $0[key] }
    return try #require(record)
  }

  /// Gradient descent has no state but its parameters: 30 steps and 20 more are 50 steps, bit by bit.
  @Test(arguments: [Precision.float64, .float32]) func twoPartsAreOneTraining(_ precision: Precision) throws {
    let store = MemoryStore()
    let whole = try Self.trained(Self.setup(steps: 50, precision: precision), store)
    let first = try Self.trained(Self.setup(steps: 30, precision: precision), store)
    let second = try Self.trained(Self.continued(first.key, steps: 20, precision: precision), store)
    #expect(second.result.finalParameters == whole.result.finalParameters)
    #expect(second.result.series[.loss]?.values == whole.result.series[.loss].map { Array($0.values.dropFirst(30)) })
    #expect(first.result.finalParameters != whole.result.finalParameters)
  }

  @Test func twoPartsOfADescentOnASurfaceAreOne() throws {
    let store = MemoryStore()
    let whole = try Self.trained(Self.descent(.at([1, 2]), steps: 50), store)
    let first = try Self.trained(Self.descent(.at([1, 2]), steps: 30), store)
    let second = try Self.trained(Self.descent(.run(first.key), steps: 20), store)
    #expect(second.result.finalParameters == whole.result.finalParameters)
  }

  /// The key of the stored run is in the description, so that runs with other starts have other keys.
  @Test func theKeyDependsOnTheStoredRun() throws {
    let store = MemoryStore()
    let starts = try [1..<2, 2..<3].map { try Self.trained(Self.setup(steps: 5), store, seeds: $0) }
    let runs = try starts.map { try Self.plan(Self.continued($0.key, steps: 5), store).run(0) }
    #expect(runs[0].key != runs[1].key)
    #expect(runs[0].description.contains("initialization=run(\(starts[0].key))"))
    // Every seed starts from the same parameters.
    let plan = try Self.plan(Self.continued(starts[0].key, steps: 5), store, seeds: 0..<2)
    #expect(try (0..<2).allSatisfy { try plan.trainingRun($0).initialParameters == starts[0].result.finalParameters })
  }

  @Test func whatCannotBeContinuedIsRefusedBeforeTraining() throws {
    let store = MemoryStore()
    let run = try Self.trained(Self.setup(steps: 5), store)
    let point = try Self.trained(Self.descent(.at([1, 2]), steps: 5), store)
    var steep = Self.setup(steps: 400)
    steep.optimizer.learningRate = 1e6
    steep.network?.activation = .relu
    steep.network?.output = [.identity]
    let lost = try Self.trained(steep, store)
    try #require(RunSummary(lost.result).hasDiverged, "the case must be one of divergence")
    let cases: [(Setup, String)] = [
      (Self.continued("abc", steps: 5), "no run with this key"),
      (Self.continued(run.key, steps: 5, hidden: 4), "the network is 2-4-1 with 17"),
      (Self.continued(point.key, steps: 5), "the network is 2-3-1 with 13"),
      (Self.continued(lost.key, steps: 5), "the run diverged"),
      (Self.descent(.run(run.key), steps: 5), "himmelblau has 2 parameters"),
      (Self.descent(.run("abc"), steps: 5), "no run with this key"),
    ]
    for (setup, rule) in cases {
      let mistakes = #expect(throws: Mistakes.self) { try Self.plan(setup, store) }
      let found = mistakes?.all ?? []
      #expect(found.count == 1 && found.first?.place == "start", "\(found)")
      #expect(found.first?.description.contains(rule) == true, "\(found)")
    }
  }

  /// The scale of the initial weights is no part of such a set-up.
  @Test func theScaleCannotBeVaried() throws {
    let store = MemoryStore()
    let run = try Self.trained(Self.setup(steps: 5), store)
    let study = PlanTests.study(Self.continued(run.key, steps: 5)) {
      Vary(.initScale, over: [0.5, 1])
      Seeds(0..<2)
    }
    #expect(PlanTests.mistakes(study).contains { $0.rule.contains("no initialization scale to vary") })
  }
}
