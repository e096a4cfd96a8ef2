import Foundation
import Learning
import Synchronization
import Testing

/// What must change nothing: lane, neighbours, threads, refill.
@Suite struct LawTests {
  static let data = made(.noisySine(samples: 10))
  static let wide = made(.noisySine(samples: 45))
  static let weighted = made(
    .blobs(classes: 3, samples: 60, noise: 0.4).validation(share: 0.3).classWeights(["class 2": 3]).smoothedLabels(0.1))
  static let held = made(.noisySine(samples: 14).validation(share: 0.3))
  static let heldWide = made(.noisySine(samples: 60).validation(share: 0.25))

  struct Kind: Sendable, CustomTestStringConvertible {
    let name: String
    let make: @Sendable (_ rate: Double, _ seed: UInt64) -> TrainingRun
    var testDescription: String { name }
  }

  static let kinds: [Kind] = [
    Kind(name: "runs in lanes") { rate, seed in
      .on(data, .mlp(hidden: 5), optimizer: .gradientDescent(learningRate: rate), stop: .after(steps: 60), seed: seed)
    },
    Kind(name: "samples in lanes") { rate, seed in
      .on(wide, .mlp(hidden: 5), optimizer: .gradientDescent(learningRate: rate), stop: .after(steps: 60), seed: seed)
    },
    Kind(name: "single samples, Adam") { rate, seed in
      .on(
        data, .mlp(hidden: [4, 3]), optimizer: .adam(learningRate: rate / 10), batch: .single, stop: .after(steps: 60),
        seed: seed)
    },
    Kind(name: "single samples, every third with weight decay") { rate, seed in
      .on(
        data, .mlp(hidden: [4, 3]),
        optimizer: .gradientDescent(learningRate: rate, weightDecay: seed % 3 == 1 ? 0.01 : 0), batch: .single,
        stop: .after(steps: 60), seed: seed)
    },
    Kind(name: "single samples, every third clipped, every other with an L1 penalty") { rate, seed in
      .on(
        data, .mlp(hidden: [4, 3]), optimizer: penalized(.gradientDescent(learningRate: rate), seed), batch: .single,
        stop: .after(steps: 60), seed: seed)
    },
    Kind(name: "samples in lanes, penalties and clipping, warm-up, Adam") { rate, seed in
      .on(
        wide, .mlp(hidden: 5),
        optimizer: penalized(
          .adam(learningRate: rate / 10, schedule: .warmUp(steps: 1 + Int(seed), then: .cosine(steps: 60))), seed),
        stop: .after(steps: 60), seed: seed)
    },
    Kind(name: "float32, penalties and clipping, warm-up") { rate, seed in
      .on(
        data, .mlp(hidden: 5),
        optimizer: penalized(.momentum(learningRate: rate / 10, schedule: .warmUp(steps: 1 + Int(seed % 4))), seed),
        stop: .after(steps: 60), precision: .float32, seed: seed)
    },
    Kind(name: "weighted classes and smoothed labels") { rate, seed in
      .on(
        weighted, .mlp(hidden: 4, output: .softmax), loss: .crossEntropy,
        optimizer: .gradientDescent(learningRate: rate), stop: .after(steps: 60),
        recording: .also(.accuracy, .trainingLoss, .validationLoss, every: 9), seed: seed)
    },
    Kind(name: "weighted classes in lanes, float32") { rate, seed in
      .on(
        weighted, .mlp(hidden: 4, output: .softmax), loss: .crossEntropy,
        optimizer: .gradientDescent(learningRate: rate), batch: .mini(size: 5), stop: .after(steps: 60),
        recording: .also(.accuracy, every: 9), precision: .float32, seed: seed)
    },
    Kind(name: "own activation, runs in lanes") { rate, seed in
      .on(
        data, Network.layers([(4, OwnFunctionTests.swish), (3, .tanh)], output: OwnFunctionTests.swish),
        optimizer: .gradientDescent(learningRate: rate), stop: .after(steps: 60), seed: seed)
    },
    Kind(name: "own activation, samples in lanes, own rule") { rate, seed in
      .on(
        wide, .mlp(hidden: 5, activation: OwnFunctionTests.swish),
        optimizer: penalized(.custom("own Adam", OwnAdam(), learningRate: rate / 10), seed), stop: .after(steps: 60),
        seed: seed)
    },
    Kind(name: "own activation and rule, float32, single samples") { rate, seed in
      .on(
        data, .mlp(hidden: 5, activation: OwnFunctionTests.swish),
        optimizer: .custom("own momentum", OwnMomentum(), learningRate: rate / 10, schedule: .cosine(steps: 50)),
        batch: .single, stop: .after(steps: 40 + Int(seed % 5) * 5), precision: .float32, seed: seed)
    },
    Kind(name: "with replacement, momentum, schedule") { rate, seed in
      .on(
        data, .mlp(hidden: 4, activation: .softplus),
        optimizer: .momentum(learningRate: rate / 10, schedule: .cosine(steps: 60)), batch: .singleWithReplacement,
        stop: .after(steps: 60), seed: seed)
    },
    Kind(name: "mini-batches across epochs, recording") { rate, seed in
      .on(
        wide, .mlp(hidden: 4, activation: .relu), optimizer: .nesterov(learningRate: rate / 10), batch: .mini(size: 32),
        stop: .after(steps: 60),
        recording: .also(.trainingLoss, .absoluteError, .parameterNorm, .gradientCosine, .sharpness, every: 7),
        seed: seed)
    },
    Kind(name: "float32") { rate, seed in
      .on(
        data, .mlp(hidden: 5), optimizer: .rmsProp(learningRate: rate / 10), stop: .after(steps: 60),
        precision: .float32,
        seed: seed)
    },
    Kind(name: "stops at many different steps") { rate, seed in
      .on(
        data, .mlp(hidden: 5), optimizer: .gradientDescent(learningRate: rate),
        stop: .after(steps: 40 + Int(seed % 7) * 10).orLossBelow(0.02).orNoProgress(window: 15, improvement: 0.3),
        seed: seed)
    },
    Kind(name: "early stopping with different patiences, thinned losses") { rate, seed in
      .on(
        held, .mlp(hidden: 9), optimizer: .gradientDescent(learningRate: 3 * rate), batch: .single,
        stop: .after(steps: 60).orEarlyStopping(patience: 1 + Int(seed % 3), every: 3 + Int(seed % 4)),
        recording: .every(4), seed: seed)
    },
    Kind(name: "dropout, single samples") { rate, seed in
      .on(
        data, .mlp(hidden: [5, 3], activation: .softplus), optimizer: .gradientDescent(learningRate: rate),
        batch: .single,
        stop: .after(steps: 60), seed: seed, dropout: 0.3)
    },
    Kind(name: "dropout, early stopping, mini-batches of runs in lanes, recording") { rate, seed in
      .on(
        held, .mlp(hidden: [5, 3], activation: .relu), optimizer: .adam(learningRate: rate / 10), batch: .mini(size: 4),
        stop: .after(steps: 60 + Int(seed % 5)).orEarlyStopping(patience: 5, every: 3),
        recording: .also(.sharpness, .trainingLoss, .gradientCosine, every: 7), seed: seed, dropout: 0.5)
    },
    Kind(name: "dropout, samples in lanes, float32") { rate, seed in
      .on(
        wide, .mlp(hidden: [4, 6]), optimizer: .momentum(learningRate: rate / 10), stop: .after(steps: 60),
        recording: .also(.validationLoss, .trainingLoss, every: 9), precision: .float32, seed: seed, dropout: 0.5)
    },
    Kind(name: "early stopping, samples in lanes, float32") { rate, seed in
      .on(
        heldWide, .mlp(hidden: 5), optimizer: .adam(learningRate: rate),
        stop: .after(steps: 60).orEarlyStopping(patience: 2, every: 5), precision: .float32, seed: seed)
    },
  ]

