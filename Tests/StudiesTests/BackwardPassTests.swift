import Learning
import Studies
import Testing
import Textbook

/// The engine's backward pass for one sample, quantity by quantity, against the equations of the textbook.
@Suite struct BackwardPassTests {
  private static let input = [0.7, -0.4, 1.1]
  private static let target = [0.2, 0.9]

  private static func start(_ network: Architecture) -> [Double] {
    Initialization.normal(scale: 0.9, biases: true).parameters(of: network, seed: 7)
  }

  private static func textbook(_ network: Architecture, _ theta: [Double], _ phi: [Nonlinearity]) -> PhiNetwork {
    PhiNetwork(
      w: network.layers.map { l in (0..<l.units).map { j in (0..<l.inputs).map { theta[l.weight(j, $0)] } } },
      b: network.layers.map { l in (0..<l.units).map { theta[l.bias($0)] } }, phi: phi)
  }

  private func expectEqual(_ a: [Double], _ b: [Double], _ what: Comment) {
    #expect(a.count == b.count && !a.isEmpty, what)
    for (a, b) in zip(a, b) { #expect(abs(a - b) <= 1e-13 * max(1, abs(b)), what) }
  }

  @Test func aLayeredNetworkHasTheValuesOfItsEquations() throws {
    let network = Network.layers([(4, .tanh), (3, .sigmoid), (2, .sine)], output: .sigmoid)
      .architecture(inputs: 3, outputs: 2)
    let theta = Self.start(network)
    let book = Self.textbook(network, theta, [.tanh, .sigmoid, .sine, .sigmoid])
    let pass = try BackwardPass(
      network: network, loss: .halfSumOfSquares, parameters: theta, input: Self.input, target: Self.target)
    let forward = book.forward(Self.input)
    let gradient = book.gradient(Self.input, Self.target)
    expectEqual([pass.loss], [book.loss(Self.input, Self.target)], "E")
    expectEqual(pass.inputs.flatMap(\.self), forward.input.flatMap(\.self), "z")
    expectEqual(pass.outputs.flatMap(\.self), forward.z.dropFirst().flatMap(\.self), "a")
    expectEqual(pass.delta.flatMap(\.self), gradient.delta.flatMap(\.self), "δ")
    expectEqual(pass.byOutput.flatMap(\.self), gradient.z.flatMap(\.self), "∂E/∂a")
    expectEqual(pass.gradient, zip(gradient.w, gradient.b).flatMap { $0.flatMap(\.self) + $1 }, "∂E/∂θ")
    #expect(pass.delta.map(\.count) == [4, 3, 2, 2])
    #expect(pass.byOutput.map(\.count) == [4, 3, 2])
  }

  /// Without biases in the network, δ is known all the same.
  @Test(arguments: [(Loss.sumOfSquares, 1.0), (.halfSumOfSquares, 0.5)])
  func aChainWithoutBiasesHasItsRecursion(_ loss: Loss, _ factor: Double) throws {
    let network = Network(hidden: [1, 1, 1], activation: .tanh, output: [.tanh], bias: false)
      .architecture(inputs: 1, outputs: 1)
    let w = [0.8, -1.3, 0.6, 1.7]
    let chain = TanhChain(w: w, factor: factor)
    let pass = try BackwardPass(network: network, loss: loss, parameters: w, input: [1.4], target: [-0.3])
    let gradient = chain.gradient(1.4, -0.3)
    expectEqual([pass.loss], [chain.loss(1.4, -0.3)], "loss")
    expectEqual(pass.delta.flatMap(\.self), gradient.delta, "δ")
    expectEqual(pass.gradient, gradient.w, "∂loss/∂w")
    // ∂loss/∂fᵢ = wᵢ₊₁·δᵢ₊₁
    expectEqual(pass.byOutput.flatMap(\.self), (1..<4).map { w[$0] * gradient.delta[$0] }, "∂loss/∂f")
  }

  @Test func parametersOfAnotherSizeAreAMistake() {
    let network = Network.mlp(hidden: 2).architecture(inputs: 1, outputs: 1)
    #expect {
      try BackwardPass(network: network, loss: .meanSquaredError, parameters: [1, 2], input: [1], target: [0])
    } throws: { ($0 as? Mistake)?.rule == "the run has 7 parameters" }
  }
}
