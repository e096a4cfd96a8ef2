import Analysis
import ArgumentParser
import Documents
import Figures
import Foundation
import Learning
import Reporting
import RunArchive
import Studies

struct CompareCommand: ScriptCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare convergence across seeds, between settings or experiments: tables and a figure.")

  @Argument(help: .experimentNames, completion: .experiments)
  var names: [String]

  @Option(
    name: .long,
    help: .option(
      "A run has converged when its training loss is below this.", default: "median final loss of each task", "loss"))
  var below: Double?

  @Option(name: .long, help: .option("Compare the values of this parameter.", default: "all settings", "parameter"))
  var by: String?

  @OptionGroup var sweep: SweepOptions
  @OptionGroup var place: OutputOptions
  @OptionGroup var format: FormatOptions
  @OptionGroup var voice: VoiceOptions

  var scriptArguments: [String] { names }
  var isForPrograms: Bool { voice.json }

  func run() throws { try Interruption.leaving(voice.listener, compare) }

  private func compare() throws {
    if let below, !(below > 0 && below.isFinite) {
      throw Mistake(at: "--below", value: "\(below)", rule: "must be positive and finite", remedy: "Try 1e-3")
    }
    let writer = try format.writer(to: place.folder)
    let overrides = try sweep.overrides()
    let names = Program.catalogue.names(of: names)
    let sessions = try names.map { try Session($0, overrides: overrides) }
    if let by { try checkParameter(by, sessions) }
    let archive = try place.existingArchive()
    let name = "compare-\(names.joined(separator: "-"))"
    try writer.prepare([(name, [])])
    let results = try sessions.map { try Results(plan: $0.plan, store: archive) }
    guard let first = results.first else { return }
    let groups = zip(sessions, results).flatMap { session, result in
      SeedComparison.settings(of: result, by: by).map { label, part in
        (sessions.count > 1 ? "\(session.name): \(label)" : label, part)
      }
    }
    let compared = try SeedComparison.byTask(groups, threshold: below, compared: by.map { [$0] })
    if !voice.quiet && !voice.json { for one in compared { show(one) } }
    let title = "Convergence across seeds: \(names.joined(separator: ", "))"
    let report = try ReportComposer.comparison(compared, title: title, results: first)
    for page in try writer.write(report, name: name) {
      voice.listener.hear(.wrote(experiment: name, path: page.relative))
    }
  }

  private func show(_ compared: SeedComparison) {
    show(compared.table)
    guard let pairs = compared.pairTable else { return }
    Console.line("")
    show(pairs)
  }

  private func show(_ table: Document.Table) {
    Console.line(table.caption.plain)
    let numbers = table.columns.indices.filter { table.columns[$0].kind == .number }
    let rows = [table.columns.map(\.title.plain)] + table.rows.map { $0.map(\.plain) }
    Console.line(Console.table(rows, rightAligned: Set(numbers)))
  }

  private func checkParameter(_ name: String, _ sessions: [Session]) throws {
    for session in sessions where !session.plan.grid.contains(where: { $0.parameter == name }) {
      let known = session.plan.grid.map(\.parameter)
      let near = Spelling.nearest(to: name, among: known).map { "Did you mean \($0)? " } ?? ""
      throw Mistake(
        at: "--by", value: name, rule: "\(session.name) does not vary it",
        remedy: "\(near)It varies \(known.isEmpty ? "only seeds" : known.joined(separator: ", "))")
    }
  }
}
