import Foundation
import Studies
import Testing

@Suite struct StatisticsTests {
  @Test func quantilesInterpolateBetweenOrderStatistics() {
    // R's quantile(c(1,2,4,8), type = 7) by hand: position p·(n−1).
    let x = [8.0, 1, 4, 2]
    #expect(Statistics.quantile(x, 0) == 1 && Statistics.quantile(x, 1) == 8)
    #expect(Statistics.median(x) == 3)
    #expect(abs(Statistics.quantile(x, 0.25) - 1.75) < 1e-15)
    #expect(Statistics.median([]).isNaN)
  }

  @Test func nothingIsDropped() {
    #expect(Statistics.median([1, .infinity, .infinity]) == .infinity)
    #expect(Statistics.median([1, .nan, 2]) == 2)
    #expect(Statistics.quantile([1, 2, .infinity], 0.5) == 2)
  }

  @Test func wilsonsIntervalSolvesItsEquation() {
    // The bounds are the p for which |p̂ − p| = z·√(p(1−p)/n).
    let z = 1.959963984540054
    for (k, n) in [(0, 10), (3, 10), (10, 10), (31, 32), (500, 1000)] {
      let interval = Statistics.wilson(k, of: n)
      let share = Double(k) / Double(n)
      for p in [interval.lowerBound, interval.upperBound] where p > 0 && p < 1 {
        #expect(abs(abs(share - p) - z * (p * (1 - p) / Double(n)).squareRoot()) < 1e-12)
      }
      #expect(interval.contains(share))
    }
    #expect(Statistics.wilson(0, of: 10).lowerBound == 0 && Statistics.wilson(10, of: 10).upperBound == 1)
  }

  @Test func theBootstrapCoversTheMedian() {
    let values = (0..<99).map(Double.init)
    guard let interval = Statistics.bootstrapMedian(values) else {
      Issue.record("no interval")
      return
    }
    #expect(interval.contains(49))
    // The median's standard error here is about 100/(2√99) ≈ 5.
    #expect(interval.upperBound - interval.lowerBound > 8 && interval.upperBound - interval.lowerBound < 35)
    #expect(Statistics.bootstrapMedian([1]) == nil)
  }

  /// Ranks of the sign test's interval at 95 %, as tables of the binomial give them, and the coverage that they are to have.
  @Test func theMediansIntervalIsThatOfTheSignTest() {
    for (count, ranks) in [
      (6, 1...6), (8, 1...8), (9, 2...8), (12, 3...10), (20, 6...15), (25, 8...18), (100, 40...61),
    ] {
      let values = (1...count).map(Double.init).shuffled()
      let interval = Statistics.medianInterval(values, confidence: 0.95)
      #expect(interval == Double(ranks.lowerBound)...Double(ranks.upperBound), "\(count)")
    }
    #expect(Statistics.medianInterval([1, 2, 3, 4, 5], confidence: 0.95) == nil, "2·2⁻⁵ > 0.05")
    #expect(Statistics.medianInterval([], confidence: 0.95) == nil)
    #expect(Statistics.medianInterval([1, 2, 3, 4, 5, .infinity], confidence: 0.95) == 1...Double.infinity)
    // The normal approximation's ranks, n/2 ∓ 0.98·√n, at a count whose binomial coefficients overflow.
    let many = Statistics.medianInterval((1...10_000).map(Double.init), confidence: 0.95)
    #expect(abs((many?.lowerBound ?? 0) - 4902) <= 1 && abs((many?.upperBound ?? 0) - 5099) <= 1)
  }

  @Test func numbersAreShortForPeople() {
    #expect(NumberText.short(0.1 + 0.2) == "0.3")
    #expect(NumberText.short(1e-7) == "10⁻⁷")
    #expect(NumberText.short(2.5e-9) == "2.5·10⁻⁹")
    #expect(NumberText.short(1234) == "1234")
    #expect(NumberText.short(-0.00123456) == "−0.00123")
    #expect(NumberText.short(.infinity) == "∞")
    #expect(NumberText.percent(0.9875) == "98.8 %")
    #expect(NumberText.grouped(1_234_567) == "1\u{202F}234\u{202F}567")
  }
}
