import ArgumentParser
import Foundation
import Jobs
import Learning
import RunArchive
import Scripts
import Studies

struct SubmitCommand: ScriptCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit", abstract: "Cut the missing runs into chunks for other machines, and send them to Slurm.",
    discussion: """
      Program, scripts and data are copied into a job folder, output/jobs/NAME-DIGEST, so that later edits do not reach jobs that \
      wait. The command returns at once: descent status NAME shows how far the chunks are, and descent collect NAME takes their \
      runs into the archive. Sent again, it sends the runs that are neither in the archive nor in a chunk that waits or runs.
      """)

  @Argument(help: .experimentNames, completion: .experiments)
  var names: [String]

  @OptionGroup var options: SubmitOptions
  @OptionGroup var sweep: SweepOptions
  @OptionGroup var place: OutputOptions

  var scriptArguments: [String] { names }

  func run() throws {
    try options.check()
    let overrides = try sweep.overrides()
    let catalogue = Program.catalogue
    let chosen = try catalogue.withCompanions(catalogue.names(of: names))
    let sessions = try chosen.map { try Session($0, in: place, overrides: overrides) }
    let baseline =
      options.baseline || options.baselineProgram != nil ? try BaselineProgram.find(options.baselineProgram) : nil
    let output = place.folder
    try OutputPlace.make(output, unless: options.dryRun)
    for session in sessions {
      let maker = JobMaker(
        session: session, sweep: sweep, output: output, archivePath: place.archivePath, baseline: baseline)
      try SweepSubmission(maker: maker, options: options).send()
    }
  }
}

/// The output folder.
enum OutputPlace {
  /// - Throws: `Mistake` where the folder cannot be made.
  static func make(_ folder: URL, unless isDry: Bool) throws {
    guard !isDry else { return }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw Mistake(
        .output, at: folder.path, value: "", rule: "the folder cannot be made",
        remedy: "Check its permissions, or choose another with --output")
    }
  }
}
