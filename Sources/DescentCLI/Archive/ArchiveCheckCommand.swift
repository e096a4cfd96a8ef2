import ArgumentParser
import Foundation
import RunArchive
import Studies

struct ArchiveCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Read every byte of the archive, and name what is damaged.",
    discussion: "The exit code is 74 if something is damaged. Nothing is changed.")

  @OptionGroup var place: OutputOptions

  func run() throws {
    let path = try place.presentArchive()
    let health = try Archive.health(path: path)
    Console.line(health.summary)
    for line in health.lines { Console.line("  \(line)") }
    guard !health.isSound else { return }
    Console.line("To remove the damaged runs, so that they are trained again: descent archive repair")
    throw ExitCode(ExitStatus.archive)
  }
}

struct ArchiveRepairCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair",
    abstract: "Remove damaged runs, so that they are trained again; keep everything that can be read.",
    discussion: """
      Where pages or indexes are damaged, the sound runs are written to a new file, and the damaged one is kept beside it.
      """)

  @OptionGroup var place: OutputOptions

  func run() throws {
    let path = try place.presentArchive()
    let repair = try Archive.repair(path: path)
    Console.line(repair.health.summary)
    for line in repair.health.lines { Console.line("  \(line)") }
    guard !repair.health.isSound else { return Console.line("There is nothing to repair.") }
    if !repair.health.damaged.isEmpty {
      Console.line("The damaged runs are removed; descent run NAME trains them again.")
    }
    if let former = repair.former {
      Console.line(
        "The sound runs are in a new file. The damaged one is kept: \(URL(fileURLWithPath: former).relative)")
    }
  }
}

extension ArchiveHealth {
  /// How many runs are sound and how many damaged.
  var summary: String {
    let damage = damaged.isEmpty ? "" : ", \(NumberText.grouped(damaged.count)) damaged"
    let old =
      runsWithoutChecksums == 0
      ? "" : ", \(NumberText.grouped(runsWithoutChecksums)) of the first version, without checksums and not used"
    return "\(NumberText.count(soundRuns, "sound run"))\(damage)\(old)"
  }

  /// A line for each damaged run and each damage of the file.
  var lines: [String] {
    damaged.map { run in
      let name = run.key.map { "run \($0)" } ?? "the run in row \(run.row)"
      return "\(name): \(run.parts.joined(separator: "; "))" + (run.settings.isEmpty ? "" : "\n    \(run.settings)")
    } + structure.map { "the file: \($0)" }
  }
}
