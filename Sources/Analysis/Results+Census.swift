import Foundation
public import Landscape
import Learning
import Studies

/// Runs as points of a landscape: what their ends are, which of them are the same, and what lies between.
extension Results {
  /// The function that a run descended on: the loss on all its training data, with the penalty ½λ‖θ‖² of its weight decay. A
  /// census, its levels and its Hessians are those of this function.
  /// - Throws: `Mistake` where the data cannot be read.
  public func landscape(of row: Row) throws -> any LossFunction { try landscape(of: row, withPenalty: true) }

  /// The same, or the loss alone.
  func landscape(of row: Row, withPenalty: Bool) throws -> any LossFunction {
    let run = try plan.trainingRun(row.run.index)
    let decay = withPenalty ? run.optimizer.weightDecay : 0
    switch run.problem {
    case .objective(let objective): return ObjectiveLoss(objective, weightDecay: decay)
    case .network(let network, let loss, let data, _):
      return NetworkLoss(architecture: network, loss: loss, data: data, weightDecay: decay)
    }
  }

  /// The end of every run, polished and classified, in the order of `rows`. Each is looked at once a report, on all processors.
  /// - Complexity: some ten Hessians a run, each of P²n multiply-adds for n samples; P is at most a few thousand.
  /// - Throws: `Mistake` where the data or the archive cannot be read.
  public func ends() throws -> [EndPoint] {
    try closerLooks.ends(rows.map(\.run.key)) { missing in
      let runs = try missing.map { index -> (function: any LossFunction, theta: [Double]) in
        let row = rows[index]
        let function = try landscape(of: row)
        guard !row.summary.hasDiverged else {
          return (function, Array(repeating: .nan, count: function.parameterCount))
        }
        return (function, try parameters(of: row))
      }
      if let large = runs.first(where: { $0.function.parameterCount > Self.mostParameters }) {
        throw Mistake(
          at: plan.name, value: "\(large.function.parameterCount) parameters",
          rule: "ends are classified by exact Hessians of at most \(Self.mostParameters) rows",
          remedy: "Use a smaller network; sharpness alone can be recorded for any")
      }
      return EndPoint.survey(runs, threads: ProcessInfo.processInfo.activeProcessorCount)
    }
  }

  private static var mostParameters: Int { 4096 }

  /// Which minima the runs ended in, and how often each.
  /// - Throws: `Mistake` where the runs do not share one landscape.
  public func census() throws -> Census {
    let settings = Set(rows.map(\.run.settings))
    let digests = try Set(rows.map { row in try dataset(of: row).map(ObjectIdentifier.init) })
    guard settings.count <= 1 else {
      throw Mistake(
        at: "census of \(plan.name)", value: "\(settings.count) settings",
        rule: "minima are counted on one landscape, and each setting has its own",
        remedy: "Choose one with where(…), or take a census of each group")
    }
    guard digests.count <= 1 else {
      throw Mistake(
        at: "census of \(plan.name)", value: "data drawn by each seed",
        rule: "minima are counted on one landscape, and each data set has its own",
        remedy: "Leave drawnPerSeed() out, or use ends()")
    }
    return Census(try ends(), of: try rows.map { try landscape(of: $0) })
  }

  /// What lies between two places of a census: the aligned straight line, a bent path and its saddles.
  /// - Throws: `Mistake` where the data cannot be read.
  public func connection(from a: Census.Place, to b: Census.Place) throws -> Connection {
    guard let row = rows.first else {
      throw Mistake(.data, at: plan.name, value: "", rule: "there are no runs", remedy: "Choose a setting of the sweep")
    }
    return Self.connection(try landscape(of: row), a.representative.theta, b.representative.theta)
  }

  private static func connection(_ function: some LossFunction, _ a: [Double], _ b: [Double]) -> Connection {
    Connection(function, from: a, to: b)
  }
}

extension Census {
  /// The share of all runs that ended in a place, with its Wilson interval.
  public func share(of place: Place) -> Share { Share(place.count, of: ends.count) }
}
