import Landscape
import Learning
import Testing

/// Directions without curvature in networks where each has a cause that was put there.
@Suite struct FlatDirectionTests {
  private static let x = (0..<24).map { Double($0) / 6 - 2 }

  private static func function(_ activation: Activation, hidden: Int, _ y: (Double) -> Double) -> NetworkLoss {
    NetworkLoss(
      architecture: Network.mlp(hidden: hidden, activation: activation).architecture(inputs: 1, outputs: 1),
      loss: .halfMeanSquaredError,
      data: Dataset(name: "planted", inputs: x.map { [$0] }, targets: x.map { [y($0)] }))
  }

  // Parameters in all of these: w₁ … w_H, b₁ … b_H, v₁ … v_H, c.

  @Test func scalingAndADeadUnit() {
    let f = Self.function(.relu, hidden: 2) { max(0, $0 - 0.25) + 0.5 }
    let flat = EndPoint(f, at: [1, 1, -0.25, -50, 1, 0.7, 0.5]).flat
    // One scaling; w, b and v of the unit that never speaks.
    #expect(flat.symmetry == 1 && flat.deadUnits == 3 && flat.count == 4)
  }

  @Test func aSaturatedUnit() {
    let f = Self.function(.tanh, hidden: 2) { Exact.tanh($0) + 0.2 }
    let flat = EndPoint(f, at: [1, 0.5, 0, 40, 1, 0.3, -0.1]).flat
    // Its w and b; its v against the bias above.
    #expect(flat.saturation == 3 && flat.count == 3)
  }

  @Test func duplicateUnits() {
    let f = Self.function(.tanh, hidden: 2) { Exact.tanh($0) + 0.2 }
    let flat = EndPoint(f, at: [1, 1, 0, 0, 0.4, 0.6, 0.2]).flat
    // v₁ against v₂. Of w and b only sums weighted by v move the outputs to first order.
    #expect(flat.duplicateUnits == 1 && flat.data == 2 && flat.count == 3)
  }

  @Test func moreParametersThanValues() {
    let data = Dataset(name: "three", inputs: [[-1], [0.2], [1.3]], targets: [[0.3], [-0.5], [0.9]])
    let f = NetworkLoss(
      architecture: Network.mlp(hidden: 4, activation: .tanh).architecture(inputs: 1, outputs: 1),
      loss: .meanSquaredError, data: data)
    for seed in 0..<8 {
      let start = Initialization.normal(scale: 1, biases: true).parameters(of: f.architecture, seed: UInt64(seed))
      let end = EndPoint(f, at: start)
      // 13 parameters, 3 values.
      #expect(end.kind == .degenerateMinimum && end.loss < 1e-24 && end.flat.data == 10, "\(end.kind) \(end.flat)")
    }
  }

  @Test func aStrictMinimumHasNone() {
    let f = Self.function(.tanh, hidden: 1) { Exact.sin($0) }
    let end = EndPoint(f, at: [1, 0.1, 1, 0])
    #expect(end.kind == .strictMinimum && end.flat.count == 0 && (end.eigenvalues.first ?? 0) > 1e-6)
  }

  @Test func linearLayersMix() {
    // y = W₂W₁x with two linear units between two inputs and two outputs: W₂ → W₂A⁻¹, W₁ → AW₁, four directions.
    let inputs = Self.x.map { [$0, Exact.sin(5 * $0)] }
    let f = NetworkLoss(
      architecture: Network(hidden: [2], activation: .identity, output: [.identity], bias: false)
        .architecture(inputs: 2, outputs: 2), loss: .halfMeanSquaredError,
      data: Dataset(name: "linear", inputs: inputs, targets: inputs.map { [2 * $0[0], $0[0] - $0[1]] }))
    let end = EndPoint(f, at: [0.9, 0.1, -0.3, 1.2, 1, 0.5, -0.2, 0.8])
    #expect(end.kind == .degenerateMinimum && end.flat.symmetry == 4 && end.flat.count == 4)
  }

  @Test func aRunAtInfinityNamesItsUnits() {
    // A step can be met by a steep tanh only in the limit.
    let f = Self.function(.tanh, hidden: 1) { $0 < 0.1 ? -1 : 1 }
    let end = EndPoint(f, at: [3, -0.3, 0.9, 0])
    #expect(end.kind == .atInfinity && end.growing.map(\.description) == ["unit 1 of layer 1"])
    #expect(end.limit < 1e-12)
  }

  @Test func aRunOnAKinkIsToldApart() {
    // ½|y − t| of a line through three points of which it can meet two.
    let data = Dataset(name: "median", inputs: [[-1], [0], [1]], targets: [[0], [1], [0]])
    let f = NetworkLoss(
      architecture: Network.linear().architecture(inputs: 1, outputs: 1), loss: .absoluteError, data: data)
    #expect(EndPoint(f, at: [0.1, 0.05]).kind == .kink)
  }
}
