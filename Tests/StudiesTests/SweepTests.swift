import Learning
import Studies
import Synchronization
import Testing

/// What a sweep may hold, what it refuses, and that every run is the run of its own setting and data.
@Suite struct SweepTests {
  private static func mistakes(_ study: Study) -> [Mistake] { PlanTests.mistakes(study) }

  /// Two, three, … samples by the seed, and other inputs each time.
  private static let growing = DataSource.custom("growing") { seed in
    let count = 2 + Int(seed % 11)
    let inputs = (0..<count).map { [Double($0) - 0.3 * Double(seed)] }
    return Dataset(name: "growing", inputs: inputs, targets: inputs.map { [$0[0] * $0[0]] })
  }.drawnPerSeed()

  @Test(arguments: [Batching.full, .single, .singleWithReplacement])
  func dataOfAnySizePerSeedChangeNoOtherRun(_ batch: Batching) throws {
    var setup = PlanTests.setup
    setup.data = Self.growing
    setup.batch = batch
    setup.stop.steps = 40
    let together = try trained(Study(name: "t", title: "", setup: setup, sweep: Seeds(0..<40).axes))
    for seed in 0..<40 {
      let alone = try trained(Study(name: "t", title: "", setup: setup, sweep: Seeds([UInt64(seed)]).axes))
      #expect(alone.count == 1)
      for (key, result) in alone {
        #expect(together[key]?.finalParameters == result.finalParameters)
        #expect(together[key]?.series == result.series)
      }
    }
  }

  @Test func aRuleBrokenBySomeSeedsDataIsFoundBeforeTraining() {
    var setup = PlanTests.setup
    setup.data = Self.growing
    setup.batch = .mini(size: 5)
    let found = Self.mistakes(Study(name: "t", title: "", setup: setup, sweep: Seeds([10, 9, 0]).axes))
    #expect(found.map(\.rule) == ["a batch of growing has between 1 and 2 samples"])
  }

