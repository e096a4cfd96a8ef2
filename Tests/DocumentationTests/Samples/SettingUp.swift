import Descent

enum SetupSamples {
  // snippet
  static let network = Setup(
    data: .moons(samples: 200, noise: 0.1).validation(fresh: 200),
    network: .mlp(hidden: [8, 8], activation: .tanh, output: .sigmoid),
    loss: .binaryCrossEntropy,
    optimizer: .adam(learningRate: 0.01, schedule: .cosine(steps: 3_000)),
    initialization: .glorot(),
    batch: .mini(size: 32),
    stop: .after(steps: 3_000),
    record: .also(.validationLoss, .validationAccuracy, every: 50),
    precision: .float64)
  // end

  // snippet
  static let objective = Setup(
    objective: .himmelblau,
    start: .uniform(-5...5),
    optimizer: .gradientDescent(learningRate: 0.01),
    stop: .gradientNormBelow(1e-8))
  // end

  // snippet
  /// E(x, y) = x² + 10y²
  static let bowl = Objective.function("bowl") { x, y in
    x * x + 10 * y * y
  } gradient: { x, y in
    (2 * x, 20 * y)
  }
  // end

  // snippet
  /// 3 tanh units, then 4 sigmoid units, then as many identity outputs as the data have.
  static let layers = Network.layers([(3, .tanh), (4, .sigmoid)])

  /// d(y, t) = (y − t)⁴
  static let fourthPower = Loss.custom(
    Distance(
      name: "fourth power",
      value: { y, t in (y - t) * (y - t) * (y - t) * (y - t) },
      derivative: { y, t in 4 * (y - t) * (y - t) * (y - t) }))

  /// The learning rate increases over 100 steps and is constant from then on.
  static let warmUp = Schedule.custom(
    CustomSchedule(name: "warm-up of 100 steps") { r in min(1, Double(r + 1) / 100) })
  // end
}

enum DropoutSample {
  // snippet
  /// At every step half of the hidden units take part.
  static let network = Network.mlp(hidden: 32).dropout(0.5)
  // end
}
