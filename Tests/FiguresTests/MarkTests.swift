import Analysis
import Figures
import Learning
import Planted
import Studies
import Testing

/// Identifiers, points and numbers of claims.
@Suite struct MarkTests {
  /// Final losses 1, 2 … 8.
  private static func results() throws -> Results {
    try PlantedRuns.results {
      Vary(.learningRate, over: [0.1])
      Seeds(0..<8)
    } run: { _, seed in
      PlantedRuns.Run(finalLoss: Double(1 + seed))
    }
  }

  /// Every form of a claim passes its identifier and its points on; the statistics also their value and their bound.
  @Test func aVerdictHasTheMarkOfItsClaim() throws {
    let median = Expect.Statistic.median(of: .finalLoss)
    let claims: [(Expect, Event.Mark)] = [
      (Expect(median, atLeast: 4, id: "a", points: 2), mark("a", 2, 4.5, "at least", 4)),
      (Expect(median, atMost: 4, id: "b", points: 0.5), mark("b", 0.5, 4.5, "at most", 4)),
      (Expect(median, equals: 4, id: "c", points: 1), mark("c", 1, 4.5, "exactly", 4)),
      (
        Expect(median, atLeast: 5, where: .learningRate, is: 0.1, id: "d", points: 3),
        mark("d", 3, 4.5, "at least", 5)
      ),
      (Expect(median, atMost: 5, where: .learningRate, is: 0.1, id: "e"), mark("e", nil, 4.5, "at most", 5)),
      (Expect(median, equals: 5, where: .learningRate, is: 0.1, points: 4), mark(nil, 4, 4.5, "exactly", 5)),
      (Expect("words", id: "f", points: 2) { _ in (true, "") }, Event.Mark(id: "f", points: 2)),
      (Expect("words") { _ in (true, "") }, Event.Mark()),
      (Expect("untested", id: "g", points: 1) { _ in throw Untested("why") }, Event.Mark(id: "g", points: 1)),
      (Expect.derivation("d", within: 1, id: "h", points: 1) { _ in [] }, Event.Mark(id: "h", points: 1)),
    ]
    for (claim, expected) in claims { #expect(try claim.verdict(on: Self.results()).mark == expected) }
    let passed = try claims.map { claim, mark in mark.score(try claim.verdict(on: Self.results()).outcome) }
    #expect(passed == [2, 0, 0, 0, 0, 0, 2, 0, 0, 0])
  }

  private func mark(_ id: String?, _ points: Double?, _ value: Double, _ comparison: String, _ bound: Double)
    -> Event.Mark
  {
    Event.Mark(id: id, points: points, value: value, comparison: comparison, bound: bound)
  }

  @Test func pointsAreWrittenWithoutNeedlessDigits() {
    let texts = [0, 1, 2.5, 0.1 + 0.2, 1.0 / 3].map(NumberText.points)
    #expect(texts == ["0", "1", "2.5", "0.3", "0.333"])
    #expect(Event.Mark(id: "q", points: 2).title(.passed) == "q (2 of 2 points)")
    #expect(Event.Mark(points: 1).title(.untested) == "0 of 1 point" && Event.Mark().title(.passed) == nil)
    #expect(Event.Mark(id: "q").title(.failed) == "q")
  }

  @ReportBuilder private static var wrong: [Cell] {
    Expect(.divergedShare, atMost: 0, id: "q1", points: -1)
    Expect(.divergedShare, atMost: 0, id: "q2", points: .infinity)
    Expect("nan", id: "q3", points: .nan) { _ in (true, "") }
    Expect("first", id: "q4", points: 0) { _ in (true, "") }
    Expect("second", id: "q4") { _ in (true, "") }
    Expect("empty", id: " ") { _ in (true, "") }
    Expect("lines", id: "a\nb") { _ in (true, "") }
    Expect("right", id: "q5", points: 0.25) { _ in (true, "") }
  }

  /// Before training, each with its line.
  @Test func wrongPointsAndSharedIdentifiersAreMistakes() throws {
    let study = Study(name: "t", title: "", setup: PlantedRuns.setup, sweep: [])
    let found: [Mistake]
    do {
      _ = try Plan(study, files: DataFiles(folders: [])) { ReportCheck.mistakes(Self.wrong, in: $0) }
      found = []
    } catch let mistakes as Mistakes { found = mistakes.all }
    #expect(found.map(\.value).prefix(4) == ["points: -1.0", "points: inf", "points: nan", "id: q4"])
    #expect(found.count == 6 && found[3].place == "claim “second”" && found[5].place == "claim “lines”")
    let lines = found.compactMap(\.source?.line)
    let first = try #require(lines.first)
    #expect(lines.map { $0 - first } == [0, 1, 2, 4, 5, 6])
    #expect(found[3].rule == "another claim on line \(first + 3) has this identifier")
    #expect(found.allSatisfy { $0.source?.file.hasSuffix("MarkTests.swift") ?? false })
  }
}
