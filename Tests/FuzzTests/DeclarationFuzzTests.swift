import Analysis
import Documents
import Figures
import Foundation
import Learning
import Plotting
import Reporting
import RunArchive
import Studies
import Testing

/// Random declarations, run in this process: each ends in named mistakes before training, or in a report whose numbers a
/// slow recomputation confirms. A trap ends the test program; the last line of its output then names the declaration.
///
/// By default the first 2,400 declarations, the same on every machine; `DESCENT_FUZZ_SECONDS` runs for a time instead,
/// `DESCENT_FUZZ_SEED` sets where to begin.
@Suite struct DeclarationFuzzTests {
  @Test func aDeclarationIsAMistakeOrATrueReport() throws {
    let environment = ProcessInfo.processInfo.environment
    let asked = environment["DESCENT_FUZZ_SECONDS"].flatMap(Double.init)
    // A machine so slow that the default takes ten minutes stops there.
    let (seconds, most): (Double, UInt64) = asked.map { ($0, 1_000_000) } ?? (600, 2_400)
    let first = environment["DESCENT_FUZZ_SEED"].flatMap(UInt64.init) ?? 1
    // In memory where the system has such a folder: thousands of small archives would wait for the disk.
    let memory = URL(fileURLWithPath: "/dev/shm")
    let isThere = FileManager.default.isWritableFile(atPath: memory.path)
    let folder = (isThere ? memory : FileManager.default.temporaryDirectory).appendingPathComponent(
      "fuzz-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let trace = folder.appendingPathComponent("declaration")
    let start = ContinuousClock.now
    var (seed, mistaken, reported, numbers) = (first, 0, 0, 0)
    while ContinuousClock.now - start < .seconds(seconds), seed < first + most {
      try? Data("declaration \(seed)\n".utf8).write(to: trace)
      if environment["DESCENT_FUZZ_VERBOSE"] != nil {
        FileHandle.standardError.write(Data("declaration \(seed)\n".utf8))
      }
      let declaration = RandomDeclaration(seed: seed)
      switch try outcome(declaration, folder) {
      case .mistaken: mistaken += 1
      case .reported(let confirmed):
        reported += 1
        numbers += confirmed
      }
      seed += 1
    }
    print("fuzz: \(mistaken) declarations with mistakes, \(reported) reports, \(numbers) numbers confirmed")
    #expect(mistaken > 0 && reported > 0 && numbers > 10 * reported)
  }

  private enum Outcome {
    case mistaken
    case reported(confirmed: Int)
  }

  private func outcome(_ declaration: RandomDeclaration, _ folder: URL) throws -> Outcome {
    let plan: Plan
    do {
      plan = try Plan(declaration.study, files: DataFiles(folders: [])) {
        ReportCheck.mistakes(declaration.report, in: $0)
      }
    } catch let found as Mistakes {
      #expect(!found.all.isEmpty)
      for mistake in found.all {
        #expect(
          !mistake.place.isEmpty && !mistake.rule.isEmpty && !mistake.remedy.isEmpty, "\(declaration.seed): \(mistake)")
        #expect(mistake.description.count < 1000, "\(declaration.seed): \(mistake)")
      }
      return .mistaken
    }
    // Little enough to be trained and drawn in a moment.
    guard plan.stepCount < 200_000, plan.runCount < 400 else { return .mistaken }
    let path = folder.appendingPathComponent("\(declaration.seed).sqlite").path
    let archive = try Archive(path: path)
    defer { for end in ["", "-wal", "-shm", "-lock"] { try? FileManager.default.removeItem(atPath: path + end) } }
    let provenance = Provenance(revision: "", toolchain: "", processor: "", semantics: 0, time: "")
    _ = try Runner(plan: plan, store: archive, threads: 2, provenance: provenance, listener: Deaf()).run(fresh: false)
    let results = try Results(plan: plan, store: archive)
    do {
      let report = try ReportComposer.compose(declaration.report, results: results, provenance: [])
      draw(report)
      return .reported(confirmed: try Confirmation(declaration, plan, archive, report).count())
    } catch let mistake as Mistake {
      // What only the runs can show: ends too many to classify, say. It has to be named as well.
      #expect(mistake.kind != .archive && !mistake.remedy.isEmpty, "\(declaration.seed): \(mistake)")
      return .mistaken
    }
  }

  private func draw(_ report: ComposedReport) {
    let pages = PageWriter(report.document, canvas: RecordingCanvas(size: PageWriter.size))
    for page in 0..<pages.count { pages.draw(page: page, on: RecordingCanvas(size: PageWriter.size)) }
    let page = HTMLWriter(ruler: RecordingCanvas(size: Size(500, 400)), encode: { _ in [] }).page(report.document)
    #expect(page.hasSuffix("</html>\n"))
  }

  private struct Deaf: EventListener { func hear(_ event: Event) {} }
}
