import Foundation
import Testing

/// Every Swift sample of the documentation is code that this target compiles.
@Suite struct SampleTests {
  @Test func samplesOfThePagesAreTheCompiledOnes() throws {
    let compiled = try Pages.files(Pages.tests.appendingPathComponent("Samples"), "swift")
      .flatMap { Pages.snippets(of: try Pages.text($0)) }
    var shown: [String] = []
    for page in try Pages.files(Pages.catalogue, "md") {
      for block in Pages.swiftBlocks(of: try Pages.text(page)) {
        #expect(compiled.contains(block), "\(page.lastPathComponent) has a sample that is not compiled:\n\(block)")
        shown.append(block)
      }
    }
    #expect(compiled.filter { !shown.contains($0) } == [], "compiled samples that no page shows")
    #expect(shown.count == compiled.count && shown.count > 15)
  }

  @Test func theReadmesExperimentIsTheCompiledOne() throws {
    let file = try Pages.text(Pages.tests.appendingPathComponent("LearningRatesExample.swift"))
    #expect(Pages.swiftBlocks(of: try Pages.readme()).map { $0 + "\n" } == [file])
  }

  @Test func markedPartsLoseTheirCommonIndentation() {
    let swift = "enum A {\n  // snippet\n  let a = [\n\n    1\n  ]\n  // end\n  let b = 2\n}\n"
    #expect(Pages.snippets(of: swift) == ["let a = [\n\n  1\n]"])
    #expect(Pages.swiftBlocks(of: "text\n```swift\na\n```\n```\nb\n```\n") == ["a"])
  }
}
