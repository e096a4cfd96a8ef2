import Foundation
import Lanes
import Studies
import Testing

/// Tests of pairs, their correction, effect size and power, against enumeration, published tables and simulation.
@Suite struct PairedTestsTests {
  /// Every one of the 2ⁿ signs: how many are at least as far from n/2 as those that were seen.
  private func enumerated(_ better: Int, of count: Int) -> Double {
    let distance = abs(2 * better - count)
    let extreme = (0..<(1 << count)).count { abs(2 * $0.nonzeroBitCount - count) >= distance }
    return Double(extreme) / Double(1 << count)
  }

  @Test func theSignTestCountsAllSigns() {
    for count in 0...12 {
      for better in 0...count {
        let test = SignTest(better: better, worse: count - better, tied: 3)
        #expect(abs(test.p - enumerated(better, of: count)) < 1e-14, "\(better) of \(count)")
        #expect(test.untied == count && test.count == count + 3)
      }
    }
    // Conover, Practical Nonparametric Statistics: 8 of 9, p = 2·10/2⁹. Arbuthnot 1710: 82 of 82 years.
    #expect(SignTest(better: 8, worse: 1).p == 20.0 / 512)
    #expect(abs(SignTest(better: 82, worse: 0).p / 0x1p-81 - 1) < 1e-12)
    #expect(SignTest(better: 0, worse: 0, tied: 5).p == 1)
    // Beyond the range of binomial coefficients: SciPy 1.15, binomtest(5050, 10000).
    #expect(abs(SignTest(better: 5050, worse: 4950).p - 0.32217419979531087) < 1e-9)
  }

  /// A wrong rejection is as frequent as the exact level says, for equal settings.
  @Test func theLevelOfTheSignTestIsKept() {
    let stream = RandomStream(seed: 1, role: .analysis)
    let (sweeps, seeds) = (4000, 15)
    let rejected = (0..<sweeps).count { sweep in
      let better = (0..<seeds).count { stream.uniform(sweep * seeds + $0) < 0.5 }
      return SignTest(better: better, worse: seeds - better).p <= 0.05
    }
    // P(B ≤ 3 or B ≥ 12) = 0.0352 for n = 15; the standard error of the share is 0.0029.
    #expect(abs(Double(rejected) / Double(sweeps) - 0.0352) < 3 * 0.0029)
  }

