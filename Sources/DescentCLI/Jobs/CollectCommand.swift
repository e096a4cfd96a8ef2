import ArgumentParser
import Foundation
import Jobs
import Learning
import RunArchive

struct CollectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect", abstract: "Take the runs that workers have published into the archive.",
    discussion: """
      A run that is in the archive already must have the same bits; otherwise both are kept, and the command exits with code 74. So \
      it does for a damaged shard. It can be repeated at any time, also while workers publish.
      """)

  @Argument(help: ArgumentHelp("Experiments, or names of job folders.", valueName: "name"))
  var names: [String]

  @Flag(name: .long, help: "Look at the shards that were collected before, too: after the archive has lost runs.")
  var again = false

  @Flag(name: .long, help: "Print errors only.")
  var quiet = false

  @OptionGroup var place: OutputOptions

  func run() throws {
    let folders = try names.flatMap { try JobFolder.named($0, in: place.folder) }
    let archive = try Archive(path: place.archivePath)
    let isNew = try archive.runCount() == 0
    let outcome = try Collection(archive: archive).collect(folders, again: again || isNew)
    let lines = outcome.lines.isEmpty ? ["no shard to collect"] : outcome.lines
    if !quiet { lines.forEach(Console.line) }
    if !outcome.isClean {
      if quiet { lines.dropFirst().forEach(Console.error) }
      throw ExitCode(ExitStatus.archive)
    }
  }
}
