import Learning
import Studies
import Testing

/// What a set-up trains, and how that is written in a run's description.
@Suite struct ProblemTests {
  private static let bowl = Objective.function("bowl", value: { $0 * $0 + $1 * $1 }, gradient: { (2 * $0, 2 * $1) })
  private static let objective = Setup(
    objective: bowl, start: .at([1, 2]), optimizer: .gradientDescent(learningRate: 0.1), stop: .after(steps: 10))

  @Test func anObjectiveHasNoPartsOfANetwork() {
    var setup = Self.objective
    let isEmpty =
      setup.data == nil && setup.network == nil && setup.loss == nil && setup.initialization == nil
      && setup.batch == nil
      && setup.precision == nil
    #expect(isEmpty && setup.objective == Self.bowl && setup.seesAllSamples)
    setup.network?.hidden = [3]
    setup.data = .xor
    #expect(setup.description == Self.objective.description)
    #expect(PlanTests.setup.objective == nil)
  }

  /// A variant can train another function from other points; a network has neither function nor start.
  @Test func anObjectiveAndItsStartCanBeChanged() {
    let saddle = Objective.function("saddle", value: { $0 * $0 - $1 * $1 }, gradient: { (2 * $0, -2 * $1) })
    var setup = Self.objective
    setup.objective = saddle
    #expect(setup.objective == saddle && setup.start == .at([1, 2]))
    setup.start = .normal(scale: 3)
    #expect(setup.objective == saddle && setup.start == .normal(scale: 3))
    let written = Setup(
      objective: saddle, start: .normal(scale: 3), optimizer: .gradientDescent(learningRate: 0.1),
      stop: .after(steps: 10))
    #expect(setup.description == written.description && setup.description != Self.objective.description)
    setup.objective = nil
    #expect(setup.description == written.description)
    var network = PlanTests.setup
    network.objective = saddle
    network.start = .at([1])
    #expect(network.start == nil && network.description == PlanTests.setup.description)
  }

  @Test func aParameterOfNetworksCannotVaryAnObjective() {
    let study = Study(name: "test", title: "Test", setup: Self.objective, sweep: Vary(.hidden, over: [1, 2]).axes)
    #expect(PlanTests.mistakes(study).first?.rule == "the set-up has no hidden units to vary")
    let scale = Study(name: "test", title: "Test", setup: Self.objective, sweep: Vary(.initScale, over: [1, 2]).axes)
    #expect(PlanTests.mistakes(scale).first?.rule == "the set-up has no initialization scale to vary")
  }

  /// The archive finds runs by these texts: a change of one byte would train every run again.
  @Test func descriptionsStayTheSame() throws {
    let run = try PlanTests.plan(PlanTests.study()).run(0)
    #expect(
      run.description == """
        activation=tanh
        batch=full
        bias=true
        data=xor samples(4) noise(0.0) seed(0)
        hidden=3
        initialization=fan-in scale(1.0)
        learning-rate=0.1
        loss=squared-error(mean)
        optimizer=gradient-descent
        output=identity
        precision=float64
        record=/1
        schedule=constant
        stop=steps(10) or diverged>1000000.0
        weight-decay=0.0
        seed=0
        """)
    let descent = try PlanTests.plan(Study(name: "test", title: "Test", setup: Self.objective, sweep: [])).run(0)
    #expect(
      descent.description == """
        learning-rate=0.1
        objective-fingerprint=521e8a4a409e95e7
        objective=bowl
        optimizer=gradient-descent
        parameters=2
        precision=float64
        record=/1
        schedule=constant
        start=at([1.0, 2.0])
        stop=steps(10) or diverged>1000000.0
        weight-decay=0.0
        seed=0
        """)
  }
}
