import Learning
import Studies

/// Splits the runs of a sweep by width, checks that they can be compared, and measures each width.
struct CapacitySurvey {
  let learned: Results
  let random: Results?
  let parameter: AnyParameter
  let fraction: Double

  func widths() throws -> [Capacity.Width] {
    guard !learned.isEmpty else {
      throw mistake("no runs", "there is nothing to measure", "Choose runs that are in the sweep")
    }
    try checkNothingIsMixed(learned)
    if let random { try checkNothingIsMixed(random) }
    var constants = BestConstants()
    return try groups(learned).map { width, runs in try measured(width, runs, &constants) }
  }

  private func measured(_ width: Int, _ runs: Results, _ constants: inout BestConstants) throws -> Capacity.Width {
    guard let row = runs.rows.first, let data = try runs.dataset(of: row),
      let network = try runs.plan.network(of: row.run)
    else { throw mistake("an objective", "only a network on data has a capacity", "Train a network") }
    guard data.validation != nil else {
      throw mistake(
        data.name, "capacity needs validation data, and there are none",
        "Add some: .validation(share: 0.3), or .validation(fresh: 512) for a generator")
    }
    let validation = try runs.values(.final(.validationLoss))
    let ofConstant = try runs.rows.map { try constants.of($0, in: runs)?.validation ?? .nan }
    return Capacity.Width(
      width: width, parameters: network.parameterCount,
      parametersPerValue: Double(network.parameterCount) / Double(data.training.count * data.outputCount),
      runs: runs.count, diverged: runs.divergedCount, training: Quartiles(try runs.values(.finalLoss)),
      validation: Quartiles(validation), validationLeft: Quartiles(zip(validation, ofConstant).map { $0 / $1 }),
      interpolating: interpolating(try constants.relativeLosses(runs)), rise: try rise(runs),
      random: try memorised(width, &constants))
  }

  private func memorised(_ width: Int, _ constants: inout BestConstants) throws -> Capacity.RandomLabels? {
    guard let runs = random.flatMap({ all in groups(all).first { $0.width == width }?.runs }) else { return nil }
    let losses = try constants.relativeLosses(runs)
    return Capacity.RandomLabels(
      left: Quartiles(losses), interpolating: interpolating(losses), diverged: runs.divergedCount)
  }

  private func interpolating(_ losses: [Double]) -> Share {
    Share(losses.count { $0 < fraction }, of: losses.count)
  }

  /// The final validation loss divided by the least one, run by run; `nil` where only the final one is known.
  private func rise(_ runs: Results) throws -> Quartiles? {
    guard try runs.series(.validationLoss).allSatisfy({ ($0?.values.count ?? 0) > 1 }) else { return nil }
    return Quartiles(
      zip(try runs.values(.final(.validationLoss)), try runs.values(.best(.validationLoss))).map { $0 / $1 })
  }

  /// The validation loss at width i divided by that at width j, paired by seed, at `[i][j]`. All intervals hold jointly.
  func ratios(_ widths: [Int]) throws -> [[PairedRatio]] {
    // Runs of different widths share the seed, and whatever else the command line varies.
    let losses = try groups(learned).map { _, runs in
      try PairedValues(.final(.validationLoss), of: runs, compared: [parameter.name])
    }
    let comparisons = widths.count * (widths.count - 1) / 2
    return losses.map { own in losses.map { other in PairedRatio(own, other, comparisons: comparisons) } }
  }

  private func groups(_ results: Results) -> [(width: Int, runs: Results)] {
    let widths = Set(results.rows.compactMap { results.setting(parameter.name, $0)?.number.map { Int($0) } })
    return widths.sorted().map { width in
      (width, results.filtered { results.setting(parameter.name, $0) == .integer(width) })
    }
  }

  /// Checks that the runs differ only in their width and seed: tasks or learning rates must not be mixed.
  private func checkNothingIsMixed(_ results: Results) throws {
    guard groups(results).reduce(0, { $0 + $1.runs.count }) == results.count else {
      throw mistake("", "the runs have no \(parameter.title)", "Name a parameter that the sweep varies")
    }
    for axis in results.plan.axes where axis.parameter.name != parameter.name {
      let name = axis.parameter.name
      guard !results.plan.added.contains(name), Set(results.rows.map { results.setting(name, $0) }).count > 1 else {
        continue
      }
      throw mistake(
        name, "a swept parameter is left free, so that runs of different settings would be mixed",
        "Choose a value: results.where(\(name), is: …)")
    }
  }

  private func mistake(_ value: String, _ rule: String, _ remedy: String) -> Mistake {
    Mistake(
      .data, at: "capacity over \(parameter.name) in \(learned.plan.name)", value: value, rule: rule, remedy: remedy)
  }
}
