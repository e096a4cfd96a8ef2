import Foundation
import Lanes
import Testing

@Suite struct RandomStreamTests {
  /// The generator as its definition says it, step by step, in place of by counter.
  @Test func drawsAreThoseOfSplitMix64() {
    for seed in [0, 1, 255, 123_456_789] as [UInt64] {
      var state = RandomStream.mix(seed &+ 1 &+ (2 << 32))
      let stream = RandomStream(seed: seed, role: .sampleOrder)
      for i in 0..<50 {
        state = state &+ 0x9E37_79B9_7F4A_7C15
        #expect(stream.draw(i) == RandomStream.mix(state))
      }
    }
  }

  /// A draw known from the algorithm's reference implementation (seed 0 of SplitMix64 itself).
  @Test func finalizerMatchesTheReference() {
    #expect(RandomStream.mix(0x9E37_79B9_7F4A_7C15) == 0xE220_A839_7B1D_CDAF)
  }

  @Test func normalsHaveTheMomentsOfANormal() {
    let x = RandomStream(seed: 5, role: .data).normals(100_001)
    #expect(x.count == 100_001)
    let n = Double(x.count)
    let mean = x.reduce(0, +) / n
    let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    let fourth = x.reduce(0) { $0 + pow($1 - mean, 4) } / n / (variance * variance)
    #expect(abs(mean) < 4 / n.squareRoot())
    #expect(abs(variance - 1) < 4 * (2 / n).squareRoot())
    #expect(abs(fourth - 3) < 4 * (24 / n).squareRoot())
  }

  @Test func normalsAreBoxMullersOfTheirDraws() {
    let stream = RandomStream(seed: 9, role: .weights)
    let x = stream.normals(20)
    for k in 0..<10 {
      let r = (-2 * log((Double(stream.draw(2 * k) >> 11) + 1) * 0x1p-53)).squareRoot()
      let t = 2 * Double.pi * stream.uniform(2 * k + 1)
      #expect(abs(x[2 * k] - r * cos(t)) < 1e-14 * max(1, r))
      #expect(abs(x[2 * k + 1] - r * sin(t)) < 1e-14 * max(1, r))
    }
  }

  @Test(arguments: [1, 2, 3, 7, 64, 512, 1000]) func anEpochSortsItsDraws(count: Int) {
    let stream = RandomStream(seed: 11, role: .sampleOrder)
    var order = EpochOrder(stream: stream, count: count)
    for epoch in [0, 1, 5] {
      order.shuffle(epoch: epoch)
      let keys = (0..<count).map { stream.draw(epoch * count + $0) }
      #expect(order.order.map(Int.init) == keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) })
    }
  }

  @Test func indicesBelowABoundAreEven() {
    let stream = RandomStream(seed: 2, role: .sampleOrder)
    var counts = [Int](repeating: 0, count: 7)
    for i in 0..<70_000 { counts[stream.index(i, below: 7)] += 1 }
    for count in counts { #expect(abs(Double(count) - 10_000) < 5 * 10_000.0.squareRoot()) }
  }
}