  @Test func dataSetsOfOneTitleAreDifferentValues() throws {
    let levels = [0.05, 0.3].map { DataSource.moons(samples: 40, noise: $0) }
    let splits = [1, 2].map { DataSource.noisySine(samples: 20).validation(share: 0.2, seed: $0) }
    let plan = try PlanTests.plan(PlanTests.study { Vary(.data, over: levels + splits) })
    #expect(
      plan.grid[0].values == [
        "two moons (noise 0.05)", "two moons (noise 0.3)", "noisy sine (split seed 1)", "noisy sine (split seed 2)",
      ])
    #expect(Set(try plan.runs().map(\.key)).count == 4)
    #expect(
      Self.mistakes(PlanTests.study { Vary(.data, over: [.xor, .xor]) }).map(\.rule) == ["an axis has each value once"])
  }

  @Test func functionsOfOneNameAreToldApartByWhatTheyCompute() throws {
    func schedule(_ a: Double) -> Schedule { .custom(CustomSchedule(name: "mine") { 1 / (1 + a * Double($0)) }) }
    let plan = try PlanTests.plan(PlanTests.study { Vary(.schedule, over: [schedule(1), schedule(3)]) })
    #expect(plan.grid[0].values == ["mine (1)", "mine (2)"])
    let results = try trained(PlanTests.study { Vary(.schedule, over: [schedule(1), schedule(3)]) })
    #expect(results.count == 2 && Set(results.values.map(\.finalParameters)).count == 2)
    func distance(_ a: Double) -> Loss {
      .custom(Distance(name: "mine", value: { y, t in a * (y - t) * (y - t) }, derivative: { y, t in 2 * a * (y - t) }))
    }
    func objective(_ a: Double) -> Objective {
      .function("mine", value: { x, y in a * x * x + y * y }, gradient: { x, y in (2 * a * x, 2 * y) })
    }
    func key(_ change: (inout Setup) -> Void) throws -> String {
      var setup = PlanTests.setup
      change(&setup)
      return try PlanTests.plan(PlanTests.study(setup)).run(0).key
    }
    func key(objective a: Double) throws -> String {
      try key { $0.problem = .objective(objective(a), start: .normal(scale: 1)) }
    }
    #expect(try key { $0.loss = distance(1) } != key { $0.loss = distance(1 + 1e-12) })
    #expect(try key { $0.loss = distance(1) } == key { $0.loss = distance(1) })
    #expect(try key(objective: 1) != key(objective: 2))
    #expect(try key(objective: 1) == key(objective: 1))
    #expect(try key { $0.optimizer.schedule = schedule(1) } != key { $0.optimizer.schedule = schedule(2) })
  }

  @Test func aVariantThatSetsWhatAnAxisSetsIsAMistake() {
    let adam = Variant("adam") { $0.optimizer = .adam(learningRate: 0.01) }
    for isFirst in [true, false] {
      let found = Self.mistakes(
        PlanTests.study {
          if isFirst { Variants("method", [Variant("plain") { _ in }, adam]) }
          Vary(.learningRate, over: [0.1, 0.3])
          if !isFirst { Variants("method", [Variant("plain") { _ in }, adam]) }
        })
      #expect(found.contains { $0.place == "variant “adam” of method" && $0.value == "sets learning rate" }, "\(found)")
      #expect(!found.contains { $0.place.contains("plain") })
    }
    let fair = PlanTests.study {
      Variants(
        "method",
        [Variant("plain") { _ in }, Variant("adam") { $0.optimizer.rule = Optimizer.adam(learningRate: 1).rule }])
      Vary(.learningRate, over: [0.1, 0.3])
    }
    #expect(Self.mistakes(fair).isEmpty)
  }

  @Test func anAxisWhoseValuesALaterOneReplacesIsAMistake() {
    let found = Self.mistakes(
      PlanTests.study {
        Vary(.momentum, over: [0.5, 0.9])
        Vary(.optimizer, over: [Optimizer.adam(learningRate: 1).rule])
      })
    #expect(
      found.contains { $0.place == "sweep over momentum" && $0.rule == "a later axis takes it out of the set-up" },
      "\(found)")
  }

  @Test func combinationsThatAreOneSetupAreAMistake() {
    let found = Self.mistakes(
      PlanTests.study {
        Vary(.optimizer, over: [Optimizer.momentum(learningRate: 1).rule, .gradientDescent])
        Vary(.momentum, over: [0.5, 0.9])
      })
    #expect(found.map(\.rule) == ["both give the same set-up"])
  }

  @Test func aSweepThatDoesNotFitIntoMemoryIsRefused() {
    var setup = PlanTests.setup
    setup.network?.hidden = [1_000_000, 1_000_000]
    let found = Self.mistakes(PlanTests.study(setup))
    #expect(found.count == 1 && found[0].rule.contains("four fifths of the machine's memory"), "\(found)")
  }

  @Test func changesOfTheCommandLineNameAReportOfTheirOwn() throws {
    let study = PlanTests.study { Seeds(0..<4) }
    #expect(try PlanTests.plan(study).reportName == "test")
    let fewer = try study.applying(Overrides(seeds: [0, 1, 2]))
    #expect(try PlanTests.plan(fewer).reportName == "test@seeds=0-below-3")
    let both = try study.applying(
      Overrides(values: [("learning-rate", ["0.1", "0.3"])], seeds: [0, 1, 2, 3]))
    #expect(try PlanTests.plan(both).reportName == "test@learning-rate=0.1+0.3")
  }

  private func trained(_ study: Study) throws -> [String: TrainedRun] {
    let store = MemoryStore()
    let runner = Runner(
      plan: try PlanTests.plan(study), store: store, threads: 2,
      provenance: Provenance(revision: "", toolchain: "", processor: "", semantics: 0, time: ""), listener: Ear())
    _ = try runner.run(fresh: true)
    return store.records.withLock { $0.mapValues(\.result) }
  }

  /// A value of the command line holds for every variant; one of the declaration would be lost in some.
  @Test func theCommandLineSetsWhatVariantsSet() throws {
    let variants = Variants(
      "rate", [Variant("own") { _ in }, Variant("fast") { $0.optimizer.learningRate = 2 }]
    ).axes
    let study = Study(name: "t", title: "", setup: PlanTests.setup, sweep: variants + Seeds(0..<2).axes)
    let plan = try PlanTests.plan(
      study.applying(Overrides(values: [("learning-rate", ["0.125"]), ("rate", ["fast"])])))
    #expect(plan.combinations.map(\.setup.optimizer.learningRate) == [0.125])
    let declared = Study(
      name: "t", title: "", setup: PlanTests.setup,
      sweep: variants + Vary(.learningRate, over: [0.125]).axes + Seeds(0..<2).axes)
    #expect(
      Self.mistakes(declared).map(\.rule) == [
        "the axis over learning-rate sets it too, and one of the two would be lost"
      ])
  }

  /// `--set start=at(…)`: the same runs as a declared start.
  @Test func aStartFromTheCommandLineIsThatOfTheDeclaration() throws {
    func objective(_ start: Setup.Start) -> Study {
      Study(
        name: "t", title: "",
        setup: Setup(
          objective: .himmelblau, start: start, optimizer: .gradientDescent(learningRate: 0.01), stop: .after(steps: 20)
        ),
        sweep: Seeds(0..<1).axes)
    }
    let moved = try objective(.normal(scale: 1)).applying(Overrides(values: [("start", ["at(1.5,-2)"])]))
    #expect(try PlanTests.plan(moved).run(0).key == PlanTests.plan(objective(.at([1.5, -2]))).run(0).key)
    for (text, start) in [("normal(2)", Setup.Start.normal(scale: 2)), ("uniform(-1,3)", .uniform(-1...3))] {
      #expect(Setup.Start(argument: text) == start)
      #expect(Setup.Start(argument: start.setting.exact) == start)
    }
    for text in ["at()", "at(1,)", "at(1,x)", "at(1,2", "1,2", "uniform(3,1)", "normal(1,2)", "at(nan,0)", "from(1)"] {
      #expect(Setup.Start(argument: text) == nil, "\(text)")
    }
    // A network whose weights and biases are normally distributed; not one whose layers have scales of their own.
    var setup = PlanTests.setup
    let count = 2 * 3 + 3 + 3 + 1
    setup.data = .xor
    setup.network = .mlp(hidden: 3)
    setup.initialization = .normal(scale: 1, biases: true)
    let point = (0..<count).map { Double($0) / 8 }
    let text = "at(\(point.map { "\($0)" }.joined(separator: ",")))"
    let network = Study(name: "t", title: "", setup: setup, sweep: Seeds(0..<1).axes)
    let plan = try PlanTests.plan(network.applying(Overrides(values: [("start", [text])])))
    #expect(try plan.trainingRun(0).initialParameters == point)
    setup.initialization = .fanIn()
    let other = Study(name: "t", title: "", setup: setup, sweep: Seeds(0..<1).axes)
    #expect(throws: Mistakes.self) { try other.applying(Overrides(values: [("start", [text])])) }
  }
}
