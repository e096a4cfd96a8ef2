import Foundation
import Learning
import RunArchive
import Studies

/// What an archive costs a sweep: the runs of a workload by the product's runner, alternately with a new archive and with a store that keeps nothing.
struct ArchiveBench {
  let workload: Workload
  let precision: Precision
  let threads: Int

  /// Seconds of the clock, and of all processors.
  private struct Time {
    var clock: Double
    var cpu: Double
  }

  func run(repeats: Int) throws {
    let plan = try Plan(study, files: DataFiles(folders: []))
    var (trained, stored) = ([] as [Time], [] as [Time])
    for _ in 0..<repeats {
      trained.append(try time(plan, Nowhere()))
      stored.append(try withNewArchive { try time(plan, $0) })
    }
    func best(_ times: [Time], _ value: KeyPath<Time, Double>) -> Double {
      times.map { $0[keyPath: value] }.min() ?? .nan
    }
    func percent(_ value: KeyPath<Time, Double>) -> Double { 100 * (best(stored, value) / best(trained, value) - 1) }
    let fields: [String: Any] = [
      "workload": workload.name, "runs": plan.runCount, "steps": plan.stepCount, "threads": threads,
      "train_seconds": best(trained, \.clock), "train_cpu_seconds": best(trained, \.cpu),
      "stored_seconds": best(stored, \.clock), "stored_cpu_seconds": best(stored, \.cpu),
      "archive_percent": percent(\.clock), "archive_cpu_percent": percent(\.cpu),
    ]
    let line = try JSONSerialization.data(withJSONObject: fields, options: .sortedKeys)
    print(String(decoding: line, as: UTF8.self))
  }

  /// The workload as a declaration: its set-ups are variants, each with the workload's seeds.
  private var study: Study {
    let data = workload.data
    let iterations = workload.iterations
    @Sendable func setup(_ run: Workload.Run) -> Setup {
      Setup(
        data: DataSource(.custom(CustomData(name: data.name) { _ in data })),
        network: Network(hidden: Array(run.sizes.dropFirst().dropLast()), activation: .tanh, output: [.identity]),
        loss: .halfMeanSquaredError, optimizer: .gradientDescent(learningRate: run.learningRate),
        initialization: .fanIn(scale: run.scale), batch: workload.isFullBatch ? .full : .mini(size: workload.batch),
        stop: .after(steps: iterations).neverDiverging(), precision: precision)
    }
    let first = workload.runs.filter { $0.seed == 0 }
    let variants = first.map { run in
      Variant("\(run.sizes) \(run.learningRate) \(run.scale)") { $0 = setup(run) }
    }
    return Study(
      name: workload.name, title: workload.name, setup: setup(workload.runs[0]),
      sweep: Variants("set-up", variants).axes + Seeds(0..<(workload.runs.count / first.count)).axes)
  }

  private func time(_ plan: Plan, _ store: some RunStore) throws -> Time {
    let provenance = Provenance(revision: "", toolchain: "", processor: "", semantics: 0, time: "")
    let runner = Runner(plan: plan, store: store, threads: threads, provenance: provenance, listener: Silence())
    let (cpu, start) = (Measurement.cpuSeconds, ContinuousClock.now)
    _ = try runner.run(fresh: true)
    return Time(clock: (ContinuousClock.now - start) / .seconds(1), cpu: Measurement.cpuSeconds - cpu)
  }

  private func withNewArchive<T>(_ body: (Archive) throws -> T) throws -> T {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("descent-bench-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let archive = try Archive(path: folder.appendingPathComponent("archive.sqlite").path)
    let result = try body(archive)
    try archive.close()
    return result
  }
}

private struct Silence: EventListener {
  func hear(_ event: Event) {}
}

/// A store that keeps nothing and prepares nothing.
private struct Nowhere: RunStore {
  func known(among keys: [String]) -> Set<String> { [] }
  func save(_ records: [RunRecord]) {}
  func prepare(_ record: RunRecord) -> PreparedRun { PreparedRun((), bytes: 0) }
  func save(_ runs: [PreparedRun]) {}
  func summaries(_ keys: [String]) -> [String: RunSummary] { [:] }
  func series(_ quantity: Quantity, of keys: [String]) -> [String: Series] { [:] }
  func finalParameters(of keys: [String]) -> [String: [Double]] { [:] }
}
