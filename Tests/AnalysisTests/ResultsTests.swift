import Analysis
import Learning
import Planted
import Studies
import Testing

/// Numbers between archive and page: none is made up, and each is what its name says.
@Suite struct ResultsTests {
  typealias Run = PlantedRuns.Run

  @Test func whatCannotBeReadIsNoResult() throws {
    let results = try PlantedRuns.results(failing: true) {
      Seeds(0..<3)
    } run: { _, _ in
      Run()
    }
    let row = try #require(results.rows.first)
    #expect(throws: PlantedRuns.Unreadable.self) { try results.values(.stepsToLoss(0.1)) }
    #expect(throws: PlantedRuns.Unreadable.self) { try results.median(.best(.accuracy)) }
    #expect(throws: PlantedRuns.Unreadable.self) { try results.series(.loss) }
    #expect(throws: PlantedRuns.Unreadable.self) { try results.parameters(of: row) }
    #expect(throws: PlantedRuns.Unreadable.self) { try results.network(of: row) }
    #expect(throws: PlantedRuns.Unreadable.self) { try results.ends() }
    #expect(try results.values(.finalLoss) == [0.5, 0.5, 0.5])
  }

  @Test func lossesOfBatchesAreNotTakenForTheTrainingLoss() throws {
    var setup = PlantedRuns.setup
    setup.batch = .single
    func results(_ record: Recording) throws -> Results {
      var setup = setup
      setup.record = record
      return try PlantedRuns.results(setup) {
        Seeds(0..<4)
      } run: { _, seed in
        Run(
          series: [
            .loss: Series(every: 1, values: [0.4, 0.001, 0.4]),
            .trainingLoss: Series(every: 5, values: [0.4, seed == 0 ? 0.001 : 0.3]),
          ])
      }
    }
    let plain = try results(.standard)
    for metric in [Metric.stepsToLoss(0.01), .bestLoss, .best(.loss)] {
      #expect(throws: Mistake.self) { try plain.values(metric) }
    }
    for metric in [Metric.stepsToLoss(0.01), .bestLoss] {
      #expect(throws: Mistake.self) {
        try SeedComparison.byTask(SeedComparison.settings(of: plain, by: nil), by: metric)
      }
    }
    let recorded = try results(.also(.trainingLoss, every: 5))
    #expect(try recorded.values(.stepsToLoss(0.01)) == [5, .infinity, .infinity, .infinity])
  }

  @Test func theFinalLossCountsAsReached() throws {
    let results = try PlantedRuns.results {
      Seeds(0..<2)
    } run: { _, seed in
      Run(finalLoss: seed == 0 ? 0.001 : 0.2, series: [.loss: Series(every: 1, values: [0.4, 0.3])])
    }
    #expect(try results.values(.stepsToLoss(0.01)) == [10, .infinity])
  }

  @Test func aRunThatDivergedIsTheWorst() throws {
    let results = try PlantedRuns.results {
      Seeds(0..<4)
    } run: { _, seed in
      Run(
        diverged: seed == 3, finals: [.accuracy: seed == 3 ? 0.5 : 0.4, .absoluteError: 0.1],
        series: [.accuracy: Series(every: 1, values: [0.3, 0.4])])
    }
    #expect(try results.values(.final(.accuracy)) == [0.4, 0.4, 0.4, -.infinity])
    #expect(try results.values(.finalLoss) == [0.5, 0.5, 0.5, .infinity])
    #expect(try results.share(of: .final(.accuracy), above: 0.45).successes == 0)
    #expect(try results.run(.worst(.final(.accuracy)))?.seed != 3)
  }

  @Test func tasksAreNotPooled() throws {
    let tasks = [DataSource.moons(samples: 40), .circles(samples: 40)]
    let results = try PlantedRuns.results {
      Vary(.data, over: tasks)
      Vary(.learningRate, over: [0.1, 0.3])
      Seeds(0..<8)
    } run: { settings, seed in
      let isMoons = settings[0].description == "two moons"
      let isFast = settings[1] == .number(0.3)
      let loss = (isMoons ? 1.0 : 100) + (isFast ? 0 : 1) + 0.01 * Double(seed)
      return Run(finalLoss: loss, series: [.loss: Series(every: 1, values: [1000])])
    }
    let compared = try SeedComparison.byTask(
      SeedComparison.settings(of: results, by: "learning-rate"), by: .finalLoss, compared: ["learning-rate"])
    #expect(compared.count == 2)
    for (one, level) in zip(compared, [1.0, 100]) {
      #expect(one.entries.map(\.results.count) == [8, 8])
      #expect(one.entries.allSatisfy { $0.quartiles[1] > level && $0.quartiles[1] < level + 2 })
      #expect(one.pairs.map(\.test) == [SignTest(better: 8, worse: 0)])
      #expect(abs((one.pairs.first?.median ?? .nan) + 1) < 1e-9)
    }
    #expect(compared.map { $0.task?.title.contains("two moons") } == [true, false])
    #expect(compared[1].task?.title.contains("circles") ?? false)
  }

  /// Wilson's bound for no success: z²/(n + z²).
  @Test func aBoundThatIsNotZeroIsNotPrintedAsZero() {
    #expect(Share(0, of: 100_000).description == "0 of 100000 (0 %, 95 % interval 0–0.004 %)")
    #expect(Share(31, of: 32).description == "31 of 32 (96.9 %, 95 % interval 84.3–99.4 %)")
    #expect(Share(100_000, of: 100_000).description.contains("99.996–100 %"))
    #expect(NumberText.interval(0.24998...0.24999, between: " to ") == "0.24998 to 0.24999")
  }

  @Test func secondDerivativesAreAskedForAtPointsOfTheRightSize() throws {
    let results = try TrainedRuns.results(TrainedRuns.setup) { Seeds(0..<1) }
    let row = try #require(results.rows.first)
    for count in [0, 3, 14] {
      let point = Array(repeating: 0.1, count: count)
      #expect(throws: Mistake.self) { try results.gradients(at: [point], like: row) }
      #expect(throws: Mistake.self) { try results.losses(at: [point], like: row) }
      #expect(throws: Mistake.self) { try results.hessian(at: point, like: row) }
    }
  }
}
