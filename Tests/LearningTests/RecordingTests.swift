import Foundation
import Learning
import Testing

/// Every recorded quantity against a slow twin computed from the run's parameters.
@Suite struct RecordingTests {
  /// 45 samples for training: samples in lanes where the batch is full, the last column padded; 15 held out.
  static let data = made(.moons(samples: 60, noise: 0.2).validation(share: 0.25))
  static let network = Network.mlp(hidden: [4, 3], activation: .tanh, output: .sigmoid)
  static let all = Recording(
    [
      .trainingLoss, .validationLoss, .accuracy, .validationAccuracy, .absoluteError, .layerGradientNorm(1),
      .layerGradientNorm(2), .layerGradientNorm(3), .parameterNorm, .updateNorm, .sharpness, .gradientCosine,
    ], every: 3)

  static func run(steps: Int, _ recording: Recording, batch: Batching) -> TrainedRun {
    Bench.train([
      .on(
        data, network, loss: .meanSquaredError, optimizer: .gradientDescent(learningRate: 0.5),
        initialization: .normal(scale: 1), batch: batch, stop: .after(steps: steps), recording: recording, seed: 2)
    ])[0]
  }

  /// Parameters after so many steps.
  static func theta(_ steps: Int, _ batch: Batching) -> [Double] {
    steps == 0
      ? Initialization.normal(scale: 1).parameters(of: network.architecture(inputs: 2, outputs: 1), seed: 2)
      : run(steps: steps, .standard, batch: batch).finalParameters
  }

  static func answers(_ theta: [Double], _ part: Dataset.Samples) -> [(y: Double, t: Double)] {
    let shape = network.architecture(inputs: 2, outputs: 1)
    return (0..<part.count).map { i in
      (Exact.output(of: shape, theta, at: Array(part.inputs[2 * i..<2 * i + 2]))[0], part.targets[i])
    }
  }

  static func loss(_ theta: [Double], _ part: Dataset.Samples) -> Double {
    answers(theta, part).reduce(0) { $0 + ($1.y - $1.t) * ($1.y - $1.t) } / Double(part.count)
  }

