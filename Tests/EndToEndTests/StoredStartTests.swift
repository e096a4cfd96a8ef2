import Foundation
import Testing

/// A script whose runs continue from a run in the archive, from the plan to the replayed report.
@Suite struct StoredStartTests {
  private static func source(_ name: String, start: String, steps: Int, hidden: Int = 4) -> String {
    """
    import Descent

    struct \(name): Experiment {
      let title = "Does a second training go on where the first ended?"
      var setup: Setup {
        Setup(
          data: .xor, network: .mlp(hidden: \(hidden), activation: .tanh), loss: .halfMeanSquaredError,
          optimizer: .gradientDescent(learningRate: 0.5), \(start), stop: .after(steps: \(steps)))
      }
      var sweep: [Axis] { Seeds(0..<1) }
      var report: [Cell] { Figure("Loss") { Curve(.loss) } }
    }
    """
  }

  /// The final losses and the keys in `runs.csv`.
  private static func runs(_ p: Program, _ name: String) throws -> [(loss: String, key: String)] {
    let lines = try String(contentsOf: p.file("\(name)/runs.csv"), encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let loss = try #require(lines.first?.firstIndex(of: "final_loss"))
    return lines.dropFirst().map { ($0[loss], $0.last ?? "") }
  }

  @Test func twoPartsOfATrainingAreTheWhole() throws {
    try CommandTests.with { p in
      let drawn = "initialization: .normal(scale: 1)"
      func run(_ name: String, _ text: String) throws -> Program.Outcome {
        let script = try ScriptTests.write(p, "\(name).swift", text)
        return try p.run("run", script, "--format", "html", "--output", p.output)
      }
      #expect(try run("Whole", Self.source("Whole", start: drawn, steps: 500)).status == 0)
      #expect(try run("First", Self.source("First", start: drawn, steps: 300)).status == 0)
      let first = try #require(try Self.runs(p, "first").first)
      let second = Self.source("Second", start: "start: .run(\"\(first.key)\")", steps: 200)
      let outcome = try run("Second", second)
      #expect(outcome.status == 0 && outcome.output.contains("1 of 1 run to train"), "\(outcome)")
      let (whole, last) = (try Self.runs(p, "whole"), try Self.runs(p, "second"))
      #expect(whole.map(\.loss) == last.map(\.loss) && whole.map(\.loss) != [first.loss])
      #expect(
        try run("Second", second).output.contains("the only run is in the archive"),
        "the second time nothing is trained")

      let wide = try run("Wide", Self.source("Wide", start: "start: .run(\"\(first.key)\")", steps: 5, hidden: 5))
      #expect(wide.status == 64 || wide.status == 65, "\(wide)")
      #expect(wide.errors.contains("2-4-1 with 17 parameters") && wide.errors.contains("2-5-1 with 21"))
      let unknown = try run("Unknown", Self.source("Unknown", start: "start: .run(\"0123\")", steps: 5))
      #expect(unknown.status == 65 && unknown.errors.contains("the archive has no run with this key"), "\(unknown)")
    }
  }
}
