import Lanes
import Studies
import Testing

/// The sign test of pairs that are added one by one, against factorials, enumeration and simulation with a look after every pair.
@Suite struct SequentialSignTestTests {
  /// 2ⁿ·w!(n − w)!/(n + 1)! as a product of single factors.
  private func martingale(_ w: Int, _ l: Int) -> Double {
    var value = 1 / Double(w + l + 1)
    for i in 0..<w { value *= 2 * Double(i + 1) / Double(l + i + 1) }
    for _ in 0..<l { value *= 2 }
    return value
  }

  @Test func pIsTheLeastInverseOfTheMartingale() {
    let stream = RandomStream(seed: 3, role: .analysis)
    for trial in 0..<20 {
      let signs = (0..<60).map { stream.index(trial * 60 + $0, below: 5) - 2 }.map { $0.signum() }
      var (w, l, least) = (0, 0, 1.0)
      let path = SequentialSignTest(signs).path
      for (i, sign) in signs.enumerated() {
        if sign > 0 { w += 1 }
        if sign < 0 { l += 1 }
        least = min(least, 1 / martingale(w, l))
        #expect(abs(path[i] / least - 1) < 1e-12)
      }
    }
    // All of eight: 9/2⁸. A tie changes nothing.
    #expect(abs(SequentialSignTest(Array(repeating: 1, count: 8)).p - 9.0 / 256) < 1e-15)
    #expect(SequentialSignTest([0, -1, -1, 0, -1]).path == [1, 1, 0.75, 0.75, 0.5])
    #expect(SequentialSignTest([]).p == 1 && SequentialSignTest.fewest(level: 0.05) == 8)
  }

  /// ∫θʷ(1 − θ)ˡdθ by the midpoint rule.
  @Test func theMartingaleIsTheMixture() {
    for (w, l) in [(3, 0), (5, 2), (10, 10), (30, 12)] {
      let points = 100_000
      let integral = (0..<points).reduce(0.0) { sum, i in
        let θ = (Double(i) + 0.5) / Double(points)
        var product = 1.0
        for _ in 0..<w { product *= 2 * θ }
        for _ in 0..<l { product *= 2 * (1 - θ) }
        return sum + product / Double(points)
      }
      #expect(abs(integral / martingale(w, l) - 1) < 1e-6, "\(w), \(l)")
    }
  }

  /// 2,000 sweeps of equal settings, with a look after each of 512 seeds: at most 5 % ever decide. Unequal settings decide.
  @Test func lookingAfterEverySeedKeepsTheErrorRate() {
    let stream = RandomStream(seed: 4, role: .analysis)
    let (sweeps, seeds) = (2000, 512)
    func decided(_ share: Double) -> (count: Int, fixed: Int) {
      var (count, fixed) = (0, 0)
      for sweep in 0..<sweeps {
        var (w, naive) = (0, false)
        let signs = (0..<seeds).map { stream.uniform(sweep * seeds + $0) < share ? 1 : -1 }
        if SequentialSignTest(signs).p <= 0.05 { count += 1 }
        for (i, sign) in signs.enumerated() where !naive {
          if sign > 0 { w += 1 }
          // The normal approximation of the fixed test is enough to see what looking does to it.
          let z = abs(Double(2 * w - i - 1)) / Double(i + 1).squareRoot()
          naive = i >= 7 && z > 1.96
        }
        if naive { fixed += 1 }
      }
      return (count, fixed)
    }
    let equal = decided(0.5)
    #expect(equal.count <= sweeps / 20, "\(equal.count)")
    #expect(equal.count > 0 && equal.fixed > sweeps / 5, "a fixed test does not keep it: \(equal.fixed)")
    #expect(decided(0.7).count == sweeps)
  }

  /// The interval contains the median of a skewed distribution at every number of values at once, in 95 % of the sequences.
  @Test func intervalsHoldAtEveryNumberOfValues() {
    let stream = RandomStream(seed: 6, role: .analysis)
    let (sequences, most) = (300, 128)
    let lost = (0..<sequences).count { sequence in
      // u² has the median ¼.
      let values = (0..<most).map { i in
        let u = stream.uniform(sequence * most + i)
        return u * u
      }
      return (8...most).contains { count in
        let interval = SequentialSignTest.medianInterval(Array(values.prefix(count)), confidence: 0.95)
        return interval.map { !$0.contains(0.25) } ?? false
      }
    }
    #expect(Double(lost) / Double(sequences) <= 0.05, "\(lost)")
    #expect(SequentialSignTest.medianInterval([1, 2, 3, 4, 5, 6, 7], confidence: 0.95) == nil)
    #expect(SequentialSignTest.medianInterval((1...8).map(Double.init), confidence: 0.95) == 1...8)
    // Far beyond the range of 2ⁿ. By lgamma: the least k with 2ⁿ·k!(n − k)!/(n + 1)! ≥ 20 is 1082 for n = 2000.
    let wide = SequentialSignTest.medianInterval((1...2000).map(Double.init), confidence: 0.95)
    #expect(wide == 919...1082, "\(String(describing: wide))")
  }
}