  /// Some runs with a penalty or clipping beside others without.
  static func penalized(_ optimizer: Optimizer, _ seed: UInt64) -> Optimizer {
    var changed = optimizer
    if seed % 3 == 1 { changed.clipNorm = 0.1 * Double(seed + 1) }
    if seed % 2 == 1 { changed.l1Penalty = 0.003 }
    return changed
  }

  static func bits(_ result: TrainedRun) -> [UInt64] {
    let series = result.series.sorted { $0.key.name < $1.key.name }.flatMap(\.value.values)
    let ending = [Double(result.steps), Double(result.bestStep ?? -1), result.finalLoss, result.finalGradientNorm]
    return (ending + result.finalParameters + series).map { $0.isNaN ? 0 : $0.bitPattern }
  }

  @Test(arguments: kinds) func aRunIsTheSameAloneAndInAnySweep(_ kind: Kind) {
    // Some of the rates diverge: a neighbour full of NaN must do no harm.
    let runs = (0..<21).map { kind.make([0.05, 0.3, 30][$0 % 3], UInt64($0)) }
    let together = Bench.train(runs).map(Self.bits)
    for (i, run) in runs.enumerated() { #expect(Bench.train([run]).map(Self.bits) == [together[i]], "run \(i)") }
    let order = [13, 2, 20, 7, 0, 19, 5, 11, 3, 8, 17, 1]
    let shuffled = Bench.train(order.map { runs[$0] }).map(Self.bits)
    #expect(shuffled == order.map { together[$0] })
    #expect(Bench.train(runs, threads: 3).map(Self.bits) == together)
    #expect(Set(together).count == runs.count, "different runs must differ")
  }

  @Test(arguments: [Batching.full, .single, .mini(size: 7)], [Precision.float64, .float32])
  func recordingChangesNothing(_ batch: Batching, _ precision: Precision) throws {
    func train(_ recording: Recording) -> TrainedRun {
      Bench.train([
        .on(
          Self.data, .mlp(hidden: [4, 3]), batch: batch, stop: .after(steps: 60), recording: recording,
          precision: precision, seed: 5)
      ])[0]
    }
    let plain = train(.standard)
    let watched = train(.also(.gradientCosine, .updateNorm, .trainingLoss, every: 7))
    #expect(plain.finalParameters == watched.finalParameters)
    #expect(plain.series[.loss] == watched.series[.loss])
    #expect(plain.series[.gradientNorm] == watched.series[.gradientNorm])
    #expect(Set(plain.series[.gradientNorm]?.values ?? []).count > 50)
  }

  @Test func aLongerRunBeginsLikeAShorterOne() {
    for kind in Self.kinds.prefix(3) {
      var long = kind.make(0.1, 3)
      long.stop = .after(steps: 60)
      var short = long
      short.stop = .after(steps: 23)
      let a = Bench.train([long])[0].series[.loss]?.values ?? []
      let b = Bench.train([short])[0].series[.loss]?.values ?? []
      #expect(a.count == 60 && b.count == 23)
      #expect(Array(a.prefix(23)) == b)
    }
  }

  /// What the engine writes without looking is looked at before: form, parameters, data.
  @Test func aRunThatDoesNotFitIsRefusedAndChangesNoOther() throws {
    let data = made(.moons(samples: 24))
    let good = (0..<3).map { TrainingRun.on(data, .mlp(hidden: 3), seed: UInt64($0)) }
    var short = good[0]
    short.initialParameters.removeLast()
    let others = [
      TrainingRun.on(made(.moons(samples: 40)), .mlp(hidden: 3)), TrainingRun.on(data, .mlp(hidden: 4)), short,
    ]
    let bench = Bench([good[0], others[0], good[1], others[1], others[2], good[2]])
    try Trainer.train(like: good[0], from: bench)
    #expect(bench.refusals.withLock { $0.keys.sorted() } == [1, 3, 4])
    let alone = good.map { Bench.train([$0])[0].finalParameters }
    #expect(bench.trained([0, 2, 5]).map(\.finalParameters) == alone)
    #expect(throws: Mistake.self) { try Trainer.train(like: short, from: Bench([])) }
  }
}
