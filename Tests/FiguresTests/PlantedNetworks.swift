import Analysis
import Learning
import Planted
import Studies

/// Trained networks whose parameters a test writes down.
enum PlantedNetworks {
  /// One run of each seed: the run of the last seed has the least loss, and of each the parameters that are given.
  static func results(
    _ data: Dataset, _ network: Network, loss: Loss = .meanSquaredError, _ parameters: [[Double]]
  ) throws -> Results {
    let setup = Setup(
      data: .custom("planted") { _ in data }, network: network, loss: loss,
      optimizer: .gradientDescent(learningRate: 0.1), initialization: .fanIn(), stop: .after(steps: 10))
    return try PlantedRuns.results(setup) {
      Seeds(0..<parameters.count)
    } run: { _, seed in
      PlantedRuns.Run(finalLoss: 1 / Double(1 + seed), parameters: parameters[seed])
    }
  }

  /// Four points of two inputs in very different units, two of each class, the class by the second input.
  static let corners = Dataset(
    name: "corners", inputNames: ["width", "height"], outputNames: ["y"],
    training: .init(count: 4, inputs: [-1, 10, 1, 10, -1, 30, 1, 30], targets: [0, 0, 1, 1]),
    classes: .threshold(0.5))

  /// 2–2–1 with ReLU units: row by row the weights of a layer, then its biases.
  static let reluNet = Network.layers([(2, .relu)])
  static let reluParameters = [0.03, 0.1, -2, 0.05, -1, 0.5, 0.5, -1, 0.25]

  static func relu(_ x: Double, _ y: Double) -> Double {
    let first = max(0, 0.03 * x + 0.1 * y - 1)
    let second = max(0, -2 * x + 0.05 * y + 0.5)
    return 0.5 * first - second + 0.25
  }
}
