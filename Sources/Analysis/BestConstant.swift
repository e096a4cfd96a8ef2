import Learning
import Studies

/// The losses of the best constant output, which does not depend on the input: the baseline for a trained network.
///
///     c = argmin Σᵢ d(c, tᵢ):  mean (squared error, cross-entropies), median (absolute error), output by output
package struct BestConstant {
  /// The loss of the constant on the training data.
  package let training: Double
  /// The loss of the constant on the validation data; `nil` without such data.
  package let validation: Double?

  /// - Throws: `Mistake` for a custom distance, whose best constant is not known, and for targets that are all equal.
  init(_ loss: Loss, on data: Dataset) throws {
    let outputs = data.outputCount
    func column(_ samples: Dataset.Samples, _ output: Int) -> [Double] {
      (0..<samples.count).map { samples.targets[$0 * outputs + output] }
    }
    var constants = try (0..<outputs).map { try Self.constant(loss, column(data.training, $0)) }
    // Probabilities add up to 1, whatever the weights of the classes.
    if loss == .crossEntropy, !data.hasUnitTargets {
      let sum = constants.reduce(0, +)
      constants = constants.map { $0 / sum }
    }
    func total(_ samples: Dataset.Samples) -> Double {
      let sum = (0..<outputs).reduce(0.0) { sum, output in
        column(samples, output).reduce(sum) { $0 + Self.distance(loss, constants[output], $1) }
      }
      return loss.factor(samples: samples.count) * sum
    }
    training = total(data.training)
    validation = data.validation.map(total)
    guard training > 0 else {
      throw Mistake(
        .data, at: "capacity on \(data.name)", value: "all training targets are the same",
        rule: "a constant fits them, so that widths cannot be compared",
        remedy: "Choose a task whose targets differ")
    }
  }

  private static func constant(_ loss: Loss, _ targets: [Double]) throws -> Double {
    switch loss {
    case .squaredError, .binaryCrossEntropy, .crossEntropy: return targets.reduce(0, +) / Double(max(1, targets.count))
    case .absoluteError: return Statistics.median(targets)
    case .custom(let distance):
      throw Mistake(
        at: "capacity", value: distance.name, rule: "the best constant is known for built-in losses only",
        remedy: "Train with squaredError, absoluteError, binaryCrossEntropy or crossEntropy")
    }
  }

  /// The contribution of one output to the loss, without the factor in front of the sum.
  private static func distance(_ loss: Loss, _ y: Double, _ t: Double) -> Double {
    func information(_ share: Double, _ probability: Double) -> Double {
      share == 0 ? 0 : -share * Exact.log(probability)
    }
    switch loss {
    case .squaredError: return (y - t) * (y - t)
    case .absoluteError: return abs(y - t)
    case .binaryCrossEntropy: return information(t, y) + information(1 - t, 1 - y)
    case .crossEntropy: return information(t, y)
    case .custom(let distance): return distance.value(y, t)
    }
  }
}

/// The best constants of a sweep's runs, computed once for each data set and loss.
package struct BestConstants {
  package init() {}

  private struct Key: Hashable {
    let data: ObjectIdentifier
    let loss: Loss
  }

  // The data set is kept as well: its identifier is unique only while the object exists.
  private var known: [Key: (data: Dataset, constant: BestConstant)] = [:]

  /// The best constant for a run's data and loss; `nil` for an objective, which has no data.
  package mutating func of(_ row: Results.Row, in results: Results) throws -> BestConstant? {
    guard let data = try results.dataset(of: row), let loss = row.run.setup.loss else { return nil }
    let key = Key(data: ObjectIdentifier(data), loss: loss)
    if let found = known[key] { return found.constant }
    let constant = try BestConstant(loss, on: data)
    known[key] = (data, constant)
    return constant
  }

  /// The training loss of each run divided by that of the best constant: the unexplained share of the targets' spread.
  package mutating func relativeLosses(_ results: Results) throws -> [Double] {
    try results.rows.map { row in
      try of(row, in: results).map { try results.value(.finalLoss, row) / $0.training } ?? .nan
    }
  }
}
