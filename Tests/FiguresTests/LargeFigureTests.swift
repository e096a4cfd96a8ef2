import Analysis
import Figures
import Learning
import Planted
import Plotting
import Studies
import Testing

/// A figure of very many runs computes its numbers from all of them, shows a sample one by one, and says so.
@Suite struct LargeFigureTests {
  private static func results(_ count: UInt64) throws -> Results {
    try PlantedRuns.results {
      Seeds(0..<Int(count))
    } run: { _, seed in
      let loss = Double((seed * 7919) % 10_007) + 1
      return .losses([loss, loss / 2])
    }
  }

  @Test(arguments: [20_000, 20_001] as [UInt64])
  func linesAreASampleOfManyRuns(_ count: UInt64) throws {
    let drawn = try Drawn(Self.results(count)) { Curve(.loss).runs().band(.quartiles) }
    let bundle = try #require(drawn.chart.bundles.first)
    let isSample = count > 20_000
    #expect(bundle.lines.count == (isSample ? 2000 : Int(count)))
    #expect(drawn.chart.traces.map(\.points) == bundle.lines)
    #expect(
      drawn.caption.contains(isSample ? "faint lines: about 2000 single runs" : "faint lines: single runs"),
      "\(drawn.caption)")
    #expect(drawn.chart.traces.first?.run == 0 && drawn.chart.traces.last?.run == Int(count) - 1)
    // The median is that of all runs.
    let all = (0..<count).map { Double(($0 * 7919) % 10_007) + 1 }
    #expect(drawn.chart.lines.first?.points.first?.y == Statistics.median(all))
  }

  @Test func aStaircaseOfManyRunsKeepsItsEnds() throws {
    let count: UInt64 = 30_000
    let drawn = try Drawn(Self.results(count)) { Distribution(.finalLoss) }
    let steps = try #require(drawn.chart.steps.first).points
    #expect(steps.count == 20_000 && drawn.chart.traces.count == 2000)
    #expect(steps.first?.y == 0.5 && steps.last?.y == 10_007.0 / 2)
    // Each kept point is at the rank of its value.
    let sorted = (0..<count).map { (Double(($0 * 7919) % 10_007) + 1) / 2 }.sorted()
    for point in steps.enumerated().filter({ $0.offset % 997 == 0 }).map(\.element) {
      #expect(sorted[Int((point.x / 100 * Double(count)).rounded(.down))] == point.y)
    }
  }

  @Test func theShareBelowAThresholdIsThatOfAllRuns() throws {
    let count: UInt64 = 30_000
    let results = try Self.results(count)
    let drawn = try Drawn(results) { Convergence(below: 8000) }
    let steps = try #require(drawn.chart.steps.first).points
    // One point for each step at which runs arrive: 0, and 1 in place of 15,000 points.
    #expect(steps.count == 4, "\(steps)")
    let first = (0..<count).count { Double(($0 * 7919) % 10_007) + 1 < 8000 }
    #expect(steps[1] == Point(0, 100 * Double(first) / Double(count)))
    let second = (0..<count).count { (Double(($0 * 7919) % 10_007) + 1) / 2 < 8000 }
    #expect(steps[2] == Point(1, 100 * Double(second) / Double(count)))
  }
}
