import Learning
import Testing

/// Outputs for many samples at once, and the classes that they stand for.
@Suite struct ExactSamplesTests {
  /// 13 samples: one vector of eight and a part of another.
  static let samples = Dataset.Samples(
    count: 13, inputs: (0..<26).map { Double($0 * 7 % 13) / 4 - 1.5 }, targets: Array(repeating: 0, count: 13))

  @Test(arguments: Activation.hidden, [[Activation.identity], [.softmax], [.sigmoid], [.tanh, .sine, .softplus]])
  func eightAtATimeHaveTheBitsOfOne(_ hidden: Activation, _ output: [Activation]) {
    for bias in [true, false] {
      let network = Network(hidden: [5, 2], activation: hidden, output: output, bias: bias)
        .architecture(inputs: 2, outputs: 3)
      let theta = Initialization.normal(scale: 1.3, biases: true).parameters(of: network, seed: 5)
      let together = Exact.outputs(of: network, theta, for: Self.samples)
      let alone = (0..<13).flatMap { Exact.output(of: network, theta, at: Self.samples.input($0)) }
      #expect(together.map(\.bitPattern) == alone.map(\.bitPattern))
    }
  }

  @Test func theClassIsTheFirstGreatestOutputOrTheSideOfTheThreshold() {
    let three = Dataset.Classes.oneHot(names: ["a", "b", "c"])
    #expect(three.number(of: [0.1, 0.7, 0.2]) == 1 && three.number(of: [0.4, 0.4, 0.2]) == 0)
    #expect(three.number(of: [-1, -2, .infinity]) == 2 && three.number(of: [0.9, .nan, 0]) == nil)
    let side = Dataset.Classes.threshold(0.5)
    #expect(side.number(of: [0.5]) == 1 && side.number(of: [0.49]) == 0 && side.number(of: [.nan]) == nil)
    #expect(side.names == ["0", "1"] && three.names == ["a", "b", "c"])
  }
}
