import Landscape
package import Learning
import Studies

/// A simple model of the data that a trained network should be better than, with the training part of the run's own data.
public enum Baseline: String, Sendable, CaseIterable {
  /// One constant for each output: the mean of the training targets, their median for the absolute error. For classes these are the
  /// shares of the classes, which predict the most frequent one.
  case constant
  /// The linear network: `LinearFit`.
  case linear

  /// The label of its line.
  package var title: String {
    switch self {
    case .constant: "constant"
    case .linear: "linear model"
    }
  }

  /// How it is made, for a caption.
  package func method(_ loss: Loss) -> String {
    switch (self, loss) {
    case (.constant, .absoluteError): "the median of the training targets"
    case (.constant, .crossEntropy):
      "the shares of the classes in the training part, of which the greatest is predicted"
    case (.constant, _): "the mean of the training targets"
    case (.linear, .crossEntropy): "softmax regression with the penalty ‖W‖²/(2n)"
    case (.linear, .binaryCrossEntropy): "logistic regression with the penalty ‖W‖²/(2n)"
    case (.linear, _): "least squares"
    }
  }
}

/// The measures of outputs that a metric is; a baseline has them too.
enum OutputMeasure: Hashable {
  case loss, absoluteError
  case score(Score)
}

extension Metric {
  /// What it measures on which part, if it is a function of outputs and targets alone; `nil` for norms and numbers of steps.
  var outputMeasure: (measure: OutputMeasure, part: DataPart)? {
    switch self {
    case .finalLoss, .bestLoss: (.loss, .training)
    case .final(let quantity), .best(let quantity): quantity.outputMeasure
    case .score(let score, let part): (.score(score), part)
    case .finalGradientNorm, .steps, .bestStep, .stepsToLoss: nil
    }
  }

  /// Whether a baseline has a value of it.
  package var hasBaseline: Bool { outputMeasure != nil }
}

extension Quantity {
  fileprivate var outputMeasure: (measure: OutputMeasure, part: DataPart)? {
    switch self {
    case .loss, .trainingLoss: (.loss, .training)
    case .validationLoss: (.loss, .validation)
    case .accuracy: (.score(.accuracy), .training)
    case .validationAccuracy: (.score(.accuracy), .validation)
    case .testLoss: (.loss, .test)
    case .testAccuracy: (.score(.accuracy), .test)
    case .absoluteError: (.absoluteError, .training)
    default: nil
    }
  }

  /// Whether a baseline has a value of it.
  package var hasBaseline: Bool { outputMeasure != nil }
}

/// A baseline of one data set under one loss, measured on every part.
struct BaselineFit: Sendable {
  /// Runs with the same key have the same baseline. The seed counts where each seed draws its own data.
  struct Key: Hashable {
    let baseline: Baseline
    let data: DataSource
    let seed: UInt64?
    let loss: Loss
  }

  /// Empty where the linear model cannot be computed.
  let sums: [DataPart: OutputSums]

  init(_ baseline: Baseline, on data: Dataset, _ loss: Loss) {
    let outputs: (Dataset.Samples) -> [Double]
    switch baseline {
    case .constant:
      let constants = BestConstant.outputs(loss, on: data)
      outputs = { samples in (0..<samples.count).flatMap { _ in constants } }
    case .linear:
      guard let fit = LinearFit(loss, on: data) else {
        sums = [:]
        return
      }
      outputs = { Exact.outputs(of: fit.network, fit.parameters, for: $0) }
    }
    var sums: [DataPart: OutputSums] = [:]
    for part in DataPart.allCases {
      guard let samples = data.samples(part), samples.count > 0 else { continue }
      sums[part] = OutputSums(outputs(samples), samples, of: data, loss)
    }
    self.sums = sums
  }
}

extension Results {
  /// The metric of a baseline on the data of a run.
  /// - Returns: `nil` for an objective, for a metric that a baseline does not have, and where the linear model cannot be computed.
  /// - Throws: `Mistake` where the data cannot be read.
  package func baseline(_ baseline: Baseline, _ metric: Metric, _ row: Row) throws -> Double? {
    guard let (measure, part) = metric.outputMeasure else { return nil }
    let setup = row.run.setup
    guard let source = setup.data, let loss = setup.loss else { return nil }
    let key = BaselineFit.Key(
      baseline: baseline, data: source, seed: source.variesWithSeed ? row.seed : nil, loss: loss)
    let fit = try scores.baseline(key) {
      guard let data = try dataset(of: row) else { throw nothingToShow("data") }
      return BaselineFit(baseline, on: data, loss)
    }
    guard let sums = fit.sums[part] else { return nil }
    switch measure {
    case .loss: return sums.loss
    case .absoluteError: return sums.meanMagnitude
    case .score(let score): return sums.value(of: score)
    }
  }

  /// The median of a baseline over the runs; `nil` where a run has none.
  /// - Throws: `Mistake` where the data cannot be read.
  package func medianBaseline(_ kind: Baseline, _ metric: Metric) throws -> Double? {
    let values = try rows.map { try baseline(kind, metric, $0) }
    let known = values.compactMap(\.self)
    return known.isEmpty || known.count < values.count ? nil : Statistics.median(known)
  }
}
