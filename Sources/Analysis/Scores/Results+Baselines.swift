import Landscape
import Learning
import Studies

/// The numbers of the baselines, for tables, sentences and claims of an author's own.
extension Results {
  /// A metric of a baseline on the data of each run, in the order of `rows`, so that it pairs with `values(_:)`.
  /// - Returns: not a number where a metric is no measure of outputs, such as a number of steps, and where the linear model cannot be
  ///   computed.
  /// - Throws: `Mistake` where the data cannot be read.
  public func values(_ metric: Metric, of baseline: Baseline) throws -> [Double] {
    try rows.map { try self.baseline(baseline, metric, $0) ?? .nan }
  }

  /// The linear model of a run's training part, as a network without hidden layers; `nil` for an objective, and where it cannot be
  /// computed.
  /// - Throws: `Mistake` where the data cannot be read.
  public func linearModel(of row: Row) throws -> TrainedNetwork? {
    guard let data = try dataset(of: row), let loss = row.run.setup.loss,
      let fit = LinearFit(loss, on: data)
    else { return nil }
    return TrainedNetwork(architecture: fit.network, parameters: fit.parameters)
  }
}
