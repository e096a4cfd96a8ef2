import Analysis
import ArgumentParser
import Documents
import Figures
import Foundation
import Learning
import Reporting
import RunArchive
import Studies

struct RunCommand: ScriptCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Train the runs that are not in the archive, then write the report.")

  @Argument(help: .experimentNames, completion: .experiments)
  var names: [String] = []

  @Flag(name: .long, help: "Run every experiment.")
  var all = false

  @OptionGroup var sweep: SweepOptions
  @OptionGroup var place: OutputOptions
  @OptionGroup var format: FormatOptions
  @OptionGroup var voice: VoiceOptions

  @Option(name: .long, help: .option("Number of threads that train.", default: "number of processors", "number"))
  var threads: Int?

  @Flag(name: .long, help: "Train every run again, also those in the archive.")
  var fresh = false

  @Flag(name: .long, help: "Exit with code 1 unless every claim passes. An untested claim does not pass.")
  var strict = false

  @Flag(name: .long, help: "Draw the losses in the terminal while training.")
  var watch = false

  @Flag(name: .long, help: "With --json: print each cell of the report as HTML as soon as it is drawn.")
  var cells = false

  @OptionGroup var terminal: TerminalOptions

  var scriptArguments: [String] { names }
  var wantsEveryScript: Bool { all }
  var isForPrograms: Bool { voice.json }

  func checkNames() throws {
    if all && !names.isEmpty {
      throw Mistake(
        at: "run", value: "--all with names", rule: "the command needs either names or --all", remedy: "Leave one out")
    }
    guard all || !names.isEmpty else {
      throw Mistake(
        at: "run", value: "", rule: "no experiment is named",
        remedy: "Name one, or use --all. To list them: descent list")
    }
  }

  func run() throws {
    let chosen = try chosenNames()
    let picture = watch ? try terminal.picture() : nil
    try checkOptions()
    let writer = try format.writer(to: place.folder)
    let overrides = try sweep.overrides()
    // Everything that can be wrong is found before the first step of the first experiment.
    var mistakes: [Mistake] = []
    var sessions: [Session] = []
    for name in chosen {
      do {
        sessions.append(try Session(name, in: place, overrides: overrides))
      } catch let found as Mistakes {
        mistakes += found.all
      } catch let mistake as Mistake {
        mistakes.append(mistake)
      }
    }
    if !mistakes.isEmpty { throw Mistakes(mistakes) }
    try writer.prepare(sessions.map { (writer.folderName(of: $0.plan), $0.experiment.report) })
    let archive = try Archive(path: place.archivePath)
    let listener = voice.listener
    if let note = archive.note { listener.hear(.noted(experiment: sessions.first?.name ?? "", message: note)) }
    var isClean = true
    for session in sessions {
      let live = LiveListener(LiveLog(session.name, output: place.folder), picture: picture, next: listener)
      let isDone = try session.train(
        into: archive, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, fresh: fresh,
        listener: live)
      guard isDone else {
        listener.hear(.failed(message: "interrupted; finished runs are kept, and the same command trains the others"))
        throw ExitCode(ExitStatus.interrupted)
      }
      let passed = try Interruption.leaving(listener) {
        try session.settled(in: archive)
          .report(from: archive, with: writer, listener: listener, drawsCells: cells)
      }
      isClean = isClean && passed
    }
    if strict && !isClean { throw ExitCode(ExitStatus.strict) }
  }

  private func checkOptions() throws {
    if let threads, !(1...1024).contains(threads) {
      throw Mistake(
        at: "--threads", value: "\(threads)", rule: "must be between 1 and 1024",
        remedy: "Leave it out to use all processors")
    }
    if cells && !voice.json {
      throw Mistake(
        at: "--cells", value: "", rule: "cells are events, which are printed with --json only", remedy: "Add --json")
    }
  }

  private func chosenNames() throws -> [String] {
    try checkNames()
    let catalogue = Program.catalogue
    return try catalogue.withCompanions(all ? catalogue.names : catalogue.names(of: names))
  }
}

struct RenderCommand: ScriptCommand {
  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Write the report from the archive, without training.")

  @Argument(help: .experimentNames, completion: .experiments)
  var names: [String]

  @OptionGroup var sweep: SweepOptions
  @OptionGroup var place: OutputOptions
  @OptionGroup var format: FormatOptions
  @OptionGroup var voice: VoiceOptions

  var scriptArguments: [String] { names }
  var isForPrograms: Bool { voice.json }

  func run() throws { try Interruption.leaving(voice.listener, render) }

  private func render() throws {
    let writer = try format.writer(to: place.folder)
    let overrides = try sweep.overrides()
    let catalogue = Program.catalogue
    let sessions = try catalogue.withCompanions(catalogue.names(of: names)).map {
      try Session($0, in: place, overrides: overrides)
    }
    let archive = try place.existingArchive()
    try writer.prepare(sessions.map { (writer.folderName(of: $0.plan), $0.experiment.report) })
    for session in sessions {
      _ = try session.settled(in: archive).report(from: archive, with: writer, listener: voice.listener)
    }
  }
}

extension OutputOptions {
  /// The archive.
  /// - Throws: `Mistake` where there is none.
  func existingArchive() throws -> Archive {
    guard let archive = try Archive.existing(path: archivePath) else {
      throw Mistake(
        .data, at: archivePath, value: "", rule: "there is no archive yet",
        remedy: "Train first: descent run NAME")
    }
    return archive
  }
}
