import Learning
import Studies
import Textbook

/// Formulas of the lectures besides loss, derivatives and steps, against the engine.
enum FurtherFormulas {
  /// System C1: the closed form, which gradient descent must reach, and the eigenvalues of the Hessian.
  @Sendable static func line(_ example: EngineCase) throws -> [CheckLine] {
    let (x, t) = (example.data.training.inputs, example.data.training.targets)
    let (least, greatest) = LineFitting.hessianEigenvalues(x)
    let hessian = try quadraticHessian(example)
    let sums = [hessian[0][0] + hessian[1][1], hessian[0][0] * hessian[1][1] - hessian[0][1] * hessian[1][0]]
    let eigenvalues = CheckLine(
      "λ₁ + λ₂ and λ₁λ₂", "textbook – engine", [least + greatest, least * greatest], sums[...], bound: 1e-11)
    guard let closed = LineFitting.closedForm(x, t) else { return [eigenvalues] }
    let problem = TrainingRun.Problem.network(example.network, example.loss, example.data, .full)
    let run = TrainingRun(
      problem: problem, initialParameters: example.start, optimizer: .gradientDescent(learningRate: 1 / greatest),
      // The error shrinks by 1 − λ₁/λ₂ in each step, or faster.
      stop: StopRule.after(steps: Int(40 * greatest / least) + 1).neverDiverging(), seed: 0)
    let end = try Replay.train([run]).first?.finalParameters ?? []
    return [
      eigenvalues, CheckLine("w, b of ∇E = 0", "textbook – engine", [closed.w, closed.b], end[...], bound: 1e-10),
    ]
  }

  /// The Hessian of a quadratic from differences of the engine's gradient, which are exact up to rounding for any distance.
  private static func quadraticHessian(_ example: EngineCase) throws -> [[Double]] {
    let problem = TrainingRun.Problem.network(example.network, example.loss, example.data, .full)
    return try example.start.indices.map { i in
      var (above, below) = (example.start, example.start)
      above[i] += 1
      below[i] -= 1
      let gradients = try [above, below].map { try BackwardPass.gradient(of: problem, at: $0).gradient }
      return zip(gradients[0], gradients[1]).map { ($0 - $1) / 2 }
    }
  }

  /// System D: the recursion unrolled, ∂loss/∂w₁ as one product, for each sample.
  static func chain(_ example: EngineCase, _ textbook: TanhChain) throws -> [CheckLine] {
    let products = example.samples.map { textbook.unrolledFirstDerivative($0.x[0], $0.t[0]) }
    let engine = try example.samples.map { sample in
      try BackwardPass(
        network: example.network, loss: example.loss, parameters: example.start, input: sample.x, target: sample.t
      ).gradient[0]
    }
    return [CheckLine("∂loss/∂w₁ as a product", "textbook – engine", products[...], engine[...], bound: 1e-12)]
  }

  /// System E: the absolute error of the predictions, the mean over samples and outputs.
  static func sigmoidMLP(_ example: EngineCase, _ textbook: SigmoidMLP) throws -> [CheckLine] {
    let sum = example.samples.reduce(0) { $0 + textbook.absoluteError($1.x, $1.t) }
    let mean = sum / Double(example.samples.count * example.network.outputs)
    let run = TrainingRun(
      problem: .network(example.network, example.loss, example.data, .full), initialParameters: example.start,
      // A step of length 0: the engine measures after the last step.
      optimizer: .gradientDescent(learningRate: 0), stop: .after(steps: 1), seed: 0)
    let measured = try Replay.train([run]).first?.finals[.absoluteError] ?? .nan
    return [CheckLine("mean |y − t|", "textbook – engine", [mean], [measured], bound: 1e-12)]
  }
}
