import Analysis
import Learning
import Planted
import Studies
import Testing

/// Runs chosen, grouped and summed up in an author's words.
@Suite struct SelectionTests {
  typealias Run = PlantedRuns.Run

  /// A run's final loss says which it is: tens the width's place, ones the seed.
  static func results() throws -> Results {
    try PlantedRuns.results {
      Vary(.hidden, over: [8, 2, 4])
      Vary(.learningRate, over: [0.1, 0.3])
      Seeds(0..<4)
    } run: { settings, seed in
      let place = [8, 2, 4].firstIndex { settings[0] == .integer($0) } ?? 0
      return Run(
        finalLoss: Double(10 * (1 + place) + seed), bestLoss: 0.5, finalGradientNorm: 0.25 * Double(1 + seed),
        steps: 7 + seed, diverged: place == 2 && seed == 3,
        finals: [.accuracy: 0.1 * Double(1 + place) + 0.01 * Double(seed)],
        series: [.accuracy: Series(every: 5, values: [0.2, 0.95 - 0.1 * Double(place), 0.3])])
    }
  }

  @Test func groupsPartTheRunsInTheOrderOfTheAxis() throws {
    let results = try Self.results()
    let groups = results.groups(by: .hidden)
    #expect(groups.map(\.value) == [.integer(8), .integer(2), .integer(4)])
    #expect(groups.map(\.results.count) == [8, 8, 8] && groups.flatMap(\.results.rows).count == results.count)
    for (place, group) in groups.enumerated() {
      #expect(group.results.rows.allSatisfy { Int($0.summary.finalLoss) / 10 == 1 + place })
    }
    #expect(results.where(.hidden, is: 2).where(.learningRate, is: 0.3).count == 4)
    #expect(results.where(.hidden, is: 3).isEmpty)
  }

  @Test func aRangeHoldsItsLowerBoundOnly() throws {
    let results = try Self.results()
    #expect(try results.where(.finalLoss, from: 11, below: 20).values(.finalLoss) == [11, 12, 13, 11, 12, 13])
  }

  @Test func metricsAreReadWhereTheyAre() throws {
    let runs = try Self.results().where(.hidden, is: 2).where(.learningRate, is: 0.1)
    #expect(try runs.values(.finalLoss) == [20, 21, 22, 23] && runs.values(.bestLoss) == [0.5, 0.5, 0.5, 0.5])
    #expect(try runs.values(.finalGradientNorm) == [0.25, 0.5, 0.75, 1] && runs.values(.steps) == [7, 8, 9, 10])
    #expect(try runs.values(.final(.accuracy)) == (0..<4).map { 0.1 * 2 + 0.01 * Double($0) })
    #expect(try runs.values(.best(.accuracy)) == Array(repeating: 0.95 - 0.1, count: 4))
    #expect(try runs.median(.finalLoss) == 21.5 && runs.quantile(.finalLoss, 0.25) == 20.75)
    #expect(try runs.share(of: .finalLoss, below: 22) == Share(2, of: 4))
    #expect(try runs.share(of: .finalLoss, above: 22) == Share(1, of: 4))
  }

  @Test func theBestSettingHasTheBestMedian() throws {
    let results = try Self.results()
    #expect(try results.best(.hidden, by: .finalLoss)?.value == .integer(8))
    #expect(try results.best(.hidden, by: .final(.accuracy))?.value == .integer(4))
    #expect(results.divergedShare == Share(2, of: 24))
  }

  /// The first recorded step below a threshold, not at it; recorded every fifth step here.
  @Test func stepsToALossAreExact() throws {
    var setup = PlantedRuns.setup
    setup.record = .also(.trainingLoss, every: 5)
    let results = try PlantedRuns.results(setup) {
      Seeds(0..<3)
    } run: { _, seed in
      Run(
        finalLoss: 0.2, steps: 20,
        series: [
          .trainingLoss: Series(every: 5, values: [0.8, 0.5, seed == 0 ? 0.4 : 0.5, 0.1 + Double(seed)])
        ])
    }
    #expect(try results.values(.stepsToLoss(0.5)) == [10, 20, 20])
    #expect(try results.values(.stepsToLoss(0.9)) == [0, 0, 0])
    #expect(try results.values(.stepsToLoss(0.2)) == [15, .infinity, .infinity])
  }

  /// Which run stands for the others: losses 3, 1, 4, 2 of the first four seeds; the fifth has diverged.
  @Test func oneRunIsChosenByItsRank() throws {
    let results = try PlantedRuns.results {
      Seeds(0..<5)
    } run: { _, seed in
      Run(finalLoss: [3, 1, 4, 2, 0.5][seed], diverged: seed == 4, finals: [.accuracy: 0.1 * Double(seed)])
    }
    func seed(_ choice: Results.Choice) throws -> UInt64? { try results.run(choice)?.seed }
    #expect(try seed(.best(.finalLoss)) == 1 && seed(.worst(.finalLoss)) == 2 && seed(.middle(.finalLoss)) == 3)
    #expect(try seed(.best(.final(.accuracy))) == 3 && seed(.worst(.final(.accuracy))) == 0)
    #expect(try seed(.firstSeed) == 0 && seed(.seed(4)) == 4)
    let diverged = results.filtered { $0.seed == 4 }
    #expect(try diverged.run(.best(.finalLoss))?.seed == 4, "where there is no other")
  }
}
