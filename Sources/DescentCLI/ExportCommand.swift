import Analysis
import ArgumentParser
import Foundation
import Learning
import Reporting
import RunArchive
import Studies

struct ExportCommand: ScriptCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract:
      "Write series or weights for NumPy, figures for gnuplot, tables for LaTeX, or the report as a Jupyter notebook.")

  @Argument(help: .experimentNames, completion: .experiments)
  var name: String

  @Option(
    name: .customLong("to"),
    help: ArgumentHelp(
      "csv or parquet (tidy tables), npy (one array per quantity, and a JSON index), gnuplot (one script per figure), latex (the tables of the report) or ipynb (the report as a Jupyter notebook). (default: none, which needs --weights)",
      valueName: "format"))
  var target: String?

  @Flag(
    name: .long,
    help: "Write weights.npz: weights and biases per run and layer, standardisation, rows of the data split.")
  var weights = false

  @OptionGroup var sweep: SweepOptions
  @OptionGroup var place: OutputOptions
  @OptionGroup var voice: VoiceOptions

  var scriptArguments: [String] { [name] }
  var isForPrograms: Bool { voice.json }

  private enum Target: String {
    case csv, parquet, npy, gnuplot, latex, ipynb
  }

  func run() throws { try Interruption.leaving(voice.listener, export) }

  private func export() throws {
    let format = try self.format()
    let overrides = try sweep.overrides()
    let declared = try Program.catalogue.names(of: [name]).map { try Session($0, in: place, overrides: overrides) }
    let archive = try place.existingArchive()
    let sessions = try declared.map { try $0.settled(in: archive) }
    for session in sessions {
      let folder = ExportFolder(place.folder).url(of: session.plan)
      for file in try files(format, session, archive, folder) {
        voice.listener.hear(.wrote(experiment: session.name, path: file.relative))
      }
    }
  }

  private func format() throws -> Target? {
    guard let target else {
      if weights { return nil }
      throw Mistake(
        at: "export", value: "neither --to nor --weights", rule: "nothing says what is to be written",
        remedy: "Write --weights, or --to csv, parquet, npy, gnuplot, latex or ipynb")
    }
    guard let format = Target(rawValue: target) else {
      throw Mistake(
        at: "--to", value: target, rule: "there is no such format",
        remedy: "Write csv, parquet, npy, gnuplot, latex or ipynb")
    }
    return format
  }

  private func files(_ format: Target?, _ session: Session, _ archive: Archive, _ folder: URL) throws -> [URL] {
    if weights { try WeightsExport.prepare(folder: folder) }
    var written: [URL] = []
    switch format {
    case nil: break
    case .gnuplot:
      written = try GnuplotExport(session.compose(from: archive)).write(to: folder.appendingPathComponent("gnuplot"))
    case .latex: written = try DocumentExport(session.compose(from: archive)).write(.latex, to: folder)
    case .ipynb: written = try DocumentExport(session.compose(from: archive)).write(.ipynb, to: folder)
    case .csv: written = try series(.csv, session, archive, folder)
    case .parquet: written = try series(.parquet, session, archive, folder)
    case .npy: written = try series(.npy, session, archive, folder)
    }
    if weights {
      let results = try Results(plan: session.plan, store: archive)
      written.append(try WeightsExport(results, store: archive).write(to: folder))
    }
    return written
  }

  private func series(
    _ format: SeriesExport.Format, _ session: Session, _ archive: Archive, _ folder: URL
  ) throws -> [URL] {
    let results = try Results(plan: session.plan, store: archive)
    let quantities = try archive.quantities(of: session.plan)
    try SeriesExport.prepare(format, quantities: quantities, folder: folder)
    return try SeriesExport(results, quantities: quantities).write(format, to: folder)
  }
}
