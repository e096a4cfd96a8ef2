import Foundation
import Learning
import Studies
import Synchronization
import Testing

@Suite struct PlanTests {
  static let setup = Setup(
    data: .xor, network: .mlp(hidden: 3), loss: .meanSquaredError, optimizer: .gradientDescent(learningRate: 0.1),
    initialization: .fanIn(), stop: .after(steps: 10))

  static func study(_ setup: Setup = setup, @SweepBuilder sweep: () -> [Axis] = { [] }) -> Study {
    Study(name: "test", title: "Test", setup: setup, sweep: sweep())
  }

  static func plan(_ study: Study) throws -> Plan { try Plan(study, files: DataFiles(folders: [])) }

  /// The rules' words in what a study throws.
  static func mistakes(_ study: @autoclosure () throws -> Study) -> [Mistake] {
    do {
      _ = try plan(try study())
      return []
    } catch let mistakes as Mistakes {
      return mistakes.all
    } catch let mistake as Mistake {
      return [mistake]
    } catch {
      return []
    }
  }

  @Test func theGridIsTheProductOfItsAxes() throws {
    let plan = try Self.plan(
      Self.study {
        Vary(.learningRate, over: [0.1, 0.2, 0.3])
        Vary(.hidden, over: [2, 4])
        Seeds(5..<9)
      })
    #expect(plan.runCount == 24)
    #expect(plan.stepCount == 240)
    let runs = try plan.runs()
    #expect(Set(runs.map(\.key)).count == 24)
    #expect(runs[0].seed == 5 && runs[3].seed == 8)
    #expect(runs[4].description.contains("hidden=4") && runs[4].description.contains("learning-rate=0.1"))
    #expect(runs[23].description.contains("hidden=4") && runs[23].description.contains("learning-rate=0.3"))
  }

  @Test func keysChangeWithEverythingThatMatters() throws {
    func key(_ change: (inout Setup) -> Void) throws -> String {
      var setup = Self.setup
      change(&setup)
      return try Self.plan(Self.study(setup)).run(0).key
    }
    let same = try key { _ in }
    #expect(try key { _ in } == same)
    let changes: [(inout Setup) -> Void] = [
      { $0.optimizer.learningRate = 0.1.nextUp }, { $0.optimizer.weightDecay = 1e-9 }, { $0.network?.hidden = [3, 1] },
      { $0.network?.activation = .sigmoid }, { $0.network?.output = [.sigmoid] }, { $0.network?.hasBias = false },
      { $0.loss = .sumOfSquares }, { $0.initialization?.scale = 2 }, { $0.initialization?.drawsBiases = true },
      { $0.batch = .single }, { $0.stop.steps = 11 }, { $0.stop.divergence = nil }, { $0.precision = .float32 },
      { $0.record = .also(.parameterNorm, every: 2) }, { $0.data = .parity(bits: 3) },
      { $0.optimizer.schedule = .cosine(steps: 10) }, { $0.optimizer.rule = .momentum(0.9) },
      {
        $0.network?.activation = .custom("own") {
          $0 * $0
        } slope: {
          2 * $0
        }
      },
      {
        $0.network?.activation = .custom("own") {
          $0 * $0 * $0
        } slope: {
          3 * $0 * $0
        }
      },
      {
        $0.network?.output = [
          .custom("own") {
            $0 * $0
          } slope: {
            2 * $0
          }
        ]
      },
      { $0.optimizer.rule = Optimizer.custom("own", Scaled(factor: 1), learningRate: 1).rule },
      { $0.optimizer.rule = Optimizer.custom("own", Scaled(factor: 2), learningRate: 1).rule },
      { $0.optimizer.l1Penalty = 1e-9 }, { $0.optimizer.clipNorm = 1 }, { $0.optimizer.clipNorm = 2 },
      { $0.optimizer.schedule = .warmUp(steps: 10, then: .cosine(steps: 10)) },
      { $0.optimizer.schedule = .warmUp(steps: 10, then: .custom(CustomSchedule(name: "own") { 1 / Double($0 + 1) })) },
      { $0.optimizer.schedule = .warmUp(steps: 10, then: .custom(CustomSchedule(name: "own") { 1 / Double($0 + 2) })) },
    ]
    let keys = try changes.map(key)
    #expect(Set(keys + [same]).count == changes.count + 1)
  }

