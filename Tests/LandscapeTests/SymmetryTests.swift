import Landscape
import Learning
import Testing

/// Points that are one up to a network's symmetries, made here by hand.
@Suite struct SymmetryTests {
  static let data = Dataset(
    name: "nine points",
    inputs: (0..<9).map { [Double($0 % 3) - 1.1, Double($0 / 3) - 0.8] },
    targets: (0..<9).map { [Exact.sin(Double($0)), Exact.sin(2 * Double($0))] })

  static func function(_ activation: Activation, hidden: [Int] = [4, 3]) -> NetworkLoss {
    NetworkLoss(
      architecture: Network(hidden: hidden, activation: activation, output: [.identity])
        .architecture(inputs: 2, outputs: 2), loss: .meanSquaredError, data: data)
  }

  static func start(_ function: NetworkLoss, seed: UInt64) -> [Double] {
    Initialization.normal(scale: 0.8, biases: true).parameters(of: function.architecture, seed: seed)
  }

  /// Exchanges two units of a hidden layer.
  static func swapped(_ function: NetworkLoss, _ theta: [Double], layer l: Int, _ i: Int, _ j: Int) -> [Double] {
    var moved = theta
    let (layer, next) = (function.architecture.layers[l], function.architecture.layers[l + 1])
    for input in 0..<layer.inputs { moved.swapAt(layer.weight(i, input), layer.weight(j, input)) }
    moved.swapAt(layer.bias(i), layer.bias(j))
    for unit in 0..<next.units { moved.swapAt(next.weight(unit, i), next.weight(unit, j)) }
    return moved
  }

  /// Multiplies what feeds a unit by `low` and what it passes on by `high`; the biases above gain `shift` of the old weights.
  static func scaled(
    _ function: NetworkLoss, _ theta: [Double], layer l: Int, _ unit: Int, low: Double, high: Double, shift: Double = 0
  ) -> [Double] {
    var moved = theta
    let (layer, next) = (function.architecture.layers[l], function.architecture.layers[l + 1])
    for input in 0..<layer.inputs { moved[layer.weight(unit, input)] *= low }
    moved[layer.bias(unit)] *= low
    for above in 0..<next.units {
      moved[next.bias(above)] += shift * theta[next.weight(above, unit)]
      moved[next.weight(above, unit)] *= high
    }
    return moved
  }

  /// A copy under the symmetries of an activation: units exchanged in both layers, one turned or scaled.
  static func copy(_ function: NetworkLoss, _ theta: [Double], _ activation: Activation) -> [Double] {
    var moved = swapped(function, swapped(function, theta, layer: 0, 0, 2), layer: 1, 1, 2)
    moved = swapped(function, moved, layer: 0, 1, 2)
    switch activation {
    case .tanh: moved = scaled(function, moved, layer: 0, 1, low: -1, high: -1)
    case .sine:
      moved = scaled(function, moved, layer: 0, 1, low: -1, high: -1)
      // sin(z + 3π) = −sin z
      moved[function.architecture.layers[0].bias(3)] += 3 * Double.pi
      moved = scaled(function, moved, layer: 0, 3, low: 1, high: -1)
    case .sigmoid: moved = scaled(function, moved, layer: 1, 0, low: -1, high: -1, shift: 1)
    case .relu, .leakyReLU: moved = scaled(function, moved, layer: 0, 3, low: 2.5, high: 0.4)
    default: break
    }
    return moved
  }

  static let activations: [Activation] = [.tanh, .sigmoid, .relu, .leakyReLU(), .softplus, .sine]

