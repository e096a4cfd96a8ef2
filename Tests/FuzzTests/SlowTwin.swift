import Foundation
import Learning
import Reporting
import Studies

/// A report's numbers once more, in plain loops over the archive's rows: no statistics, engine or cache of Descent's.
struct SlowTwin {
  let plan: Plan
  let store: any RunStore

  struct Row {
    let run: Plan.Run
    let summary: RunSummary
    let parameters: [Double]
    let losses: [Double]
    let trainingLosses: Series?
  }

  func rows() throws -> [Row] {
    let runs = try plan.runs()
    let keys = runs.map(\.key)
    let (summaries, parameters) = (try store.summaries(keys), try store.finalParameters(of: keys))
    let (losses, training) = (try store.series(.loss, of: keys), try store.series(.trainingLoss, of: keys))
    return try runs.map { run in
      guard let summary = summaries[run.key], let own = parameters[run.key] else { throw Missing() }
      return Row(
        run: run, summary: summary, parameters: own, losses: losses[run.key]?.values ?? [],
        trainingLosses: training[run.key])
    }
  }

  struct Missing: Error {}

  // MARK: Losses from parameters

  /// E on all training data, sample by sample, with the C library's functions; `nil` for an objective.
  /// With it the greatest |z|, whose rounding the sine passes on.
  func loss(_ row: Row) throws -> (value: Double, reach: Double)? {
    guard let data = try plan.dataset(of: row.run), let network = try plan.network(of: row.run) else {
      return row.run.cell.setup.objective.map { ($0(row.parameters).value, 0) }
    }
    var reach = 0.0
    let loss = row.run.cell.setup.loss
    var sum = 0.0
    var z: [Double] = []
    for i in 0..<data.training.count {
      var a = Array(data.training.inputs[i * data.inputCount..<(i + 1) * data.inputCount])
      for layer in network.layers {
        z = []
        for unit in 0..<layer.units {
          var total = layer.hasBias ? row.parameters[layer.bias(unit)] : 0
          for j in a.indices { total += row.parameters[layer.weight(unit, j)] * a[j] }
          z.append(total)
          reach = max(reach, abs(total))
        }
        a =
          layer.activations[0] == .softmax
          ? Self.softmax(z) : z.indices.map { Self.value(layer.activation(of: $0), z[$0]) }
      }
      let t = data.training.targets[i * data.outputCount..<(i + 1) * data.outputCount]
      switch loss {
      // From z: near 0 and 1 the outputs themselves have lost the digits.
      case .binaryCrossEntropy: sum += zip(z, t).reduce(0) { $0 + Self.softplus($1.0) - $1.1 * $1.0 }
      case .crossEntropy:
        let top = z.max() ?? 0
        let whole = top + Foundation.log(z.reduce(0) { $0 + Foundation.exp($1 - top) })
        sum += zip(z, t).reduce(0) { $0 + $1.1 * (whole - $1.0) }
      default: sum += zip(a, t).reduce(0) { $0 + Self.distance(loss, $1.0, $1.1) }
      }
    }
    let n = Double(data.training.count)
    switch loss {
    case .squaredError(.sum): return (sum, reach)
    case .squaredError(.halfSum): return (sum / 2, reach)
    case .squaredError(.halfMean): return (sum / 2 / n, reach)
    default: return (sum / n, reach)
    }
  }

  private static func softmax(_ z: [Double]) -> [Double] {
    let top = z.max() ?? 0
    let e = z.map { Foundation.exp($0 - top) }
    let total = e.reduce(0, +)
    return e.map { $0 / total }
  }

  private static func value(_ activation: Activation, _ z: Double) -> Double {
    switch activation {
    case .identity, .softmax: z
    case .sigmoid: 1 / (1 + Foundation.exp(-z))
    case .tanh: Foundation.tanh(z)
    case .relu: z > 0 ? z : 0
    case .leakyReLU(let slope): z > 0 ? z : slope * z
    case .softplus: softplus(z)
    case .sine: Foundation.sin(z)
    }
  }

  private static func softplus(_ z: Double) -> Double { max(z, 0) + Foundation.log1p(Foundation.exp(-abs(z))) }

  private static func distance(_ loss: Loss, _ y: Double, _ t: Double) -> Double {
    switch loss {
    case .squaredError, .binaryCrossEntropy, .crossEntropy: (y - t) * (y - t)
    case .absoluteError: abs(y - t)
    case .custom(let distance): distance.value(y, t)
    }
  }

  // MARK: Statistics

  func isFull(_ row: Row) -> Bool {
    let setup = row.run.cell.setup
    return setup.objective != nil || setup.batch == .full
  }

  func final(_ row: Row) -> Double { row.summary.hasDiverged ? .infinity : row.summary.finalLoss }

  /// First step with a training loss below a threshold.
  func steps(_ row: Row, below threshold: Double) -> Double {
    let known = row.trainingLosses ?? Series(every: 1, values: isFull(row) ? row.losses : [])
    for (i, loss) in known.values.enumerated() where loss < threshold { return Double(i * known.every) }
    return final(row) < threshold ? Double(row.summary.steps) : .infinity
  }

  /// By sorting and interpolating, NaN above infinity.
  static func quantile(_ values: [Double], _ p: Double) -> Double {
    let sorted = values.sorted { a, b in a.isNaN ? false : b.isNaN ? true : a < b }
    guard !sorted.isEmpty else { return .nan }
    let at = p * Double(sorted.count - 1)
    let (low, high) = (sorted[Int(at.rounded(.down))], sorted[Int(at.rounded(.up))])
    let share = at - at.rounded(.down)
    return share == 0 ? low : low == high ? low : low + share * (high - low)
  }
}