  /// All of them can be swept, also to the value that changes nothing.
  @Test func optionsOfTheUpdateAreParameters() throws {
    let setup = Setup(
      data: .blobs(samples: 12), network: .mlp(hidden: 2, output: .softmax), loss: .crossEntropy,
      optimizer: .gradientDescent(learningRate: 0.1, schedule: .cosine(steps: 8)), initialization: .fanIn(),
      stop: .after(steps: 10))
    let plan = try Self.plan(
      Self.study(setup) {
        Vary(.l1Penalty, over: [0, 0.01])
        Vary(.clipNorm, over: [1, .infinity])
        Vary(.warmUp, over: [0, 3])
        Vary(.labelSmoothing, over: [0, 0.1])
      })
    #expect(Set(try plan.runs().map(\.key)).count == 16)
    let plain = try Self.plan(Self.study(setup)).run(0).key
    #expect(try plan.run(4).key == plain)
    #expect(plan.grid.map(\.values) == [["0", "0.01"], ["1", "∞"], ["0", "3"], ["0", "0.1"]])
    let last = try plan.run(15).description
    #expect(last.contains("schedule=warm-up(3,cosine(8))") && last.contains("smoothed-labels(0.1)"))
    #expect(last.contains("l1-penalty=0.01") && !last.contains("clip-norm"))
    let typed = try Self.study(setup).applying(
      Overrides(values: [("clip-norm", ["0.5", "inf"]), ("warm-up", ["2"])]))
    #expect(try Self.plan(typed).runCount == 2)
    // A warm-up belongs to the schedule, whichever of the two is typed or declared first.
    for options in [[("warm-up", ["2"]), ("schedule", ["inverse"])], [("schedule", ["inverse"]), ("warm-up", ["2"])]] {
      let run = try Self.plan(try Self.study(setup).applying(Overrides(values: options))).run(0)
      #expect(run.description.contains("schedule=warm-up(2,inverse(1.0))"))
    }
    let both = Self.study(setup) {
      Vary(.schedule, over: [.constant, .cosine(steps: 5)])
      Vary(.warmUp, over: [0, 2])
    }
    #expect(try Self.plan(both).runs().count == 4)
  }

  @Test func theDigestOfTheDataIsPartOfTheKey() throws {
    func key(_ value: Double) throws -> String {
      var setup = Self.setup
      setup.data = .custom("mine") { _ in Dataset(name: "mine", inputs: [[0], [value]], targets: [[0], [1]]) }
      return try Self.plan(Self.study(setup)).run(0).key
    }
    #expect(try key(1) != key(1.0.nextUp))
    #expect(try key(1) == key(1))
  }

  @Test func mistakesAreFoundAllAtOnceAndSayWhatToDo() {
    var setup = Self.setup
    setup.optimizer.learningRate = -0.1
    setup.network?.hidden = [0]
    setup.stop.steps = 0
    setup.initialization?.scale = .nan
    let found = Self.mistakes(Self.study(setup))
    #expect(Set(found.map(\.place)) == ["learning-rate", "hidden", "steps", "init-scale"])
    for mistake in found { #expect(!mistake.rule.isEmpty && !mistake.remedy.isEmpty && !mistake.value.isEmpty) }
  }

  struct Wrong: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let rule: String
    let change: @Sendable (inout Setup) -> Void

    init(_ name: String, _ rule: String, _ change: @escaping @Sendable (inout Setup) -> Void) {
      testDescription = name
      self.rule = rule
      self.change = change
    }
  }

