import Learning
import Testing

/// Recording loss and gradient norm at fewer steps changes what is kept, and nothing else.
@Suite struct ThinnedRecordingTests {
  private static let data = made(.moons(samples: 45))

  private static func run(
    _ stop: StopRule, _ recording: Recording, batch: Batching, precision: Precision, rate: Double = 0.5
  ) -> TrainedRun {
    Bench.train([
      .on(
        data, .mlp(hidden: 3), optimizer: .gradientDescent(learningRate: rate), batch: batch, stop: stop,
        recording: recording, precision: precision, seed: 3)
    ])[0]
  }

  /// More steps than a chunk has, and cadences that divide neither a chunk nor the number of steps.
  @Test(arguments: [Batching.full, .single, .mini(size: 32)], [7, 600])
  func theKeptValuesAreThoseOfTheirSteps(_ batch: Batching, _ every: Int) {
    for precision in [Precision.float64, .float32] {
      let all = Self.run(.after(steps: 1_300), .also(.parameterNorm, every: 50), batch: batch, precision: precision)
      var recording = Recording.also(.parameterNorm, every: 50)
      recording.lossEvery = every
      let some = Self.run(.after(steps: 1_300), recording, batch: batch, precision: precision)
      for quantity in [Quantity.loss, .gradientNorm] {
        let values = all.series[quantity]?.values ?? []
        let kept = stride(from: 0, to: values.count, by: every).map { values[$0] }
        #expect(values.count == 1_300 && some.series[quantity] == Series(every: every, values: kept))
      }
      #expect(some.series[.parameterNorm] == all.series[.parameterNorm])
      #expect(some.finalParameters == all.finalParameters && some.finals == all.finals)
      #expect(some.finalGradientNorm == all.series[.gradientNorm]?.values.last)
      let known = batch == .full ? (some.series[.loss]?.values ?? []) + [some.finalLoss] : []
      #expect(batch == .full ? some.bestLoss == known.min() : some.bestLoss.isNaN)
    }
  }

  /// The rules look at every step: the runs end where they end without thinning.
  @Test(arguments: [
    StopRule.after(steps: 3_000).orLossBelow(0.05), .after(steps: 3_000).orGradientNormBelow(0.02),
    .after(steps: 3_000).orNoProgress(window: 35, improvement: 0.05),
  ])
  func stopRulesLookAtEveryStep(_ stop: StopRule) {
    for batch in [Batching.full, .single] {
      let all = Self.run(stop, .standard, batch: batch, precision: .float64)
      let some = Self.run(stop, .every(100), batch: batch, precision: .float64)
      #expect(all.steps == some.steps && all.steps < 3_000, "\(stop.name)")
      #expect(all.finalParameters == some.finalParameters && all.finalGradientNorm == some.finalGradientNorm)
    }
  }

  @Test func divergenceNamesTheSameStep() {
    let all = Self.run(.after(steps: 900), .standard, batch: .full, precision: .float64, rate: 1e5)
    let some = Self.run(.after(steps: 900), .every(50), batch: .full, precision: .float64, rate: 1e5)
    #expect(all.status == some.status && all.status != .finished)
  }

  @Test func anUnusedOptionIsNotInTheName() {
    #expect(Recording.standard.name == "/1" && Recording.also(.sharpness, every: 20).name == "sharpness/20")
    #expect(Recording.every(10, also: .sharpness).name == "sharpness/10 loss/10")
    #expect(StopRule.after(steps: 3).name == "steps(3) or diverged>1000000.0")
    #expect(
      StopRule.after(steps: 3).orEarlyStopping(patience: 2, every: 5).name
        == "steps(3) or early-stopping(2,5) or diverged>1000000.0")
  }
}
