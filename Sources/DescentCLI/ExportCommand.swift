import Analysis
import ArgumentParser
import Documents
import Figures
import Foundation
import Learning
import Reporting
import RunArchive
import Studies

struct ExportCommand: ScriptCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write the recorded series for pandas or NumPy, or the figures as gnuplot scripts."
  )

  @Argument(help: .experimentNames, completion: .experiments)
  var name: String

  @Option(
    name: .customLong("to"),
    help: ArgumentHelp(
      "csv (one tidy table), npy (one array per quantity, and a JSON index) or gnuplot (one script per figure). Required.",
      valueName: "format"))
  var target: String

  @OptionGroup var sweep: SweepOptions
  @OptionGroup var place: OutputOptions
  @OptionGroup var voice: VoiceOptions

  var scriptArguments: [String] { [name] }
  var isForPrograms: Bool { voice.json }

  func run() throws { try Interruption.leaving(voice.listener, export) }

  private func export() throws {
    let format = SeriesExport.Format(rawValue: target)
    guard format != nil || target == "gnuplot" else {
      throw Mistake(at: "--to", value: target, rule: "there is no such format", remedy: "Write csv, npy or gnuplot")
    }
    let overrides = try sweep.overrides()
    let sessions = try Program.catalogue.names(of: [name]).map { try Session($0, overrides: overrides) }
    let archive = try place.existingArchive()
    for session in sessions {
      let folder = place.folder.appendingPathComponent("export").appendingPathComponent(session.name)
      for file in try files(format, session, archive, folder) {
        voice.listener.hear(.wrote(experiment: session.name, path: file.relative))
      }
    }
  }

  private func files(
    _ format: SeriesExport.Format?, _ session: Session, _ archive: Archive, _ folder: URL
  ) throws -> [URL] {
    guard let format else {
      return try GnuplotExport(session.compose(from: archive)).write(to: folder.appendingPathComponent("gnuplot"))
    }
    let results = try Results(plan: session.plan, store: archive)
    let quantities = try archive.quantities(of: session.plan.runs().map(\.key))
    try SeriesExport.prepare(format, quantities: quantities, folder: folder)
    return try SeriesExport(results, quantities: quantities).write(format, to: folder)
  }
}
