import Foundation
import Learning
import Synchronization

/// One training of a workload, timed: from the initial weights to the last update, recording included.
struct Measurement {
  let seconds: Double
  let cpuSeconds: Double
  /// In the order of the workload's runs.
  var results: [TrainedRun]

  /// Load average of the last minute.
  static var load: Double {
    var averages = [0.0]
    return getloadavg(&averages, 1) == 1 ? averages[0] : .nan
  }

  static func of(_ workload: Workload, precision: Precision, threads: Int) -> Measurement {
    let runs = workload.runs.map { workload.trainingRun($0, precision: precision) }
    let desk = Desk(runs)
    let cpu = cpuSeconds
    let start = ContinuousClock.now
    Trainer.onThreads(threads) { desk.work() }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    return Measurement(seconds: seconds, cpuSeconds: Self.cpuSeconds - cpu, results: desk.results(count: runs.count))
  }

  /// Seconds of processors that the process has used.
  static var cpuSeconds: Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  /// Losses and gradient norms, runs × steps, as NumPy arrays.
  func dump(to folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, quantity) in [("losses", Quantity.loss), ("norms", .gradientNorm)] {
      let rows = results.map { $0.series[quantity]?.values ?? [] }
      let width = rows.first?.count ?? 0
      var data = NPY.header(rows: rows.count, columns: width)
      for row in rows { row.withUnsafeBytes { data.append(contentsOf: $0) } }
      try data.write(to: folder.appendingPathComponent("\(name).npy"))
    }
  }
}

/// Hands the runs out, shape by shape, the costliest first.
private final class Desk: Sendable {
  private let runs: [TrainingRun]
  private let queues: Mutex<[(form: TrainingRun.Form, runs: ArraySlice<Int>)]>
  private let done = Mutex<[Int: TrainedRun]>([:])

  init(_ runs: [TrainingRun]) {
    self.runs = runs
    let groups = Dictionary(grouping: runs.indices) { runs[$0].form }
    queues = Mutex(
      groups.sorted { ($0.key.workPerStep, $1.value[0]) > ($1.key.workPerStep, $0.value[0]) }
        .map { (form: $0.key, runs: $0.value[...]) })
  }

  func work() {
    while let form = queues.withLock({ $0.first { !$0.runs.isEmpty }?.form }) {
      guard let first = runs.first(where: { $0.form == form }) else { return }
      do { try Trainer.train(like: first, from: Source(form: form, desk: self)) } catch { fatalError("\(error)") }
    }
  }

  func next(_ form: TrainingRun.Form) -> (index: Int, run: TrainingRun)? {
    let index = queues.withLock { queues -> Int? in
      guard let at = queues.firstIndex(where: { $0.form == form }) else { return nil }
      return queues[at].runs.popFirst()
    }
    return index.map { ($0, runs[$0]) }
  }

  func finished(_ index: Int, _ result: TrainedRun) { done.withLock { $0[index] = result } }

  func results(count: Int) -> [TrainedRun] { done.withLock { done in (0..<count).compactMap { done[$0] } } }

  private struct Source: RunSource {
    let form: TrainingRun.Form
    let desk: Desk

    func next() -> (index: Int, run: TrainingRun)? { desk.next(form) }
    func finished(_ index: Int, _ result: TrainedRun) { desk.finished(index, result) }
    func refused(_ index: Int, _ mistake: Mistake) { fatalError("\(mistake)") }
    func progressed(steps: Int) {}
    var isCancelled: Bool { false }
  }
}
