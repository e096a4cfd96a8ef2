import Foundation
import Learning
import Testing

/// Activations and update rules that an author declares.
@Suite struct OwnFunctionTests {
  /// φ(z) = z/(1 + e⁻ᶻ)
  static let swish = Activation.custom("swish") { z in
    z / (1 + exp(-z))
  } slope: { z in
    let s = 1 / (1 + exp(-z))
    return s + z * s * (1 - s)
  }

  static let copies: [(Activation, Activation)] = [
    (
      .tanh,
      .custom("own tanh") {
        tanh($0)
      } slope: {
        1 - tanh($0) * tanh($0)
      }
    ),
    (
      .relu,
      .custom("own ReLU") {
        max($0, 0)
      } slope: {
        $0 > 0 ? 1 : 0
      }
    ),
    (
      .softplus,
      .custom("own softplus") {
        log1p(exp($0))
      } slope: {
        1 / (1 + exp(-$0))
      }
    ),
    (
      .sine,
      .custom("own sine") {
        sin($0)
      } slope: {
        cos($0)
      }
    ),
    (
      .sigmoid,
      .custom("own sigmoid") {
        1 / (1 + exp(-$0))
      } slope: {
        exp(-$0) / ((1 + exp(-$0)) * (1 + exp(-$0)))
      }
    ),
  ]

  /// A built-in activation, declared again, trains to the same parameters up to rounding: beside runs, beside samples, in float32.
  @Test(arguments: copies, [Precision.float64, .float32]) func aDeclaredCopyTrainsLikeTheBuiltInFunction(
    _ pair: (builtIn: Activation, own: Activation), _ precision: Precision
  ) {
    for samples in [11, 43] {
      let data = made(.noisySine(samples: samples))
      func end(_ activation: Activation) -> TrainedRun {
        Bench.train([
          .on(
            data, Network.layers([(4, activation), (3, .tanh)], output: activation), stop: .after(steps: 100),
            recording: .also(.trainingLoss, .absoluteError, every: 10), precision: precision)
        ])[0]
      }
      let (builtIn, own) = (end(pair.builtIn), end(pair.own))
      let bound = precision == .float64 ? 1e-12 : 1e-4
      for (a, b) in zip(builtIn.finalParameters, own.finalParameters) { #expect(abs(a - b) < bound) }
      for (a, b) in zip(builtIn.series[.absoluteError]?.values ?? [.nan], own.series[.absoluteError]?.values ?? []) {
        #expect(abs(a - b) < bound)
      }
      #expect(own.steps == 100 && own.finalParameters != builtIn.finalParameters || pair.builtIn == .relu)
    }
  }

  @Test func predictionsUseTheDeclaredFunction() {
    let network = Network(hidden: [2], activation: Self.swish, output: [Self.swish]).architecture(inputs: 1, outputs: 1)
    let theta = [0.3, -0.7, 0.1, 0.2, 1.1, -0.4, 0.6]
    func swish(_ z: Double) -> Double { z / (1 + exp(-z)) }
    let hidden = [swish(0.3 * 2 + 0.1), swish(-0.7 * 2 + 0.2)]
    let output = swish(1.1 * hidden[0] - 0.4 * hidden[1] + 0.6)
    #expect(abs(Exact.output(of: network, theta, at: [2])[0] - output) < 1e-15)
  }

  @Test(arguments: [
    (Optimizer.adam(learningRate: 0.02), Optimizer.custom("own", OwnAdam(), learningRate: 0.02)),
    (.momentum(0.9, learningRate: 0.02), .custom("own", OwnMomentum(), learningRate: 0.02)),
    (
      .momentum(0.9, learningRate: 0.02, schedule: .cosine(steps: 80)),
      .custom("own", OwnMomentum(), learningRate: 0.02, schedule: .cosine(steps: 80))
    ),
  ]) func aDeclaredCopyFollowsTheBuiltInRule(_ builtIn: Optimizer, _ own: Optimizer) {
    for (samples, batch) in [(11, Batching.full), (43, .full), (11, .single)] {
      let data = made(.noisySine(samples: samples))
      func end(_ optimizer: Optimizer) -> [Double] {
        let optimizer = optimizer.withWeightDecay(0.01).clipped(toNorm: 0.5)
        return Bench.train([.on(data, .mlp(hidden: 5), optimizer: optimizer, batch: batch, stop: .after(steps: 100))])[
          0
        ].finalParameters
      }
      let (a, b) = (end(builtIn), end(own))
      for (x, y) in zip(a, b) { #expect(abs(x - y) < 1e-11, "\(samples) samples, \(batch.name)") }
      #expect(a.count == 16 && a.contains { abs($0) > 0.1 })
    }
  }

  /// Each run counts its own steps from 0 and begins with state 0, whichever run had its lane before.
  @Test func stepsAreCountedForEachRun() {
    let data = made(.noisySine(samples: 9))
    let runs = (0..<40).map { i in
      TrainingRun.on(
        data, .mlp(hidden: 2), optimizer: .custom("counting", Counting(), learningRate: 1),
        stop: .after(steps: 3 + i % 7))
    }
    for (run, result) in zip(runs, Bench.train(runs)) {
      // Step r subtracts r, and the state counts the steps: Σ r + Σ (r + 1) = T².
      let moved = Double(run.stop.steps * run.stop.steps)
      for (end, start) in zip(result.finalParameters, run.initialParameters) {
        #expect(abs(start - end - moved) < 1e-9)
      }
    }
  }
}

/// Kingma & Ba 2015 in plain scalar arithmetic.
struct OwnAdam: UpdateRuleDefinition {
  let stateCount = 2

  func updated(parameter: Double, gradient: Double, state: inout UpdateState, step: Int, rate: Double) -> Double {
    state[0] = 0.9 * state[0] + 0.1 * gradient
    state[1] = 0.999 * state[1] + 0.001 * gradient * gradient
    let mean = state[0] / (1 - pow(0.9, Double(step + 1)))
    let square = state[1] / (1 - pow(0.999, Double(step + 1)))
    return parameter - rate * mean / (square.squareRoot() + 1e-8)
  }
}

struct OwnMomentum: UpdateRuleDefinition {
  let stateCount = 1

  func updated(parameter: Double, gradient: Double, state: inout UpdateState, step: Int, rate: Double) -> Double {
    state[0] = 0.9 * state[0] + gradient
    return parameter - rate * state[0]
  }
}

private struct Counting: UpdateRuleDefinition {
  let stateCount = 1

  func updated(parameter: Double, gradient: Double, state: inout UpdateState, step: Int, rate: Double) -> Double {
    state[0] += 1
    return parameter - Double(step) - state[0]
  }
}
