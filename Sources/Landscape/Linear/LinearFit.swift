import CLAPACK
package import Learning

/// The linear network y = φ(Wx + b) with the least loss on training data, computed without gradient descent.
///
/// - Outputs of a softmax under cross-entropy, and of sigmoids under binary cross-entropy: logistic regression with the penalty
///   ‖W‖²/(2n), the minimum of E + ‖W‖²/(2n), by Newton's method. Without a penalty classes that a plane separates have no minimum.
///   scikit-learn's `LogisticRegression` has the same penalty by default (C = 1).
/// - Any other loss: identity outputs and least squares without a penalty, by the singular values of the inputs (LAPACK's `dgelsd`). Of several
///   minima it is the one with the least ‖(W, b)‖₂.
package struct LinearFit: Sendable {
  /// The layers: one, without hidden units.
  package let network: Architecture
  /// The weights of each output, then the biases.
  package let parameters: [Double]

  /// More weights and biases of a logistic regression than these are not computed: its Hessian has the square of this number of entries.
  package static let mostParameters = 1000

  /// - Returns: `nil` above `mostParameters`, and where LAPACK finds no solution.
  package init?(_ loss: Loss, on data: Dataset) {
    let samples = data.training
    let output: Activation =
      switch loss {
      case .crossEntropy: .softmax
      case .binaryCrossEntropy: .sigmoid
      case .squaredError, .absoluteError, .custom: .identity
      }
    network = Network.linear(output: output).architecture(inputs: data.inputCount, outputs: data.outputCount)
    guard samples.count > 0, network.parameterCount <= Self.mostParameters else { return nil }
    let found =
      output == .identity
      ? Self.leastSquares(network, samples) : LogisticRegression(network, samples).minimum()
    guard let found else { return nil }
    parameters = found
  }

  /// argmin Σᵢ ‖Wxᵢ + b − tᵢ‖²
  private static func leastSquares(_ network: Architecture, _ samples: Dataset.Samples) -> [Double]? {
    let (n, inputs, outputs) = (samples.count, network.inputs, network.outputs)
    let (columns, rows) = (inputs + 1, max(n, inputs + 1))
    // Column by column: the inputs and a column of ones; the targets with room for the solution.
    var a =
      (0..<inputs).flatMap { j in (0..<n).map { samples.inputs[$0 * inputs + j] } } + Array(repeating: 1, count: n)
    var b = [Double](repeating: 0, count: rows * outputs)
    for k in 0..<outputs { for i in 0..<n { b[k * rows + i] = samples.targets[i * outputs + k] } }
    var singular = [Double](repeating: 0, count: min(n, columns))
    var rank: Int32 = 0
    let state = LAPACKE_dgelsd(
      LAPACK_COL_MAJOR, Int32(n), Int32(columns), Int32(outputs), &a, Int32(n), &b, Int32(rows), &singular, -1, &rank)
    let solution = (0..<outputs).flatMap { k in (0..<inputs).map { b[k * rows + $0] } }
    let biases = (0..<outputs).map { b[$0 * rows + inputs] }
    return state == 0 && (solution + biases).allSatisfy(\.isFinite) ? solution + biases : nil
  }
}
