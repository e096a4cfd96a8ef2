import Learning

/// The minimum of a logistic regression with the penalty ‖W‖²/(2n).
///
///     F(W, b) = (1/n) Σᵢ d(yᵢ, tᵢ) + ‖W‖²/(2n),  y = softmax(Wx + b), or a sigmoid for each output
///     ∂²F/∂θₖ∂θₗ = (1/n) Σᵢ sₖₗ x̃ᵢx̃ᵢᵀ,  s = Σt·(diag(y) − yyᵀ), or diag(y(1 − y)),  x̃ = (x, 1);  and 1/n for each weight
///
/// Targets of a softmax that add up to another number than 1 count their sample so many times.
///
/// F is convex, and Newton's method with halved steps finds its minimum. A softmax does not change when the same number is added to
/// all biases: a term along this direction makes the Hessian definite and changes no step.
/// - Complexity: n(K(D + 1))²/2 multiply-adds a step for K outputs and D inputs, and some ten steps.
struct LogisticRegression {
  private let network: Architecture
  private let samples: Dataset.Samples
  private let isSoftmax: Bool
  private var n: Double { Double(samples.count) }
  /// D + 1: the weights of an output and its bias, which follow each other here. The network has all biases last.
  private var block: Int { network.inputs + 1 }

  init(_ network: Architecture, _ samples: Dataset.Samples) {
    self.network = network
    self.samples = samples
    isSoftmax = network.layers[0].activations[0] == .softmax
  }

  /// The parameters in the order of the network.
  /// - Returns: `nil` where Newton's method does not converge.
  func minimum() -> [Double]? {
    var theta = [Double](repeating: 0, count: network.parameterCount)
    var value = value(theta)
    for _ in 0..<100 {
      let (gradient, hessian) = derivatives(theta)
      guard let step = hessian.solve(gradient, shiftedBy: 0) else { return nil }
      // The step gains less than the rounding of F.
      if Linear.dot(gradient, step) <= 1e-15 * max(1, value) { return ordered(Linear.add(theta, -1, step)) }
      guard let next = shortened(step, from: theta, value) else { return nil }
      (theta, value) = next
    }
    return nil
  }

  private func shortened(_ step: [Double], from theta: [Double], _ value: Double) -> ([Double], Double)? {
    for halvings in 0..<30 {
      let next = Linear.add(theta, -1 / Double(1 << halvings), step)
      let found = self.value(next)
      if found < value { return (next, found) }
    }
    return nil
  }

  /// All weights, then all biases.
  private func ordered(_ theta: [Double]) -> [Double] {
    let blocks = stride(from: 0, to: theta.count, by: block).map { theta[$0..<$0 + block] }
    return blocks.flatMap { $0.dropLast() } + blocks.compactMap(\.last)
  }

  private func isWeight(_ index: Int) -> Bool { index % block != network.inputs }

  private func value(_ theta: [Double]) -> Double {
    var sum = theta.indices.reduce(0) { isWeight($1) ? $0 + theta[$1] * theta[$1] / 2 : $0 }
    for (y, t) in zip(Exact.outputs(of: network, ordered(theta), for: samples), samples.targets) {
      if t > 0 { sum -= t * Exact.log(y) }
      if !isSoftmax, t < 1 { sum -= (1 - t) * Exact.log(1 - y) }
    }
    return sum / n
  }

  private func derivatives(_ theta: [Double]) -> (gradient: [Double], hessian: SquareMatrix) {
    let (outputs, inputs, block) = (network.outputs, network.inputs, block)
    let y = Exact.outputs(of: network, ordered(theta), for: samples)
    var gradient = theta.indices.map { isWeight($0) ? theta[$0] / n : 0 }
    var hessian = SquareMatrix(zeros: theta.count)
    var x = [Double](repeating: 1, count: block)
    for i in 0..<samples.count {
      for j in 0..<inputs { x[j] = samples.inputs[i * inputs + j] }
      let weight = isSoftmax ? samples.targets[i * outputs..<(i + 1) * outputs].reduce(0, +) : 1
      for k in 0..<outputs {
        let own = y[i * outputs + k]
        let slope = (weight * own - samples.targets[i * outputs + k]) / n
        for j in 0..<block { gradient[k * block + j] += slope * x[j] }
        for l in isSoftmax ? 0...k : k...k {
          let curvature = k == l ? own * (1 - own) : -own * y[i * outputs + l]
          add(
            weight * curvature / n, x, to: &hessian.elements, at: k * block * theta.count + l * block,
            stride: theta.count)
        }
      }
    }
    finish(&hessian)
    return (gradient, hessian)
  }

  /// A ← A + s·xxᵀ for a square inside a matrix.
  private func add(_ s: Double, _ x: [Double], to elements: inout [Double], at corner: Int, stride: Int) {
    elements.withUnsafeMutableBufferPointer { elements in
      for p in x.indices {
        let (row, factor) = (corner + p * stride, s * x[p])
        for q in x.indices { elements[row + q] += factor * x[q] }
      }
    }
  }

  /// Adds the penalty and the term along equal biases, and copies the lower triangle to the upper one.
  private func finish(_ hessian: inout SquareMatrix) {
    let biases = (0..<network.outputs).map { $0 * block + network.inputs }
    for i in 0..<hessian.count where isWeight(i) { hessian[i, i] += 1 / n }
    if isSoftmax { for k in biases { for l in biases where l <= k { hessian[k, l] += 1 } } }
    for row in 0..<hessian.count { for column in 0..<row { hessian[column, row] = hessian[row, column] } }
  }
}
