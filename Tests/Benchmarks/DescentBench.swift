import ArgumentParser
import CPlatform
import Foundation
import Lanes
import Learning

/// Trains one of the peers' workloads and reports its speed.
struct DescentBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "descent-bench",
    abstract: "Train one of the workloads W1–W6 and print its speed as one line of JSON.")

  @Option(help: "W1 … W6.")
  var workload: String?

  @Option(help: "Draw so many curves of --points points in one figure, in place of a workload.")
  var curves: Int?

  @Option(help: "Points of a drawn curve.")
  var points = 10_000

  @Option(help: "Polish, classify and count the ends of so many XOR networks, in place of a workload.")
  var census: Int?

  @Option(help: "Write the runs that the engine of a page is compared by to this file, in place of a workload.")
  var page: String?

  @Option(help: "float64 or float32.")
  var dtype = "float64"

  @Option(help: "Threads that train, one to a core.")
  var threads = 1

  @Option(help: "Take this many of the runs, evenly spread (0: all).")
  var runs = 0

  @Option(help: "Only this many steps of each run (0: all).")
  var iterations = 0

  @Option(help: "Repeats; the fastest counts.")
  var repeats = 3

  @Option(help: "A folder for losses.npy and norms.npy of all runs.")
  var dump: String?

  @Flag(help: "Train as `descent run` does, with and without an archive, and print what the archive costs.")
  var archive = false

  func validate() throws {
    guard page != nil || curves != nil || census != nil || Workload.names.contains(workload ?? "") else {
      throw ValidationError("--workload is one of W1 … W6; or write --curves, --census or --page")
    }
    guard (1...1_000_000).contains(census ?? 1) else { throw ValidationError("--census lies between 1 and 1000000") }
    guard (1...100_000).contains(curves ?? 1), (2...1_000_000).contains(points) else {
      throw ValidationError("--curves lies between 1 and 100000, --points between 2 and 1000000")
    }
    guard Precision(rawValue: dtype) != nil else { throw ValidationError("--dtype is float64 or float32") }
    guard threads > 0, runs >= 0, iterations >= 0, repeats > 0 else {
      throw ValidationError("--threads and --repeats are positive, --runs and --iterations not negative")
    }
  }

  func run() throws {
    if let page { return try PageCaseFile.write(to: page) }
    if let census { return try CensusBench(runs: census, threads: threads).run() }
    if let curves { return try FigureBench(curves: curves, points: points).run(repeats: repeats, dump: dump) }
    guard let whole = Workload.named(workload ?? ""), let precision = Precision(rawValue: dtype) else { return }
    let part = whole.part(runs: runs, iterations: iterations)
    let load = Measurement.load
    if let missing = InstructionSet.missing {
      throw ValidationError("this binary needs \(missing), which this processor lacks")
    }
    descent_keep_memory()
    if archive { return try ArchiveBench(workload: part, precision: precision, threads: threads).run(repeats: repeats) }
    var measured: [Measurement] = []
    for _ in 0..<repeats {
      // Only the last repeat's curves are kept: the memory of the others serves again.
      if let last = measured.indices.last { measured[last].results = [] }
      measured.append(Measurement.of(part, precision: precision, threads: threads))
    }
    let line = Report(
      workload: part, isPart: part.runs.count < whole.runs.count || part.iterations < whole.iterations, dtype: dtype,
      threads: threads, measured: measured, load: load)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    print(String(decoding: try encoder.encode(line.fields), as: UTF8.self))
    if let dump, let last = measured.last { try last.dump(to: URL(fileURLWithPath: dump)) }
  }
}
