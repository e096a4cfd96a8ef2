import Foundation
import Learning
import Synchronization

final class Queue: RunSource {
  let runs: [TrainingRun]
  let position = Mutex(0)
  let results = Mutex<[(Int, TrainedRun)]>([])
  init(_ r: [TrainingRun]) { runs = r }
  func next() -> (index: Int, run: TrainingRun)? {
    position.withLock { p in if p < runs.count { p += 1; return (p - 1, runs[p - 1]) } else { return nil } }
  }
  func finished(_ index: Int, _ result: TrainedRun) { results.withLock { $0.append((index, result)) } }
  func progressed(steps: Int) {}
  var isCancelled: Bool { false }
}
let names = CommandLine.arguments.count > 1 ? [CommandLine.arguments[1]] : Workload.names
let precision: Precision = CommandLine.arguments.contains("float32") ? .float32 : .float64
for name in names {
  let w = Workload.named(name)!
  var best = 1e9
  var q: Queue!
  for _ in 0..<3 {
    let runs = w.runs.map { w.trainingRun($0, precision: precision, iterations: w.iterations) }
    let groups = Dictionary(grouping: runs, by: { $0.form }).values
    let t = Date()
    for g in groups { q = Queue(g); Trainer.train(like: g[0], from: q) }
    best = min(best, Date().timeIntervalSince(t))
  }
  let flops = w.runs.reduce(0.0) { $0 + Double(w.flopsPerStep($1)) } * Double(w.iterations)
  print(name, Double(w.runs.count * w.iterations) / best / 1e3, "k steps/s", flops / best / 1e9, "GF", best)
}
