import Foundation
import Learning
import Testing

/// Each rule against its formulas in plain scalar arithmetic, and on a quadratic that all must descend.
@Suite struct OptimizerTests {
  /// E = ½(a·x² + b·y²)
  static let bowl = Objective.function("bowl", value: { 0.5 * ($0 * $0 + 10 * $1 * $1) }, gradient: { ($0, 10 * $1) })

  static func train(_ optimizer: Optimizer, steps: Int) -> TrainedRun {
    Bench.train([
      TrainingRun(
        problem: .objective(bowl), initialParameters: [1, -2], optimizer: optimizer, stop: .after(steps: steps), seed: 0
      )
    ])[0]
  }

  struct Reference: Sendable, CustomTestStringConvertible {
    let optimizer: Optimizer
    /// (parameter, gradient, state) → new parameter, step counted from 1.
    let step: @Sendable (_ x: Double, _ g: Double, _ s: inout [Double], _ t: Int) -> Double
    var testDescription: String { optimizer.name }
  }

  static let references: [Reference] = [
    Reference(optimizer: .gradientDescent(learningRate: 0.05)) { x, g, _, _ in x - 0.05 * g },
    Reference(optimizer: .gradientDescent(learningRate: 0.05, weightDecay: 0.3)) { x, g, _, _ in
      x - 0.05 * (g + 0.3 * x)
    },
    Reference(optimizer: .momentum(0.8, learningRate: 0.05)) { x, g, s, _ in
      s[0] = 0.8 * s[0] + g
      return x - 0.05 * s[0]
    },
    Reference(optimizer: .nesterov(0.8, learningRate: 0.05)) { x, g, s, _ in
      s[0] = 0.8 * s[0] + g
      return x - 0.05 * (g + 0.8 * s[0])
    },
    Reference(optimizer: .adaGrad(learningRate: 0.3)) { x, g, s, _ in
      s[0] += g * g
      return x - 0.3 * g / (s[0].squareRoot() + 1e-8)
    },
    Reference(optimizer: .rmsProp(learningRate: 0.02, decay: 0.95)) { x, g, s, _ in
      s[0] = 0.95 * s[0] + 0.05 * g * g
      return x - 0.02 * g / (s[0].squareRoot() + 1e-8)
    },
    Reference(optimizer: .adam(learningRate: 0.1)) { x, g, s, t in
      s[0] = 0.9 * s[0] + 0.1 * g
      s[1] = 0.999 * s[1] + 0.001 * g * g
      let mean = s[0] / (1 - pow(0.9, Double(t)))
      let spread = s[1] / (1 - pow(0.999, Double(t)))
      return x - 0.1 * mean / (spread.squareRoot() + 1e-8)
    },
    Reference(optimizer: .gradientDescent(learningRate: 0.1, schedule: .inverse(halving: 3))) { x, g, _, t in
      x - 0.1 / (1 + Double(t - 1) / 3) * g
    },
    Reference(optimizer: .gradientDescent(learningRate: 0.1, schedule: .step(factor: 0.5, every: 4))) { x, g, _, t in
      x - 0.1 * pow(0.5, Double((t - 1) / 4)) * g
    },
    Reference(optimizer: .gradientDescent(learningRate: 0.1, schedule: .exponential(factor: 0.9))) { x, g, _, t in
      x - 0.1 * pow(0.9, Double(t - 1)) * g
    },
    Reference(optimizer: .gradientDescent(learningRate: 0.1, schedule: .cosine(steps: 20))) { x, g, _, t in
      x - 0.1 * 0.5 * (1 + cos(.pi * Double(t - 1) / 20)) * g
    },
    Reference(
      optimizer: .gradientDescent(learningRate: 0.1, schedule: .warmUp(steps: 5, then: .inverse(halving: 8)))
    ) { x, g, _, t in
      x - 0.1 * (t <= 5 ? Double(t) / 5 : 1 / (1 + Double(t - 6) / 8)) * g
    },
    Reference(optimizer: Optimizer.momentum(0.8, learningRate: 0.01).withL1Penalty(0.1)) { x, g, s, _ in
      s[0] = 0.8 * s[0] + g + 0.1 * (x < 0 ? -1 : x > 0 ? 1 : 0)
      return x - 0.01 * s[0]
    },
  ]

  @Test(arguments: references) func followsItsFormula(_ reference: Reference) {
    var x = [1.0, -2]
    var states = [[0.0, 0], [0.0, 0]]
    let steps = 17
    for t in 1...steps {
      let g = [x[0], 10 * x[1]]
      for i in 0..<2 { x[i] = reference.step(x[i], g[i], &states[i], t) }
    }
    let result = Self.train(reference.optimizer, steps: steps).finalParameters
    for i in 0..<2 { #expect(abs(result[i] - x[i]) < 1e-12 * max(1, abs(x[i])), "\(result) against \(x)") }
  }

  @Test(arguments: references) func descends(_ reference: Reference) {
    let result = Self.train(reference.optimizer, steps: 2000)
    let losses = result.series[.loss]?.values ?? []
    #expect(losses.count == 2000)
    #expect(result.finalLoss < 0.02 * (losses.first ?? 0), "\(result.finalLoss)")
  }

  /// On ½λx² descent converges exactly for η < 2/λ: both sides of the edge, one per cent away.
  @Test func divergesExactlyBeyondTwoOverLambda() {
    let below = Self.train(.gradientDescent(learningRate: 0.99 * 0.2), steps: 3000)
    let above = Self.train(.gradientDescent(learningRate: 1.01 * 0.2), steps: 3000)
    #expect(below.status == .finished && below.finalLoss < 1e-20)
    guard case .diverged(let step) = above.status else {
      Issue.record("did not diverge")
      return
    }
    // |1 − ηλ| = 1.02: the loss grows by 1.02² a step, from 20 to 10⁶ times that.
    #expect(abs(Double(step) - log(1e6) / (2 * log(1.02))) < 5)
  }
}
