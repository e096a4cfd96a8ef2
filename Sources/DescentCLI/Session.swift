import Analysis
import Descent
import Documents
import Figures
import Foundation
import Learning
import Reporting
import RunArchive
import Studies
import Synchronization

/// One experiment with its plan: training and report, which several commands need.
struct Session {
  let experiment: any Experiment
  let name: String
  let plan: Plan

  /// Resolves an experiment and checks everything that can be checked before training.
  /// - Throws: `Mistakes`, all of them: of set-up, sweep, figures, tables and claims.
  init(_ name: String, overrides: Overrides = Overrides()) throws {
    let experiment = try Program.catalogue.experiment(name)
    self.experiment = experiment
    self.name = name
    plan = try Plan(try experiment.study(applying: overrides), files: Program.catalogue.files) { draft in
      ReportCheck.mistakes(experiment.report, in: draft)
    }
  }

  /// Trains the runs that an archive does not have.
  /// - Returns: whether everything was trained; `false` after Ctrl-C.
  func train(into archive: Archive, threads: Int, fresh: Bool, listener: any EventListener) throws -> Bool {
    let runner = Runner(
      plan: plan, store: archive, threads: threads, provenance: .current(root: Program.catalogue.root),
      listener: listener)
    return try Interruption.during({ runner.cancel() }) { try runner.run(fresh: fresh) }
  }

  /// The report of runs that are all in the archive.
  /// - Parameter cells: takes each part of the report as soon as it is drawn.
  func compose(from archive: Archive, cells: CellEvents? = nil) throws -> ComposedReport {
    let results = try Results(plan: plan, store: archive)
    let keys = try plan.runs().map(\.key)
    let cellsOfReport = experiment.report
    cells?.begin(title: plan.title, cells: cellsOfReport.count)
    return try ReportComposer.compose(
      cellsOfReport, results: results, provenance: archive.provenance(of: keys), eachPart: { cells?.add($0) })
  }

  /// Composes the report, writes it, and tells the listener.
  /// - Parameter drawsCells: tells the listener each cell as HTML too, before any file is written.
  /// - Returns: whether every claim passed; an untested claim has not.
  func report(
    from archive: Archive, with writer: ReportWriter, listener: any EventListener, drawsCells: Bool = false
  ) throws -> Bool {
    let report = try compose(from: archive, cells: drawsCells ? try CellEvents(name, listener) : nil)
    for verdict in report.verdicts {
      listener.hear(
        .judged(
          experiment: name, expectation: verdict.claim, verdict: verdict.evidence, outcome: verdict.outcome))
    }
    for page in try writer.write(report, name: writer.folderName(of: plan)) {
      listener.hear(.wrote(experiment: name, path: page.relative))
    }
    return report.verdicts.allSatisfy { $0.outcome == .passed }
  }
}

extension URL {
  /// The path relative to the working directory, if it is inside.
  var relative: String {
    let here = FileManager.default.currentDirectoryPath + "/"
    return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
  }
}

/// Ctrl-C and termination, turned into a request to stop.
enum Interruption {
  /// Runs `body`; calls `cancel` at the first signal, and exits at the second.
  static func during<T>(_ cancel: @escaping @Sendable () -> Void, _ body: () throws -> T) rethrows -> T {
    let count = SignalCount()
    return try handling(
      {
        if count.next() > 1 { _exit(ExitStatus.interrupted) }
        cancel()
      }, during: body)
  }

  /// From here on a signal ends the process with a message and its exit code: no work has begun that must be finished.
  static func leaveAtOnce() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in
        // Only calls that are safe within the handler of a signal.
        let message: StaticString = "\ninterrupted\n"
        _ = write(STDERR_FILENO, message.utf8Start, message.utf8CodeUnitCount)
        _exit(ExitStatus.interrupted)
      }
    }
  }

  /// Runs `body`; calls `handler` at each SIGINT and SIGTERM, on another thread, instead of the default effect of the signal.
  static func handling<T>(_ handler: @escaping @Sendable () -> Void, during body: () throws -> T) rethrows -> T {
    let sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
      source.setEventHandler(handler: handler)
      source.resume()
      return source
    }
    defer {
      for source in sources { source.cancel() }
      leaveAtOnce()
    }
    return try body()
  }

  private final class SignalCount: Sendable {
    private let count = Atomic<Int>(0)
    func next() -> Int { count.add(1, ordering: .relaxed).newValue }
  }
}
