import Foundation
import Lanes
import Learning

/// The six workloads that the peers' programs are measured on: same generator, same data, same runs.
struct Workload {
  struct Run {
    let sizes: [Int]
    let learningRate: Double
    let scale: Double
    let seed: UInt64
  }

  let name: String
  let data: Dataset
  var runs: [Run]
  var iterations: Int
  let batch: Int

  var isFullBatch: Bool { batch == data.training.count }

  /// 2 × multiply-adds of the products: forward and weight gradient of every layer, delta back for all but the first.
  func flopsPerStep(_ run: Run) -> Int {
    zip(run.sizes, run.sizes.dropFirst()).enumerated().reduce(0) { total, layer in
      total + 2 * batch * layer.element.0 * layer.element.1 * (layer.offset == 0 ? 2 : 3)
    }
  }

  func trainingRun(_ run: Run, precision: Precision) -> TrainingRun {
    let network = Network(
      hidden: Array(run.sizes.dropFirst().dropLast()), activation: .tanh, output: [.identity]
    ).architecture(inputs: data.inputCount, outputs: data.outputCount)
    return TrainingRun(
      problem: .network(network, .halfMeanSquaredError, data, isFullBatch ? .full : .mini(size: batch)),
      initialParameters: Initialization.fanIn(scale: run.scale).parameters(of: network, seed: run.seed),
      optimizer: .gradientDescent(learningRate: run.learningRate),
      stop: .after(steps: iterations).neverDiverging(), precision: precision, seed: run.seed)
  }

  /// A part of it: so many runs, evenly spread, and so many steps of each; 0 for all.
  func part(runs count: Int, iterations limit: Int) -> Workload {
    var part = self
    if count > 0, count < runs.count { part.runs = (0..<count).map { runs[(2 * $0 + 1) * runs.count / (2 * count)] } }
    if limit > 0 { part.iterations = limit }
    return part
  }

  /// What the engine puts into the lanes.
  var direction: String {
    let forms = Set(runs.map { trainingRun($0, precision: .float64).form.putsSamplesInLanes })
    return forms == [true] ? "samples in lanes" : forms == [false] ? "runs in lanes" : "both directions"
  }

  static let names = ["W1", "W2", "W3", "W4", "W5", "W6"]

  static func named(_ name: String) -> Workload? {
    switch name {
    case "W1":
      Workload(
        name: name, data: xor(), runs: grid(rates(0.01, 3, 8), [0.1, 0.5, 1, 2], 32, [2, 4, 1]), iterations: 2000,
        batch: 4)
    case "W2":
      Workload(
        name: name, data: sine(), runs: grid(rates(0.01, 1, 8), [0.1, 0.5, 1, 2], 8, [1, 16, 1]), iterations: 1000,
        batch: 64)
    case "W3":
      Workload(
        name: name, data: sine(),
        runs: [1, 2, 4, 8, 16, 32, 64, 128, 256].flatMap { grid([0.05], [0.5], 4, [1, $0, 1]) }, iterations: 2000,
        batch: 64)
    case "W4":
      Workload(
        name: name, data: moons(), runs: grid([0.003, 0.01, 0.03, 0.1], [1], 16, [2, 32, 1]), iterations: 20000,
        batch: 1)
    case "W5":
      Workload(
        name: name, data: surface(), runs: grid([0.01, 0.03, 0.1, 0.3], [1], 4, [2, 64, 64, 64, 2]), iterations: 2000,
        batch: 32)
    case "W6":
      Workload(
        name: name, data: digitsLike(), runs: grid([0.02], [1], 4, [64, 1024, 10]), iterations: 100, batch: 1024)
    default: nil
    }
  }

  private static func rates(_ low: Double, _ high: Double, _ count: Int) -> [Double] {
    (0..<count).map { low * exp(log(high / low) * Double($0) / Double(count - 1)) }
  }

  private static func grid(_ rates: [Double], _ scales: [Double], _ seeds: UInt64, _ sizes: [Int]) -> [Run] {
    rates.flatMap { rate in
      scales.flatMap { scale in
        (0..<seeds).map { Run(sizes: sizes, learningRate: rate, scale: scale, seed: $0) }
      }
    }
  }
}

extension Workload {
  private static let stream = RandomStream(seed: 0, role: .data)

  private static func xor() -> Dataset {
    Dataset(name: "xor", inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], targets: [[0], [1], [1], [0]])
  }

  private static func sine() -> Dataset {
    let noise = stream.normals(64)
    let x = (0..<64).map { -1 + 2 * Double($0) / 63 }
    return Dataset(
      name: "sine", inputs: x.map { [$0] }, targets: zip(x, noise).map { [sin(3 * $0) + 0.1 * $1] })
  }

  private static func moons() -> Dataset {
    let noise = stream.normals(1024)
    var inputs: [[Double]] = []
    for k in 0..<256 {
      let angle = Double.pi * Double(k) / 255
      inputs.append([cos(angle), sin(angle)])
      inputs.append([1 - cos(angle), 0.5 - sin(angle)])
    }
    for i in 0..<512 {
      inputs[i][0] += 0.1 * noise[2 * i]
      inputs[i][1] += 0.1 * noise[2 * i + 1]
    }
    return Dataset(name: "moons", inputs: inputs, targets: (0..<512).map { [$0 % 2 == 0 ? -1 : 1] })
  }

  private static func surface() -> Dataset {
    let inputs = (0..<1024).map { [2 * stream.uniform(2 * $0) - 1, 2 * stream.uniform(2 * $0 + 1) - 1] }
    return Dataset(
      name: "surface", inputs: inputs,
      targets: inputs.map { [sin(.pi * $0[0]) * cos(.pi * $0[1]), $0[0] * $0[1]] })
  }

  private static func digitsLike() -> Dataset {
    let z = stream.normals(1024 * 64 + 64 * 10)
    let inputs = (0..<1024).map { Array(z[$0 * 64..<($0 + 1) * 64]) }
    var scores = [[Double]](repeating: [Double](repeating: 0, count: 10), count: 1024)
    for (i, x) in inputs.enumerated() {
      for (j, value) in x.enumerated() {
        for k in 0..<10 { scores[i][k] += value * z[1024 * 64 + j * 10 + k] }
      }
    }
    let targets = scores.map { row in
      let best = row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 }
      return (0..<10).map { $0 == best ? 1.0 : 0.0 }
    }
    return Dataset(name: "digits-like", inputs: inputs, targets: targets)
  }
}
