import Learning
import Studies
import Textbook

/// A network with its loss and data, on which equations and engine are compared.
struct EngineCase {
  let network: Architecture
  let loss: Loss
  let data: Dataset
  let batching: Batching
  let optimizer: Optimizer
  let start: [Double]
  let seed: UInt64

  var samples: [Sample] { (0..<data.training.count).map { (data.training.input($0), data.training.target($0)) } }

  /// The factor of one sample's loss in the loss of a batch: 1 for a sum, 1/n for a mean.
  func share(of samples: Int) -> Double { loss.factor(samples: samples) / loss.factor(samples: 1) }

  // MARK: The engine

  /// ∂E/∂θ on all data. (`Landscape` has gradients of its own; here those of training are checked.)
  func engineGradient() throws -> [Double] {
    try BackwardPass.gradient(of: .network(network, loss, data, .full), at: start).gradient
  }

  /// δ of every layer, of all samples one after the other.
  func engineErrors() throws -> [[Double]] {
    var found: [[Double]] = network.layers.map { _ in [] }
    for sample in samples {
      let pass = try BackwardPass(
        network: network, loss: loss, parameters: start, input: sample.x, target: sample.t, classes: data.classes)
      for (layer, delta) in pass.delta.enumerated() { found[layer] += delta }
    }
    return found
  }

  /// The parameters after some steps.
  func engineParameters(after steps: Int) throws -> [Double] {
    let run = TrainingRun(
      problem: .network(network, loss, data, batching), initialParameters: start, optimizer: optimizer,
      stop: StopRule.after(steps: steps).neverDiverging(), seed: seed)
    return try Replay.train([run]).first?.finalParameters ?? []
  }

  /// The samples of each step.
  func batches(steps: Int) -> [[Sample]] {
    let samples = samples
    return batching.batches(samples: samples.count, steps: steps, seed: seed).map { $0.map { samples[$0] } }
  }

  // MARK: The equations

  /// ∂E/∂θ on a batch by the equations.
  func gradient(_ equations: Equations, at parameters: [Double], on batch: [Sample]) -> [Double] {
    let layers = [LayerValues](parameters, of: network)
    let share = share(of: batch.count)
    var sum = Array(repeating: 0.0, count: parameters.count)
    for sample in batch {
      let packed = equations.gradient(layers, sample).layers.packed(for: network)
      for i in sum.indices { sum[i] += share * packed[i] }
    }
    return sum
  }

  /// The largest derivative of one sample's loss, as it enters the sum over all data.
  func largestTerm(_ equations: Equations) -> Double {
    let layers = [LayerValues](start, of: network)
    let largest = samples.flatMap { equations.gradient(layers, $0).layers.packed(for: network) }.map(abs).max() ?? 0
    return share(of: data.training.count) * largest
  }

  /// δ of every layer, of all samples one after the other, by the equations.
  func errors(_ equations: Equations) -> [[Double]] {
    let layers = [LayerValues](start, of: network)
    var found: [[Double]] = network.layers.map { _ in [] }
    for sample in samples {
      for (layer, errors) in equations.gradient(layers, sample).errors.enumerated() { found[layer] += errors }
    }
    return found
  }

  /// The loss on all data by the equations.
  func loss(_ equations: Equations, at parameters: [Double]) -> Double {
    let layers = [LayerValues](parameters, of: network)
    return samples.reduce(0) { $0 + equations.loss(layers, $1) } * share(of: data.training.count)
  }

  /// Central differences of that loss, for some parameters.
  func differences(_ equations: Equations, of indices: [Int]) -> [Double] {
    Self.differences(at: start, of: indices) { loss(equations, at: $0) }
  }

  /// h of the central differences.
  static let step = 1e-5

  /// (f(θ + h) − f(θ − h))/2h for some components of θ.
  static func differences(
    at point: [Double], of indices: [Int], _ f: (_ point: [Double]) throws -> Double
  ) rethrows -> [Double] {
    try indices.map { i in
      let h = step
      var (above, below) = (point, point)
      above[i] += h
      below[i] -= h
      return (try f(above) - f(below)) / (2 * h)
    }
  }
}
