package import Learning
import Studies

/// What an interval over runs rests on where the metric is measured on held-out samples: how many draws of them there are.
///
/// Runs with the same held-out samples are no independent evidence about other samples: their spread shows the initial weights and
/// the order of samples only.
package struct HeldOutEvidence: Sendable {
  /// "validation" or "test".
  private let part: String
  private let runs: Int
  /// Number of different draws of the part among the runs of a setting.
  private let splits: Int
  /// Number of samples of a source that all draws share; `nil` where each draw has samples of its own.
  private let pool: Int?
  private let folds: Int
  private let samples: ClosedRange<Int>

  /// - Parameter results: the runs of a figure, a claim or a comparison.
  /// - Returns: `nil` where no run has the part.
  /// - Throws: what reading the data throws.
  package init?(_ results: Results, of quantity: Quantity) throws {
    guard quantity.isHeldOut else { return nil }
    part = quantity.isOfTest ? "test" : "validation"
    var draws: Set<Draw> = []
    var seen: Set<Draw> = []
    var seeds: Set<UInt64> = []
    var folds: Set<Int> = []
    var sizes: Set<Int> = []
    var pool: Int?
    for row in results.rows {
      guard let source = row.run.setup.data else { continue }
      seeds.insert(row.seed)
      let drawn = Draw(source, row.seed, isOfTest: quantity.isOfTest)
      if let fold = source.fold, !quantity.isOfTest { folds.insert(fold.index) }
      let isNew = seen.insert(Draw(source, row.seed, isOfTest: quantity.isOfTest, fold: source.fold?.index)).inserted
      draws.insert(drawn)
      guard isNew else { continue }
      guard let counts = try results.plan.sampleCounts(of: row.run) else { continue }
      guard let held = quantity.isOfTest ? counts.test : counts.validation else { continue }
      sizes.insert(held)
      if !source.drawsItsOwnSamples { pool = counts.training + (counts.validation ?? 0) + (counts.test ?? 0) }
    }
    guard let low = sizes.min(), let high = sizes.max() else { return nil }
    (runs, splits, self.folds) = (seeds.count, draws.count, folds.count)
    (self.pool, samples) = (pool, low...high)
  }

  private struct Draw: Hashable {
    let source: DataSource
    let seed: UInt64?
    let fold: Int?

    init(_ source: DataSource, _ seed: UInt64, isOfTest: Bool, fold: Int? = nil) {
      self.fold = isOfTest ? nil : fold
      // Folds are parts of one draw; what is done to the samples afterwards draws nothing.
      self.source = source.asDrawn
      self.seed = (isOfTest ? source.drawsTestPerSeed : source.drawsValidationPerSeed) ? seed : nil
    }
  }

  /// "Each of the 32 seeds holds out 45 of the same 150 samples; the 32 splits are random, but of the same samples."
  package var sentence: String {
    let size =
      samples.lowerBound == samples.upperBound
      ? "\(samples.lowerBound)" : "\(samples.lowerBound) to \(samples.upperBound)"
    let seeds = NumberText.count(runs, "seed")
    if folds > 1 {
      let draws = splits > 1 ? "\(splits) draws of \(folds) folds" : "one draw of \(folds) folds"
      return
        "The \(part) samples are \(draws) of \(size) samples each. Folds share most of their training samples, so they are not "
        + "independent of each other."
    }
    if splits == 1 {
      guard runs > 1 else { return "" }
      return
        "All \(seeds) have the same \(size) \(part) samples: their spread shows initial weights and the order of samples, "
        + "and says nothing about other samples."
    }
    guard let pool else { return "Each of the \(splits) draws has \(size) \(part) samples of its own." }
    return
      "The \(splits) splits each take \(size) \(part) samples of the same \(pool): intervals cover the split and the initial weights, "
      + "not other samples."
  }
}

extension Results {
  /// What intervals of some quantities rest on, one sentence for each part of the data; empty where none is measured on held-out samples.
  /// - Throws: what reading the data throws.
  package func evidence(of quantities: [Quantity]) throws -> String {
    let held = quantities.filter(\.isHeldOut)
    let ofEachPart = [held.first { !$0.isOfTest }, held.first { $0.isOfTest }].compactMap(\.self)
    return try ofEachPart.compactMap { try HeldOutEvidence(self, of: $0)?.sentence }.filter { !$0.isEmpty }.joined(
      separator: " ")
  }
}
