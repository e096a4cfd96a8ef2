import Foundation
import Testing

/// A report of some seeds or of other values leaves the report of the whole declaration as it is.
@Suite struct PartialReportTests {
  @Test func aPartDoesNotTakeThePlaceOfTheWhole() throws {
    let p = try Program()
    defer { p.remove() }
    func report(_ name: String) -> String? { try? String(contentsOf: p.file("\(name)/runs.csv"), encoding: .utf8) }
    #expect(try p.run("run", "iris", "--seeds", "0..<2", "--output", p.output, "--format", "png").status == 0)
    #expect(report("iris")?.split(separator: "\n").count == 9)
    #expect(try p.run("run", "iris", "--output", p.output, "--format", "png").status == 0)
    let whole = try #require(report("iris"))
    #expect(whole.split(separator: "\n").count == 129)
    let outcome = try p.run("run", "iris", "--seeds", "0..<3", "--output", p.output, "--format", "png")
    #expect(outcome.status == 0 && outcome.output.contains("iris@seeds=0-below-3/report"))
    #expect(report("iris") == whole)
    #expect(report("iris@seeds=0-below-3")?.split(separator: "\n").count == 13)
  }

  /// Every command that writes files keeps those of the whole declaration.
  @Test(arguments: [
    (["compare", "iris", "--format", "png"], "compare-iris"),
    (["export", "iris", "--to", "csv"], "export/iris"),
    (["export", "iris", "--to", "gnuplot"], "export/iris"),
    (["export", "iris", "--weights"], "export/iris"),
    (["render", "iris", "--format", "png"], "iris"),
  ])
  func noCommandReplacesFilesOfTheWhole(_ command: [String], _ folder: String) throws {
    let p = try Program()
    defer { p.remove() }
    let place = ["--output", p.output]
    let part = ["--seeds", "0..<3"]
    #expect(try p.runAll(["run", "iris", "--format", "png"] + place).status == 0)
    func files() throws -> [String: Data] {
      let root = p.file(folder)
      let names = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
      return Dictionary(
        uniqueKeysWithValues: names.compactMap { name in
          (try? Data(contentsOf: root.appendingPathComponent(name))).map { (name, $0) }
        })
    }
    #expect(try p.runAll(command + place).status == 0)
    let whole = try files()
    #expect(!whole.isEmpty)
    let outcome = try p.runAll(command + part + place)
    #expect(outcome.status == 0 && outcome.output.contains("\(folder)@seeds=0-below-3/"), "\(outcome.output)")
    #expect(try files() == whole)
    // What is written there is of the three seeds, and a second time it replaces only itself.
    #expect(try p.runAll(command + part + place).status == 0)
    #expect(try files() == whole)
  }

  /// Without files of the whole declaration a part has the plain folder, and the whole replaces it.
  @Test func theWholeReplacesThePart() throws {
    let p = try Program()
    defer { p.remove() }
    let place = ["--output", p.output]
    #expect(try p.runAll(["run", "iris", "--seeds", "0..<2", "--format", "png"] + place).status == 0)
    #expect(try p.runAll(["export", "iris", "--seeds", "0..<2", "--to", "csv"] + place).status == 0)
    let part = try Data(contentsOf: p.file("export/iris/series.csv"))
    #expect(try p.runAll(["run", "iris", "--format", "png"] + place).status == 0)
    #expect(try p.runAll(["export", "iris", "--to", "csv"] + place).status == 0)
    #expect(try Data(contentsOf: p.file("export/iris/series.csv")).count > part.count)
  }
}
