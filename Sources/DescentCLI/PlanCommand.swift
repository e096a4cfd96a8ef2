import ArgumentParser
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

  @OptionGroup var sweep: SweepOptions
  @OptionGroup var place: OutputOptions

  var scriptArguments: [String] { [name] }

  func run() throws {
    let overrides = try sweep.overrides()
    for name in Program.catalogue.names(of: [name]) { try show(try Session(name, overrides: overrides).plan) }
  }

  private func show(_ plan: Plan) throws {
    let runs = try plan.runs()
    let known = try Archive.existing(path: place.archivePath)?.known(among: runs.map(\.key)) ?? []
    let missing = runs.count { !known.contains($0.key) }
    Console.line("\(Console.tinted(plan.name, .bold))  \(plan.title)")
    var rows = plan.grid.map { [$0.parameter, $0.values.joined(separator: ", ")] }
    rows.append(["seeds", SeedText.describe(plan.seeds)])
    Console.line(Console.table(rows.map { ["  " + $0[0], $0[1]] }))
    Console.line("  \(NumberText.count(runs.count, "run")), \(NumberText.count(plan.stepCount, "step")) at most")
    Console.line(
      "  \(NumberText.grouped(runs.count - missing)) in the archive, \(NumberText.grouped(missing)) to train")
    Console.line("  about \(Self.size(plan.memory)) of memory for the list of runs and the report")
    if let first = runs.first {
      Console.line("  the first run:")
      for line in first.description.split(separator: "\n") { Console.line("    \(line)") }
    }
  }

  private static func size(_ bytes: Double) -> String {
    bytes < 1e9 ? "\(NumberText.short(max(1, (bytes / 1e6).rounded()))) MB" : "\(NumberText.short(bytes / 1e9)) GB"
  }
}
