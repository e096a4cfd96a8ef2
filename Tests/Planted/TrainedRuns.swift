package import Analysis
import Learning
package import Studies
import Synchronization

/// Runs of a study that are trained for a test and kept in memory.
package enum TrainedRuns {
  package static func results(_ setup: Setup, @SweepBuilder sweep: () -> [Axis]) throws -> Results {
    let plan = try Plan(
      Study(name: "trained", title: "", setup: setup, sweep: sweep()), files: DataFiles(folders: []))
    let store = Store()
    let provenance = Provenance(revision: "", toolchain: "", processor: "", semantics: 0, time: "")
    _ = try Runner(plan: plan, store: store, threads: 1, provenance: provenance, listener: Deaf()).run(fresh: false)
    return try Results(plan: plan, store: store)
  }

  /// A small network on two moons that learns with momentum and small batches.
  package static let setup = Setup(
    data: .moons(samples: 48, noise: 0.1), network: .mlp(hidden: 3), loss: .halfMeanSquaredError,
    optimizer: .momentum(0.9, learningRate: 0.1), initialization: .fanIn(scale: 1), batch: .mini(size: 8),
    stop: .after(steps: 60))

  /// Himmelblau's function from starts all over its ground, trained to the end.
  package static let himmelblau = Setup(
    objective: .himmelblau, start: .normal(scale: 3),
    optimizer: .gradientDescent(learningRate: 0.005), stop: .after(steps: 4000).orGradientNormBelow(1e-12))

  private struct Deaf: EventListener { func hear(_ event: Event) {} }

  private final class Store: RunStore {
    private let runs = Mutex<[String: TrainedRun]>([:])
    private var all: [String: TrainedRun] { runs.withLock { $0 } }

    func known(among keys: [String]) -> Set<String> { Set(keys).intersection(all.keys) }
    func save(_ records: [RunRecord]) { runs.withLock { for record in records { $0[record.key] = record.result } } }
    func summaries(_ keys: [String]) -> [String: RunSummary] { all.mapValues(RunSummary.init) }
    func series(_ quantity: Quantity, of keys: [String]) -> [String: Series] {
      all.compactMapValues { $0.series[quantity] }
    }
    func finalParameters(of keys: [String]) -> [String: [Double]] { all.mapValues(\.finalParameters) }
  }
}
