import Foundation
import Landscape
import Learning
import Studies

/// How long it takes to polish, classify and count the ends of many small networks: XOR, two tanh units.
struct CensusBench {
  let runs: Int
  let threads: Int

  func run() throws {
    let data = Dataset(name: "xor", inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], targets: [[0], [1], [1], [0]])
    let network = Network.mlp(hidden: 2, activation: .tanh).architecture(inputs: 2, outputs: 1)
    let trained = try Replay.train(
      (0..<runs).map { seed in
        TrainingRun(
          problem: .network(network, .meanSquaredError, data, .full),
          initialParameters: Initialization.normal(scale: 1, biases: true).parameters(of: network, seed: UInt64(seed)),
          optimizer: .gradientDescent(learningRate: 0.2), stop: .after(steps: 2000), seed: UInt64(seed))
      })
    let function = NetworkLoss(architecture: network, loss: .meanSquaredError, data: data)
    let start = Date()
    let ends = EndPoint.survey(trained.map { (function, $0.finalParameters) }, threads: threads)
    let polished = Date()
    let census = Census(ends, of: Array(repeating: function, count: ends.count))
    let counted = Date()
    let fields: [String: Any] = [
      "runs": runs, "threads": threads, "parameters": network.parameterCount,
      "polish_seconds": polished.timeIntervalSince(start), "count_seconds": counted.timeIntervalSince(polished),
      "newton_steps": ends.reduce(0) { $0 + $1.iterations }, "places": census.places.count,
    ]
    let line = try JSONSerialization.data(withJSONObject: fields, options: .sortedKeys)
    print(String(decoding: line, as: UTF8.self))
  }
}
