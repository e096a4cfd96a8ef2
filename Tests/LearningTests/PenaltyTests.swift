import Foundation
import Learning
import Testing

/// The L1 penalty and the clipping of gradients, against closed forms and plain scalar arithmetic.
@Suite struct PenaltyTests {
  /// E = ½((x − 1)² + 10(y + 2)²)
  static let bowl = Objective.function(
    "shifted bowl", value: { 0.5 * (($0 - 1) * ($0 - 1) + 10 * ($1 + 2) * ($1 + 2)) },
    gradient: { ($0 - 1, 10 * ($1 + 2)) })

  static func train(_ optimizer: Optimizer, from start: [Double], steps: Int) -> TrainedRun {
    Bench.train([
      TrainingRun(
        problem: .objective(bowl), initialParameters: start, optimizer: optimizer, stop: .after(steps: steps), seed: 0)
    ])[0]
  }

  /// The minimum of ½a(x − b)² + λ₁|x| is b moved towards 0 by λ₁/a, and 0 where λ₁ ≥ a|b|: soft thresholding.
  @Test(arguments: [0.0, 0.3, 0.9]) func theL1PenaltyThresholds(_ lambda: Double) {
    let plain = Optimizer.gradientDescent(learningRate: 0.05)
    let end = Self.train(plain.withL1Penalty(lambda), from: [3, 3], steps: 2000)
    #expect(abs(end.finalParameters[0] - (1 - lambda)) < 1e-12)
    #expect(abs(end.finalParameters[1] - (-2 + lambda / 10)) < 1e-12)
    // The recorded loss has no penalty.
    let loss = 0.5 * (lambda * lambda + 10 * (lambda / 10) * (lambda / 10))
    #expect(abs(end.finalLoss - loss) < 1e-12)
  }

  @Test func aLargeL1PenaltyEndsWithinAStepOfZero() {
    let end = Self.train(Optimizer.gradientDescent(learningRate: 0.01).withL1Penalty(3), from: [3, -3], steps: 2000)
    #expect(abs(end.finalParameters[0]) <= 0.01 * (3 + 1) && abs(end.finalParameters[1] - (-2 + 0.3)) < 1e-12)
  }

  /// sign 0 is 0, and biases have the penalty too: the change of one step is −ηλ₁·sign θ beside that of the loss.
  @Test(arguments: [Precision.float64, .float32]) func everyParameterHasThePenalty(_ precision: Precision) {
    let data = made(.noisySine(samples: 9))
    func end(_ l1: Double) -> [Double] {
      var run = TrainingRun.on(
        data, .mlp(hidden: 3), optimizer: Optimizer.gradientDescent(learningRate: 0.5).withL1Penalty(l1),
        stop: .after(steps: 1), precision: precision)
      run.initialParameters = [0.5, -0.5, 0, 0.25, -0.25, 0, 1, -1, 0, 0.125]
      return Bench.train([run])[0].finalParameters
    }
    let changes = zip(end(0.25), end(0)).map { $0 - $1 }
    let signs = [1.0, -1, 0, 1, -1, 0, 1, -1, 0, 1]
    for (change, sign) in zip(changes, signs) {
      #expect(abs(change + 0.125 * sign) < (precision == .float64 ? 1e-15 : 1e-7))
    }
  }

  @Test func clippedGradientsFollowTheirFormula() {
    let (rate, limit, decay, l1) = (0.05, 2.0, 0.1, 0.2)
    let optimizer = Optimizer.momentum(0.5, learningRate: rate).clipped(toNorm: limit).withWeightDecay(decay)
      .withL1Penalty(l1)
    var x = [3.0, 3]
    var v = [0.0, 0]
    var norms: [Double] = []
    for _ in 0..<40 {
      let g = [x[0] - 1, 10 * (x[1] + 2)]
      let norm = (g[0] * g[0] + g[1] * g[1]).squareRoot()
      norms.append(norm)
      for i in 0..<2 {
        let sign = x[i] == 0 ? 0 : x[i] < 0 ? -1.0 : 1
        v[i] = 0.5 * v[i] + g[i] * min(1, limit / norm) + decay * x[i] + l1 * sign
        x[i] -= rate * v[i]
      }
    }
    let result = Self.train(optimizer, from: [3, 3], steps: 40)
    for i in 0..<2 { #expect(abs(result.finalParameters[i] - x[i]) < 1e-12) }
    // The recorded norm is that before clipping.
    let recorded = result.series[.gradientNorm]?.values ?? []
    #expect(recorded.count == 40 && norms[0] > 10 * limit)
    for (found, norm) in zip(recorded, norms) { #expect(abs(found - norm) < 1e-10 * max(1, norm)) }
  }

  /// Under a norm that no gradient reaches, every bit is that of a run without clipping.
  @Test(arguments: [Precision.float64, .float32], [Batching.full, .single]) func aLooseClipChangesNothing(
    _ precision: Precision, _ batch: Batching
  ) {
    let data = made(.noisySine(samples: 12))
    func end(_ norm: Double) -> [Double] {
      Bench.train([
        .on(
          data, .mlp(hidden: 4), optimizer: Optimizer.gradientDescent(learningRate: 0.1).clipped(toNorm: norm),
          batch: batch, precision: precision)
      ])[0].finalParameters
    }
    #expect(end(1e9) == end(.infinity))
    #expect(end(0.01) != end(.infinity))
  }

  /// A clipped update of plain descent is never longer than ηc, in any place of a network's parameters.
  @Test(arguments: [10, 45]) func noUpdateIsLongerThanTheLimit(_ samples: Int) throws {
    let result = Bench.train([
      .on(
        made(.noisySine(samples: samples)), .mlp(hidden: 5),
        optimizer: Optimizer.gradientDescent(learningRate: 0.5).clipped(toNorm: 0.02), stop: .after(steps: 40),
        recording: .also(.updateNorm, every: 1))
    ])[0]
    let updates = try #require(result.series[.updateNorm]?.values)
    let norms = try #require(result.series[.gradientNorm]?.values)
    #expect(norms.contains { $0 > 0.02 })
    for (update, norm) in zip(updates, norms) { #expect(abs(update - 0.5 * min(0.02, norm)) < 1e-15) }
  }

  @Test func aWarmUpRaisesTheRateToTheFirstOfItsSchedule() {
    let schedule = Schedule.warmUp(steps: 4, then: .cosine(steps: 10))
    let expected = [0.25, 0.5, 0.75, 1] + (0...10).map { 0.5 * (1 + cos(.pi * Double($0) / 10)) } + [0]
    for (r, factor) in expected.enumerated() { #expect(abs(schedule.factor(r) - factor) < 1e-15, "\(r)") }
    #expect(Schedule.warmUp(steps: 2).factor(7) == 1)
    let halved = Schedule.warmUp(steps: 2, then: .custom(CustomSchedule(name: "half") { _ in 0.5 }))
    #expect([0, 1, 2].map(halved.factor) == [0.25, 0.5, 0.5])
  }
}
