import Learning
import Testing

/// Early stopping against a search through the recorded validation losses of the same run without it.
@Suite struct EarlyStoppingTests {
  static let data = made(.noisySine(samples: 48, noise: 0.4).validation(share: 0.25))

  static func run(
    _ stop: StopRule, _ recording: Recording = .standard, batch: Batching = .full, precision: Precision = .float64,
    rate: Double = 0.02, seed: UInt64 = 1
  ) -> TrainedRun {
    Bench.train([
      .on(
        data, .mlp(hidden: 20), optimizer: .momentum(0.9, learningRate: rate), initialization: .normal(scale: 1),
        batch: batch, stop: stop, recording: recording, precision: precision, seed: seed)
    ])[0]
  }

  /// The step of the least loss and the step at which the run ends, by the words of the documentation.
  static func searched(_ losses: [Double], every: Int, patience: Int) -> (best: Int, end: Int)? {
    var best = 0
    for index in losses.indices.dropFirst() {
      if losses[index] < losses[best] { best = index }
      if index - best == patience { return (best * every, index * every) }
    }
    return nil
  }

  struct Case: Sendable {
    var batch = Batching.full
    var precision = Precision.float64
    var every = 1
    var patience = 4
  }

  @Test(arguments: [
    Case(), Case(batch: .single, every: 5, patience: 20), Case(batch: .mini(size: 32), every: 7, patience: 6),
    Case(precision: .float32, every: 3), Case(batch: .mini(size: 5), precision: .float32, every: 10, patience: 9),
  ])
  func theRunIsThatOfTheLeastMeasuredValidationLoss(_ one: Case) throws {
    let limit = 2_000
    let watched = Self.run(
      .after(steps: limit), .also(.validationLoss, .parameterNorm, every: one.every), batch: one.batch,
      precision: one.precision)
    let losses = try #require(watched.series[.validationLoss]?.values)
    let expected = try #require(Self.searched(losses, every: one.every, patience: one.patience))
    #expect(expected.best > 0 && expected.end < limit, "the case must be one of early stopping")
    let stopped = Self.run(
      StopRule.after(steps: limit).orEarlyStopping(patience: one.patience, every: one.every), batch: one.batch,
      precision: one.precision)
    #expect(stopped.status == .finished)
    #expect(stopped.steps == expected.end && stopped.bestStep == expected.best)
    #expect(stopped.finals[.validationLoss] == losses[expected.best / one.every])
    let short = Self.run(.after(steps: expected.best), batch: one.batch, precision: one.precision)
    #expect(stopped.finalParameters == short.finalParameters && stopped.finalLoss == short.finalLoss)
    #expect(stopped.finals == short.finals)
    // The whole training is recorded, not only its part up to the best step.
    #expect(stopped.series[.loss]?.values == Array((watched.series[.loss]?.values ?? []).prefix(expected.end)))
    #expect(stopped.finalGradientNorm == watched.series[.gradientNorm]?.values[expected.best])
  }

  /// Whichever rule ends the run: here the limit of the steps, which is no multiple of the cadence, and the loss.
  @Test func anyEndRestoresTheBest() throws {
    for steps in [53, 60, 200] {
      let watched = Self.run(.after(steps: steps), .also(.validationLoss, every: 10))
      let stopped = Self.run(StopRule.after(steps: steps).orEarlyStopping(patience: 1_000, every: 10))
      let measured = (watched.series[.validationLoss]?.values ?? []).enumerated().map { ($0.offset * 10, $0.element) }
      let all = measured + [(steps, watched.finals[.validationLoss] ?? .nan)]
      let best = try #require(all.min { $0.1 < $1.1 })
      #expect(stopped.steps == steps && stopped.bestStep == best.0 && stopped.finals[.validationLoss] == best.1)
    }
    let limit = try #require(Self.run(.after(steps: 300)).series[.loss]?.values[150])
    let plain = Self.run(StopRule.after(steps: 300).orLossBelow(limit))
    let stopped = Self.run(StopRule.after(steps: 300).orLossBelow(limit).orEarlyStopping(patience: 300, every: 4))
    #expect(plain.steps == stopped.steps && plain.steps < 300)
    let best = try #require(stopped.bestStep)
    #expect(best == plain.steps || best % 4 == 0)
    #expect(try #require(stopped.finals[.validationLoss]) <= plain.finals[.validationLoss] ?? .nan)
    #expect(stopped.finalParameters == Self.run(.after(steps: best)).finalParameters)
  }

  /// NaN is no new least value: the run ends after its patience and keeps what it had.
  @Test func aRunThatOnlyGetsWorseKeepsItsFirstParameters() throws {
    let rule = StopRule.after(steps: 5_000).neverDiverging().orEarlyStopping(patience: 6, every: 10)
    let stopped = Self.run(rule, rate: 1e4)
    #expect(stopped.bestStep == 0 && stopped.steps == 60)
    let first = Initialization.normal(scale: 1).parameters(
      of: Network.mlp(hidden: 20).architecture(inputs: 1, outputs: 1), seed: 1)
    #expect(stopped.finalParameters == first)
    #expect(stopped.series[.loss]?.values.last.map { !$0.isFinite || $0 > 1e6 } == true)
  }

  @Test func aDivergedRunIsNotRestored() {
    let plain = Self.run(.after(steps: 500), rate: 1e4)
    let stopped = Self.run(StopRule.after(steps: 500).orEarlyStopping(patience: 500, every: 1), rate: 1e4)
    #expect(plain.status != .finished && stopped.status == plain.status && stopped.bestStep == nil)
    #expect(stopped.steps == plain.steps && !(stopped.finalLoss <= 1e6))
  }

  @Test func dataWithoutAValidationPartAreRefused() throws {
    let run = TrainingRun.on(
      made(.noisySine(samples: 12)), .mlp(hidden: 2), stop: StopRule.after(steps: 5).orEarlyStopping(patience: 1))
    #expect(throws: Mistake.self) { try Trainer.train(like: run, from: Bench([])) }
  }
}
