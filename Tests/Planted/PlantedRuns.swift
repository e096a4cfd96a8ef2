package import Analysis
package import Learning
package import Studies

/// Runs of a study that were never trained: each has the numbers that a test writes down.
package enum PlantedRuns {
  package struct Run: Sendable {
    package var finalLoss: Double
    package var bestLoss: Double
    package var finalGradientNorm: Double
    package var steps: Int
    package var diverged: Bool
    package var finals: [Quantity: Double]
    package var series: [Quantity: Series]
    package var parameters: [Double]

    package init(
      finalLoss: Double = 0.5, bestLoss: Double = 0.25, finalGradientNorm: Double = 1, steps: Int = 10,
      diverged: Bool = false, finals: [Quantity: Double] = [:], series: [Quantity: Series] = [:],
      parameters: [Double] = []
    ) {
      (self.finalLoss, self.bestLoss, self.finalGradientNorm) = (finalLoss, bestLoss, finalGradientNorm)
      (self.steps, self.diverged) = (steps, diverged)
      (self.finals, self.series, self.parameters) = (finals, series, parameters)
    }

    /// A run that recorded its loss at every step.
    package static func losses(_ values: [Double], finalLoss: Double? = nil, diverged: Bool = false) -> Run {
      Run(
        finalLoss: finalLoss ?? values.last ?? .nan, steps: values.count, diverged: diverged,
        series: [.loss: Series(every: 1, values: values)])
    }
  }

  package static let setup = Setup(
    data: .moons(samples: 40), network: .mlp(hidden: 2, output: .sigmoid), loss: .meanSquaredError,
    optimizer: .gradientDescent(learningRate: 0.1), initialization: .fanIn(), stop: .after(steps: 10))

  /// - Parameters:
  ///   - failing: whether the store cannot read curves and parameters.
  ///   - run: what became of the run of some settings, in the order of the axes, and a seed.
  package static func results(
    _ setup: Setup = setup, overrides: Overrides = Overrides(), failing: Bool = false,
    @SweepBuilder sweep: () -> [Axis], run: (_ settings: [Setting], _ seed: Int) -> Run
  ) throws -> Results {
    let study = try Study(name: "planted", title: "Planted", setup: setup, sweep: sweep()).applying(overrides)
    let plan = try Plan(study, files: DataFiles(folders: []))
    var store = Store(isFailing: failing)
    for row in try plan.runs() { store.runs[row.key] = run(row.settings, Int(row.seed)) }
    return try Results(plan: plan, store: store)
  }

  /// What a store says that cannot read.
  package struct Unreadable: Error {}

  private struct Store: RunStore {
    let isFailing: Bool
    var runs: [String: Run] = [:]

    func known(among keys: [String]) -> Set<String> { Set(keys.filter { runs[$0] != nil }) }
    func save(_ records: [RunRecord]) {}
    func summaries(_ keys: [String]) -> [String: RunSummary] {
      runs.mapValues { run in
        RunSummary(
          status: run.diverged ? .diverged(atStep: run.steps) : .finished, steps: run.steps, finalLoss: run.finalLoss,
          bestLoss: run.bestLoss, finalGradientNorm: run.finalGradientNorm, finals: run.finals)
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
