import Analysis
import Figures
import Learning
import Planted
import Studies
import Testing

/// Captions about trajectories: no sentence for none, singular for one, plural for several.
@Suite struct TrajectorySentenceTests {
  /// Three runs on Himmelblau's function.
  private static func results() throws -> Results {
    let setup = Setup(
      objective: .himmelblau, start: .uniform(-1...1), optimizer: .gradientDescent(learningRate: 0.01),
      stop: .after(steps: 20))
    return try TrainedRuns.results(setup) { Seeds(0..<3) }
  }

  private static func caption(_ plot: any Plot) throws -> String {
    try Drawn(results()) { plot }.caption
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
