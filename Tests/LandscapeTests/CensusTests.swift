import Landscape
import Learning
import Testing

/// Counting places, and what their counts say of those not seen.
@Suite struct CensusTests {
  @Test func himmelblausMinimaByName() {
    let f = ObjectiveLoss(.himmelblau)
    let starts = (0..<200).map { k in [4.5 * Exact.sin(Double(k)), 4.5 * Exact.sin(1.7 * Double(k) + 1)] }
    let ends = EndPoint.survey(starts.map { (f, $0) }, threads: 2)
    for (start, end) in zip(starts, ends) { #expect(end.start == start) }
    let census = Census(ends, of: Array(repeating: f, count: ends.count))
    #expect(census.minima.map(\.name) == ["A", "B", "C", "D"] && census.levels.count == 1)
    #expect(census.minima.reduce(0) { $0 + $1.count } == census.count(of: .strictMinimum))
    let members = census.places.flatMap(\.members)
    #expect(Set(members).count == members.count)
    for place in census.places {
      for member in place.members { #expect(census.place(of: member)?.name == place.name) }
    }
  }

  @Test func symmetryOfAnObjectiveIsDeclared() {
    // The population loss under exchanged students and exchanged coordinates.
    let objective = Objective.twoLayerReLUPopulation(students: 3, teachers: 3)
    let f = ObjectiveLoss(objective)
    let theta = [0.9, 0.1, -0.2, 0.3, 1.1, 0.2, -0.4, 0.2, 0.7]
    let rows = [2, 0, 1]
    let columns = [1, 2, 0]
    let copy = rows.flatMap { r in columns.map { theta[3 * r + $0] } }
    #expect(abs(f(theta) - f(copy)) < 1e-14)
    let back = f.aligned(copy, to: theta)
    for i in theta.indices { #expect(abs(back[i] - theta[i]) < 1e-15) }
  }

  @Test func rarefactionIsTheMeanOverAllChoices() {
    let places = [0, 1, 0, 2, 2, 0, 3]
    let discovery = Discovery(places: places)
    #expect(discovery.counts == [3, 2, 1, 1] && discovery.found == [1, 2, 2, 3, 3, 3, 4])
    for m in 0...places.count {
      let choices = (0..<(1 << places.count)).filter { $0.nonzeroBitCount == m }
      let distinct = choices.map { choice in
        Set(places.indices.filter { choice >> $0 & 1 == 1 }.map { places[$0] }).count
      }
      let mean = Double(distinct.reduce(0, +)) / Double(choices.count)
      #expect(abs(discovery.expected(among: m) - mean) < 1e-12)
    }
  }

  /// Good–Turing against the truth it estimates: places of known shares, many samples.
  @Test func theUnseenShareIsEstimatedWithoutBias() {
    let shares = [0.5, 0.3, 0.1, 0.05, 0.02, 0.01, 0.01, 0.005, 0.005]
    var (estimate, truth, covered) = (0.0, 0.0, 0)
    let trials = 400
    var state: UInt64 = 42
    for _ in 0..<trials {
      let places = (0..<60).map { _ -> Int in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        var u = Double(state >> 11) / 0x1p53
        for (i, share) in shares.enumerated() {
          u -= share
          if u < 0 { return i }
        }
        return shares.count - 1
      }
      let unseen = shares.indices.filter { !places.contains($0) }.reduce(0) { $0 + shares[$1] }
      let discovery = Discovery(places: places)
      estimate += discovery.unseenShare / Double(trials)
      truth += unseen / Double(trials)
      if discovery.unseenInterval.contains(unseen) { covered += 1 }
    }
    // Good's estimator is off by at most 1/n in the mean; the interval is one of 95 %.
    #expect(abs(estimate - truth) < 1.0 / 60 / 4)
    #expect(Double(covered) / Double(trials) > 0.9)
  }

  private static let shares: [[Double]] = [
    [0.5, 0.3, 0.1, 0.05, 0.02, 0.01, 0.01, 0.005, 0.005],
    [Double](repeating: 0.02, count: 50), [Double](repeating: 0.25, count: 4), [0.99, 0.01],
    (1...100).map { Double($0) / 5050 },
  ]

  /// As many runs again, simulated: the mean of the estimate is that of the new places, whatever their shares.
  @Test(arguments: shares)
  func newPlacesAreExpectedAsTheyCome(_ shares: [Double]) {
    var state: UInt64 = 99
    func draw() -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      var u = Double(state >> 11) / 0x1p53
      for (i, share) in shares.enumerated() {
        u -= share
        if u < 0 { return i }
      }
      return shares.count - 1
    }
    let (trials, n) = (400, 100)
    var (estimate, truth) = (0.0, 0.0)
    for _ in 0..<trials {
      let (first, second) = ((0..<n).map { _ in draw() }, (0..<n).map { _ in draw() })
      let discovery = Discovery(places: first)
      estimate += discovery.expectedNew / Double(trials)
      truth += Double(Set(second).subtracting(first).count) / Double(trials)
      // Never "0 expected" beside a share that is not 0, nor the reverse.
      #expect((discovery.expectedNew > 0) == (discovery.unseenShare > 0))
      #expect(discovery.expectedNew <= discovery.unseenShare * Double(n) + 1e-12)
      var none = 1.0
      for _ in 0..<n { none *= 1 - discovery.unseenShare }
      #expect(discovery.expectedNew >= 1 - none - 1e-12)
    }
    // Bounds that hold in each sample make the mean too high by up to a third of a place where few are left.
    #expect(abs(estimate - truth) < 1.0 / 3 + 0.05 * truth, "\(estimate) against \(truth)")
  }

  @Test func aPlaceSeenOnceAndOneSeenOften() {
    // 1 of 200: the unseen share is 0.5 %, and 200 more runs find at least 1 − 0.995²⁰⁰ new places.
    let discovery = Discovery(places: [1] + Array(repeating: 0, count: 98) + Array(repeating: 2, count: 101))
    #expect(discovery.unseenShare == 0.005 && discovery.expectedNew > 0.63 && discovery.expectedNew <= 1)
  }

  @Test func noRunsNoKnowledge() {
    let none = Discovery(places: [])
    #expect(none.unseenShare == 1 && none.unseenInterval == 0...1 && none.expectedNew == 0)
    #expect(Census([], of: []).places.isEmpty)
  }

  // MARK: Between minima

  @Test func thePassBetweenTwoMinimaIsASaddle() throws {
    let f = ObjectiveLoss(.himmelblau)
    let (a, b) = (Polish(f, from: [3, 2]).theta, Polish(f, from: [3.6, -1.8]).theta)
    let passage = Connection(f, from: a, to: b)
    let saddle = try #require(passage.saddles.first)
    #expect(saddle.index == 1 && saddle.gradientNorm < 1e-9 && passage.isCertified)
    #expect(abs((passage.bent.losses.max() ?? 0) - saddle.loss) < 1e-3 * saddle.loss)
    #expect(passage.barrier <= passage.straight.barrier + 1e-9)
    // The two directions of descent lead to the two end points.
    let down = try #require(saddle.escape?.direction)
    let feet = [0.05, -0.05].map { s in Polish(f, from: zip(saddle.theta, down).map { $0 + s * $1 }).theta }
    for end in [a, b] { #expect(feet.contains { abs($0[0] - end[0]) + abs($0[1] - end[1]) < 1e-8 }) }
  }

  /// Two copies of one minimum have nothing between them once they are aligned.
  @Test func copiesHaveNoBarrier() {
    let f = SymmetryTests.function(.tanh, hidden: [2])
    let a = Polish(f, from: SymmetryTests.start(f, seed: 3)).theta
    let passage = Connection(f, from: a, to: SymmetryTests.swapped(f, a, layer: 0, 0, 1))
    #expect(passage.straight.barrier < 1e-12)
  }
}
