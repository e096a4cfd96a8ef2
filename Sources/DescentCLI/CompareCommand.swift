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
    abstract: "Compare settings or experiments by one metric, seed by seed: a verdict, tables and a figure.")

  @Argument(help: .experimentNames, completion: .experiments)
  var names: [String]

  @OptionGroup var measure: MetricOptions

  @Option(name: .long, help: .option("Compare the values of this parameter.", default: "all settings", "parameter"))
  var by: String?

  @Option(
    name: .long,
    help: .option(
      "The setting that the others are compared with, as the table names it: \"η = 0.1\".",
      default: "the best by the metric", "setting"))
  var reference: String?

  @OptionGroup var sweep: SweepOptions
  @OptionGroup var place: OutputOptions
  @OptionGroup var format: FormatOptions
  @OptionGroup var voice: VoiceOptions

  var scriptArguments: [String] { names }
  var isForPrograms: Bool { voice.json }

  func run() throws { try Interruption.leaving(voice.listener, compare) }

  private func compare() throws {
    let metric = try measure.chosen()
    let writer = try format.writer(to: place.folder)
    let overrides = try sweep.overrides()
    let names = Program.catalogue.names(of: names)
    let declared = try names.map { try Session($0, in: place, overrides: overrides) }
    if let by { try checkParameter(by, declared) }
    for session in declared { try measure.check(metric, session.plan) }
    let archive = try place.existingArchive()
    let tag = declared.map(\.plan.changeTag).first { !$0.isEmpty } ?? ""
    let name = writer.folderName("compare-\(names.joined(separator: "-"))", changed: tag)
    try writer.prepare([(name, [])])
    let sessions = try declared.map { try $0.settled(in: archive) }
    let results = try sessions.map { try Results(plan: $0.plan, store: archive) }
    guard let first = results.first else { return }
    let groups = zip(sessions, results).flatMap { session, result in
      SeedComparison.settings(of: result, by: by).map { label, part in
        (sessions.count > 1 ? "\(session.name): \(label)" : label, part)
      }
    }
    try checkReference(groups.map(\.0))
    let compared = try SeedComparison.byTask(groups, by: metric, reference: reference, compared: by.map { [$0] })
    for one in compared { voice.json ? JSONListener.write(one.fields) : voice.quiet ? () : show(one) }
    let title = "Settings compared across seeds: \(names.joined(separator: ", "))"
    let report = try ReportComposer.comparison(compared, title: title, results: first)
    for page in try writer.write(report, name: name) {
      voice.listener.hear(.wrote(experiment: name, path: page.relative))
    }
  }

  private func show(_ compared: SeedComparison) {
    Console.line(Console.tinted(compared.sentence, .bold))
    for remark in compared.remarks { Console.line(remark) }
    Console.line("")
    show(compared.table)
    Console.line("")
    guard let pairs = compared.pairTable else { return }
    show(pairs)
    Console.line("")
    Console.line(compared.method)
    Console.line("")
  }

  private func show(_ table: Document.Table) {
    Console.line(table.caption.plain)
    let numbers = table.columns.indices.filter { table.columns[$0].kind == .number }
    let rows = [table.columns.map(\.title.plain)] + table.rows.map { $0.map(\.plain) }
    Console.line(Console.table(rows, rightAligned: Set(numbers)))
  }

  private func checkReference(_ labels: [String]) throws {
    guard let reference, !labels.contains(reference) else { return }
    let near = Spelling.nearest(to: reference, among: labels).map { "Did you mean \"\($0)\"? " } ?? ""
    let all = Set(labels).sorted().map { "\"\($0)\"" }
    throw Mistake(
      at: "--reference", value: reference, rule: "no setting has this name",
      remedy: "\(near)The settings are \(all.prefix(12).joined(separator: ", "))\(all.count > 12 ? " …" : "")")
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