  @Test func holmsCorrectionIsThatOfTheDefinition() {
    // By hand: 4·0.005, 3·0.01, then the maximum of 2·0.03 and 0.04.
    let corrected = Statistics.holm([0.01, 0.04, 0.03, 0.005])
    #expect(zip(corrected, [0.03, 0.06, 0.06, 0.02]).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect(
      Statistics.holm([0.4, 0.9, 0.5]) == [1, 1, 1] && Statistics.holm([0.2]) == [0.2] && Statistics.holm([]) == [])
    // Unknown tests are taken to have greater p values: never below the correction that knows them.
    let all = [0.001, 0.2, 0.004, 0.03, 0.0005]
    let known = Statistics.holm(Array(all.prefix(3)), of: all.count)
    #expect(zip(known, Statistics.holm(all)).allSatisfy { $0 >= $1 } && known[0] == 0.005)
  }

  @Test func improvementCountsEveryPair() {
    let stream = RandomStream(seed: 2, role: .analysis)
    for trial in 0..<50 {
      // Few distinct values: many ties; an infinite value is among them.
      let values = (0..<24).map { i in
        let value = Double(stream.index(trial * 24 + i, below: 5))
        return value == 4 ? Double.infinity : value
      }
      let (own, other) = (Array(values.prefix(10)), Array(values.dropFirst(10)))
      let counted = own.flatMap { a in other.map { b in a < b ? 1.0 : a == b ? 0.5 : 0 } }.reduce(0, +) / 140
      let less = ProbabilityOfImprovement(of: own, over: other, prefersMore: false)
      let more = ProbabilityOfImprovement(of: own, over: other, prefersMore: true)
      #expect(abs(less.value - counted) < 1e-14 && abs(less.value + more.value - 1) < 1e-14)
      #expect(less.interval.contains(less.value))
      #expect(abs(less.interval.lowerBound - (1 - more.interval.upperBound)) < 1e-9)
    }
    #expect(ProbabilityOfImprovement(of: [], over: [1], prefersMore: true).value.isNaN)
  }

  /// The bounds solve the equation of the score interval, also where one setting is always better.
  @Test func theIntervalOfTheImprovementSolvesItsEquation() {
    let apart = ProbabilityOfImprovement(
      of: (0..<32).map(Double.init), over: (100..<132).map(Double.init), prefersMore: false)
    #expect(apart.value == 1 && apart.interval.upperBound == 1)
    let θ = apart.interval.lowerBound
    let (q1, q2) = (θ / (2 - θ), 2 * θ * θ / (1 + θ))
    let variance = (θ * (1 - θ) + 31 * (q1 - θ * θ) + 31 * (q2 - θ * θ)) / 1024
    #expect(θ > 0.8 && θ < 0.99 && abs((1 - θ) - 1.959963984540054 * variance.squareRoot()) < 1e-9)
  }

  /// Normal values with a shift of one standard deviation: P = Φ(1/√2) = 0.7602. Independent runs, and seeds that help both settings.
  @Test(arguments: [0.0, 0.8]) func theIntervalOfTheImprovementCovers(shared: Double) {
    let (trials, seeds) = (1000, 24)
    let normals = RandomStream(seed: 3, role: .analysis).normals(trials * seeds * 3)
    let covered = (0..<trials).count { trial in
      func value(_ seed: Int, _ setting: Int) -> Double {
        let first = 3 * (trial * seeds + seed)
        return shared.squareRoot() * normals[first] + (1 - shared).squareRoot() * normals[first + 1 + setting]
      }
      let better = (0..<seeds).map { value($0, 0) - 1 }
      let other = (0..<seeds).map { value($0, 1) }
      return ProbabilityOfImprovement(of: better, over: other, prefersMore: false).interval.contains(0.76025)
    }
    // 0.95 for independent runs, within three standard errors of 0.007; more for paired ones.
    let coverage = Double(covered) / Double(trials)
    #expect(shared == 0 ? abs(coverage - 0.95) < 0.021 : coverage >= 0.95, "\(coverage)")
  }

  /// Power by enumeration of all signs with their probabilities.
  @Test func powerIsTheProbabilityOfADecision() {
    for (count, share) in [(6, 0.9), (9, 0.75), (12, 0.6), (5, 1.0)] {
      let power = (0..<(1 << count)).reduce(0.0) { sum, signs in
        let better = signs.nonzeroBitCount
        guard 2 * better > count, enumerated(better, of: count) <= 0.05 else { return sum }
        return sum + pow(share, Double(better)) * pow(1 - share, Double(count - better))
      }
      #expect(abs(SignTest.power(count, share: share, level: 0.05) - power) < 1e-12, "\(count), \(share)")
    }
  }

  @Test func theSeedsNeededAreTheFirstWithThePower() throws {
    for (share, level) in [(0.9, 0.05), (0.75, 0.05), (0.65, 0.01), (0.6, 0.05 / 28), (0.55, 0.05)] {
      let pairs = try #require(SeedsNeeded.pairs(share: share, level: level))
      #expect(SignTest.power(pairs, share: share, level: level) >= 0.8)
      let fewer = (max(1, pairs - 60)..<pairs).filter { SignTest.power($0, share: share, level: level) >= 0.8 }
      #expect(fewer == [], "\(share), \(level): \(pairs)")
    }
    #expect(SeedsNeeded.pairs(share: 1, level: 0.05) == 6, "2·2⁻⁶ ≤ 0.05")
    #expect(SeedsNeeded.pairs(share: 0.5, level: 0.05) == nil && SeedsNeeded.pairs(share: 0.501, level: 0.05) == nil)
  }

  /// Half of the pilot's seeds are ties: twice as many seeds are needed. The bounds of the share give the bounds of the number.
  @Test func tiesAndTheUncertaintyOfThePilotCount() {
    let plain = SeedsNeeded(SignTest(better: 15, worse: 5), level: 0.05)
    let tied = SeedsNeeded(SignTest(better: 5, worse: 15, tied: 20), level: 0.05)
    #expect(plain.likely == SeedsNeeded.pairs(share: 0.75, level: 0.05))
    #expect(tied.likely == plain.likely.map { 2 * $0 } && tied.fewest == plain.fewest.map { 2 * $0 })
    let interval = Statistics.wilson(15, of: 20)
    #expect(plain.fewest == SeedsNeeded.pairs(share: interval.upperBound, level: 0.05))
    #expect(plain.most == SeedsNeeded.pairs(share: interval.lowerBound, level: 0.05))
    let none = SeedsNeeded(SignTest(better: 0, worse: 0, tied: 4), level: 0.05)
    #expect(none.likely == nil && none.fewest == nil && none.most == nil)
  }

  /// Experiments with the number of seeds that was announced are decided in about four of five cases.
  @Test func announcedSeedsDecide() throws {
    let count = try #require(SeedsNeeded(SignTest(better: 14, worse: 6), level: 0.05).likely)
    let stream = RandomStream(seed: 4, role: .analysis)
    let trials = 2000
    let decided = (0..<trials).count { trial in
      let better = (0..<count).count { stream.uniform(trial * count + $0) < 0.7 }
      return 2 * better > count && SignTest(better: better, worse: count - better).p <= 0.05
    }
    // At least 0.8, and less than with a tenth more; three standard errors are 0.027.
    #expect(Double(decided) / Double(trials) > 0.773 && Double(decided) / Double(trials) < 0.88)
  }
}
