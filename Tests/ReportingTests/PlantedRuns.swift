import Analysis
import Documents
import Figures
import Foundation
import Learning
import Reporting
import Studies

/// Runs of a study that were never trained: each has the numbers that a test writes down.
struct PlantedRuns {
  struct Run {
    var finalLoss = 0.5
    var bestLoss = 0.25
    var steps = 10
    var diverged = false
    var finals: [Quantity: Double] = [:]
    var series: [Quantity: Series] = [:]
    var parameters: [Double] = []
  }

  static let setup = Setup(
    data: .moons(samples: 40), network: .mlp(hidden: 2, output: .sigmoid), loss: .meanSquaredError,
    optimizer: .gradientDescent(learningRate: 0.1), initialization: .fanIn(), stop: .after(steps: 10))

  static func results(
    _ setup: Setup = setup, overrides: Overrides = Overrides(), failing: Bool = false,
    @SweepBuilder sweep: () -> [Axis],
    run: (_ settings: [Setting], _ seed: Int) -> Run
  ) throws -> Results {
    let study = try Study(name: "planted", title: "Planted", setup: setup, sweep: sweep()).applying(overrides)
    let plan = try Plan(study, files: DataFiles(folders: []))
    var store = Store(isFailing: failing)
    for row in try plan.runs() { store.runs[row.key] = run(row.settings, Int(row.seed)) }
    return try Results(plan: plan, store: store)
  }

  /// What a store says that cannot read.
  struct Unreadable: Error {}

  private struct Store: RunStore {
    let isFailing: Bool
    var runs: [String: Run] = [:]

    func known(among keys: [String]) -> Set<String> { Set(keys.filter { runs[$0] != nil }) }
    func save(_ records: [RunRecord]) {}
    func summaries(_ keys: [String]) -> [String: RunSummary] {
      runs.mapValues { run in
        RunSummary(
          status: run.diverged ? .diverged(atStep: run.steps) : .finished, steps: run.steps, finalLoss: run.finalLoss,
          bestLoss: run.bestLoss, finalGradientNorm: 1, finals: run.finals)
      }
    }
    func series(_ quantity: Quantity, of keys: [String]) throws -> [String: Series] {
      if isFailing { throw Unreadable() }
      return runs.compactMapValues { $0.series[quantity] }
    }
    func finalParameters(of keys: [String]) throws -> [String: [Double]] {
      if isFailing { throw Unreadable() }
      return runs.mapValues(\.parameters)
    }
  }
}
