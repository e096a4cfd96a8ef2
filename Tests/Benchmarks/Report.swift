import Foundation
import Learning

/// The JSON line of a measurement, with the peers' keys.
struct Report {
  struct Fields: Encodable {
    let peer: String
    let variant: String
    let workload: String
    let dtype: String
    let threads: Int
    let workers: Int
    let runs: Int
    let iterations: Int
    let steps_total: Int
    let extrapolated: Bool
    let compile_seconds: Double
    let train_seconds: Double
    let train_seconds_all: [Double]
    let cpu_seconds: Double
    let steps_per_second: Double
    let steps_per_second_median: Double
    let gflops: Double
    let final_loss_median: Double
    let diverged: Int
    let load_before: Double
    let versions: String
  }

  let fields: Fields

  init(
    workload: Workload, isPart: Bool, dtype: String, threads: Int, measured: [Measurement], load: Double
  ) {
    let seconds = measured.map(\.seconds)
    let best = seconds.min() ?? .nan
    let median = seconds.sorted()[seconds.count / 2]
    let steps = workload.runs.count * workload.iterations
    let flops = workload.runs.reduce(0.0) { $0 + Double(workload.flopsPerStep($1)) } * Double(workload.iterations)
    let finals = (measured.last?.results ?? []).map { $0.finalLoss.isFinite ? $0.finalLoss : .infinity }.sorted()
    let middle = finals.count / 2
    let finalMedian =
      finals.isEmpty ? .nan : finals.count % 2 == 1 ? finals[middle] : (finals[middle - 1] + finals[middle]) / 2
    fields = Fields(
      peer: "descent", variant: workload.direction, workload: workload.name, dtype: dtype, threads: threads, workers: 1,
      runs: workload.runs.count, iterations: workload.iterations, steps_total: steps, extrapolated: isPart,
      compile_seconds: 0, train_seconds: best, train_seconds_all: seconds,
      cpu_seconds: measured.map(\.cpuSeconds).min() ?? .nan,
      steps_per_second: Double(steps) / best,
      steps_per_second_median: Double(steps) / median, gflops: flops / best / 1e9, final_loss_median: finalMedian,
      diverged: finals.count { $0 == .infinity }, load_before: load, versions: "descent, Swift 6.3")
  }
}
