import Landscape
import Learning
import Testing

/// Exact second derivatives, for every activation and loss.
@Suite struct NetworkLossTests {
  static let cases: [(Activation, [Activation], Loss)] = {
    var all: [(Activation, [Activation], Loss)] = []
    let bump = Activation.custom("bump") {
      1 / (1 + $0 * $0)
    } slope: {
      -2 * $0 / ((1 + $0 * $0) * (1 + $0 * $0))
    }
    for activation in Activation.hidden + [bump] {
      for convention in SquaredErrorConvention.allCases {
        all.append((activation, [.identity], .squaredError(convention)))
      }
      all.append((activation, [.sigmoid], .meanSquaredError))
      all.append((activation, [.tanh, .sine, .softplus], .meanSquaredError))
      all.append((activation, [.softmax], .meanSquaredError))
      all.append((activation, [.sigmoid], .binaryCrossEntropy))
      all.append((activation, [.softmax], .crossEntropy))
      all.append((activation, [.identity], .absoluteError))
    }
    return all
  }()

  static let data = Dataset(
    name: "six points",
    inputs: [[0.3, -0.8], [1.1, 0.4], [-0.7, 0.9], [0.2, 0.1], [-1.2, -0.3], [0.6, 1.3]],
    targets: [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0], [0, 0, 1]])

  /// Differences of the gradient, which are Hessian columns, and the symmetry that no difference can fake.
  @Test(arguments: cases) func theHessianIsTheSlopeOfTheGradient(
    _ hidden: Activation, _ output: [Activation], _ loss: Loss
  ) {
    let network = Network(hidden: [4, 3], activation: hidden, output: output).architecture(inputs: 2, outputs: 3)
    let function = NetworkLoss(architecture: network, loss: loss, data: Self.data)
    let theta = Initialization.normal(scale: 0.7, biases: true).parameters(of: network, seed: 3)
    let hessian = function.hessian(theta)
    let h = 1e-5
    for i in theta.indices {
      var (up, down) = (theta, theta)
      up[i] += h
      down[i] -= h
      let (a, b) = (function.gradient(up), function.gradient(down))
      // The gradient is the slope of the loss.
      #expect(abs(function.gradient(theta)[i] - (function(up) - function(down)) / (2 * h)) < 1e-8, "\(loss.name) \(i)")
      for j in theta.indices {
        #expect(abs(hessian[i][j] - (a[j] - b[j]) / (2 * h)) < 1e-7, "\(hidden.name) \(loss.name) (\(i), \(j))")
        #expect(abs(hessian[i][j] - hessian[j][i]) < 1e-13)
      }
    }
  }

  /// Weights of classes: the loss of a sample is its weight times that of the unweighted one, and so are all derivatives.
  @Test func weightedClassesBelongToTheFunction() {
    let network = Network.mlp(hidden: 2, output: .softmax).architecture(inputs: 2, outputs: 3)
    let theta = Initialization.normal(scale: 1, biases: true).parameters(of: network, seed: 1)
    func function(_ sample: Int, weight: Double) -> NetworkLoss {
      let data = Dataset(
        name: "one", inputs: [Self.data.training.input(sample)],
        targets: [Self.data.training.target(sample).map { weight * $0 }], classes: .oneHot(names: ["a", "b", "c"]))
      return NetworkLoss(architecture: network, loss: .crossEntropy, data: data)
    }
    for sample in 0..<3 {
      let (plain, heavy) = (function(sample, weight: 1), function(sample, weight: 2.5))
      #expect(abs(heavy(theta) - 2.5 * plain(theta)) < 1e-14)
      for i in theta.indices {
        #expect(abs(heavy.gradient(theta)[i] - 2.5 * plain.gradient(theta)[i]) < 1e-14)
        for j in theta.indices {
          #expect(abs(heavy.hessian(theta)[i][j] - 2.5 * plain.hessian(theta)[i][j]) < 1e-14)
        }
      }
    }
  }

  /// Eight points in lanes are eight points: each as if it were alone.
  @Test func pointsDoNotSeeTheirNeighbours() {
    let network = Network.mlp(hidden: 3).architecture(inputs: 2, outputs: 3)
    let function = NetworkLoss(architecture: network, loss: .meanSquaredError, data: Self.data)
    let points = (0..<13).map { Initialization.normal(scale: 1, biases: true).parameters(of: network, seed: $0) }
    let together = function.gradients(at: points)
    for (point, found) in zip(points, together) {
      #expect(function(point) == found.loss && function.gradient(point) == found.gradient)
    }
  }

  @Test func weightDecayBelongsToTheFunction() {
    let network = Network.mlp(hidden: 2).architecture(inputs: 2, outputs: 3)
    let theta = Initialization.normal(scale: 1, biases: true).parameters(of: network, seed: 1)
    let plain = NetworkLoss(architecture: network, loss: .meanSquaredError, data: Self.data)
    let decayed = NetworkLoss(architecture: network, loss: .meanSquaredError, data: Self.data, weightDecay: 0.3)
    #expect(abs(decayed(theta) - plain(theta) - 0.15 * theta.reduce(0) { $0 + $1 * $1 }) < 1e-14)
    for i in theta.indices {
      #expect(abs(decayed.gradient(theta)[i] - plain.gradient(theta)[i] - 0.3 * theta[i]) < 1e-14)
      for j in theta.indices {
        let difference = decayed.hessian(theta)[i][j] - plain.hessian(theta)[i][j]
        #expect(abs(difference - (i == j ? 0.3 : 0)) < 1e-14)
      }
      let v = theta.indices.map { Double($0) - 3 }
      let product = zip(decayed.hessianProduct(theta, v), plain.hessianProduct(theta, v)).map { $0 - $1 }
      #expect(abs(product[i] - 0.3 * v[i]) < 1e-13)
    }
  }

  @Test func lanczosFindsTheEndsOfTheSpectrum() throws {
    let network = Network.mlp(hidden: 12).architecture(inputs: 2, outputs: 3)
    let function = NetworkLoss(architecture: network, loss: .meanSquaredError, data: Self.data)
    let theta = Initialization.normal(scale: 1, biases: true).parameters(of: network, seed: 5)
    let exact = try #require(SymmetricEigen(function.hessian(theta))?.values)
    let ends = try #require(Lanczos.extremes(of: function, at: theta))
    #expect(abs(ends.greatest - exact[exact.count - 1]) < 1e-9 * exact[exact.count - 1])
    #expect(abs(ends.least - exact[0]) < 1e-9 * exact[exact.count - 1])
  }

  /// A line under ½·mean squared error: [[mean x², mean x], [mean x, 1]], whatever the parameters.
  @Test func aLineHasAConstantHessian() {
    let x = [0.5, -1.5, 2.0, 0.25]
    let data = Dataset(name: "line", inputs: x.map { [$0] }, targets: [[1], [0], [2], [1]])
    let function = NetworkLoss(
      architecture: Network.linear().architecture(inputs: 1, outputs: 1), loss: .halfMeanSquaredError, data: data)
    let square = x.reduce(0) { $0 + $1 * $1 } / 4
    let mean = x.reduce(0, +) / 4
    for theta in [[0.0, 0], [3, -7]] {
      let hessian = function.hessian(theta)
      #expect(abs(hessian[0][0] - square) < 1e-15 && abs(hessian[1][1] - 1) < 1e-15)
      #expect(abs(hessian[0][1] - mean) < 1e-15 && abs(hessian[1][0] - mean) < 1e-15)
    }
  }

  /// Mehta et al. 2018: a stationary point stays one beside a new unit without weights, and the spectrum keeps its old part.
  @Test func aUnitWithoutWeightsKeepsAStationaryPoint() throws {
    let data = Self.data
    func function(_ units: Int) -> NetworkLoss {
      NetworkLoss(
        architecture: Network.mlp(hidden: units, activation: .tanh).architecture(inputs: 2, outputs: 3),
        loss: .halfMeanSquaredError, data: data)
    }
    let (small, large) = (function(2), function(3))
    func norm(_ v: [Double]) -> Double { v.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    var theta = Initialization.normal(scale: 0.5, biases: true).parameters(of: small.architecture, seed: 1)
    for _ in 0..<20_000 {
      for (i, g) in small.gradient(theta).enumerated() { theta[i] -= 0.3 * g }
    }
    // Newton's steps, each direction by its own curvature, halved until they bring the gradient down.
    for _ in 0..<400 {
      let gradient = small.gradient(theta)
      let eigen = try #require(SymmetricEigen(small.hessian(theta), vectors: true))
      var move = Array(repeating: 0.0, count: theta.count)
      for (value, vector) in zip(eigen.values, eigen.vectors) {
        let along = zip(vector, gradient).reduce(0) { $0 + $1.0 * $1.1 }
        for i in move.indices { move[i] -= along / max(abs(value), 1e-7) * vector[i] }
      }
      let steps = (0..<30).map { step in zip(theta, move).map { $0 + $1 / Double(1 << step) } }
      guard let next = steps.first(where: { norm(small.gradient($0)) < norm(gradient) }) else { break }
      theta = next
    }
    var wide = Array(repeating: 0.0, count: large.parameterCount)
    for (a, b) in zip(small.architecture.layers, large.architecture.layers) {
      for unit in 0..<a.units {
        for input in 0..<a.inputs { wide[b.weight(unit, input)] = theta[a.weight(unit, input)] }
        wide[b.bias(unit)] = theta[a.bias(unit)]
      }
    }
    #expect(norm(small.gradient(theta)) < 1e-6)
    #expect(abs(norm(large.gradient(wide)) - norm(small.gradient(theta))) < 1e-15)
    let before = try #require(SymmetricEigen(small.hessian(theta))?.values)
    let after = try #require(SymmetricEigen(large.hessian(wide))?.values)
    // The new unit: 3 incoming numbers and 3 outgoing ones. What is new pairs incoming with outgoing: ±, or 0.
    #expect(after.count == before.count + 6)
    for value in before { #expect(after.contains { abs($0 - value) < 1e-9 }) }
    let new = after.filter { value in !before.contains { abs($0 - value) < 1e-9 } }
    #expect(new.allSatisfy { value in abs(value) < 1e-9 || new.contains { abs($0 + value) < 1e-9 } })
  }
}
