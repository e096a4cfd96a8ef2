import Foundation
import Jobs
import Learning
import RunArchive
import Studies
import Synchronization

/// Measures what a step of each form of runs costs, by training some of them for a fraction of a second into an archive of its own.
struct Calibration {
  /// Seconds for all forms.
  private static let budget = 6.0
  /// Seconds for one form, at most.
  private static let longest = 0.7
  /// Runs of a form that are tried, at most.
  private static let sample = 4_096

  /// The runs in groups of one form, with the measured costs.
  /// - Throws: `Mistake` where data cannot be used, or nothing can be written for the measurement.
  static func groups(_ plan: Plan, runs: [Int]) throws -> [ChunkCutter.Group] {
    let forms = try Dictionary(grouping: runs) { try plan.form(of: $0) }
      .sorted { ($0.key.workPerStep, $1.value.first ?? 0) > ($1.key.workPerStep, $0.value.first ?? 0) }
    let budget = min(longest, budget / Double(max(1, forms.count)))
    let scratch = try Here.scratch()
    defer { try? FileManager.default.removeItem(at: scratch) }
    return try forms.enumerated().map { index, form in
      let file = scratch.appendingPathComponent("\(index).sqlite")
      let cost = try secondsPerStep(plan, form.value, budget, file)
      return ChunkCutter.Group(
        runs: form.value, runsAtOnce: form.key.runsAtOnce, secondsPerStep: cost,
        steps: { plan.combination(of: $0).setup.stop.steps })
    }
  }

  private static func secondsPerStep(_ plan: Plan, _ runs: [Int], _ budget: Double, _ file: URL) throws -> Double {
    // Runs from the whole range: they may differ in the rule that ends them.
    let stride = max(1, runs.count / sample)
    let some = runs.indices.filter { $0 % stride == 0 }.prefix(sample).map { runs[$0] }
    let watch = Watch(budget)
    let archive = try Archive(path: file.path)
    let runner = Runner(plan: plan, store: archive, threads: 1, provenance: .current(root: nil), listener: watch)
    watch.cancel = runner.cancel
    _ = try runner.run(fresh: true, only: some)
    try archive.close()
    return watch.secondsPerStep
  }

  /// Ends a training after a time, once it has made a step.
  private final class Watch: EventListener {
    private let budget: Double
    private let last = Mutex<Event.Progress?>(nil)
    nonisolated(unsafe) var cancel: @Sendable () -> Void = {}

    init(_ budget: Double) { self.budget = budget }

    func hear(_ event: Event) {
      switch event {
      case .progressed(let progress):
        if progress.seconds > budget, progress.stepsMade > 0 { cancel() }
      case .trained(let progress, _, _): last.withLock { $0 = progress }
      default: break
      }
    }

    var secondsPerStep: Double {
      last.withLock { progress in
        guard let progress, progress.stepsDone > 0 else { return 1e-9 }
        return progress.seconds / Double(progress.stepsDone)
      }
    }
  }
}
