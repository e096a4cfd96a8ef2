import Lanes
import Learning
import Testing
import Textbook

/// Dropout against the textbook's equations with masks made here, and against closed forms.
@Suite struct DropoutTests {
  static let network = Network.mlp(hidden: [5, 3], activation: .sigmoid, output: .sigmoid)
  static let shape = network.architecture(inputs: 2, outputs: 2)
  static let data = made(.teacher(inputs: 2, hidden: 3, outputs: 2, samples: 43))
  static let few = made(.teacher(inputs: 2, hidden: 3, outputs: 2, samples: 12))

  /// The factors of one sample's hidden units, as the documentation of `Network.dropout` has them.
  static func masks(
    _ p: Double, step: Int, place: Int, batch: Int, layers: [Int], seed: UInt64
  ) -> [[Double]] {
    let stream = RandomStream(seed: seed, role: .dropout)
    let units = layers.reduce(0, +)
    var next = (step * batch + place) * units
    return layers.map { count in
      (0..<count).map { _ in
        defer { next += 1 }
        return stream.uniform(next) < p ? 0 : 1 / (1 - p)
      }
    }
  }

  static func textbook(_ theta: [Double]) -> LayeredNetwork {
    LayeredNetwork(
      w: shape.layers.map { l in (0..<l.units).map { j in (0..<l.inputs).map { theta[l.weight(j, $0)] } } },
      b: shape.layers.map { l in (0..<l.units).map { theta[l.bias($0)] } })
  }

  /// Losses and parameters of plain descent by the textbook.
  static func descent(
    _ theta: [Double], _ data: Dataset, _ batching: Batching, steps: Int, rate: Double, p: Double, seed: UInt64
  ) -> (losses: [Double], theta: [Double]) {
    var (theta, losses) = (theta, [Double]())
    for (step, batch) in batching.batches(samples: data.training.count, steps: steps, seed: seed).enumerated() {
      let network = textbook(theta)
      var (loss, change) = (0.0, theta.map { _ in 0.0 })
      for (place, i) in batch.enumerated() {
        let masks = masks(p, step: step, place: place, batch: batch.count, layers: [5, 3], seed: seed)
        let found = network.gradient(data.training.input(i), data.training.target(i), masks: masks)
        loss += found.loss
        for (l, layer) in shape.layers.enumerated() {
          for j in 0..<layer.units {
            for k in 0..<layer.inputs { change[layer.weight(j, k)] += found.gradient.w[l][j][k] }
            change[layer.bias(j)] += found.gradient.b[l][j]
          }
        }
      }
      losses.append(loss)
      theta = zip(theta, change).map { $0 - rate * $1 }
    }
    return (losses, theta)
  }

