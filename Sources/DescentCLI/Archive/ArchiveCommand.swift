import ArgumentParser

/// The commands on the archive itself.
struct ArchiveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "archive", abstract: "Look after the archive of runs: remove old ones.",
    subcommands: [PruneCommand.self])
}
