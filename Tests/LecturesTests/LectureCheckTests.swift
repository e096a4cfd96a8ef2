import Lectures
import Testing

@Suite struct LectureCheckTests {
  /// The engine computes what every lecture's own equations say.
  @Test(arguments: try LectureCheck.all()) func textbookEngineAndDifferencesAgree(_ check: LectureCheck) {
    #expect(check.lines.count >= 6)
    for line in check.lines {
      #expect(line.passed, "\(check.name) \(line.quantity), \(line.comparison): \(line.difference) > \(line.bound)")
    }
  }

  @Test func systemsAreFoundByTheirNames() throws {
    #expect(LectureCheck.names == ["A", "B1", "B2", "B3", "C1", "C2", "C2-deep", "D", "E"])
    #expect(try LectureCheck.all().map(\.name) == LectureCheck.names)
    let found = try LectureCheck.named("b2")
    #expect(found?.name == "B2")
    #expect(try LectureCheck.named("nothing")?.name == nil)
  }
}