  @Test(arguments: [Batching.full, .single, .mini(size: 7)]) func quantitiesAreWhatTheirNamesSay(_ batch: Batching) {
    let result = Self.run(steps: 10, Self.all, batch: batch)
    let held = Self.data.validation ?? Self.data.training
    func recorded(_ quantity: Quantity, _ step: Int) -> Double { result.series[quantity]?.values[step / 3] ?? .nan }
    for step in [0, 3, 6, 9] {
      let theta = Self.theta(step, batch)
      let next = Self.theta(step + 1, batch)
      func near(_ a: Double, _ b: Double, _ bound: Double = 1e-12) -> Bool { abs(a - b) <= bound * max(1, abs(b)) }
      #expect(near(recorded(.trainingLoss, step), Self.loss(theta, Self.data.training)))
      #expect(near(recorded(.validationLoss, step), Self.loss(theta, held)))
      let training = Self.answers(theta, Self.data.training)
      #expect(
        near(
          recorded(.accuracy, step), Double(training.count { ($0.y < 0.5) == ($0.t < 0.5) }) / Double(training.count)))
      let validation = Self.answers(theta, held)
      #expect(
        near(
          recorded(.validationAccuracy, step),
          Double(validation.count { ($0.y < 0.5) == ($0.t < 0.5) }) / Double(held.count)))
      #expect(
        near(recorded(.absoluteError, step), training.reduce(0) { $0 + abs($1.y - $1.t) } / Double(training.count)))
      #expect(near(recorded(.parameterNorm, step), theta.reduce(0) { $0 + $1 * $1 }.squareRoot()))
      let gradient = zip(theta, next).map { ($0 - $1) / 0.5 }
      let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(near(recorded(.updateNorm, step), 0.5 * norm, 1e-11))
      #expect(near(result.series[.gradientNorm]?.values[step] ?? .nan, norm, 1e-11))
      for (index, layer) in Self.network.architecture(inputs: 2, outputs: 1).layers.enumerated() {
        let part = gradient[layer.parameters].reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(near(recorded(.layerGradientNorm(index + 1), step), part, 1e-11))
      }
      if step > 0 {
        let before = zip(Self.theta(step - 1, batch), theta).map { ($0 - $1) / 0.5 }
        let lengths = norm * before.reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(
          near(recorded(.gradientCosine, step), zip(gradient, before).reduce(0) { $0 + $1.0 * $1.1 } / lengths, 1e-9))
      } else {
        #expect(recorded(.gradientCosine, 0).isNaN)
      }
      #expect(near(recorded(.sharpness, step), Self.largestEigenvalue(theta), 1e-5))
    }
    #expect(result.finals[.validationLoss].map { abs($0 - Self.loss(result.finalParameters, held)) < 1e-12 } == true)
  }

  /// λ_max by power iteration on a Hessian of second differences, shifted to be positive.
  static func largestEigenvalue(_ theta: [Double]) -> Double {
    let n = theta.count
    let h = 1e-4
    func at(_ i: Int, _ a: Double, _ j: Int, _ b: Double) -> Double {
      var moved = theta
      moved[i] += a
      moved[j] += b
      return loss(moved, data.training)
    }
    var hessian = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    for i in 0..<n {
      for j in i..<n {
        let value = (at(i, h, j, h) - at(i, h, j, -h) - at(i, -h, j, h) + at(i, -h, j, -h)) / (4 * h * h)
        hessian[i][j] = value
        hessian[j][i] = value
      }
    }
    let shift = hessian.map { $0.reduce(0) { $0 + abs($1) } }.max() ?? 0
    var v = (0..<n).map { 1 + 0.1 * Double($0) }
    var value = 0.0
    for _ in 0..<20_000 {
      let product = (0..<n).map { i in shift * v[i] + (0..<n).reduce(0) { $0 + hessian[i][$1] * v[$1] } }
      value = product.reduce(0) { $0 + $1 * $1 }.squareRoot()
      v = product.map { $0 / value }
    }
    return value - shift
  }

  @Test(arguments: [Batching.full, .single]) func theBestLossIncludesTheFinalOne(_ batch: Batching) throws {
    let recording = batch == .full ? Recording.standard : .also(.trainingLoss, every: 3)
    for seed in 0..<12 {
      let run = TrainingRun.on(
        made(.moons(samples: 24)), .mlp(hidden: 3), batch: batch, stop: .after(steps: 40), recording: recording,
        seed: UInt64(seed))
      let result = try #require(Bench.train([run]).first)
      let known = result.series[batch == .full ? .loss : .trainingLoss]?.values ?? []
      #expect(result.bestLoss == (known + [result.finalLoss]).min())
      #expect(result.bestLoss <= result.finalLoss)
    }
  }

  @Test func aRunOfBatchesThatRecordsNoTrainingLossKnowsNoBest() throws {
    let run = TrainingRun.on(made(.moons(samples: 24)), .mlp(hidden: 3), batch: .single, stop: .after(steps: 40))
    #expect(try #require(Bench.train([run]).first).bestLoss.isNaN)
  }

  /// Whichever rule ends a run: a final loss beyond the bound has diverged.
  @Test func aFinalLossBeyondTheBoundHasDiverged() throws {
    let run = TrainingRun.on(
      made(.line(samples: 20)), .linear(), optimizer: .gradientDescent(learningRate: 4),
      stop: .after(steps: 1_000).orNoProgress(window: 9))
    let result = try #require(Bench.train([run]).first)
    let bound = 1e6 * max(1, result.series[.loss]?.values.first ?? .nan)
    #expect((result.status == .finished) == (result.finalLoss <= bound))
  }
}
