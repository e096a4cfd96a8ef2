import Descent
import Foundation

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
  /// The training of a run goes on, at another learning rate.
  static func continued(key: String) -> Setup {
    Setup(
      data: .xor, network: .mlp(hidden: 4), loss: .halfMeanSquaredError,
      optimizer: .gradientDescent(learningRate: 0.02),
      start: .run(key), stop: .after(steps: 1_000))
  }
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

  /// The learning rate falls from 1 to 0.1 and rises again, every 100 steps.
  static let triangles = Schedule.custom(
    CustomSchedule(name: "triangles of 100 steps") { r in 0.1 + 0.9 * abs(1 - Double(r % 100) / 50) })
  // end

  // snippet
  /// φ(z) = z/(1 + e⁻ᶻ), for hidden or output units. Its slope is compared with differences before training.
  static let swish = Activation.custom("swish") { z in
    z / (1 + exp(-z))
  } slope: { z in
    let s = 1 / (1 + exp(-z))
    return s + z * s * (1 - s)
  }

  /// θ ← θ − η·sign v with v ← 0.9v + 0.1g
  struct SignDescent: UpdateRuleDefinition {
    let stateCount = 1

    func updated(parameter: Double, gradient: Double, state: inout UpdateState, step: Int, rate: Double) -> Double {
      state[0] = 0.9 * state[0] + 0.1 * gradient
      return parameter - rate * (state[0] > 0 ? 1 : state[0] < 0 ? -1 : 0)
    }
  }

  static let signDescent = Optimizer.custom("sign descent", SignDescent(), learningRate: 0.001)
  // end

  // snippet
  /// Every class contributes equally to the loss, and no target is 0 or 1.
  static let rareClasses = DataSource.csv("wine.csv", targets: ["cultivar"])
    .validation(share: 0.3).classWeights(.balanced).smoothedLabels(0.1)

  /// Samples of class 3 count five times.
  static let oneWeight = DataSource.blobs(classes: 3).classWeights(["class 3": 5])
  // end

  // snippet
  /// The rate increases over 100 steps, then it follows a cosine to 0 at step 3000. Longer gradients are clipped.
  static let warmedUp = Optimizer.adam(learningRate: 0.01, schedule: .warmUp(steps: 100, then: .cosine(steps: 2_900)))
    .clipped(toNorm: 1).withL1Penalty(1e-4)
  // end
}

enum DropoutSample {
  // snippet
  /// At every step half of the hidden units take part.
  static let network = Network.mlp(hidden: 32).dropout(0.5)
  // end
}
