import Landscape
import Learning
import Testing

/// Linear models by their defining equations, checked with code that they do not use.
@Suite struct LinearFitTests {
  /// Two inputs of very different sizes and two outputs.
  static let regression: Dataset = {
    let inputs = (0..<9).map { (i: Int) -> [Double] in [Double(i * 4 % 9), 1000 * Double(i * 5 % 7)] }
    let targets = inputs.enumerated().map { (i: Int, x: [Double]) -> [Double] in [Double(i * i % 5), 3 - 2 * x[0]] }
    return Dataset(name: "plane", inputs: inputs, targets: targets)
  }()

  static func classes(_ targets: [[Double]], separable: Bool = false) -> Dataset {
    Dataset(
      name: "classes",
      inputs: targets.enumerated().map { i, target in
        let shift = separable ? 10 * Double(target.firstIndex(of: 1) ?? 0) : 0
        return [Double(i * 5 % 7) / 3 - 1 + shift, Double(i * 3 % 8) / 4 - shift]
      }, targets: targets)
  }

  /// Residuals of least squares are orthogonal to every input and to the constant.
  @Test func residualsAreOrthogonalToTheInputs() throws {
    let data = Self.regression
    let fit = try #require(LinearFit(.meanSquaredError, on: data))
    for k in 0..<2 {
      let residuals = (0..<9).map { i in
        Exact.output(of: fit.network, fit.parameters, at: data.training.input(i))[k] - data.training.target(i)[k]
      }
      #expect(abs(residuals.reduce(0, +)) < 1e-10)
      for j in 0..<2 {
        let products = residuals.enumerated().map { $1 * data.training.input($0)[j] }
        #expect(abs(products.reduce(0, +)) < 1e-7, "input \(j) of output \(k)")
      }
    }
    // t = 3 − 2x₁: the second output is exact.
    let expected = [-2, 0, 3.0]
    for (found, wanted) in zip([fit.parameters[2], fit.parameters[3], fit.parameters[5]], expected) {
      #expect(abs(found - wanted) < 1e-12)
    }
  }

  /// With fewer samples than parameters it interpolates, with the least norm: (W, b) is a combination of the samples (x, 1).
  @Test func ofSeveralSolutionsItIsTheShortest() throws {
    let data = Dataset(name: "two", inputs: [[1, 2, 0], [0, 1, 1]], targets: [[1], [3]])
    let fit = try #require(LinearFit(.halfSumOfSquares, on: data))
    for i in 0..<2 {
      let output: Double = Exact.output(of: fit.network, fit.parameters, at: data.training.input(i))[0]
      #expect(abs(output - data.training.targets[i]) < 1e-12)
    }
    // The two directions that no sample sees, by hand: (1, 2, 0, 1)·v = (0, 1, 1, 1)·v = 0.
    let directions: [[Double]] = [[-2, 1, -1, 0], [-1, 0, -1, 1]]
    for null in directions {
      let product: Double = zip(fit.parameters, null).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(product) < 1e-12)
    }
  }

  /// ∇E + W/n = 0, with E by the network's own backpropagation.
  @Test(arguments: [
    (
      Loss.crossEntropy,
      [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0], [0, 0, 1], [0, 0, 1], [0, 1, 0.0]]
    ),
    (.binaryCrossEntropy, [[1], [0], [1], [1], [0], [0], [1.0]]),
    (.binaryCrossEntropy, [[1, 0], [0, 0.25], [1, 1], [0.5, 0], [0, 1], [0, 0.0]]),
  ])
  func theGradientWithItsPenaltyVanishes(_ loss: Loss, _ targets: [[Double]]) throws {
    for separable in [false, true] {
      let data = Self.classes(targets, separable: separable)
      let fit = try #require(LinearFit(loss, on: data))
      let function = NetworkLoss(architecture: fit.network, loss: loss, data: data)
      for (i, slope) in function.gradient(fit.parameters).enumerated() {
        let penalty = i < fit.network.weightCount ? fit.parameters[i] / Double(targets.count) : 0
        #expect(abs(slope + penalty) < 1e-10, "parameter \(i)")
      }
    }
  }

  /// A sample with targets twice as large counts as two samples.
  @Test func aWeightIsANumberOfSamples() throws {
    let targets: [[Double]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0]]
    let inputs: [[Double]] = [[0.3, -1], [1, 0.5], [-0.4, 0.8], [0.2, 0.9], [0.1, 0.2]]
    let weighted = targets.enumerated().map { $0 == 3 ? $1.map { 2 * $0 } : $1 }
    let one = try #require(LinearFit(.crossEntropy, on: Dataset(name: "w", inputs: inputs, targets: weighted)))
    let twice = Dataset(name: "t", inputs: inputs + [inputs[3]], targets: targets + [targets[3]])
    let two = try #require(LinearFit(.crossEntropy, on: twice))
    let differences = zip(one.parameters, two.parameters).map { abs($0 - $1) }
    #expect((differences.max() ?? 1) < 1e-9)
  }

  /// Inputs that say nothing: the probabilities are the shares of the classes.
  @Test func withoutInformationTheProbabilitiesAreTheShares() throws {
    let targets = [[1, 0, 0], [1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0, 1.0]]
    let data = Dataset(name: "flat", inputs: targets.map { _ in [2] }, targets: targets)
    let fit = try #require(LinearFit(.crossEntropy, on: data))
    let y = Exact.output(of: fit.network, fit.parameters, at: [2])
    #expect(zip(y, [0.6, 0.2, 0.2]).allSatisfy { abs($0 - $1) < 1e-10 })
  }

  @Test func tooManyParametersAreNotComputed() {
    let wide = Dataset(name: "wide", inputs: [Array(repeating: 1, count: 1000)], targets: [[1]])
    #expect(LinearFit(.meanSquaredError, on: wide) == nil)
  }
}
