import Analysis
import Documents
import Figures
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
    let lossSeries: Series
    /// At the recorded steps.
    var losses: [Double] { lossSeries.values }
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
        run: run, summary: summary, parameters: own, lossSeries: losses[run.key] ?? Series(every: 1, values: []),
        trainingLosses: training[run.key])
    }
  }

  struct Missing: Error {}

  // MARK: Losses from parameters

  /// E on all training data, sample by sample, with the C library's functions.
  func loss(_ row: Row) throws -> Rounded {
    guard let data = try plan.dataset(of: row.run), let network = try plan.network(of: row.run),
      let loss = row.run.setup.loss
    else {
      let value = row.run.setup.objective?(row.parameters).value ?? .nan
      return Rounded(value, error: 1e-9 * (1 + abs(value)))
    }
    var sum = Rounded(0)
    for i in 0..<data.training.count {
      var a = data.training.inputs[i * data.inputCount..<(i + 1) * data.inputCount].map { Rounded($0) }
      var z: [Rounded] = []
      for layer in network.layers {
        z = (0..<layer.units).map { unit in
          a.indices.reduce(Rounded(layer.hasBias ? row.parameters[layer.bias(unit)] : 0)) {
            $0 + Rounded(row.parameters[layer.weight(unit, $1)]) * a[$1]
          }
        }
        a =
          layer.activations[0] == .softmax
          ? Self.softmax(z) : z.indices.map { Self.value(layer.activation(of: $0), z[$0]) }
      }
      let t = data.training.targets[i * data.outputCount..<(i + 1) * data.outputCount].map { Rounded($0) }
      switch loss {
      // From z: near 0 and 1 the outputs themselves have lost the digits.
      case .binaryCrossEntropy: sum = zip(z, t).reduce(sum) { $0 + ($1.0.map(Self.softplus) - $1.1 * $1.0) }
      case .crossEntropy:
        let whole = Rounded.logSumExp(z, Self.logSumExp)
        sum = zip(z, t).reduce(sum) { $0 + $1.1 * (whole - $1.0) }
      default: sum = zip(a, t).reduce(sum) { $0 + Self.distance(loss, $1.0 - $1.1, $1.0, $1.1) }
      }
    }
    let n = Double(data.training.count)
    switch loss {
    case .squaredError(.sum): return sum
    case .squaredError(.halfSum): return sum / 2
    case .squaredError(.halfMean): return sum / 2 / n
    default: return sum / n
    }
  }

  private static func logSumExp(_ z: [Double]) -> Double {
    let top = z.max() ?? 0
    return top + Foundation.log(z.reduce(0) { $0 + Foundation.exp($1 - top) })
  }

  private static func softmax(_ z: [Rounded]) -> [Rounded] {
    let whole = Rounded.logSumExp(z, logSumExp)
    return z.map { ($0 - whole).map(Foundation.exp) }
  }

  private static func value(_ activation: Activation, _ z: Rounded) -> Rounded {
    switch activation {
    case .identity, .softmax: z
    case .sigmoid: z.map(steepness: 0.25) { 1 / (1 + Foundation.exp(-$0)) }
    case .tanh: z.map(Foundation.tanh)
    case .relu: z.map { $0 > 0 ? $0 : 0 }
    case .leakyReLU(let slope): z.map(steepness: max(1, abs(slope))) { $0 > 0 ? $0 : slope * $0 }
    case .softplus: z.map(softplus)
    case .sine: z.map(Foundation.sin)
    case .function(let function): z.map(function.value)
    }
  }

  private static func softplus(_ z: Double) -> Double { max(z, 0) + Foundation.log1p(Foundation.exp(-abs(z))) }

  /// - Parameter gap: y − t.
  private static func distance(_ loss: Loss, _ gap: Rounded, _ y: Rounded, _ t: Rounded) -> Rounded {
    switch loss {
    case .squaredError, .binaryCrossEntropy, .crossEntropy: gap * gap
    case .absoluteError: gap.map(abs)
    case .custom(let distance): y.mapMonotone { distance.value($0, t.value) }
    }
  }

  // MARK: Statistics

  func isFull(_ row: Row) -> Bool {
    let setup = row.run.setup
    return setup.batch ?? .full == .full && setup.network?.dropoutRate ?? 0 == 0
  }

  func final(_ row: Row) -> Double { row.summary.hasDiverged ? .infinity : row.summary.finalLoss }

  /// First step with a training loss below a threshold.
  func steps(_ row: Row, below threshold: Double) -> Double {
    let known = row.trainingLosses ?? (isFull(row) ? row.lossSeries : Series(every: 1, values: []))
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
