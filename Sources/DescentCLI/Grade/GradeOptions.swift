import ArgumentParser
import Foundation
import Learning
import Scripts

/// The limits of one submission.
struct LimitOptions: ParsableArguments {
  @Option(name: .long, help: .option("Seconds for compiling, and for running, each.", default: "60", "seconds"))
  var time: Double?

  @Option(
    name: .long,
    help: .option("Seconds of processor time of one process.", default: "--time × number of threads", "seconds"))
  var cpu: Int?

  @Option(name: .long, help: .option("Megabytes of memory of one process.", default: "2048", "megabytes"))
  var memory: Int?

  @Option(name: .long, help: .option("Steps of all runs of a submission.", default: "100000000", "number"))
  var steps: Int?

  @Option(name: .long, help: .option("Megabytes of all files that a submission writes.", default: "512", "megabytes"))
  var files: Int?

  var maximumSteps: Int { steps ?? 100_000_000 }

  func limits(threads: Int) throws -> LimitedProcess.Limits {
    let time = time ?? 60
    try Mistakes.collect([
      { try Self.check("--time", time, 0.1...86_400) },
      { try Self.check("--cpu", Double(cpu ?? 1), 1...1_000_000) },
      { try Self.check("--memory", Double(memory ?? 2048), 256...1_048_576) },
      { try Self.check("--steps", Double(maximumSteps), 1...1e15) },
      { try Self.check("--files", Double(files ?? 512), 1...1_048_576) },
    ])
    return LimitedProcess.Limits(
      seconds: time, processorSeconds: cpu ?? Int((time * Double(threads)).rounded(.up)),
      memory: (memory ?? 2048) << 20, fileBytes: (files ?? 512) << 20, fileCount: 10_000)
  }

  private static func check(_ option: String, _ value: Double, _ range: ClosedRange<Double>) throws {
    guard !range.contains(value) else { return }
    throw Mistake(
      at: option, value: String(format: "%g", value),
      rule: "must be from \(String(format: "%g", range.lowerBound)) to \(String(format: "%g", range.upperBound))",
      remedy: "Leave it out for the default")
  }
}
