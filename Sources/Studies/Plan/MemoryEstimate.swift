import Foundation
import Learning

/// The memory that a study will take, estimated before it is taken.
struct MemoryEstimate {
  /// Of a run in the summaries and curves of a report: reports of `seeds` with 100,000 and with a million runs of 5 steps differed by 590 bytes
  /// a run, the sweeps themselves with their reports by up to 900.
  static let bytesPerRun = 900.0
  /// Of a combination of axis values, its description included.
  static let bytesPerCombination = 4_000.0

  private let combinationCount: Double
  private let runCount: Double

  init(_ study: Study) {
    combinationCount = study.axes.reduce(1) { $0 * Double($1.values.count) }
    runCount = combinationCount * Double(study.seeds.count)
  }

  init(combinations: Int, runs: Int) {
    combinationCount = Double(combinations)
    runCount = Double(runs)
  }

  /// Bytes for planning and reporting the sweep.
  var bytes: Double { runCount * Self.bytesPerRun + combinationCount * Self.bytesPerCombination }

  /// The share of the machine's memory that a sweep may take, in bytes.
  private static var available: Double { 0.8 * Double(ProcessInfo.processInfo.physicalMemory) }

  /// - Throws: `Mistakes` where the list of runs alone does not fit.
  func refuseTooMuch() throws {
    guard bytes > Self.available else { return }
    throw Mistakes([
      Self.mistake(
        "\(NumberText.short(runCount)) runs, about \(NumberText.short(bytes / 1e9)) GB", "Use fewer values or seeds")
    ])
  }

  /// - Throws: `Mistakes` where the runs that train side by side do not fit beside the list.
  func refuseTooMuch(training forms: [TrainingRun.Form], _ combinations: [Plan.Combination]) throws {
    let needed = bytes + training(forms, combinations)
    guard needed > Self.available else { return }
    throw Mistakes([
      Self.mistake(
        "\(NumberText.short(needed / 1e9)) GB for the runs that train at once",
        "Use smaller networks or fewer steps, or record: .every(100)")
    ])
  }

  /// Bytes of the runs that train side by side, of the form that takes most: their series twice, because lists grow by doubling, and
  /// eight numbers for each parameter.
  func training(_ forms: [TrainingRun.Form], _ combinations: [Plan.Combination]) -> Double {
    let processors = Double(ProcessInfo.processInfo.activeProcessorCount)
    return zip(forms, combinations).reduce(0) { most, pair in
      let (form, setup) = (pair.0, pair.1.setup)
      let values = setup.record.valueCount(steps: setup.stop.steps)
      let perRun = 16 * Double(values) + 64 * Double(form.parameterCount)
      return max(most, perRun * min(Double(form.runsAtOnce) * processors, runCount))
    }
  }

  private static func mistake(_ value: String, _ remedy: String) -> Mistake {
    Mistake(
      at: "sweep", value: value,
      rule: "a sweep takes at most four fifths of the machine's memory, "
        + "\(NumberText.short(available / 1e9)) GB here", remedy: remedy)
  }
}
