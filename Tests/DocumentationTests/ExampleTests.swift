import Analysis
import Descent
import Figures
import Foundation
import Reporting
import RunArchive
import Testing

/// The experiments of the documentation are trained, and their reports are composed.
@Suite struct ExampleTests {
  /// Trains all runs of an experiment in a fresh archive.
  private func results(of experiment: some Experiment) throws -> Results {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("descent-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let data = Pages.root.appendingPathComponent("experiments/data")
    let plan = try Plan(experiment.study, files: DataFiles(folders: [data])) { draft in
      ReportCheck.mistakes(experiment.report, in: draft)
    }
    let archive = try Archive(path: folder.appendingPathComponent("descent.sqlite").path)
    let provenance = Provenance(revision: "r", toolchain: "t", processor: "p", semantics: 0, time: "now")
    let runner = Runner(plan: plan, store: archive, threads: 2, provenance: provenance, listener: Silence())
    #expect(try runner.run(fresh: false))
    let results = try Results(plan: plan, store: archive)
    _ = try ReportComposer.compose(experiment.report, results: results, provenance: [provenance])
    return results
  }

  private struct Silence: EventListener {
    func hear(_ event: Event) {}
  }

  private func verdicts(_ cells: [Cell], _ results: Results) throws -> [Expect.Verdict] {
    try cells.compactMap { cell in
      if case .expect(let claim) = cell { try claim.verdict(on: results) } else { nil }
    }
  }

  @Test func theReadmesExperimentTrainsAndItsClaimPasses() throws {
    let experiment = LearningRates()
    let results = try results(of: experiment)
    #expect(LearningRates.name == "learning-rates" && results.count == 8 * 4 * 32)
    #expect(try verdicts(experiment.report, results).map(\.outcome) == [.passed])
    #expect(results.divergedCount < results.count / 2)
  }

  @Test func theExperimentOnATableClassifiesTheWines() throws {
    let experiment = WineClassesStudy()
    let results = try results(of: experiment)
    #expect(results.count == 4 * 8)
    let data = try #require(try results.dataset(of: results.rows[0]))
    #expect(data.inputCount == 13 && data.outputCount == 3)
    #expect(data.training.count + (data.validation?.count ?? 0) == 178 && data.validation?.count == 53)
    #expect(try verdicts(experiment.report, results).map(\.outcome) == [.passed])
  }

  @Test func theSamplesOfClaimsAreJudged() throws {
    let experiment = ClaimSamples()
    let results = try results(of: experiment)
    #expect(try verdicts(experiment.report, results).map(\.passed) == [true, true, true, true])
    #expect(try ClaimSamples.published.verdict(on: results).outcome == .untested)
  }

  @Test func theSampleOfASweepHasAllCombinations() throws {
    let results = try results(of: SweepSamples())
    #expect(results.count == 5 * 3 * 2 * 16)
    #expect(results.groups(by: .variant("method")).map(\.value.description) == ["plain", "momentum 0.9"])
  }
}
