import Analysis
import Figures
import Foundation
import Learning
import RunArchive
import Studies
import Testing

/// Captions about trajectories: no sentence for none, singular for one, plural for several.
@Suite struct TrajectorySentenceTests {
  private struct Silent: EventListener { func hear(_ event: Event) {} }

  @SweepBuilder private static var sweep: [Axis] { Seeds(0..<3) }

  /// Three runs on Himmelblau's function.
  private static func results() throws -> Results {
    let setup = Setup(
      objective: .himmelblau, start: .uniform(-1...1), optimizer: .gradientDescent(learningRate: 0.01),
      stop: .after(steps: 20))
    let plan = try Plan(
      Study(name: "trajectories", title: "", setup: setup, sweep: sweep), files: DataFiles(folders: []))
    let name = "trajectories-\(UUID().uuidString).sqlite"
    let archive = try Archive(path: FileManager.default.temporaryDirectory.appendingPathComponent(name).path)
    let provenance = Provenance(revision: "", toolchain: "", processor: "", semantics: 0, time: "")
    _ = try Runner(plan: plan, store: archive, threads: 1, provenance: provenance, listener: Silent()).run(fresh: false)
    return try Results(plan: plan, store: archive)
  }

  private static func caption(_ plot: any Plot) throws -> String {
    let results = try results()
    return try FigureBuilder(results: results, styles: SettingStyles(plan: results.plan))
      .build(Figure("Surface") { plot }).caption
  }

  private static let cases: [(Int, String?)] = [(0, nil), (1, "rajectories of 1 run"), (3, "rajectories of 3 runs")]

  @Test(arguments: cases)
  func theirNumberHasItsNoun(_ count: Int, _ words: String?) throws {
    let plots: [any Plot] = [
      LossSurface(.parameters(0, 1), paths: count), VectorField(x: -5...5, y: -5...5, paths: count),
    ]
    for plot in plots {
      let caption = try Self.caption(plot)
      if let words {
        #expect(caption.contains(words) && caption.contains("ring at the start, diamond at the end point."))
      } else {
        #expect(!caption.contains("rajector"))
      }
    }
  }
}