  static let wrongs: [Wrong] = [
    Wrong("NaN rate", "positive and finite") { $0.optimizer.learningRate = .nan },
    Wrong("infinite rate", "positive and finite") { $0.optimizer.learningRate = .infinity },
    Wrong("momentum of 1", "[0, 1)") { $0.optimizer.rule = .momentum(1) },
    Wrong("negative decay", "not negative") { $0.optimizer.weightDecay = -1 },
    Wrong("negative L1 penalty", "an L1 penalty is finite and not negative") { $0.optimizer.l1Penalty = -1 },
    Wrong("clipping to 0", "clipped to is positive") { $0.optimizer.clipNorm = 0 },
    Wrong("clipping to NaN", "clipped to is positive") { $0.optimizer.clipNorm = .nan },
    Wrong("wrong slope", "differences of the function give") {
      $0.network?.activation = .custom("wrong") {
        sin($0)
      } slope: {
        1.001 * cos($0)
      }
    },
    Wrong("wrong slope of an output", "differences of the function give") {
      $0.network?.output = [
        .custom("wrong") {
          $0 * $0
        } slope: {
          $0
        }
      ]
    },
    Wrong("activation without a value", "finite for every z") {
      $0.network?.activation = .custom("logarithm") {
        log($0)
      } slope: {
        1 / $0
      }
    },
    Wrong("rule with a negative count", "keeps between 0 and 16 numbers") {
      $0.optimizer = .custom("wrong", Scaled(factor: 1, stateCount: -1), learningRate: 0.1)
    },
    Wrong("rule with too large a count", "keeps between 0 and 16 numbers") {
      $0.optimizer = .custom("wrong", Scaled(factor: 1, stateCount: 17), learningRate: 0.1)
    },
    Wrong("rule that uses more than it keeps", "state[1]: the rule keeps 1 number") {
      $0.optimizer = .custom("wrong", Scaled(factor: 1, stateCount: 1, reads: 1), learningRate: 0.1)
    },
    Wrong("rule with a memory of its own", "equal arguments give equal results") {
      $0.optimizer = .custom("wrong", Remembering(), learningRate: 0.1)
    },
    Wrong("rule without a result", "the parameter after the step") {
      $0.optimizer = .custom("wrong", Scaled(factor: .nan), learningRate: 0.1)
    },
    Wrong("warm-up of no steps", "1 or more steps") { $0.optimizer.schedule = .warmUp(steps: 0) },
    Wrong("wrong schedule after a warm-up", "a cosine takes 1 or more steps") {
      $0.optimizer.schedule = .warmUp(steps: 5, then: .cosine(steps: 0))
    },
    Wrong("two warm-ups", "one warm-up") {
      $0.optimizer.schedule = .warmUp(steps: 5, then: .warmUp(steps: 5))
    },
    Wrong("smoothed labels without cross-entropy", "only the cross-entropy takes") {
      $0.data = .blobs().smoothedLabels(0.1)
    },
    Wrong("class weights without cross-entropy", "only the cross-entropy takes") {
      $0.data = .blobs().classWeights(.balanced)
    },
    Wrong("smoothed labels without classes", "classes with an output each") {
      $0.data = .noisySine().smoothedLabels(0.1)
    },
    Wrong("batch too large", "between 1 and 4") { $0.batch = .mini(size: 5) },
    Wrong("batch of none", "between 1 and 4") { $0.batch = .mini(size: 0) },
    Wrong("hidden softmax", "output layer") { $0.network?.activation = .softmax },
    Wrong("cross-entropy without softmax", "probabilities") { $0.loss = .crossEntropy },
    Wrong("two activations for one output", "1 outputs") { $0.network?.output = [.tanh, .tanh] },
    Wrong("explicit weights of another number", "has 13") { $0.initialization = .explicit([1, 2]) },
    Wrong("validation loss without validation", "no validation part") { $0.record = .also(.validationLoss, every: 1) },
    Wrong("cadence of none", "1 or more steps") { $0.record = .also(.parameterNorm, every: 0) },
    Wrong("layer that is not there", "2 layers") { $0.record = .also(.layerGradientNorm(3), every: 1) },
    Wrong("limit below zero", "positive") { $0.stop.lossBelow = -1 },
    Wrong("missing file", "no such file") { $0.data = .csv("nowhere.csv", targets: ["y"]) },
    Wrong("no samples", "between 1 and 10⁷") { $0.data = .noisySine(samples: 0) },
    Wrong("negative noise", "not negative") { $0.data = .noisySine(noise: -1) },
    Wrong("one class only", "at least two classes") { setup in
      setup.data = .custom("same") { _ in
        Dataset(name: "same", inputs: [[0], [1]], targets: [[1], [1]], classes: .threshold(0.5))
      }
    },
    Wrong("NaN in data", "must be finite") { setup in
      setup.data = .custom("hole") { _ in Dataset(name: "hole", inputs: [[0], [.nan]], targets: [[1], [0]]) }
    },
    Wrong("share of everything", "keep at least one") { $0.data = .noisySine().validation(share: 1) },
  ]

  @Test(arguments: wrongs) func everyRuleIsKept(_ wrong: Wrong) {
    var setup = Self.setup
    wrong.change(&setup)
    let found = Self.mistakes(Self.study(setup))
    #expect(found.contains { $0.description.contains(wrong.rule) }, "\(found)")
  }

