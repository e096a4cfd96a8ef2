import Analysis
import ArgumentParser
import Figures
import Foundation
import Learning
import RunArchive
import Studies

struct PlanCommand: ScriptCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show the grid, the runs, the steps and what is in the archive, without training; or list all mistakes.")

  @Argument(help: .experimentNames, completion: .experiments)
  var name: String

  @OptionGroup var measure: MetricOptions
  @OptionGroup var sweep: SweepOptions
  @OptionGroup var place: OutputOptions

  var scriptArguments: [String] { [name] }

  func run() throws {
    let overrides = try sweep.overrides()
    let metric = try measure.chosen()
    for name in Program.catalogue.names(of: [name]) {
      let plan = try Session(name, in: place, overrides: overrides).plan
      // By default the final training loss is compared, which every run knows.
      try measure.check(metric, plan)
      let archive = try Archive.existing(path: place.archivePath)
      try show(plan, archive)
      if let archive { try showPilot(plan, archive, metric) }
    }
  }

  /// More settings than these are not compared.
  private static let mostSettings = 64

  /// What the runs in the archive say about the number of seeds that the comparison of the settings needs.
  private func showPilot(_ plan: Plan, _ archive: Archive, _ metric: Metric) throws {
    guard plan.combinations.count > 1, plan.combinations.count <= Self.mostSettings else { return }
    let pilot = try Results(pilotOf: plan, store: archive)
    let compared = try SeedComparison.byTask(SeedComparison.settings(of: pilot, by: nil), by: metric)
      .filter { !$0.pairs.isEmpty }
    guard !compared.isEmpty else { return }
    Console.line("  the archived runs as a pilot, compared by \(metric.title):")
    for one in compared {
      Console.line("    \(one.sentence)")
      if let needed = one.leading.flatMap(SeedComparison.needed) { Console.line("    \(needed)") }
    }
  }

  private func show(_ plan: Plan, _ archive: Archive?) throws {
    let known = try archive?.knownCount(of: plan) ?? 0
    Console.line("\(Console.tinted(plan.name, .bold))  \(plan.title)")
    var rows = plan.grid.map { [$0.parameter, $0.values.joined(separator: ", ")] }
    rows.append(["seeds", SeedText.describe(plan)])
    Console.line(Console.table(rows.map { ["  " + $0[0], $0[1]] }))
    Console.line("  \(NumberText.count(plan.runCount, "run")), \(NumberText.count(plan.stepCount, "step")) at most")
    Console.line(
      "  \(NumberText.grouped(known)) in the archive, \(NumberText.grouped(plan.runCount - known)) to train")
    Console.line("  about \(Self.size(plan.memory)) of memory for the list of runs and the report")
    Console.line("  about \(Self.size(try plan.trainingMemory())) of memory for the runs that train at once")
    try showSize(plan)
    if plan.runCount > 0 {
      Console.line("  the first run:")
      for line in try plan.run(0).description.split(separator: "\n") { Console.line("    \(line)") }
    }
  }

  /// More bytes of an archive than these are worth a warning.
  private static let largeArchive = 1e9

  private func showSize(_ plan: Plan) throws {
    let bytes = try ArchiveSize.bytes(of: plan)
    Console.line("  about \(Self.size(bytes)) in the archive at most; smooth curves take a third of it")
    guard bytes > Self.largeArchive else { return }
    let every = try ArchiveSize.cadence(for: plan, atMost: Self.largeArchive)
    let remedy =
      every.map { "record: .every(\($0)) keeps loss and gradient norm at every \($0)th step only" }
      ?? "Use fewer runs or steps, or record: .every(10000)"
    Console.line("  warning: the archive can become larger than 1 GB. \(remedy).")
  }

  private static func size(_ bytes: Double) -> String {
    bytes < 1e9 ? "\(NumberText.short(max(1, (bytes / 1e6).rounded()))) MB" : "\(NumberText.short(bytes / 1e9)) GB"
  }
}
