import Learning
import Studies

/// The answer that looks at no input: what a network has to beat on the training data before it has learned anything.
///
///     c = argmin Σᵢ d(c, tᵢ):  mean (squared error, cross-entropies), median (absolute error), output by output
package struct BestConstant {
  /// Its loss on the training data.
  package let training: Double
  /// The same answer's loss on the validation data; `nil` where there are none.
  package let validation: Double?

  /// - Throws: `Mistake` for a distance of one's own, whose best constant is not known, and for targets without spread.
  init(_ loss: Loss, on data: Dataset) throws {
    let outputs = data.outputCount
    func column(_ samples: Dataset.Samples, _ output: Int) -> [Double] {
      (0..<samples.count).map { samples.targets[$0 * outputs + output] }
    }
    let answers = try (0..<outputs).map { try Self.answer(loss, column(data.training, $0)) }
    func total(_ samples: Dataset.Samples) -> Double {
      let sum = (0..<outputs).reduce(0.0) { sum, output in
        column(samples, output).reduce(sum) { $0 + Self.distance(loss, answers[output], $1) }
      }
      return loss.factor(samples: samples.count) * sum
    }
    training = total(data.training)
    validation = data.validation.map(total)
    guard training > 0 else {
      throw Mistake(
        .data, at: "capacity on \(data.name)", value: "all training targets are the same",
        rule: "a constant fits them, so that no width can be told from another", remedy: "Choose a task with a spread")
    }
  }

  private static func answer(_ loss: Loss, _ targets: [Double]) throws -> Double {
    switch loss {
    case .squaredError, .binaryCrossEntropy, .crossEntropy: return targets.reduce(0, +) / Double(max(1, targets.count))
    case .absoluteError: return Statistics.median(targets)
    case .custom(let distance):
      throw Mistake(
        at: "capacity", value: distance.name, rule: "the best constant of a distance of one's own is not known",
        remedy: "Train with one of the losses that Descent names")
    }
  }

  /// One output's part of the loss, without the factor in front of the sum.
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

/// The best constants of a sweep's runs, each data set's worked out once.
package struct BestConstants {
  package init() {}

  private struct Key: Hashable {
    let data: ObjectIdentifier
    let loss: Loss
  }

  // The data set is kept too: an identifier means something only as long as its object lives.
  private var known: [Key: (data: Dataset, constant: BestConstant)] = [:]

  /// `nil` for an objective, which has no data.
  package mutating func of(_ row: Results.Row, in results: Results) throws -> BestConstant? {
    guard let data = try results.dataset(of: row), let loss = row.run.setup.loss else { return nil }
    let key = Key(data: ObjectIdentifier(data), loss: loss)
    if let found = known[key] { return found.constant }
    let constant = try BestConstant(loss, on: data)
    known[key] = (data, constant)
    return constant
  }

  /// Each run's training loss in shares of the best constant's: what is left of the spread of its targets.
  package mutating func left(_ results: Results) throws -> [Double] {
    try results.rows.map { row in
      try of(row, in: results).map { try results.value(.finalLoss, row) / $0.training } ?? .nan
    }
  }
}
