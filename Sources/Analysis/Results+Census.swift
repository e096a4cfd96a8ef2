import Foundation
public import Landscape
import Learning
import Studies

/// The end points of runs on the loss landscape: their classes, their census and the paths between them.
extension Results {
  /// The function that a run minimised: the loss on all its training data plus the penalty ½λ‖θ‖² of its weight decay. The
  /// census, its loss levels and its Hessians are those of this function.
  /// - Throws: `Mistake` where the data cannot be read, and for a run with an L1 penalty, whose function has kinks.
  public func landscape(of row: Row) throws -> any LossFunction { try landscape(of: row, withPenalty: true) }

  /// The same function with or without the penalty.
  func landscape(of row: Row, withPenalty: Bool) throws -> any LossFunction {
    let run = try plan.trainingRun(row.run.index)
    let decay = withPenalty ? run.optimizer.weightDecay : 0
    guard !withPenalty || run.optimizer.l1Penalty == 0 else {
      throw Mistake(
        at: "landscape of \(plan.name)", value: "l1-penalty \(run.optimizer.l1Penalty)",
        rule: "end points are classified by second derivatives; an L1 penalty has none where a parameter is 0",
        remedy: "Choose runs without it, or use weight decay")
    }
    switch run.problem {
    case .objective(let objective): return ObjectiveLoss(objective, weightDecay: decay)
    case .network(let network, let loss, let data, _):
      return NetworkLoss(architecture: network, loss: loss, data: data, weightDecay: decay)
    }
  }

  /// The end point of every run, polished and classified, in the order of `rows`. Each is computed once, on all processors.
  /// - Complexity: about ten Hessians per run, each of P²n multiply-adds for P parameters and n samples.
  /// - Throws: `Mistake` where the data or the archive cannot be read.
  public func ends() throws -> [EndPoint] {
    try endPoints.ends(rows.map(\.run.index)) { missing in
      let runs = try missing.map { index -> (function: any LossFunction, theta: [Double]) in
        let row = rows[index]
        let function = try landscape(of: row)
        guard !row.summary.hasDiverged else {
          return (function, Array(repeating: .nan, count: function.parameterCount))
        }
        return (function, try finalParameters(of: row))
      }
      if let large = runs.first(where: { $0.function.parameterCount > Self.mostParameters }) {
        throw Mistake(
          at: plan.name, value: "\(large.function.parameterCount) parameters",
          rule: "end points are classified by exact Hessians of at most \(Self.mostParameters) rows",
          remedy: "Use a smaller network, or record only the sharpness")
      }
      return EndPoint.survey(runs, threads: ProcessInfo.processInfo.activeProcessorCount)
    }
  }

  private static var mostParameters: Int { 4096 }

  /// The distinct end points of the runs with the number of runs at each.
  /// - Throws: `Mistake` if the runs do not share one loss function.
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

  /// The loss between two end points of a census: along the aligned straight line and along a curved path with its saddles.
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
  /// The share of all runs that ended at an end point of the census, with its Wilson interval.
  public func share(of place: Place) -> Share { Share(place.count, of: ends.count) }
}
