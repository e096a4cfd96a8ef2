import Foundation
import Testing

/// Early stopping, thinned recording and dropout in a script, from the plan to the exported files.
@Suite struct StoppingTests {
  static func source(validation: String = ".validation(share: 0.3)") -> String {
    """
    import Descent

    struct Stopping: Experiment {
      let title = "When does the validation loss stop falling?"
      var setup: Setup {
        Setup(
          data: .moons(samples: 60, noise: 0.4)\(validation), network: .mlp(hidden: 12, output: .sigmoid).dropout(0.1),
          loss: .binaryCrossEntropy, optimizer: .momentum(0.9, learningRate: 0.3), initialization: .normal(scale: 1),
          stop: StopRule.after(steps: 4_000).orEarlyStopping(patience: 5, every: 20),
          record: .every(20, also: .validationLoss, .trainingLoss))
      }
      var sweep: [Axis] {
        Vary(.dropout, over: [0, 0.4])
        Seeds(0..<6)
      }
      var report: [Cell] {
        Figure("Validation loss") { Curve(.validationLoss).color(by: .dropout) }
        Figure("Best step") { Distribution(.bestStep, as: .strip).color(by: .dropout) }
        Expect("No final validation loss is above the least recorded one") { results in
          let pairs = zip(try results.values(.final(.validationLoss)), try results.values(.best(.validationLoss)))
          return (pairs.allSatisfy { $0 <= $1 }, "\\(results.count) runs")
        }
      }
    }
    """
  }

  /// The lines of a CSV file, by the names of its columns.
  private static func table(_ file: URL) throws -> [[String: String]] {
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    guard let header = lines.first else { return [] }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
  }

  @Test func theKeptRunIsThatOfTheLeastValidationLoss() throws {
    try CommandTests.with { p in
      let script = try ScriptTests.write(p, "Stopping.swift", Self.source())
      let outcome = try p.run("run", script, "--format", "html", "--output", p.output)
      #expect(outcome.status == 0 && outcome.output.contains("12 of 12 runs to train"), "\(outcome)")
      let runs = try Self.table(p.file("stopping/runs.csv"))
      #expect(try p.run("export", script, "--to", "csv", "--output", p.output).status == 0)
      let series = try Self.table(p.file("export/stopping/series.csv"))
      #expect(runs.count == 12)
      var early = 0
      for (index, run) in runs.enumerated() {
        let steps = try #require(run["steps"].flatMap { Int($0) })
        let best = try #require(run["best_step"].flatMap { Int($0) })
        early += steps < 4_000 ? 1 : 0
        #expect(steps == 4_000 || steps - best == 100, "patience × every")
        let own = series.filter { $0["run"] == "\(index)" }
        let recorded = own.filter { $0["quantity"] == "loss" }.compactMap { $0["step"].flatMap { Int($0) } }
        #expect(recorded == Array(stride(from: 0, to: steps, by: 20)))
        let validation = own.filter { $0["quantity"] == "validation-loss" }
        let least = validation.min { (Double($0["value"] ?? "") ?? .nan) < (Double($1["value"] ?? "") ?? .nan) }
        if best < steps {
          #expect(least?["step"] == "\(best)" && least?["value"] == run["final_validation_loss"], "\(run)")
        }
      }
      #expect(early > 6, "the case must be one of early stopping")
      let page = try String(contentsOf: p.file("stopping/report.html"), encoding: .utf8)
      #expect(page.contains(", best step: ") && page.contains("step of the least validation loss"))
      let again = try p.run("run", script, "--format", "html", "--output", p.output)
      #expect(again.output.contains("all 12 runs are in the archive"), "\(again)")
    }
  }

  @Test func thePlanStatesSizesAndMistakes() throws {
    try CommandTests.with { p in
      let script = try ScriptTests.write(p, "Stopping.swift", Self.source())
      let small = try p.run("plan", script, "--output", p.output)
      #expect(small.status == 0 && small.output.contains("MB in the archive at most"), "\(small)")
      #expect(small.output.contains("of memory for the runs that train at once") && !small.output.contains("warning"))
      let large = try p.run(
        "plan", script, "--set", "steps=200000", "--seeds", "0..<5000", "--output", p.output)
      #expect(large.output.contains("GB in the archive at most"), "\(large)")
      let warning = "warning: the archive can become larger than 1 GB. record: .every(100)"
      #expect(large.output.contains(warning), "\(large)")
      let wrong = try ScriptTests.write(p, "Wrong.swift", Self.source(validation: ""))
      let refused = try p.run("plan", wrong, "--output", p.output)
      #expect(refused.status != 0)
      #expect(refused.errors.contains("stop rule, early stopping") && refused.errors.contains("no validation part"))
    }
  }
}
