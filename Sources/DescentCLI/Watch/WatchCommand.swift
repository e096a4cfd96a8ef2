import ArgumentParser
import Foundation
import Gnuplot
import Learning
import RunArchive
import Scripts
import Studies

struct WatchCommand: ScriptCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Draw the losses of running trainings. When a script is saved: compile it, train new runs, render.")

  @Argument(help: .experimentNames, completion: .experiments)
  var name: String

  @Flag(name: .long, help: "Draw the present losses once, then exit.")
  var once = false

  @OptionGroup var place: OutputOptions
  @OptionGroup var terminal: TerminalOptions

  var scriptArguments: [String] { [name] }
  /// A watch outlives the scripts: it loads none, and runs them in processes of their own.
  var loadsScripts: Bool { once }

  func run() throws {
    let picture = try terminal.picture()
    if once { return try drawOnce(picture) }
    let script = Program.isScripted ? try ScriptLibrary().script(name) : nil
    let names = script.map { DeclaredNames($0).names }.flatMap { $0.contains(name) ? [name] : $0 } ?? [name]
    let files = script.map { NumberText.count($0.files.count, "file") + " of \($0.url.relative)" }
    Console.line(
      "watching the training of \(names.joined(separator: ", "))\(files.map { " and the \($0)" } ?? ""); Ctrl-C exits")
    var sources = script.map { SourceWatch($0.url) }
    var seen = Date.distantPast
    while true {
      for log in names.map({ LiveLog($0, output: place.folder) }) {
        guard let changed = log.changed, changed > seen else { continue }
        seen = changed
        picture.draw(log.read(), title: log.name, every: 0)
      }
      if let file = sources?.change() {
        Console.line(Rerun(argument: name, names: names, output: place.folder).run(after: file))
      }
      Thread.sleep(forTimeInterval: 0.1)
    }
  }

  private func drawOnce(_ picture: LivePicture) throws {
    for name in Program.catalogue.names(of: [name]) {
      let session = try Session(name, in: place)
      guard try draw(LiveLog(name, output: place.folder), session, picture) else {
        throw Mistake(
          .data, at: name, value: "", rule: "none of its runs is being trained or is in the archive",
          remedy: "Train it: descent run \(name)")
      }
    }
  }

  /// Draws the runs that are being trained, or else some runs of the archive.
  private func draw(_ log: LiveLog, _ session: Session, _ picture: LivePicture) throws -> Bool {
    let samples = log.read()
    if Dictionary(grouping: samples, by: \.run).values.contains(where: { $0.count > 1 }) {
      picture.draw(samples, title: session.name, every: 0)
      return true
    }
    guard let archive = try Archive.existing(path: place.archivePath) else { return false }
    let count = session.plan.runCount
    let runs = try stride(from: 0, to: count, by: max(1, count / 6)).prefix(6).map(session.plan.run)
    let series = try archive.series(.loss, of: runs.map(\.key))
    let curves = runs.compactMap { run -> TerminalPicture.Curve? in
      guard let series = series[run.key], series.values.count > 1 else { return nil }
      let values = series.values
      let stride = max(1, values.count / 400)
      return TerminalPicture.Curve(
        title: "run \(run.index)",
        points: Swift.stride(from: 0, to: values.count, by: stride).map { (Double(series.step($0)), values[$0]) })
    }
    picture.draw(curves, title: session.name)
    return !curves.isEmpty
  }
}
