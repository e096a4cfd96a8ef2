import Analysis
import Documents
import Figures
import Learning
import Planted
import Plotting
import Studies
import Testing

/// All mistakes of a declaration at once, before anything is trained.
@Suite struct ReportCheckTests {
  private func mistakes(
    _ setup: Setup = PlantedRuns.setup, overrides: Overrides = Overrides(), report: [any CellDeclaration],
    @SweepBuilder sweep: () -> [Axis] = { [] }
  ) throws -> [Mistake] {
    let study = try Study(name: "t", title: "", setup: setup, sweep: sweep()).applying(overrides)
    do {
      _ = try Plan(study, files: DataFiles(folders: [])) { ReportCheck.mistakes(report.map(\.cell), in: $0) }
      return []
    } catch let found as Mistakes {
      return found.all
    }
  }

  @Test func mistakesOfSetupSweepFigureTableAndClaimAreListedTogether() throws {
    var setup = PlantedRuns.setup
    setup.optimizer.learningRate = -1
    let report: [any CellDeclaration] = [
      Figure("F") { Curve(.validationLoss).color(by: .hidden) },
      ReportTable.census("T", where: .hidden, is: 7), Expect(.median(of: .finalLoss), atMost: 1, where: .hidden, is: 9),
      Comparison(of: .initScale, below: 0.1),
    ]
    let found = try mistakes(setup, report: report) {
      Vary(.hidden, over: [2, 2])
      Seeds(0..<2)
    }
    let places = Set(found.map(\.place))
    #expect(places.isSuperset(of: ["learning-rate", "sweep over hidden", "figure “F”", "table “T”"]))
    #expect(places.contains { $0.hasPrefix("claim “The median") } && places.contains("comparison of init-scale"))
  }

  /// Outside of the package a type can conform to `Plot`, but nothing can draw it.
  @Test func aPlotThatNothingCanDrawIsAMistake() throws {
    struct Foreign: Plot {}
    let found = try mistakes(report: [Figure("F") { Foreign() }, Figure("G") { Curve(.loss) }])
    #expect(found.map(\.place) == ["figure “F”"] && found[0].value == "Foreign")
    #expect(found[0].rule == "it is not a plot of Descent" && found[0].remedy.contains("Figure(_:drawing:)"))
  }

  @Test func aClaimAboutAValueThatTheAxisHasNotIsAMistake() throws {
    let rates = [0.1, 0.3]
    let claim = Expect(.share(of: .finalLoss, below: 1), atLeast: 0.5, where: .learningRate, is: 0.2)
    let found = try mistakes(report: [claim]) { Vary(.learningRate, over: rates) }
    #expect(found.map(\.rule) == ["the sweep has no such value"] && found[0].remedy == "Choose one of 0.1, 0.3")
    let set = Overrides(values: [("learning-rate", ["0.4"])])
    #expect(try mistakes(overrides: set, report: [claim]) { Vary(.learningRate, over: rates) } == [])
    // A parameter that is not swept has the set-up's value.
    #expect(try mistakes(report: [Expect(.divergedShare, atMost: 0, where: .learningRate, is: 0.1)]) == [])
    #expect(try mistakes(report: [Expect(.divergedShare, atMost: 0, where: .learningRate, is: 0.7)]).count == 1)
  }

