import Foundation
import Testing

/// `descent data`: what it prints can be pasted, and runs.
@Suite struct DataCommandTests {
  @Test(arguments: ["wine", "digits", "iris", "diabetes"]) func theDeclarationTrains(_ name: String) throws {
    let program = try Program()
    defer { program.remove() }
    let shown = try program.run("data", "\(name).csv")
    #expect(shown.status == 0, "\(shown.errors)")
    let start = try #require(shown.output.range(of: "data: .csv"))
    let script = """
      import Descent
      struct Pasted: Experiment {
        let title = "Pasted"
        var setup: Setup {
          Setup(
            \(shown.output[start.lowerBound...])
            optimizer: .gradientDescent(learningRate: 0.05), initialization: .fanIn(), batch: .mini(size: 8),
            stop: .after(steps: 400))
        }
        var sweep: [Axis] { Seeds(0..<2) }
        var report: [Cell] { Figure("Loss") { Curve(.loss) } }
      }
      """
    let file = program.folder.appendingPathComponent("Pasted.swift")
    try script.write(to: file, atomically: true, encoding: .utf8)
    let data = Program.root.appendingPathComponent("experiments/data/\(name).csv")
    try FileManager.default.copyItem(at: data, to: program.folder.appendingPathComponent("\(name).csv"))
    let run = try program.run("run", file.path, "--output", program.output, "--format", "png")
    #expect(run.status == 0, "\(run.errors)")
    let table = try String(contentsOf: program.file("pasted/runs.csv"), encoding: .utf8)
    let isClassification = table.split(separator: "\n")[0].contains("accuracy")
    #expect(isClassification == (name != "diabetes"))
  }

  @Test func aColumnThatCannotBeUsedIsNamed() throws {
    let program = try Program()
    defer { program.remove() }
    let file = program.folder.appendingPathComponent("own.csv")
    let rows = (0..<20).map { "\($0),\($0 == 3 ? "" : "\($0 * $0)"),\($0 % 2 == 0 ? "Rome" : "Oslo"),id\($0),\($0).5" }
    try (["a,b,city,name,y"] + rows).joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
    let shown = try program.run("data", file.path)
    #expect(shown.status == 0, "\(shown.errors)")
    #expect(shown.output.contains("20 rows, 5 columns"))
    #expect(shown.output.contains("name is left out of the inputs: it holds texts, too many different ones"))
    #expect(shown.output.contains("Rows with a missing value are left out."))
    #expect(
      shown.output.contains(
        "inputs: [\"a\", \"b\", \"city\"], targets: [\"y\"], categories: [\"city\"], missing: .dropRows)"))
    #expect(shown.output.contains(".standardizedTargets()"))
    let wrong = try program.run("data", file.path, "--target", "yy")
    #expect(wrong.status == 65 && wrong.errors.contains("Did you mean y?"), "\(wrong.errors)")
    let none = try program.run("data", "nowhere.csv")
    #expect(none.status == 65 && none.errors.contains("there is no such file"))
  }

  @Test func theSummaryIsJSONToo() throws {
    let program = try Program()
    defer { program.remove() }
    let shown = try program.run("data", "iris.csv", "--json")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(shown.output.utf8)) as? [String: Any])
    #expect(object["rows"] as? Int == 150)
    let columns = try #require(object["columns"] as? [[String: Any]])
    #expect(
      columns.count == 5 && columns[4]["values"] as? [String: Int] == ["setosa": 50, "versicolor": 50, "virginica": 50])
    #expect(columns[0]["least"] as? Double == 4.3 && columns[0]["greatest"] as? Double == 7.9)
  }
}
