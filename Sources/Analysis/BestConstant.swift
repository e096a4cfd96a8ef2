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
    if case .custom(let distance) = loss {
      throw Mistake(
        at: "capacity", value: distance.name, rule: "the best constant is known for built-in losses only",
        remedy: "Train with squaredError, absoluteError, binaryCrossEntropy or crossEntropy")
    }
    let constants = Self.outputs(loss, on: data)
    func total(_ samples: Dataset.Samples) -> Double {
      let outputs = (0..<samples.count).flatMap { _ in constants }
      return loss.value(outputs, samples.targets, samples: samples.count)
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

  /// The constant for each output: the median of the training targets for the absolute error, else their mean. For a custom distance the mean
  /// need not be the best constant. Under the cross-entropy the constants are probabilities, also where classes have weights.
  static func outputs(_ loss: Loss, on data: Dataset) -> [Double] {
    let (width, count) = (data.outputCount, data.training.count)
    let constants = (0..<width).map { output in
      let targets = (0..<count).map { data.training.targets[$0 * width + output] }
      return loss == .absoluteError ? Statistics.median(targets) : targets.reduce(0, +) / Double(max(1, count))
    }
    let sum = constants.reduce(0, +)
    return loss == .crossEntropy && sum > 0 && abs(sum - 1) > 1e-9 ? constants.map { $0 / sum } : constants
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
