/// How many places a number of runs has found, and estimates of how many are left.
public struct Discovery: Sendable {
  /// How often each known place was found.
  public let counts: [Int]
  /// Runs that ended in one of them.
  public let runs: Int
  /// Distinct places after 1, 2, … runs, in the order in which the runs were made.
  public let found: [Int]

  /// - Parameter places: the place of each run, in the order of the runs.
  package init(places: [Int]) {
    var seen: [Int: Int] = [:]
    var found: [Int] = []
    for place in places {
      seen[place, default: 0] += 1
      found.append(seen.count)
    }
    counts = seen.values.sorted(by: >)
    runs = places.count
    self.found = found
  }

  /// Places found exactly k times.
  public func found(times k: Int) -> Int { counts.count { $0 == k } }

  /// The expected number of distinct places among m of the runs, drawn at random (rarefaction).
  ///
  ///     E[S(m)] = Σᵢ 1 − C(n − nᵢ, m)/C(n, m)
  ///
  /// Source: Hurlbert 1971, doi:10.2307/1934145.
  public func expected(among m: Int) -> Double {
    counts.reduce(0) { sum, count in
      var missed = 1.0
      for k in 0..<min(m, runs) { missed *= max(0, Double(runs - count - k)) / Double(runs - k) }
      return sum + 1 - missed
    }
  }

  /// The share of runs that would end in a place not seen so far: f₁/n, f₁ the places seen once.
  ///
  /// Source: Good 1953, doi:10.1093/biomet/40.3-4.237.
  public var unseenShare: Double { runs == 0 ? 1 : Double(found(times: 1)) / Double(runs) }

  /// Its 95 % interval, by the normal limit with variance (f₁(1 − f₁/n) + 2f₂)/n² (Esty 1983, doi:10.1214/aos/1176346268).
  /// The upper end is at least the share that a single place may have and yet be missed by all n runs with probability 5 %.
  public var unseenInterval: ClosedRange<Double> {
    guard runs > 0 else { return 0...1 }
    let n = Double(runs)
    let (once, twice) = (Double(found(times: 1)), Double(found(times: 2)))
    let spread = 1.959963984540054 * (once * (1 - once / n) + 2 * twice).squareRoot() / n
    let missed = min(1, 2.995732273553991 / n)
    return max(0, unseenShare - spread)...min(1, max(unseenShare + spread, missed))
  }

  /// New places that as many runs again are expected to find.
  ///
  ///     U = Σₖ (−1)ᵏ⁺¹ P(L ≥ k) fₖ,   L ~ Binomial(⌈log₂ n⌉, ½)
  ///     1 − (1 − f₁/n)ⁿ ≤ U ≤ f₁
  ///
  /// Good and Toulmin's sum has P = 1: a place found 50 times and one found 51 times then weigh −1 and +1, although neither
  /// carries information on unseen places. The weights P(L ≥ k) keep the first terms and damp the others. The
  /// bounds keep the estimate consistent with the unseen share u = f₁/n: n runs find a new place at least if one of them
  /// falls into that share, 1 − (1 − u)ⁿ, and at most one each time that one falls there, nu = f₁. Since no estimate is below
  /// 0, the mean is too high by up to a third of a place where hardly any is left.
  ///
  /// Sources: Good & Toulmin 1956, doi:10.1093/biomet/43.1-2.45; binomial smoothing: Efron & Thisted 1976,
  /// doi:10.1093/biomet/63.3.435, and Orlitsky, Suresh & Wu 2016, doi:10.1073/pnas.1607774113.
  public var expectedNew: Double {
    guard runs > 0 else { return 0 }
    let times = Dictionary(grouping: counts, by: \.self).mapValues(\.count)
    let trials = max(1, Double(runs).powersOfTwo)
    let sum = times.reduce(0) { sum, found in
      let sign: Double = found.key % 2 == 1 ? 1 : -1
      return sum + sign * Self.tail(found.key, of: trials) * Double(found.value)
    }
    let once = Double(found(times: 1))
    var missed = 1.0
    for _ in 0..<runs { missed *= 1 - unseenShare }
    return min(once, max(1 - missed, sum))
  }

  /// P(L ≥ k) for L ~ Binomial(m, ½).
  private static func tail(_ k: Int, of m: Int) -> Double {
    guard k <= m else { return 0 }
    var (term, sum) = (1.0, 0.0)
    for _ in 0..<m { term *= 0.5 }
    // C(m, l)/2ᵐ from l = 0 on.
    for l in 0...m {
      if l >= k { sum += term }
      term *= Double(m - l) / Double(l + 1)
    }
    return sum
  }
}

extension Double {
  /// The least integer m with 2ᵐ ≥ self, for numbers from 1 on.
  fileprivate var powersOfTwo: Int {
    var (m, power) = (0, 1.0)
    while power < self, m < 1100 { (m, power) = (m + 1, 2 * power) }
    return m
  }
}

extension Census {
  /// The minimum of each run that ended in one, by its number among the minima, in the order of the runs.
  public var minimaInOrder: [Int] {
    var home = Array(repeating: -1, count: ends.count)
    for (index, place) in minima.enumerated() {
      for member in place.members { home[member] = index }
    }
    return home.filter { $0 >= 0 }
  }

  /// The discovery of minima, over the runs that ended in one.
  public var discovery: Discovery { Discovery(places: minimaInOrder) }
}