  struct Wrong: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let rule: String
    let change: @Sendable (inout Setup) -> Void
    let cell: @Sendable () -> any CellDeclaration
  }

  static let wrongs: [Wrong] = [
    Wrong(testDescription: "boundary over one input", rule: "networks of 2 inputs") {
      $0.data = .noisySine()
    } cell: {
      Figure("F") { DecisionBoundary() }
    },
    Wrong(testDescription: "curves over two inputs", rule: "networks of 1 input") { _ in
    } cell: {
      Figure("F") { FittedCurves() }
    },
    Wrong(testDescription: "field of a network", rule: "functions of two variables") { _ in
    } cell: {
      Figure("F") { VectorField(x: 0...1, y: 0...1) }
    },
    Wrong(testDescription: "a network's graph of an objective", rule: "it shows a network") {
      $0.problem = .objective(.himmelblau, start: .normal(scale: 1))
    } cell: {
      Figure("F") { NetworkGraph() }
    },
    Wrong(testDescription: "units that are not there", rule: "hidden layers have 2 units") { _ in
    } cell: {
      Figure("F") { HiddenFeatures(units: (1, 3)) }
    },
    Wrong(testDescription: "parameters that are not there", rule: "a run has 9") { _ in
    } cell: {
      Figure("F") { LossSurface(.parameters(0, 9)) }
    },
    Wrong(testDescription: "layers of another number", rule: "it draws 3") {
      $0.record = .also(.layerGradientNorm(1), .layerGradientNorm(2), every: 1)
    } cell: {
      Figure("F") { LayerNorms(layers: 3) }
    },
    Wrong(testDescription: "steps to a loss of batches", rule: "only where they record it") {
      $0.batch = .single
    } cell: {
      Figure("F") { Convergence(below: 0.1) }
    },
    Wrong(testDescription: "a comparison of batches", rule: "only where they record it") {
      $0.batch = .single
    } cell: {
      Comparison(below: 0.1)
    },
    Wrong(testDescription: "a comparison by a gradient norm of batches", rule: "it is that of one batch") {
      $0.batch = .single
    } cell: {
      Comparison(by: .finalGradientNorm)
    },
    Wrong(
      testDescription: "a comparison by the steps to a small loss of a batch", rule: "the loss or the gradient of one"
    ) {
      $0.batch = .single
      $0.stop = .after(steps: 10).orLossBelow(0.1)
    } cell: {
      Comparison(by: .steps)
    },
    Wrong(testDescription: "a comparison without a better and a worse", rule: "neither better nor worse") {
      $0.record = .also(.parameterNorm, every: 1)
    } cell: {
      Comparison(by: .final(.parameterNorm))
    },
    Wrong(testDescription: "a comparison by what is not recorded", rule: "does not record it") { _ in
    } cell: {
      Comparison(by: .best(.accuracy))
    },
    Wrong(testDescription: "a claim on the best loss of batches", rule: "only where they record it") {
      $0.batch = .single
    } cell: {
      Expect(.share(of: .bestLoss, below: 0.1), atLeast: 0)
    },
    Wrong(testDescription: "a claim on validation without any", rule: "does not record it") { _ in
    } cell: {
      Expect(.median(of: .final(.validationLoss)), atMost: 1)
    },
    Wrong(testDescription: "a quantity of an inset", rule: "does not record it") { _ in
    } cell: {
      Figure("F") { Curve(.loss) }.inset(
        at: .init(x: 0, y: 0, width: 0.4, height: 0.4), Figure("I") { Curve(.sharpness) })
    },
    Wrong(testDescription: "a census of data drawn per seed", rule: "on one landscape") {
      $0.data = $0.data?.drawnPerSeed()
    } cell: {
      Expect(.count(of: .minima), equals: 1)
    },
    Wrong(testDescription: "a census of runs with an L1 penalty", rule: "an L1 penalty has none") {
      $0.optimizer.l1Penalty = 0.1
    } cell: {
      Expect(.count(of: .minima), equals: 1)
    },
    Wrong(testDescription: "a heat map over what is not swept", rule: "does not vary") { _ in
    } cell: {
      Figure("F") { HeatMap(.finalLoss, x: .learningRate, y: .hidden, style: .contours) }
    },
    Wrong(testDescription: "a slider over what is not swept", rule: "a parameter that the sweep varies") { _ in
    } cell: {
      Figure("F") { Curve(.loss) }.explore(.hidden)
    },
    Wrong(testDescription: "curves that are played", rule: "none of its plots shows the parameters of runs") { _ in
    } cell: {
      Figure("F") { Curve(.loss) }.play(over: .step)
    },
    Wrong(testDescription: "one frame", rule: "at least 2") { _ in
    } cell: {
      Figure("F") { DecisionBoundary() }.play(over: .step, frames: 1)
    },
    Wrong(testDescription: "more frames than a page holds", rule: "has at most 1000") { _ in
    } cell: {
      Figure("F") { DecisionBoundary() }.explore(seed: true).play(over: .step, frames: 400)
    },
    Wrong(testDescription: "a played network of an objective", rule: "it shows a network") {
      $0.problem = .objective(.himmelblau, start: .normal(scale: 1))
    } cell: {
      Figure("F") { HiddenFeatures() }.play(over: .step)
    },
    Wrong(testDescription: "a printed value without a slider", rule: "among the values of a slider") { _ in
    } cell: {
      Figure("F") { Curve(.loss) }.printed(.learningRate, at: 0.1)
    },
    Wrong(testDescription: "a printed seed that is not there", rule: "no such seed") { _ in
    } cell: {
      Figure("F") { Curve(.loss) }.explore(seed: true).printed(seed: 9)
    },
    Wrong(testDescription: "a printed step after the last", rule: "the runs have steps 0 to 10") { _ in
    } cell: {
      Figure("F") { DecisionBoundary(.firstSeed) }.play(over: .step).printed(step: 11)
    },
    Wrong(testDescription: "a printed step without play", rule: "a step of a played figure") { _ in
    } cell: {
      Figure("F") { DecisionBoundary(.firstSeed) }.explore(seed: true).printed(step: 1)
    },
    Wrong(testDescription: "a logarithmic axis from zero", rule: "positive numbers") { _ in
    } cell: {
      Figure("F") { Curve(.loss) }.yScale(.log).yRange(0...1)
    },
  ]

  @Test(arguments: wrongs) func whatCannotBeDrawnOrToldIsAMistake(_ wrong: Wrong) throws {
    var setup = PlantedRuns.setup
    wrong.change(&setup)
    let found = try mistakes(setup, report: [wrong.cell()]) { Seeds(0..<3) }
    #expect(found.contains { $0.rule.contains(wrong.rule) }, "\(found)")
    #expect(found.allSatisfy { !$0.place.isEmpty && !$0.remedy.isEmpty })
  }

  @Test func everySettingIsChecked() throws {
    let found = try mistakes(report: [Figure("F") { DecisionBoundary() }.facets(columns: .data)]) {
      Vary(.data, over: [.moons(samples: 20), .noisySine(samples: 20)])
    }
    #expect(found.map(\.value) == ["noisy sine, which has 1 input"])
  }
}