  /// Runs in lanes; one sample, without a stored gradient; samples in lanes, the last column padded; batches across epochs.
  @Test(arguments: [Batching.full, .single, .mini(size: 5), .mini(size: 37)], [0.2, 0.5])
  func agreesWithTheTextbook(_ batch: Batching, _ p: Double) throws {
    for data in [Self.few, Self.data] where batch.size(samples: data.training.count) <= data.training.count {
      let start = Initialization.normal(scale: 0.8, biases: true).parameters(of: Self.shape, seed: 9)
      let runs = (0..<3).map { seed -> TrainingRun in
        var run = TrainingRun.on(
          data, Self.network, loss: .sumOfSquares, optimizer: .gradientDescent(learningRate: 0.05), batch: batch,
          stop: .after(steps: 12), seed: UInt64(seed), dropout: p)
        run.initialParameters = start
        return run
      }
      for (seed, result) in Bench.train(runs).enumerated() {
        let expected = Self.descent(
          start, data, batch, steps: 12, rate: 0.05, p: p, seed: UInt64(seed))
        let losses = result.series[.loss]?.values ?? []
        #expect(losses.count == 12)
        for (a, b) in zip(losses, expected.losses) { #expect(abs(a - b) < 1e-12 * max(1, b)) }
        for (a, b) in zip(result.finalParameters, expected.theta) { #expect(abs(a - b) < 1e-12) }
      }
    }
  }

  /// Every activation, softmax, and losses that read z: the gradient of the first step against central differences of its loss, which
  /// has the same masks at the moved parameters.
  @Test(arguments: Activation.hidden, [5, 37]) func agreesWithCentralDifferences(
    _ activation: Activation, _ samples: Int
  ) {
    let data = GradientTests.data(samples)
    for (output, loss) in [
      (Activation.softmax, Loss.crossEntropy), (.sigmoid, .binaryCrossEntropy), (.tanh, .meanSquaredError),
    ] {
      let network = Network.mlp(hidden: [4, 3], activation: activation, output: output)
      let shape = network.architecture(inputs: 2, outputs: 3)
      let theta = GradientTests.awayFromKinks(shape, data)
      func run(_ parameters: [Double]) -> TrainingRun {
        var run = TrainingRun.on(
          data, network, loss: loss, optimizer: .gradientDescent(learningRate: 1), stop: .after(steps: 1), seed: 6,
          dropout: 0.4)
        run.initialParameters = parameters
        return run
      }
      let h = 1e-5
      var runs = [run(theta)]
      for i in theta.indices {
        for sign in [1.0, -1] {
          var moved = theta
          moved[i] += sign * h
          runs.append(run(moved))
        }
      }
      let results = Bench.train(runs)
      let gradient = zip(theta, results[0].finalParameters).map { $0 - $1 }
      var whole = run(theta)
      whole.dropout = 0
      #expect(Bench.train([whole])[0].series[.loss]?.values != results[0].series[.loss]?.values)
      for i in theta.indices {
        let up = results[1 + 2 * i].series[.loss]?.values[0] ?? .nan
        let down = results[2 + 2 * i].series[.loss]?.values[0] ?? .nan
        #expect(abs(gradient[i] - (up - down) / (2 * h)) < 2e-8 * max(1, gradient.map(abs).max() ?? 1), "\(i)")
      }
    }
  }

  /// No draw is below 2⁻⁵⁴, and 1/(1 − 2⁻⁶⁰) rounds to 1: all units stay, and the detour through the masks changes no bit.
  @Test(arguments: [Batching.full, .single, .mini(size: 37)], [Precision.float64, .float32])
  func aProbabilityOfAlmostZeroHasTheBitsOfNone(_ batch: Batching, _ precision: Precision) {
    let results = [0, 0x1p-60].map { p in
      Bench.train([
        .on(
          Self.data, .mlp(hidden: [5, 4], activation: .tanh), batch: batch, stop: .after(steps: 50),
          precision: precision,
          seed: 3, dropout: p)
      ])[0]
    }
    #expect(results[0].finalParameters == results[1].finalParameters && results[0].series == results[1].series)
    #expect(results[0].finals == results[1].finals)
    // The loss of a step is not taken for the training loss, whatever the probability is.
    #expect(results[1].bestLoss.isNaN)
  }

  /// y = Σ wᵢmᵢaᵢ has the mean of the whole network and the variance Σ (wᵢaᵢ)²·p/(1 − p), so that the mean loss of many steps is known.
  @Test(arguments: [0.1, 0.5, 0.9]) func theMeanOfTheMasksIsOne(_ p: Double) throws {
    let data = Dataset(name: "point", inputs: [[1]], targets: [[2]])
    let hidden = [0.5, -1.0, 2.0, 0.25]
    let steps = 40_000
    var run = TrainingRun.on(
      data, .mlp(hidden: 4, activation: .identity, bias: false), loss: .sumOfSquares,
      optimizer: .gradientDescent(learningRate: 1e-300), stop: .after(steps: steps).neverDiverging(), seed: 8,
      dropout: p)
    run.initialParameters = hidden + [1, 1, 1, 1]
    let losses = try #require(Bench.train([run])[0].series[.loss]?.values)
    let mean = losses.reduce(0, +) / Double(steps)
    let spread = (losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(steps)).squareRoot()
    let variance = hidden.reduce(0) { $0 + $1 * $1 } * p / (1 - p)
    let bias = hidden.reduce(0, +) - 2
    #expect(abs(mean - (bias * bias + variance)) < 4 * spread / Double(steps).squareRoot())
    #expect(Set(losses).count > 5)
  }

  /// Recorded and final losses are those of the whole network.
  @Test(arguments: [Batching.full, .single, .mini(size: 7)]) func evaluationsLeaveNothingOut(_ batch: Batching) throws {
    let data = RecordingTests.data
    func train(_ steps: Int, _ recording: Recording) -> TrainedRun {
      Bench.train([
        .on(
          data, RecordingTests.network, loss: .meanSquaredError, optimizer: .gradientDescent(learningRate: 0.5),
          batch: batch, stop: .after(steps: steps), recording: recording, seed: 2, dropout: 0.5)
      ])[0]
    }
    let watched = train(10, .also(.trainingLoss, .validationLoss, .sharpness, .gradientCosine, every: 3))
    let plain = train(10, .standard)
    #expect(watched.finalParameters == plain.finalParameters && watched.series[.loss] == plain.series[.loss])
    let held = try #require(data.validation)
    for (index, step) in [0, 3, 6, 9].enumerated() where step > 0 {
      let theta = train(step, .standard).finalParameters
      #expect(
        abs((watched.series[.trainingLoss]?.values[index] ?? .nan) - RecordingTests.loss(theta, data.training)) < 1e-12)
      #expect(abs((watched.series[.validationLoss]?.values[index] ?? .nan) - RecordingTests.loss(theta, held)) < 1e-12)
    }
    #expect(abs(plain.finalLoss - RecordingTests.loss(plain.finalParameters, data.training)) < 1e-12)
    #expect(watched.bestLoss == ((watched.series[.trainingLoss]?.values ?? []) + [watched.finalLoss]).min())
  }
}
