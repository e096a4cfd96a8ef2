import Analysis
import CPlatform
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
  private(set) var plan: Plan

  /// Resolves an experiment and checks everything that can be checked before training.
  /// - Parameters:
  ///   - place: the folder of the archive, with runs that others start from; `nil` where none is read.
  ///   - others: further checks, whose mistakes are listed with those of the experiment.
  /// - Throws: `Mistakes`, all of them: of set-up, sweep, figures, tables and claims.
  init(
    _ name: String, in place: OutputOptions?, overrides: Overrides = Overrides(),
    alsoChecking others: (Draft) -> [Mistake] = { _ in [] }
  ) throws {
    let experiment = try Program.catalogue.experiment(name)
    self.experiment = experiment
    self.name = name
    var study = experiment.study
    var found: [Mistake] = []
    do { study = try experiment.study(applying: overrides) } catch let refused as Mistakes { found = refused.all }
    do {
      // A mistake on the command line hides none of the declaration.
      let path = place?.archivePath
      let archive: StoredRuns = { key in try path.flatMap { try Archive.existing(path: $0) }?.state(of: key) }
      plan = try Plan(
        study, files: Program.catalogue.files,
        alsoChecking: { draft in ReportCheck.mistakes(experiment.report, in: draft) + others(draft) }, archive: archive)
    } catch let mistakes as Mistakes {
      found += mistakes.all.map { $0.declared(at: Program.catalogue.place(of: $0, in: name)) }
      throw Mistakes(found)
    }
    if !found.isEmpty { throw Mistakes(found) }
  }

  /// Trains the runs that an archive does not have.
  /// - Parameter root: the folder whose revision is noted with the runs; `nil` for none.
  /// - Returns: whether everything was trained; `false` after Ctrl-C.
  func train(
    into archive: Archive, threads: Int, fresh: Bool, root: URL? = Program.catalogue.root, listener: any EventListener
  ) throws -> Bool {
    guard let rounds = SeedRounds(plan) else {
      return try train(plan, into: archive, threads: threads, fresh: fresh, root: root, listener: listener)
    }
    for part in rounds.parts {
      let round = plan.limited(to: part)
      guard try train(round, into: archive, threads: threads, fresh: fresh, root: root, listener: listener) else {
        return false
      }
      let results = try Results(plan: plan.limited(to: 0..<part.upperBound), store: archive)
      let decision = try SeedRounds.decision(results)
      let verdict = decision.map { "decided after \($0)" } ?? "not decided"
      let count = NumberText.count(part.upperBound, "seed")
      listener.hear(.noted(experiment: name, message: "\(count) of at most \(plan.seeds.count): \(verdict)"))
      if decision != nil { break }
    }
    return true
  }

  /// The session with the seeds that an archive has of a sweep whose seeds are added until it is decided; itself for other sweeps.
  /// - Throws: what reading the archive throws.
  func settled(in archive: Archive) throws -> Session {
    guard let rounds = SeedRounds(plan) else { return self }
    var copy = self
    copy.plan = try rounds.settled(in: archive)
    return copy
  }

  private func train(
    _ plan: Plan, into archive: Archive, threads: Int, fresh: Bool, root: URL?, listener: any EventListener
  ) throws -> Bool {
    let runner = Runner(
      plan: plan, store: archive, threads: threads, provenance: .current(root: root),
      listener: listener)
    let isCancelled = Atomic<Bool>(false)
    let isDone = try Interruption.during(
      {
        isCancelled.store(true, ordering: .relaxed)
        runner.cancel()
      }
    ) { try runner.run(fresh: fresh) }
    // A signal that comes after the last step still ends the command.
    return isDone && !isCancelled.load(ordering: .relaxed)
  }

  /// The report of runs that are all in the archive.
  /// - Parameter cells: takes each part of the report as soon as it is drawn.
  func compose(from archive: Archive, cells: CellEvents? = nil) throws -> ComposedReport {
    let results = try Results(plan: plan, store: archive)
    let cellsOfReport = experiment.report
    cells?.begin(title: plan.title, cells: cellsOfReport.count)
    return try ReportComposer.compose(
      cellsOfReport, results: results, provenance: results.provenance,
      fixed: Set(experiment.fixed.map(\.parameter)), eachPart: { cells?.add($0, runs: $1) })
  }

  /// Composes the report, writes it, and tells the listener.
  /// - Parameter drawsCells: tells the listener each cell as HTML too, before any file is written.
  /// - Returns: whether every claim passed; an untested claim has not.
  func report(
    from archive: Archive, with writer: ReportWriter, listener: any EventListener, drawsCells: Bool = false
  ) throws -> Bool {
    // What the training and the reports before left behind is not kept beside this report.
    descent_return_memory()
    let report = try compose(from: archive, cells: drawsCells ? try CellEvents(name, listener) : nil)
    for verdict in report.verdicts {
      listener.hear(
        .judged(
          experiment: name, expectation: verdict.claim, verdict: verdict.evidence, outcome: verdict.outcome,
          mark: verdict.mark))
    }
    for page in try writer.write(report, name: writer.folderName(of: plan)) {
      listener.hear(.wrote(experiment: name, path: page.relative))
    }
    if let note = writer.noteOnAnimations(report) { listener.hear(.noted(experiment: name, message: note)) }
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
