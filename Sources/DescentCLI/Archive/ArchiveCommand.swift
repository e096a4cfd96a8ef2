import ArgumentParser
import Documents
import Foundation
import Learning
import Reporting
import RunArchive
import Studies

/// `descent archive`, the commands on the archive itself.
struct ArchiveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "archive", abstract: "Check, repair, compact, measure or prune the archive of finished runs.",
    subcommands: [
      ArchiveCheckCommand.self, ArchiveRepairCommand.self, ArchiveCompactCommand.self, ArchiveSizeCommand.self,
      PruneCommand.self,
    ])
}

/// A size in words.
enum SizeText {
  static func of(_ bytes: Int) -> String {
    switch bytes {
    case ..<1_000: "\(bytes) bytes"
    case ..<1_000_000: "\(NumberText.short((Double(bytes) / 1e3).rounded())) kB"
    case ..<1_000_000_000: "\(NumberText.short((Double(bytes) / 1e5).rounded() / 10)) MB"
    default: "\(NumberText.short((Double(bytes) / 1e7).rounded() / 100)) GB"
    }
  }
}

extension OutputOptions {
  /// The path of the archive.
  /// - Throws: `Mistake` where there is none.
  func presentArchive() throws -> String {
    guard FileManager.default.fileExists(atPath: archivePath) else {
      throw Mistake(
        .data, at: archivePath, value: "", rule: "there is no archive yet", remedy: "Train first: descent run NAME")
    }
    return archivePath
  }
}
