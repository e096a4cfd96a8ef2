import Foundation
import Testing

/// The experiments on real data, with few seeds: what their reports say agrees with their own tables of runs.
@Suite struct RealDataTests {
  private struct Report {
    let tables: [[String: Any]]
    let text: String

    init(_ program: Program, _ name: String) throws {
      let json = try JSONSerialization.jsonObject(with: try Data(contentsOf: program.file("\(name)/report.json")))
      tables = Self.nodes(json).filter { $0["type"] as? String == "table" }
      text = try String(contentsOf: program.file("\(name)/report.md"), encoding: .utf8)
    }

    private static func nodes(_ value: Any) -> [[String: Any]] {
      if let object = value as? [String: Any] { return [object] + object.values.flatMap(nodes) }
      return (value as? [Any] ?? []).flatMap(nodes)
    }

    /// The rows of the table whose caption begins with some words.
    func rows(_ caption: String) throws -> [[String]] {
      let found = tables.first { ($0["caption"] as? String ?? "").hasPrefix(caption) }
      return try #require(found?["rows"] as? [[String]], "\(caption)")
    }

    func caption(_ start: String) throws -> String {
      try #require(tables.compactMap { $0["caption"] as? String }.first { $0.hasPrefix(start) })
    }
  }

  private static func runs(_ program: Program, _ name: String) throws -> [[String: String]] {
    let text = try String(contentsOf: program.file("\(name)/runs.csv"), encoding: .utf8)
    let lines = text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let header = try #require(lines.first)
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// The width is chosen by validation, and the confusion matrix counts the test wines of that width, which `runs.csv` has too.
  @Test func theWinesAreTestedAtOneWidth() throws {
    let program = try Program()
    defer { program.remove() }
    let run = try program.run("run", "wine", "--seeds", "0..<6", "--format", "png", "--output", program.output)
    #expect(run.status == 0, "\(run.errors)")
    let report = try Report(program, "wine")
    let runs = try Self.runs(program, "wine")
    #expect(runs.count == 36)
    let losses = Dictionary(grouping: runs) { $0["hidden"] ?? "" }.mapValues { group in
      Self.median(group.compactMap { Double($0["final_validation_loss"] ?? "") })
    }
    let chosen = try #require(losses.min { $0.value < $1.value }?.key)
    #expect(try report.caption("Confusion matrix of the test").contains("H = \(chosen)"))
    let matrix = try report.rows("Confusion matrix of the test")
    // 6 splits with 15 + 18 + 12 test wines of the three cultivars.
    #expect(matrix.map { $0[4] } == ["90", "108", "72"])
    let right = matrix.enumerated().compactMap { Double($1[$0 + 1]) }.reduce(0, +)
    let accuracies = runs.filter { $0["hidden"] == chosen }.compactMap { Double($0["final_test_accuracy"] ?? "") }
    #expect(accuracies.count == 6)
    #expect(abs(accuracies.reduce(0) { $0 + 45 * $1 } - right) < 1e-6)
    #expect(report.text.contains("for 1 setting"), "the test part is read for one setting only")
    #expect(try report.rows("Test").map { $0[0] } == ["all runs", "constant", "linear model"])
  }

  /// Every fold of every partition is trained with each penalty and strength, and the test is that of the best mean validation R².
  @Test func thePenaltyIsChosenByTheFolds() throws {
    let program = try Program()
    defer { program.remove() }
    let run = try program.run("run", "diabetes", "--seeds", "0..<2", "--format", "png", "--output", program.output)
    #expect(run.status == 0, "\(run.errors)")
    let report = try Report(program, "diabetes")
    let runs = try Self.runs(program, "diabetes")
    #expect(runs.count == 2 * 6 * 5 * 2)
    #expect(Set(runs.compactMap { $0["fold"] }) == ["1", "2", "3", "4", "5"])
    let rows = try report.rows("R² as means")
    #expect(rows.count == 13 && rows[12][0] == "linear model")
    func number(_ text: String) throws -> Double { try #require(Double(text.replacing("−", with: "-")), "\(text)") }
    // Rounded numbers may be equal, so that there may be several best ones.
    let most = try #require(try rows.prefix(12).map { try number($0[3]) }.max())
    let best = try rows.prefix(12).filter { try number($0[3]) == most }.map { "\($0[0]) with λ = \($0[1])" }
    #expect(best.contains { report.text.contains("Cross-validation chooses \($0)") }, "\(best)")
    let test = try report.rows("Test part")
    #expect(best.contains { test[0][0] == "network, \($0)" })
    let (network, constant) = (try number(test[0][1]), try number(test[2][1]))
    #expect(network > 0.2 && abs(constant) < 0.1)
    #expect(report.text.contains("for 1 setting"))
    #expect(report.text.contains("folds of a partition share most of their training patients"))
  }
}
