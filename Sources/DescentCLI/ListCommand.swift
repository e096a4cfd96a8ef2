import ArgumentParser
import Descent
import Foundation
import Learning
import RunArchive
import Studies

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the experiments: name, runs, runs in the archive, title.")

  @OptionGroup var place: OutputOptions

  @Flag(name: .long, help: "One JSON object per line.")
  var json = false

  func run() throws {
    let archive = try Archive.existing(path: place.archivePath)
    var rows: [[String]] = [["name", "runs", "archived", "title"]]
    for type in Program.catalogue.types {
      let experiment = type.init()
      do {
        let plan = try Plan(experiment.study, files: Program.catalogue.files)
        let known = try archive?.known(among: plan.runs().map(\.key)).count ?? 0
        rows.append([type.name, "\(plan.runCount)", "\(known)", experiment.title])
      } catch is Mistakes {
        rows.append([type.name, "–", "–", experiment.title + "  (it has mistakes: descent plan \(type.name))"])
      }
    }
    if json {
      for row in rows.dropFirst() {
        let object: [String: Any] = [
          "name": row[0], "title": row[3], "runs": Int(row[1]) ?? 0, "archived": Int(row[2]) ?? 0,
        ]
        let data = try JSONSerialization.data(withJSONObject: object, options: .sortedKeys)
        Console.line(String(decoding: data, as: UTF8.self))
      }
    } else {
      Console.line(Console.table(rows, rightAligned: [1, 2]))
    }
  }
}

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show the grid, the runs, the steps and what is in the archive, without training; or list all mistakes.")

  @Argument(help: .experimentNames, completion: .experiments)
  var name: String

  @OptionGroup var sweep: SweepOptions
  @OptionGroup var place: OutputOptions

  func run() throws {
    let session = try Session(name, overrides: try sweep.overrides())
    let plan = session.plan
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
