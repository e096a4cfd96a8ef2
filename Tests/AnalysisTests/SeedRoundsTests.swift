import Analysis
import Lanes
import Learning
import Planted
import Studies
import Testing

/// Seeds that are added until a comparison is decided.
@Suite struct SeedRoundsTests {
  /// A store in which the run of a setting and a seed has a loss that a test gives, for the seeds up to a limit.
  private final class PlantedStore: RunStore {
    let losses: [String: Double]
    init(_ plan: Plan, below limit: UInt64, loss: (_ rate: Double, _ seed: Int) -> Double) throws {
      losses = Dictionary(
        uniqueKeysWithValues: try plan.runs().filter { $0.seed < limit }.map {
          ($0.key, loss($0.settings[0].number ?? .nan, Int($0.seed)))
        })
    }
    func known(among keys: [String]) -> Set<String> { Set(keys.filter { losses[$0] != nil }) }
    func save(_ records: [RunRecord]) {}
    func summaries(_ keys: [String]) -> [String: RunSummary] {
      losses.mapValues {
        RunSummary(status: .finished, steps: 1, finalLoss: $0, bestLoss: $0, finalGradientNorm: 0, finals: [:])
      }
    }
    func series(_ quantity: Quantity, of keys: [String]) -> [String: Series] { [:] }
    func finalParameters(of keys: [String]) -> [String: [Double]] { [:] }
  }

  private func plan(_ rates: [Double], atMost most: Int = 64, seeds: [UInt64]? = nil) throws -> Plan {
    let study = Study(name: "t", title: "", setup: PlantedRuns.setup, sweep: sweep(rates, most))
    return try Plan(study.applying(Overrides(seeds: seeds)), files: DataFiles(folders: []))
  }

  @SweepBuilder private func sweep(_ rates: [Double], _ most: Int) -> [Axis] {
    Vary(.learningRate, over: rates)
    Seeds(untilDecided: .finalLoss, between: .learningRate, atMost: most)
  }

  /// 0.1 is better than 0.2 but for seed 2. With one of n seeds against it, M = 2ⁿ/((n + 1)n), which reaches 20 in the second round.
  @Test func theFirstRoundThatDecidesIsTheLast() throws {
    let plan = try plan([0.1, 0.2])
    #expect(plan.seeds.count == 64 && plan.seedRule?.rounds == [8, 16, 24, 32, 48, 64])
    func store(_ limit: UInt64) throws -> PlantedStore {
      try PlantedStore(plan, below: limit) { rate, seed in rate == 0.1 ? (seed == 2 ? 3 : 1) : 2 }
    }
    let rounds = try #require(SeedRounds(plan))
    let settled = try rounds.settled(in: store(64))
    #expect(settled.seeds == Array(0..<16))
    let results = try Results(plan: settled, store: store(64))
    let inverse: [Double] = (2...20).map { (n: Int) -> Double in Double((n + 1) * n) / Double(1 << n) }
    let needed = 2 + (try #require(inverse.firstIndex { $0 <= 0.05 }))
    #expect(try SeedRounds.decision(results) == needed)
    // Where runs are missing, the round that needs them.
    #expect(try rounds.settled(in: store(3)).seeds == Array(0..<8))
    #expect(try rounds.settled(in: store(8)).seeds == Array(0..<16))
    let compared = try #require(
      try SeedComparison.byTask(SeedComparison.settings(of: results, by: nil), by: .finalLoss).first)
    let pair = try #require(compared.pairs.first)
    #expect(compared.decidedAfter == needed && pair.isDecided && pair.test == SignTest(better: 15, worse: 1))
    // M = 2¹⁶/(17·16).
    #expect(abs(pair.p - 17.0 * 16 / 65536) < 1e-15 && pair.p > pair.test.p, "validity costs")
  }

  @Test func equalSettingsTakeAllSeeds() throws {
    let plan = try plan([0.1, 0.2], atMost: 20)
    let store = try PlantedStore(plan, below: 20) { _, _ in 1 }
    #expect(plan.seedRule?.rounds == [8, 16, 20])
    let settled = try #require(SeedRounds(plan)).settled(in: store)
    #expect(settled.seeds.count == 20)
    #expect(try SeedRounds.decision(Results(plan: settled, store: store)) == nil)
  }