  @Test(arguments: activations) func aCopyIsBroughtBack(_ activation: Activation) {
    let function = Self.function(activation)
    for seed in 0..<6 {
      let theta = Self.start(function, seed: UInt64(seed))
      let copy = Self.copy(function, theta, activation)
      #expect(abs(function(copy) - function(theta)) < 1e-13)
      #expect(copy != theta)
      let back = function.aligned(copy, to: theta)
      for i in theta.indices { #expect(abs(back[i] - theta[i]) < 1e-12, "\(activation.name), seed \(seed), \(i)") }
      // Alignment of anything keeps the loss.
      let other = Self.start(function, seed: UInt64(seed + 100))
      #expect(abs(function(function.aligned(other, to: theta)) - function(other)) < 1e-12)
    }
  }

  /// Runs whose ends are copies of each other are one minimum, others are others.
  @Test func theSameMinimumHasOneName() {
    // A penalty bounds the weights: strict minima.
    let plain = Self.function(.tanh, hidden: [2])
    let function = NetworkLoss(
      architecture: plain.architecture, loss: plain.loss, data: plain.data, weightDecay: 0.003)
    var thetas: [[Double]] = []
    for seed in 0..<40 {
      let found = EndPoint(function, at: Self.start(function, seed: UInt64(seed)))
      guard found.kind == .strictMinimum else { continue }
      let end = found.theta
      let turned = Self.scaled(function, Self.swapped(function, end, layer: 0, 0, 1), layer: 0, 0, low: -1, high: -1)
      thetas += [end, turned]
    }
    let census = Census(
      thetas.map { EndPoint(function, at: $0) }, of: Array(repeating: function, count: thetas.count))
    #expect(census.minima.count >= 2)
    for i in stride(from: 0, to: thetas.count, by: 2) {
      #expect(census.place(of: i)?.name == census.place(of: i + 1)?.name)
    }
    for (a, b) in zip(census.minima, census.minima.dropFirst()) { #expect(a.loss <= b.loss && a.name != b.name) }
    #expect(census.minima.allSatisfy { $0.count % 2 == 0 })
  }

  /// Units that are dead, or double, do not make another minimum of it.
  @Test func whatNobodySeesIsNoDifference() {
    let x = (0..<20).map { Double($0) / 5 - 2 }
    let data = Dataset(name: "hinge", inputs: x.map { [$0] }, targets: x.map { [max(0, $0 - 0.3) + 0.5] })
    let function = NetworkLoss(
      architecture: Network.mlp(hidden: 2, activation: .relu).architecture(inputs: 1, outputs: 1),
      loss: .meanSquaredError, data: data)
    // w₁ w₂ b₁ b₂ v₁ v₂ c
    let points = [
      [1, 1, -0.3, -9, 1, 5, 0.5], [1, 0.1, -0.3, -1, 1, -3, 0.5], [2, 1, -0.6, -0.3, 0.25, 0.5, 0.5],
      [-1, 4, -8, -1.2, 3, 0.25, 0.5],
    ]
    let ends = points.map { EndPoint(function, at: $0.map { Double($0) }) }
    #expect(ends.allSatisfy { $0.kind == .degenerateMinimum && $0.moved < 1e-9 && $0.loss < 1e-28 })
    let census = Census(ends, of: Array(repeating: function, count: ends.count))
    #expect(census.minima.count == 1 && census.minima.first?.count == 4)
  }

  @Test func assignmentsAreTheBestOfAll() {
    for seed in 0..<40 {
      let n = 1 + seed % 6
      let cost = (0..<n).map { i in (0..<n).map { Exact.sin(Double(7 * i + 13 * $0 + 31 * seed)) } }
      func total(_ order: [Int]) -> Double { order.enumerated().reduce(0) { $0 + cost[$1.0][$1.1] } }
      let best = Assignment.best(n) { cost[$0][$1] }
      #expect(best.sorted() == Array(0..<n))
      #expect(abs(total(best) - (Self.orders(Array(0..<n)).map(total).min() ?? 0)) < 1e-12)
    }
    #expect(Assignment.best(0) { _, _ in 0 } == [])
  }

  private static func orders(_ items: [Int]) -> [[Int]] {
    items.isEmpty ? [[]] : items.flatMap { first in orders(items.filter { $0 != first }).map { [first] + $0 } }
  }
}
