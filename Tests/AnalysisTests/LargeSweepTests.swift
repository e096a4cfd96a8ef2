import Analysis
import Learning
import Planted
import Studies
import Synchronization
import Testing

/// Sweeps of many runs are read in passes, and what is computed from them does not depend on the passes.
@Suite struct LargeSweepTests {
  /// A store that makes its numbers from the seeds, and notes how many runs it is asked for at once.
  private final class CountingStore: RunStore {
    let seeds: [String: UInt64]
    let calls = Mutex<[Int]>([])

    init(_ plan: Plan) throws {
      seeds = Dictionary(try plan.runs().map { ($0.key, $0.seed) }) { first, _ in first }
    }

    /// Of runs without data that every seed shares, four losses each.
    static func losses(_ seed: UInt64) -> [Double] { (0..<4).map { Double((seed &* 7919) % 10_007) / Double($0 + 1) } }

    private func found<T>(_ keys: [String], _ make: (UInt64) -> T) -> [String: T] {
      calls.withLock { $0.append(keys.count) }
      return Dictionary(uniqueKeysWithValues: keys.compactMap { key in seeds[key].map { (key, make($0)) } })
    }

    func known(among keys: [String]) -> Set<String> { Set(found(keys) { $0 }.keys) }
    func save(_ records: [RunRecord]) {}
    func summaries(_ keys: [String]) -> [String: RunSummary] {
      found(keys) { seed in
        let losses = Self.losses(seed)
        return RunSummary(
          status: .finished, steps: 4, finalLoss: losses[3], bestLoss: losses[3], finalGradientNorm: 1, finals: [:])
      }
    }
    func series(_ quantity: Quantity, of keys: [String]) -> [String: Series] {
      found(keys) { Series(every: 1, values: Self.losses($0)) }
    }
    func finalParameters(of keys: [String]) -> [String: [Double]] { found(keys) { [Double($0)] } }
  }

  private static let count: UInt64 = 20_000

  private static func results() throws -> (Results, CountingStore) {
    let study = Study(name: "large", title: "Large", setup: PlantedRuns.setup, sweep: [.seeds(Array(0..<count))])
    let plan = try Plan(study, files: DataFiles(folders: []))
    let store = try CountingStore(plan)
    return (try Results(plan: plan, store: store), store)
  }

  @Test func noCallIsAboutAllRuns() throws {
    let (results, store) = try Self.results()
    #expect(results.count == Int(Self.count))
    _ = try results.values(.stepsToLoss(100))
    _ = try results.rows.map { try results.parameters(of: $0) }
    let calls = store.calls.withLock { $0 }
    #expect(calls.max() == 8192, "\(calls)")
    // Three times: the summaries, the losses and the parameters.
    #expect(calls.reduce(0, +) == 3 * Int(Self.count), "\(calls)")
  }

  @Test func everyRunHasItsOwnNumbers() throws {
    let (results, _) = try Self.results()
    // From the end, and back and forth between the blocks.
    for index in [19_999, 0, 8191, 8192, 12_345, 3] {
      let row = results.rows[index]
      #expect(row.seed == UInt64(index) && row.run.index == index)
      #expect(try results.series(.loss, row)?.values == CountingStore.losses(row.seed))
      #expect(try results.parameters(of: row) == [Double(index)])
      #expect(row.summary.finalLoss == CountingStore.losses(row.seed)[3])
    }
  }

  @Test(arguments: [1, 100_000, 400_000, 1 << 28])
  func quantilesDoNotDependOnThePasses(_ bytes: Int) throws {
    let (results, _) = try Self.results()
    let curves = try AlignedCurves(results, quantity: .loss, mostBytes: bytes)
    let levels = [0.25, 0.5, 0.9]
    let found = try curves.quantiles(at: [0, 1, 3], levels)
    for (place, index) in [0, 1, 3].enumerated() {
      let column = (0..<Self.count).map { CountingStore.losses($0)[index] }
      for (level, line) in zip(levels, found) { #expect(line[place] == Statistics.quantile(column, level)) }
    }
  }

  @Test func thresholdsAreThoseOfTheCurves() throws {
    let (results, store) = try Self.results()
    let expected = (0..<Self.count).map { seed -> Double in
      let losses = CountingStore.losses(seed)
      return losses.firstIndex { $0 < 2000 }.map(Double.init) ?? (losses[3] < 2000 ? 4 : .infinity)
    }
    #expect(try results.values(.stepsToLoss(2000)) == expected)
    #expect(Set(expected).count > 3)
    let calls = store.calls.withLock { $0.count }
    #expect(try results.arrivals(below: 2000) == expected.filter(\.isFinite).sorted())
    #expect(store.calls.withLock { $0.count } == calls, "a curve is read once for a threshold")
  }

  @Test func ranksKeepTheOrderOfEqualValues() throws {
    let (results, _) = try Self.results()
    let ranked = try results.ranked(.finalLoss)
    let slow = results.rows.map { ($0.summary.finalLoss, $0.run.index) }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    #expect(ranked.values == slow.map(\.0) && ranked.runs == slow.map(\.1))
  }

  @Test func runsCSVHasALineForEveryRun() throws {
    let (results, _) = try Self.results()
    var parts: [String] = []
    try RunTable(results, thresholds: [2000]).write { parts.append($0) }
    #expect(parts.count > 1, "written in parts")
    let lines = parts.joined().split(separator: "\n")
    #expect(lines.count == 1 + Int(Self.count))
    #expect(
      lines[0] == "seed,status,diverged_at,steps,final_loss,best_loss,final_gradient_norm,first_step_below_2000.0,key")
    for index in [0, 9999, 19_999] {
      let row = results.rows[index]
      let loss = CountingStore.losses(row.seed)[3]
      let step = try results.value(.stepsToLoss(2000), row)
      let text = "\(row.seed),finished,,4,\(loss),\(loss),1.0,\(step.isFinite ? "\(Int(step))" : ""),\(row.run.key)"
      #expect(String(lines[index + 1]) == text)
    }
  }
}
