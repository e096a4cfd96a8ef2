import Foundation
import Testing

/// Scores, baselines and seeds by a rule, as a reader of the reports finds them; recomputed from what other commands print.
@Suite struct MeasureTests {
  private static func source(_ name: String, data: String, loss: String, sweep: String, report: String) -> String {
    """
    import Descent
    struct \(name): Experiment {
      let title = "How good are the predictions?"
      var setup: Setup {
        Setup(
          data: \(data), \(loss),
          optimizer: .gradientDescent(learningRate: 0.3), initialization: .glorot(), stop: .after(steps: 60))
      }
      var sweep: [Axis] {
        \(sweep)
      }
      var report: [Cell] {
        \(report)
      }
    }
    """
  }

  private static func write(_ p: Program, _ name: String, _ text: String) throws -> String {
    let file = p.folder.appendingPathComponent("\(name).swift")
    try Data(text.utf8).write(to: file)
    return file.path
  }

  private static func rows(_ csv: String) -> [[String]] {
    csv.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
  }

  /// The counts of the confusion matrix are those of `descent predict` for the same file.
  @Test func theConfusionMatrixIsThatOfPredict() throws {
    try CommandTests.with { p in
      let table = Program.root.appendingPathComponent("experiments/data/wine.csv")
      let file = try Self.write(
        p, "Wines",
        Self.source(
          "Wines", data: ".csv(\"\(table.path)\", targets: [\"cultivar\"]).standardized()",
          loss: "network: .mlp(hidden: 1, output: .softmax), loss: .crossEntropy", sweep: "Seeds(3..<4)",
          report: """
            ReportTable.confusion("Wines", on: .training)
            MetricTable(of: [.accuracy(on: .training), .macroF1(on: .training)]).baseline()
            Figure("Accuracy") { Distribution(.accuracy(on: .training), as: .strip).baseline() }
            Expect(.median(of: .accuracy(on: .training)), atLeast: 0.5)
            """))
      let run = try p.run("run", file, "--output", p.output)
      #expect(run.status == 0, "\(run)")
      let predicted = try p.run(
        "predict", file, "--run", "best-by", "loss", "--input", table.path, "--output", p.output)
      #expect(predicted.status == 0, "\(predicted)")
      let classes = ["class_0", "class_1", "class_2"]
      var counts = Array(repeating: Array(repeating: 0, count: 3), count: 3)
      let truth = Self.rows(try String(contentsOf: table, encoding: .utf8)).dropFirst().compactMap(\.last)
      let found = Self.rows(predicted.output).dropFirst().compactMap(\.last)
      for (t, y) in zip(truth, found) {
        counts[try #require(classes.firstIndex(of: t))][try #require(classes.firstIndex(of: y))] += 1
      }
      #expect(truth.count == 178 && found.count == 178)
      let report = try String(contentsOf: p.file("wines/report.md"), encoding: .utf8)
      for (name, row) in zip(classes, counts) {
        let cells = row.map { " \($0) " }.joined(separator: "|")
        #expect(report.replacing("\\_", with: "_").contains("| \(name) |\(cells)|"), "\(name): \(row)\n\(report)")
      }
      let right = (0..<3).reduce(0) { $0 + counts[$1][$1] }
      let csv = Self.rows(try String(contentsOf: p.file("wines/runs.csv"), encoding: .utf8))
      let column = try #require(csv[0].firstIndex(of: "final_accuracy"))
      #expect(abs((Double(csv[1][column]) ?? 0) - Double(right) / 178) < 1e-9)
      // 71 of 178 wines are of the most frequent class; the linear model separates the classes.
      #expect(report.contains("| constant |  | 0.399 |") && report.contains("| linear model |  | 1 | 1 |"), "\(report)")
      #expect(report.contains("Baselines: constant"))
    }
  }

  /// The rule decides after the seed at which 2ⁿw!l!/(n + 1)! first reaches 20, and every command finds the same number.
  @Test func theRuleDecidesAndIsFoundAgain() throws {
    try CommandTests.with { p in
      let file = try Self.write(
        p, "Rule",
        Self.source(
          "Rule", data: ".moons(samples: 40, noise: 0.2).drawnPerSeed()",
          loss: "network: .mlp(hidden: 2, output: .sigmoid), loss: .binaryCrossEntropy",
          sweep: """
            Vary(.hidden, over: [1, 6])
            Seeds(untilDecided: .finalLoss, between: .hidden, atMost: 256)
            """,
          report: "Comparison(of: .hidden, by: .finalLoss)"))
      let plan = try p.run("plan", file, "--output", p.output)
      #expect(plan.output.contains("512 runs") && plan.output.contains("at most 256"), "\(plan)")
      let run = try p.run("run", file, "--json", "--output", p.output)
      #expect(run.status == 0, "\(run)")
      let csv = Self.rows(try String(contentsOf: p.file("rule/runs.csv"), encoding: .utf8))
      let loss = try #require(csv[0].firstIndex(of: "final_loss"))
      func losses(_ hidden: String) -> [Double] {
        csv.dropFirst().filter { $0[0] == hidden }.map { Double($0[loss]) ?? .nan }
      }
      let pairs = Array(zip(losses("1"), losses("6")))
      var (w, l, martingale, decision) = (0.0, 0.0, 1.0, 0)
      for (n, pair) in pairs.enumerated() where pair.0 != pair.1 {
        martingale *= 2 * ((pair.0 < pair.1 ? w : l) + 1) / (w + l + 2)
        if pair.0 < pair.1 { w += 1 } else { l += 1 }
        if martingale >= 20, decision == 0 { decision = n + 1 }
      }
      #expect(
        decision >= 8 && [8, 16, 24, 32, 48, 64, 96, 136, 200, 256].contains(pairs.count), "\(decision), \(pairs.count)"
      )
      let report = try String(contentsOf: p.file("rule/report.md"), encoding: .utf8)
      #expect(
        report.contains("This was decided after \(decision) seeds; \(pairs.count) seeds of at most 256 were trained."),
        "\(report)")
      #expect(run.output.contains("decided after \(decision)"))
      let compared = try p.run("compare", file, "--json", "--output", p.output)
      #expect(compared.output.contains("\"decidedAfter\":\(decision),"), "\(compared)")
      let second = try p.run("run", file, "--output", p.output)
      #expect(second.output.contains("are in the archive") && !second.output.contains("to train"), "\(second)")
      #expect(try p.run("render", file, "--output", p.output).status == 0)
      #expect(try String(contentsOf: p.file("rule/report.md"), encoding: .utf8) == report)
      let typed = try p.run("run", file, "--seeds", "0..<4", "--output", p.output)
      #expect(typed.status == 0 && typed.output.contains("all 8 runs are in the archive"), "\(typed)")
    }
  }

  @Test func aScoreThatTheDataDoNotHaveIsRefused() throws {
    try CommandTests.with { p in
      let file = try Self.write(
        p, "Wrong",
        Self.source(
          "Wrong", data: ".noisySine(samples: 20)", loss: "network: .mlp(hidden: 2), loss: .meanSquaredError",
          sweep: "Seeds(0..<2)", report: "Expect(.median(of: .macroF1(on: .training)), atLeast: 0.5)"))
      let run = try p.run("run", file, "--output", p.output)
      #expect(run.status == 64 && run.errors.contains("the data have no classes"), "\(run)")
      let right = try Self.write(
        p, "Right",
        Self.source(
          "Right", data: ".noisySine(samples: 20)", loss: "network: .mlp(hidden: 2), loss: .meanSquaredError",
          sweep: "Vary(.hidden, over: [1, 2])\nSeeds(0..<6)", report: "Note(\"nothing\")"))
      #expect(try p.run("run", right, "--output", p.output).status == 0)
      let compared = try p.run("compare", right, "--metric", "r-squared", "--on", "training", "--output", p.output)
      #expect(compared.status == 0 && compared.output.contains("training R²"), "\(compared)")
      let missing = try p.run("compare", right, "--metric", "r-squared", "--output", p.output)
      #expect(missing.status == 64 && missing.errors.contains("no validation part"), "\(missing)")
      #expect(try p.run("compare", right, "--on", "training", "--output", p.output).errors.contains("only scores"))
    }
  }
}
