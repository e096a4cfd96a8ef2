import Foundation
import Learning
import Testing

/// Smoothed labels and class weights: the targets, and the gradient and the measures of a training on them.
@Suite struct ClassTargetTests {
  /// 5, 3 and 2 samples of three classes, then one of each for validation.
  static func source(_ counts: [Int] = [5, 3, 2]) -> DataSource {
    .custom("three classes") { _ in
      let labels = counts.indices.flatMap { Array(repeating: $0, count: counts[$0]) }
      func part(_ labels: [Int]) -> Dataset.Samples {
        Dataset.Samples(
          count: labels.count,
          inputs: labels.enumerated().flatMap { i, label in
            [cos(Double(i)) + Double(label), sin(Double(3 * i)) - Double(label * label)]
          },
          targets: labels.flatMap { label in (0..<3).map { $0 == label ? 1.0 : 0 } })
      }
      return Dataset(
        name: "three classes", inputNames: ["x", "y"], outputNames: ["a", "b", "c"], training: part(labels),
        validation: part([0, 1, 2]), classes: .oneHot(names: ["a", "b", "c"]))
    }
  }

  @Test func smoothedTargetsFollowTheirFormula() {
    let (plain, smooth) = (made(Self.source()), made(Self.source().smoothedLabels(0.3)))
    for (t, s) in zip(plain.training.targets, smooth.training.targets) { #expect(abs(s - (0.7 * t + 0.1)) < 1e-15) }
    #expect(smooth.validation == plain.validation && smooth.training.inputs == plain.training.inputs)
    #expect(made(Self.source().smoothedLabels(0)).training == plain.training)
  }

  @Test func balancedWeightsAreThoseOfTheTrainingPart() {
    let (plain, balanced) = (made(Self.source()), made(Self.source().classWeights(.balanced)))
    let weights = [10.0 / 15, 10.0 / 9, 10.0 / 6]
    for i in 0..<10 {
      let label = i < 5 ? 0 : i < 8 ? 1 : 2
      for (t, w) in zip(plain.training.target(i), balanced.training.target(i)) {
        #expect(abs(w - weights[label] * t) < 1e-15)
      }
    }
    #expect(balanced.validation == plain.validation)
    #expect(abs(balanced.training.targets.reduce(0, +) - 10) < 1e-14)
    // A class without training samples does not count as one.
    let two = made(Self.source([6, 2, 0]).classWeights(.balanced))
    #expect(two.training.target(0) == [8.0 / 12, 0, 0] && two.training.target(7) == [0, 2, 0])
  }

  /// Validation and test samples keep their targets, also where both parts are drawn from the same samples.
  @Test func heldOutTargetsAreNotChanged() throws {
    let rows = DataSource.custom("rows") { _ in
      let labels = (0..<40).map { $0 % 3 }
      return Dataset(
        name: "rows", inputNames: ["x"], outputNames: ["a", "b", "c"],
        training: Dataset.Samples(
          count: 40, inputs: (0..<40).map(Double.init),
          targets: labels.flatMap { l in (0..<3).map { l == $0 ? 1.0 : 0 } }),
        classes: .oneHot(names: ["a", "b", "c"]))
    }
    let source = rows.validation(share: 0.3).test(share: 0.2)
    let plain = made(source)
    try #require(plain.validation?.count == 12 && plain.test?.count == 8)
    for changed in [source.smoothedLabels(0.3), source.classWeights(.balanced), source.classWeights(["b": 5])] {
      let data = made(changed)
      #expect(data.validation == plain.validation && data.test == plain.test)
      #expect(data.training.targets != plain.training.targets)
    }
    // n/(K·n_c), of the training part alone.
    let counts = (0..<3).map { k in (0..<20).count { plain.training.target($0)[k] == 1 } }
    let balanced = made(source.classWeights(.balanced))
    for i in 0..<20 {
      let label = try #require(plain.training.target(i).firstIndex(of: 1))
      #expect(abs(balanced.training.target(i)[label] - 20 / Double(3 * counts[label])) < 1e-15)
    }
  }

  @Test func namedWeightsAndSmoothingTogether() {
    let data = made(Self.source().smoothedLabels(0.3).classWeights(["c": 4]))
    for (found, expected) in zip(data.training.target(9), [0.4, 0.4, 4 * 0.8]) {
      #expect(abs(found - expected) < 1e-15)
    }
    for (found, expected) in zip(data.training.target(0), [0.8, 0.1, 0.1]) { #expect(abs(found - expected) < 1e-15) }
  }

  @Test(arguments: [
    (source().smoothedLabels(1), "[0, 1)"), (source().smoothedLabels(-0.1), "[0, 1)"),
    (source().smoothedLabels(.nan), "[0, 1)"),
    (DataSource.moons().smoothedLabels(0.1), "classes with an output each"),
    (DataSource.noisySine().classWeights(.balanced), "classes with an output each"),
    (source().classWeights(["d": 2]), "no class of this name"),
    (source().classWeights(["a": 0]), "positive and finite"),
    (source().classWeights(["a": 1, "a": 2]), "positive and finite"),
  ]) func wrongPreparationsAreMistakes(_ source: DataSource, _ rule: String) {
    #expect { try source.make(runSeed: 0, files: noFiles) } throws: { "\($0)".contains(rule) }
  }

  /// Weights of 1, and weights that balanced classes get, change no bit.
  @Test(arguments: [Precision.float64, .float32]) func weightsOfOneChangeNothing(_ precision: Precision) {
    func end(_ source: DataSource) -> [Double] {
      Bench.train([
        .on(made(source), .mlp(hidden: 3, output: .softmax), loss: .crossEntropy, precision: precision)
      ])[0].finalParameters
    }
    let plain = end(Self.source([4, 4, 4]))
    #expect(end(Self.source([4, 4, 4]).classWeights(["a": 1])) == plain)
    #expect(end(Self.source([4, 4, 4]).classWeights(.balanced)) == plain)
    #expect(end(Self.source([4, 4, 4]).classWeights(["a": 1.5])) != plain)
  }

  /// The loss is (1/n) Σᵢ Σₖ −t ln p and ∂E/∂bₖ = (1/n) Σᵢ (pₖ·Σt − tₖ), by plain scalar arithmetic; other derivatives are
  /// compared with differences of the loss.
  @Test(arguments: [12, 45], [Batching.full, .mini(size: 33)])
  func theGradientIsThatOfTheWeightedLoss(_ samples: Int, _ batch: Batching) throws {
    if case .mini = batch, samples < 33 { return }
    let data = made(
      .blobs(classes: 3, samples: samples, noise: 0.4).classWeights(["class 1": 0.3, "class 3": 2.5])
        .smoothedLabels(0.15))
    let network = Network.mlp(hidden: 4, output: .softmax).architecture(inputs: 2, outputs: 3)
    func run(_ theta: [Double]) -> TrainingRun {
      var run = TrainingRun.on(
        data, .mlp(hidden: 4, output: .softmax), loss: .crossEntropy, optimizer: .gradientDescent(learningRate: 1),
        batch: batch, stop: .after(steps: 1), seed: 2)
      run.initialParameters = theta
      return run
    }
    let theta = Initialization.normal(scale: 0.7, biases: true).parameters(of: network, seed: 3)
    let moved = theta.indices.flatMap { i in
      [1e-5, -1e-5].map { h in theta.enumerated().map { $0 == i ? $1 + h : $1 } }
    }
    let results = Bench.train(([theta] + moved).map(run))
    let losses = results.map { $0.series[.loss]?.values[0] ?? .nan }
    let gradient = zip(theta, results[0].finalParameters).map { $0 - $1 }
    for i in theta.indices {
      #expect(abs(gradient[i] - (losses[1 + 2 * i] - losses[2 + 2 * i]) / 2e-5) < 2e-8, "parameter \(i)")
    }
    guard batch == .full else { return }
    var loss = 0.0
    var biases = [0.0, 0, 0]
    for i in 0..<samples {
      let (p, t) = (Exact.output(of: network, theta, at: data.training.input(i)), data.training.target(i))
      let weight = t.reduce(0, +)
      for k in 0..<3 {
        loss -= t[k] * log(p[k]) / Double(samples)
        biases[k] += (p[k] * weight - t[k]) / Double(samples)
      }
    }
    #expect(abs(losses[0] - loss) < 1e-13 * loss)
    for k in 0..<3 { #expect(abs(gradient[network.layers[1].bias(k)] - biases[k]) < 1e-14) }
  }

  /// Whatever the targets are, the class of a sample is that of its greatest target.
  @Test(arguments: [7, 45]) func accuraciesCountTheClassesOfTheSource(_ samples: Int) throws {
    let source = DataSource.blobs(classes: 3, samples: samples, noise: 0.7).validation(fresh: 20)
    let data = made(source.classWeights(.balanced).smoothedLabels(0.4))
    let network = Network.mlp(hidden: 4, output: .softmax)
    let result = Bench.train([
      .on(
        data, network, loss: .crossEntropy, optimizer: .gradientDescent(learningRate: 0.5), stop: .after(steps: 30),
        recording: .also(.accuracy, every: 30))
    ])[0]
    let shape = network.architecture(inputs: 2, outputs: 3)
    func share(_ part: Dataset.Samples) -> Double {
      let right = (0..<part.count).count { i in
        let y = Exact.output(of: shape, result.finalParameters, at: part.input(i))
        return y.indices.max { y[$0] < y[$1] } == i % 3
      }
      return Double(right) / Double(part.count)
    }
    #expect(abs((result.finals[.accuracy] ?? .nan) - share(made(source).training)) < 1e-15)
    #expect(share(made(source).training) > 0.4)
    let held = (0..<20).count { i in
      let y = Exact.output(of: shape, result.finalParameters, at: made(source).validation?.input(i) ?? [])
      return y.indices.max { y[$0] < y[$1] } == (samples + i) % 3
    }
    #expect(abs((result.finals[.validationAccuracy] ?? .nan) - Double(held) / 20) < 1e-15)
  }
}