  @Test func sweepsHaveRulesOfTheirOwn() {
    #expect(Self.mistakes(Self.study { Vary(.learningRate, over: []) }).contains { $0.rule.contains("at least one") })
    #expect(Self.mistakes(Self.study { Vary(.learningRate, over: [0.1, 0.1]) }).contains { $0.rule.contains("once") })
    #expect(Self.mistakes(Self.study { Vary(.initScale, over: [0, -0.0]) }).contains { $0.rule.contains("once") })
    #expect(Self.mistakes(Self.study { Seeds([]) }).contains { $0.place == "seeds" })
    #expect(Self.mistakes(Self.study { Seeds(0..<10_000_001) }).contains { $0.rule.contains("10⁷") })
    #expect(Self.mistakes(Self.study { Vary(.momentum, over: [0.5]) }).contains { $0.rule.contains("no momentum") })
    #expect(
      Self.mistakes(
        Self.study {
          Vary(.hidden, over: [1])
          Vary(.hidden, over: [2])
        }
      ).contains { $0.rule.contains("one axis") })
  }

  @Test func theCommandLineReplacesAxes() throws {
    let base = Self.study {
      Vary(.learningRate, over: [0.1, 0.2])
      Vary(.data, over: [.xor, .parity(bits: 3)])
    }
    let changed = try base.applying(
      Overrides(values: [("learning-rate", ["0.5"]), ("hidden", ["2", "7"]), ("data", ["XOR"])], seeds: [3, 4]))
    let plan = try Self.plan(changed)
    #expect(plan.runCount == 4)
    #expect(plan.grid.map(\.parameter) == ["learning-rate", "data", "hidden"])
    #expect(throws: Mistakes.self) { try base.applying(Overrides(values: [("learning-rat", ["1"])])) }
    do {
      _ = try base.applying(Overrides(values: [("learning-rat", ["1"]), ("hidden", ["many"])]))
    } catch let mistakes as Mistakes {
      #expect(mistakes.all.count == 2)
      #expect(mistakes.description.contains("Did you mean learning-rate?"))
      #expect(mistakes.description.contains("a whole number"))
    }
  }

  @Test func theOrderOfOptionsDoesNotMatter() throws {
    let base = Self.study(sweep: { Seeds(0..<2) })
    let options: [(name: String, values: [String])] = [
      ("noise", ["0.3"]), ("data", ["moons"]), ("momentum", ["0.5"]), ("optimizer", ["nesterov"]), ("samples", ["40"]),
    ]
    let forward = try Self.plan(try base.applying(Overrides(values: options)))
    let backward = try Self.plan(try base.applying(Overrides(values: options.reversed())))
    #expect(try forward.run(0).key == backward.run(0).key)
    let description = try forward.run(0).description
    #expect(description.contains("moons samples(40) noise(0.3)") && description.contains("nesterov(0.5)"))
    #expect(throws: Mistakes.self) { try base.applying(Overrides(values: [("noise", ["0.3"])])) }
  }

  @Test func gridsAreRoundToSixDigits() {
    #expect([Double].logarithmic(0.01...10, count: 4) == [0.01, 0.1, 1, 10])
    #expect([Double].linear(0...1, count: 5) == [0, 0.25, 0.5, 0.75, 1])
    for value in [Double].logarithmic(0.003...7, count: 9) {
      let digits = "\(value)".filter(\.isNumber).drop { $0 == "0" }
      #expect(digits.count <= 6, "\(value)")
    }
  }
}

/// Gradient descent at `factor` times the rate.
private struct Scaled: UpdateRuleDefinition {
  var factor: Double
  var stateCount = 0
  var reads: Int?

  func updated(parameter: Double, gradient: Double, state: inout UpdateState, step: Int, rate: Double) -> Double {
    parameter - factor * rate * gradient + (reads.map { state[$0] } ?? 0)
  }
}

/// A rule that is no function of its arguments.
private final class Remembering: UpdateRuleDefinition {
  private let calls = Mutex(0.0)
  var stateCount: Int { 0 }

  func updated(parameter: Double, gradient: Double, state: inout UpdateState, step: Int, rate: Double) -> Double {
    calls.withLock {
      $0 += 1
      return parameter - rate * gradient / $0
    }
  }
}
