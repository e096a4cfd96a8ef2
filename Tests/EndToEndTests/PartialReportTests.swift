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
}
