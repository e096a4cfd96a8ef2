import Foundation
import Testing

/// Somebody's own table through the real program: gaps, categories, folds, a test part, predictions.
@Suite struct OwnDataTests {
  /// 48 flats; two sizes are missing. The rent is 100 + 10·size, and 200 more in the south.
  private static let table: String = {
    let rows = (0..<48).map { i -> String in
      let region = ["north", "south", "west"][i % 3]
      let rent = 100 + 10 * i + (region == "south" ? 200 : 0)
      return "\(i == 7 || i == 20 ? "NA" : "\(i)"),\(region),\(rent)"
    }
    return "size,region,rent\n" + rows.joined(separator: "\n") + "\n"
  }()

  private static func script(data: String, sweep: String, report: String, record: String = "") -> String {
    """
    import Descent
    struct Rents: Experiment {
      let title = "Rents"
      var setup: Setup {
        Setup(
          data: .csv("rents.csv", targets: ["rent"], categories: ["region"], missing: .trainingMedian)\(data),
          network: .linear(), loss: .halfMeanSquaredError, optimizer: .gradientDescent(learningRate: 0.1),
          initialization: .glorot(), stop: .after(steps: 300)\(record))
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

  private func run(_ script: String, _ body: (Program, (status: Int32, output: String, errors: String)) throws -> Void)
    throws
  {
    let program = try Program()
    defer { program.remove() }
    try Self.table.write(to: program.folder.appendingPathComponent("rents.csv"), atomically: true, encoding: .utf8)
    let file = program.folder.appendingPathComponent("Rents.swift")
    try script.write(to: file, atomically: true, encoding: .utf8)
    let outcome = try program.run("run", file.path, "--output", program.output, "--format", "png")
    try body(program, (outcome.status, outcome.output, outcome.errors))
  }

  private func report(_ program: Program) throws -> String {
    try String(contentsOf: program.file("rents/report.md"), encoding: .utf8)
  }

  @Test func foldsAndATestThatIsUsedForOneSetting() throws {
    let script = Self.script(
      data: ".standardized().standardizedTargets().test(share: 0.25)", sweep: "Folds(4)\n    Seeds(0..<2)",
      report: """
        Figure("Validation") { Sensitivity(.final(.validationLoss), to: .fold) }
            Expect(.median(of: .final(.testLoss)), atMost: 0.5)
        """)
    try run(script) { program, outcome in
      #expect(outcome.status == 0, "\(outcome.errors)")
      let text = try report(program)
      #expect(text.contains("Data rents: missing inputs filled in: 2."))
      #expect(text.contains("one draw of 4 folds of 9 samples each"))
      #expect(text.contains("All 2 seeds have the same 12 test samples"))
      #expect(text.contains("The test part is used in 1 part of this report, for 1 setting."))
      let table = try String(contentsOf: program.file("rents/runs.csv"), encoding: .utf8)
      #expect(table.split(separator: "\n").count == 1 + 8)

      // The predictions are in the unit of the file, with the category and the median of the training.
      let new = program.folder.appendingPathComponent("new.csv")
      try "region,size\nsouth,30\nnorth,30\nnorth,\n".write(to: new, atomically: true, encoding: .utf8)
      let file = program.folder.appendingPathComponent("Rents.swift").path
      let options = ["--run", "best-by", "validation-loss", "--input", new.path, "--output", program.output]
      let shown = try program.runAll(["predict", file] + options)
      #expect(shown.status == 0, "\(shown.errors)")
      let rents = shown.output.split(separator: "\n").dropFirst().compactMap { Double($0) }
      try #require(rents.count == 3)
      #expect(abs(rents[0] - 600) < 60 && abs(rents[1] - 400) < 60 && rents[0] - rents[1] > 140, "\(rents)")
      #expect(abs(rents[2] - 335) < 80, "the median size is near 23.5")
      try "region,size\nisland,3\n".write(to: new, atomically: true, encoding: .utf8)
      let wrong = try program.runAll(["predict", file] + options)
      #expect(wrong.status == 65 && wrong.errors.contains("the training had no such category"), "\(wrong.errors)")
    }
  }

  @Test func aTestThatIsUsedForSeveralSettingsIsVisible() throws {
    let script = Self.script(
      data: ".standardized().test(share: 0.25, drawn: .perSeed).validation(share: 0.25, drawn: .perSeed)",
      sweep: "Vary(.learningRate, over: [0.01, 0.02])\n    Seeds(0..<3)",
      report: "Figure(\"Test\") { Sensitivity(.final(.testLoss), to: .learningRate) }")
    try run(script) { program, outcome in
      #expect(outcome.status == 0, "\(outcome.errors)")
      let text = try report(program)
      #expect(
        text.contains(
          "The test part is used in 1 part of this report, for 2 settings. A setting that is chosen from them"))
      #expect(text.contains("The 3 splits each take 12 test samples of the same 48"))
    }
  }

  @Test(
    arguments: [
      ("", "Comparison(of: .learningRate, by: .final(.testLoss))", "the test part must not"),
      ("", "Note { \"\\(try $0.best(.learningRate, by: .final(.testLoss)) as Any)\" }", "a choice by the test part"),
      (", record: .also(.testLoss, every: 10)", "Figure(\"E\") { Curve(.loss) }", "the test part is used once"),
    ]) func nothingIsChosenByTheTest(_ record: String, _ cell: String, _ rule: String) throws
  {
    let script = Self.script(
      data: ".standardized().test(share: 0.25).validation(share: 0.25)",
      sweep: "Vary(.learningRate, over: [0.01, 0.02])\n    Seeds(0..<3)", report: cell, record: record)
    try run(script) { _, outcome in
      #expect(outcome.status != 0 && outcome.errors.contains(rule), "\(outcome.errors)")
    }
  }
}
