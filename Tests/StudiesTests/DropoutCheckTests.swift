import Learning
import Studies
import Testing

/// Dropout as a part of the set-up.
@Suite struct DropoutCheckTests {
  private func mistakes(_ network: Network) -> [Mistake] {
    var setup = PlanTests.setup
    setup.network = network
    return PlanTests.mistakes(PlanTests.study(setup))
  }

  @Test func aProbabilityLiesBelowOne() {
    for rate in [-0.1, 1, .nan, .infinity] {
      #expect(mistakes(.mlp(hidden: 2).dropout(rate)).map(\.place) == ["dropout"], "\(rate)")
    }
    #expect(mistakes(.mlp(hidden: 2).dropout(0.99)) == [])
    #expect(mistakes(.linear().dropout(0.5)).first?.rule.contains("hidden units") == true)
  }

  /// No dropout has the description, and so the key, that it had before there was dropout.
  @Test func zeroIsNone() throws {
    var setup = PlanTests.setup
    let plain = setup.description
    setup.network = setup.network?.dropout(0)
    #expect(setup.description == plain && !plain.contains("dropout"))
    setup.network = setup.network?.dropout(0.25)
    #expect(setup.description.contains("\ndropout=0.25\n"))
    let plan = try PlanTests.plan(PlanTests.study { Vary(.dropout, over: [0, 0.25, 0.5]) })
    #expect(Set(try plan.runs().map(\.key)).count == 3)
    #expect(try plan.trainingRun(2).dropout == 0.5 && plan.trainingRun(0).dropout == 0)
  }

  /// The loss of a step is not the training loss.
  @Test func theTrainingLossHasToBeRecorded() {
    var setup = PlanTests.setup
    #expect(setup.trainingLossQuantity == .loss)
    setup.network = setup.network?.dropout(0.25)
    #expect(setup.trainingLossQuantity == nil && setup.partialLoss == "with dropout")
    setup.record = .also(.trainingLoss, every: 5)
    #expect(setup.trainingLossQuantity == .trainingLoss)
  }
}
