import Analysis
import Descent
import Figures
import Foundation
import Learning
import Reporting
import RunArchive
import Scripts
import Studies

/// Judges one submission in its own process: trains its runs, judges the lecturer's claims, writes both reports. Each result is
/// sent as soon as it is known, so that an end in a later part takes nothing away.
struct Judge {
  private let job: MarkingJob
  private let channel: MarkChannel
  private let archive: Archive
  private let writer: ReportWriter

  init(_ job: MarkingJob) throws {
    self.job = job
    channel = MarkChannel(job.result, secret: MarkChannel.received)
    MarkChannel.received = ""
    archive = try Archive(path: job.scratch.appendingPathComponent("descent.sqlite").path)
    writer = ReportWriter(output: job.scratch.appendingPathComponent("reports"), formats: [.html])
    Program.catalogue.searchAlso(job.dataFolders)
  }

  func run() throws {
    let types = try LoadedScript.markings(of: try MarkingJob.script(job.claims))
    var sessions: [Session] = []
    for (part, type) in types.enumerated() {
      do {
        let page = types.count == 1 ? "marking" : "marking-\(ExperimentName.kebab("\(type)"))"
        let session = try judge(type.init(), part, page: page)
        if !sessions.contains(where: { $0.name == session.name }) { sessions.append(session) }
      } catch let mistakes as Mistakes {
        try channel.send(.refused(part: part, steps: false, messages: mistakes.all.map(Self.text)))
      } catch let mistake as Mistake {
        try channel.send(.refused(part: part, steps: false, messages: [Self.text(mistake)]))
      } catch let plan as TooManySteps {
        try channel.send(.refused(part: part, steps: true, messages: [plan.description]))
      }
    }
    try channel.send(.judged)
    for session in sessions {
      try report(session, name: sessions.count == 1 ? "report" : "report-\(session.name)")
    }
  }

  private static func text(_ mistake: Mistake) -> String {
    let place = mistake.source.map { "\(URL(fileURLWithPath: $0.file).lastPathComponent):\($0.line): " } ?? ""
    return place + mistake.description
  }

  // MARK: The claims

  private func judge(_ marking: any Marking, _ part: Int, page: String) throws -> Session {
    let cells = marking.claims
    var mistakes: [Int: [Mistake]] = [:]
    let seeds = job.seeds ?? (marking.seeds.isEmpty ? nil : marking.seeds.map { UInt64(clamping: $0) })
    let declared = try Session(try name(marking), in: nil, overrides: Overrides(seeds: seeds)) { draft in
      for (index, cell) in cells.enumerated() {
        let found = ReportCheck.mistakes([cell], in: draft)
        if !found.isEmpty { mistakes[index] = found }
      }
      return []
    }
    guard declared.plan.stepCount <= job.maximumSteps else {
      throw TooManySteps(count: declared.plan.stepCount, most: job.maximumSteps)
    }
    // A student's folder may be a repository, whose settings can name programs that git runs.
    let isDone = try declared.train(
      into: archive, threads: job.threads, fresh: false, root: nil, listener: SilentListener())
    guard isDone else { throw CancellationError() }
    let session = try declared.settled(in: archive)
    let results = try Results(plan: session.plan, store: archive)
    var shown: [Cell] = []
    var number = 0
    for (index, cell) in cells.enumerated() {
      guard case .expect(let expect) = cell else {
        shown.append(mistakes[index].map { Note(Self.omitted($0)).cell } ?? cell)
        continue
      }
      let verdict = verdict(of: expect, mistakes[index] ?? [], results)
      try channel.send(
        .claim(
          JudgedClaim(
            part: part, index: number, outcome: verdict.outcome.rawValue, evidence: verdict.evidence,
            mark: verdict.mark)))
      number += 1
      shown.append(.expect(expect.with(verdict)))
    }
    try? write(shown, results, name: page)
    return session
  }

  /// A claim that this submission cannot have, because its sweep lacks a value for example, fails with the reason.
  private func verdict(of expect: Expect, _ mistakes: [Mistake], _ results: Results) -> Expect.Verdict {
    let mark = Event.Mark(id: expect.id, points: expect.points)
    func failed(_ why: String) -> Expect.Verdict {
      Expect.Verdict(claim: expect.claim, outcome: .failed, evidence: why, mark: mark)
    }
    guard mistakes.isEmpty else { return failed(mistakes.map(Self.reason).joined(separator: " ")) }
    do { return try expect.verdict(on: results) } catch { return failed("it cannot be judged: \(error)") }
  }

  private static func reason(_ mistake: Mistake) -> String { "\(mistake.value): \(mistake.rule). \(mistake.remedy)." }

  private static func omitted(_ mistakes: [Mistake]) -> String {
    "*\(mistakes.map(\.place).first ?? "A part") is left out: \(mistakes.map(reason).joined(separator: " "))*"
  }

  /// The experiment that is marked.
  private func name(_ marking: any Marking) throws -> String {
    let names = Program.catalogue.names
    if marking.experiment.isEmpty, names.count == 1 { return names[0] }
    if names.contains(marking.experiment) { return marking.experiment }
    throw Mistake(
      .data, at: "submission", value: names.joined(separator: ", "),
      rule: marking.experiment.isEmpty
        ? "it declares \(names.count) experiments, and one is marked"
        : "it does not declare the experiment \(marking.experiment)",
      remedy: marking.experiment.isEmpty
        ? "Keep one of them" : "Name it so: static let name = \"\(marking.experiment)\"")
  }

  // MARK: The reports

  private func write(_ cells: [Cell], _ results: Results, name: String) throws {
    let report = try ReportComposer.compose(
      cells, results: results, provenance: results.provenance)
    try send(try writer.write(report, name: name), name)
  }

  private func report(_ session: Session, name: String) throws {
    do {
      let report = try session.compose(from: archive)
      try send(try writer.write(report, name: name), name)
    } catch {
      try channel.send(.withoutReport(why: "\(error)"))
    }
  }

  private func send(_ pages: [URL], _ name: String) throws {
    for page in pages where page.pathExtension == "html" {
      try channel.send(.page(name: "\(name).html", path: page.path))
    }
  }
}

/// A sweep that is larger than the grader allows.
private struct TooManySteps: Error, CustomStringConvertible {
  let count: Int
  let most: Int

  var description: String {
    "the sweep has \(NumberText.count(count, "step")) at most, and the limit is \(NumberText.grouped(most))"
  }
}
