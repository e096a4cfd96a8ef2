import Learning
import Testing

@Suite struct StopRuleTests {
  static let data = made(.line(samples: 12, slope: 2, intercept: 1, noise: 0))

  static func train(_ stop: StopRule) -> TrainedRun {
    Bench.train([.on(data, .linear(), optimizer: .gradientDescent(learningRate: 0.5), stop: stop, seed: 1)])[0]
  }

  @Test func endsAtTheFirstStepBelowTheLoss() {
    let full = Self.train(.after(steps: 300)).series[.loss]?.values ?? []
    let first = full.firstIndex { $0 < 1e-6 }
    let stopped = Self.train(.after(steps: 300).orLossBelow(1e-6))
    #expect(stopped.steps == first)
    #expect(stopped.finalLoss == full[stopped.steps], "the parameters are those that fulfil the rule")
    #expect(stopped.series[.loss]?.values == Array(full[...stopped.steps]))
  }

  @Test func endsAtTheFirstStepBelowTheGradientNorm() {
    let full = Self.train(.after(steps: 300)).series[.gradientNorm]?.values ?? []
    let stopped = Self.train(.after(steps: 300).orGradientNormBelow(1e-4))
    #expect(stopped.steps == full.firstIndex { $0 < 1e-4 })
  }

  @Test func endsWhenAWindowBringsTooLittle() {
    let stopped = Self.train(.after(steps: 100_000).orNoProgress(window: 50, improvement: 0.5))
    #expect(stopped.steps % 50 == 0 && stopped.steps >= 100 && stopped.steps < 100_000)
    let losses = stopped.series[.loss]?.values ?? []
    let last = losses[(stopped.steps - 50)...].min() ?? 0
    let before = losses[..<(stopped.steps - 50)].min() ?? 0
    #expect(last > 0.5 * before)
  }

  @Test func divergenceIsAResultThatNamesItsStep() {
    let run = TrainingRun.on(
      Self.data, .linear(), optimizer: .gradientDescent(learningRate: 50), stop: .after(steps: 500), seed: 1)
    let result = Bench.train([run])[0]
    guard case .diverged(let step) = result.status else {
      Issue.record("did not diverge")
      return
    }
    let losses = result.series[.loss]?.values ?? []
    #expect(losses.count == step + 1 && result.steps == step)
    #expect(losses[step] > 1e6 * max(1, losses[0]))
    #expect(losses.dropLast().allSatisfy { $0 <= 1e6 * max(1, losses[0]) })
    var unwatched = run
    unwatched.stop = .after(steps: 500).neverDiverging()
    #expect(Bench.train([unwatched])[0].steps == 500)
  }
}
