import Learning
import Studies
import Testing

/// The rules on early stopping and on the cadence of the loss, before training.
@Suite struct EarlyStoppingCheckTests {
  private func mistakes(_ change: (inout Setup) -> Void) -> [Mistake] {
    var setup = PlanTests.setup
    change(&setup)
    return PlanTests.mistakes(PlanTests.study(setup))
  }

  @Test func itNeedsValidationData() throws {
    let found = mistakes { $0.stop = $0.stop.orEarlyStopping(patience: 3) }
    #expect(found.map(\.place) == ["stop rule, early stopping"])
    #expect(found.first?.rule.contains("no validation part") == true && found.first?.value == "patience 3")
    #expect(
      mistakes {
        $0.stop = $0.stop.orEarlyStopping(patience: 3)
        $0.data = .moons(samples: 20).validation(share: 0.2)
      } == [])
  }

  @Test func itsNumbersArePositive() {
    let found = mistakes {
      $0.stop = $0.stop.orEarlyStopping(patience: 0, every: -1)
      $0.data = .moons(samples: 20).validation(share: 0.2)
    }
    #expect(found.map(\.place) == ["early stopping, patience"])
    #expect(
      mistakes { $0.record.lossEvery = 0 }.map(\.place) == ["record, every step of the loss"])
  }

  @Test func anObjectiveHasNone() {
    let setup = Setup(
      objective: .himmelblau, start: .at([0, 0]), optimizer: .gradientDescent(learningRate: 0.01),
      stop: StopRule.after(steps: 5).orEarlyStopping(patience: 2))
    let found = PlanTests.mistakes(PlanTests.study(setup))
    #expect(found.map(\.rule) == ["an objective has no validation data"])
  }

  @Test func thePatienceCanBeVaried() throws {
    var setup = PlanTests.setup
    setup.data = .moons(samples: 20).validation(share: 0.2)
    setup.stop = setup.stop.orEarlyStopping(patience: 3, every: 2)
    let plan = try PlanTests.plan(PlanTests.study(setup) { Vary(.patience, over: [2, 8]) })
    #expect(try plan.runs().map(\.description).map { $0.contains("early-stopping(2,2)") } == [true, false])
    let lost = PlanTests.mistakes(PlanTests.study { Vary(.patience, over: [2, 8]) })
    #expect(lost.first?.rule == "the set-up has no patience to vary")
  }
}
