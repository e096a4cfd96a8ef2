import DescentCLI
import Studies
import Testing

/// The lines of the console: numbers with their nouns, one and several.
@Suite struct EventTextTests {
  private static func progress(runs: Int, done: Int, diverged: Int) -> Event.Progress {
    Event.Progress(
      experiment: "e", runs: runs, runsDone: done, steps: 10 * runs, stepsDone: 10 * done, stepsMade: 10 * done,
      diverged: diverged, seconds: 2)
  }

  static let lines: [(event: Event, line: String)] = [
    (.planned(experiment: "e", runs: 1, cached: 0, steps: 1), "e: 1 of 1 run to train, 1 step at most"),
    (
      .planned(experiment: "e", runs: 64, cached: 63, steps: 20_000),
      "e: 1 of 64 runs to train, 20\u{202F}000 steps at most"
    ),
    (.planned(experiment: "e", runs: 1, cached: 1, steps: 0), "e: the only run is in the archive"),
    (.planned(experiment: "e", runs: 2, cached: 2, steps: 0), "e: all 2 runs are in the archive"),
    (.damaged(experiment: "e", runs: 1), "e: 1 damaged run in the archive, trained again"),
    (.damaged(experiment: "e", runs: 2), "e: 2 damaged runs in the archive, trained again"),
    (
      .trained(progress(runs: 1, done: 1, diverged: 0), seconds: 2, archiveSeconds: 0.005),
      "trained 1 run in 2 s (5 steps/s, 5 ms for the archive)"
    ),
    (
      .trained(progress(runs: 3, done: 3, diverged: 1), seconds: 200, archiveSeconds: 7_500),
      "trained 3 runs in 3 min 20 s, 1 diverged (15 steps/s, 2 h 5 min for the archive)"
    ),
    (
      .progressed(progress(runs: 1, done: 0, diverged: 0)), "0 %  0/1 run  0/10 steps  0 steps/s"
    ),
    (
      .progressed(progress(runs: 4, done: 1, diverged: 1)),
      "25 %  1/4 runs  10/40 steps  5 steps/s  6 s left  1 diverged"
    ),
    (
      .judged(experiment: "e", expectation: "c", verdict: "v", outcome: .untested), "UNTESTED  c: v"
    ),
    (
      .judged(
        experiment: "e", expectation: "c", verdict: "v", outcome: .passed, mark: Event.Mark(id: "q1", points: 2)),
      "pass  q1 (2 of 2 points)  c: v"
    ),
  ]

  @Test(arguments: 0..<lines.count) func line(_ i: Int) {
    // Without the colours of a terminal.
    let line = EventText.line(Self.lines[i].event)?.replacing(/\u{1B}\[[0-9]*m/, with: "")
    #expect(line == Self.lines[i].line)
  }

  @Test func durationsHaveTheLargestUnit() {
    let durations = [0.085, 4.2, 60, 3_599, 3_600].map(EventText.duration)
    #expect(durations == ["85 ms", "4.2 s", "1 min 0 s", "59 min 59 s", "1 h 0 min"])
  }
}