  /// One setting must be better than every other: two good ones that are equal are not decided, however bad the third is.
  @Test func theBestIsBetterThanEveryOther() throws {
    let plan = try plan([0.1, 0.2, 0.3], atMost: 48)
    let tied = try PlantedStore(plan, below: 48) { rate, seed in
      rate == 0.3 ? 9 : (rate == 0.1) == (seed % 2 == 0) ? 1 : 2
    }
    #expect(try #require(SeedRounds(plan)).settled(in: tied).seeds.count == 48)
    let clear = try PlantedStore(plan, below: 48) { rate, _ in rate }
    let settled = try #require(SeedRounds(plan)).settled(in: clear)
    // Two comparisons with the best, three pairs: Holm compares the least p with 0.05/3. 2ⁿ/(n + 1) ≥ 60 from n = 10 on.
    #expect(try settled.seeds.count == 16 && SeedRounds.decision(Results(plan: settled, store: clear)) == 10)
  }

  /// Four equal settings, a look after every seed: at most 5 % of the sweeps call one of them the best.
  @Test func equalSettingsAreRarelyDecided() {
    let (sweeps, settings, seeds) = (2000, 4, 128)
    let stream = RandomStream(seed: 8, role: .analysis)
    var decided = 0
    for sweep in 0..<sweeps {
      let values = (0..<settings).map { setting in
        (0..<seeds).map { stream.uniform((sweep * settings + setting) * seeds + $0) }
      }
      let tests = (0..<settings).flatMap { a in
        (a + 1..<settings).map { b in
          (a, b, SequentialSignTest(zip(values[a], values[b]).map { $0 < $1 ? 1 : -1 }))
        }
      }
      if SequentialDecision(tests, settings: settings).seeds != nil { decided += 1 }
    }
    #expect(decided <= sweeps / 20, "\(decided)")
  }

  @Test func typedSeedsReplaceTheRule() throws {
    let plan = try plan([0.1, 0.2], seeds: [3, 4])
    #expect(plan.seedRule == nil && plan.seeds == [3, 4] && plan.changes.count == 1 && SeedRounds(plan) == nil)
    let all = try self.plan([0.1, 0.2], seeds: Array(0..<64))
    #expect(all.seedRule == nil && all.reportName.contains("seeds="), "also where they are those of the rule")
  }

  private func mistakes(@SweepBuilder _ sweep: () -> [Axis]) throws -> [Mistake] {
    do {
      _ = try Plan(
        Study(name: "t", title: "", setup: PlantedRuns.setup, sweep: sweep()), files: DataFiles(folders: []))
      return []
    } catch let found as Mistakes {
      return found.all
    }
  }

  @Test func rulesThatCannotDecideAreMistakes() throws {
    let few = try mistakes {
      Vary(.learningRate, over: [0.1, 0.2])
      Seeds(untilDecided: .finalLoss, between: .learningRate, atMost: 7)
    }
    #expect(few.map(\.value) == ["atMost: 7"] && few[0].rule.contains("fewer than 8 seeds"))
    let many = try mistakes {
      Vary(.learningRate, over: (1...8).map { Double($0) / 10 })
      Seeds(untilDecided: .finalLoss, between: .learningRate, atMost: 12)
    }
    // 28 pairs: 2ⁿ/(n + 1) ≥ 560.
    #expect(many.count == 1 && many[0].rule.contains("fewer than 13 seeds"))
    let unswept = try mistakes { Seeds(untilDecided: .finalLoss, between: .hidden, atMost: 64) }
    #expect(unswept.map(\.value) == ["between: hidden"])
    let twice = try mistakes {
      Vary(.learningRate, over: [0.1, 0.2])
      Seeds(0..<4)
      Seeds(untilDecided: .finalLoss, between: .learningRate, atMost: 64)
    }
    #expect(twice.map(\.value) == ["beside Seeds(…)"])
    #expect(try mistakes { Seeds(untilDecided: .finalLoss, between: .hidden, atMost: -3) }.count == 1)
  }
}
