import Foundation
import Landscape
package import Learning
import Studies

/// Quantities that were not recorded: parameters at any step, and losses at any parameters.
extension Results {
  /// The single run that a figure shows.
  public enum Choice: Sendable {
    /// The run with the best value of a metric.
    case best(Metric)
    /// The run with the median value of a metric; the better one of two in the middle.
    case middle(Metric)
    /// The run with the worst value of a metric.
    case worst(Metric)
    /// The run of a seed.
    case seed(UInt64)
    /// The run of the sweep's first seed, so that runs of different settings share their data.
    case firstSeed
  }

  /// The chosen run; `nil` if there is none. A diverged run is chosen only if all runs diverged.
  /// - Throws: what `values(_:)` throws.
  public func run(_ choice: Choice) throws -> Row? {
    func ranked(_ metric: Metric) throws -> [Row] {
      try metric.refuseChoosingByTest(at: "choice of a run")
      let known = try rows.map { (row: $0, value: try value(metric, $0)) }
      let sound = known.filter { !$0.row.summary.hasDiverged && $0.value.isFinite }
      let sorted = (sound.isEmpty ? known : sound).sorted { Statistics.precedes($0.value, $1.value) }.map(\.row)
      return metric.prefersMore ? sorted.reversed() : sorted
    }
    switch choice {
    case .best(let metric): return try ranked(metric).first
    case .worst(let metric): return try ranked(metric).last
    case .middle(let metric):
      let order = try ranked(metric)
      return order.isEmpty ? nil : order[(order.count - 1) / 2]
    case .seed(let seed): return rows.first { $0.seed == seed }
    case .firstSeed: return rows.first { $0.seed == plan.seeds.first }
    }
  }

  /// The mistake of a figure of a single run that cannot be drawn.
  package func nothingToShow(_ what: String) -> Mistake {
    Mistake(
      at: "a figure of \(plan.name)", value: isEmpty ? "no run" : "another kind of run", rule: "it shows \(what)",
      remedy: "Choose a setting of the sweep")
  }

  /// The parameters of a run after each number of steps. The run is trained again, with the same bits. From its last step on they are its
  /// final parameters: with early stopping those of its best step.
  /// - Throws: `Mistake` where the data cannot be read.
  public func trajectory(of row: Row, at steps: [Int]) throws -> [[Double]] {
    let original = try plan.trainingRun(row.run.index)
    let wanted = steps.map { $0 < row.summary.steps ? $0 : row.summary.keptStep }
    let runs = Set(wanted).subtracting([0]).sorted().map { step in
      var run = original
      run.stop = .after(steps: step).neverDiverging()
      run.recording = .standard
      return run
    }
    let found = Dictionary(
      uniqueKeysWithValues: zip(runs.map(\.stop.steps), try Replay.train(runs).map(\.finalParameters)))
    return wanted.map { found[$0] ?? original.initialParameters }
  }

  /// The steps at which a run's trajectory is drawn: at most `count`, dense at first, with the first and the last step.
  package func pathSteps(of row: Row, count: Int = 48) -> [Int] {
    let last = Double(row.summary.keptStep)
    let picked = (0..<count).map { i in Int((expm1(log1p(last) * Double(i) / Double(count - 1))).rounded()) }
    return Array(Set(picked)).sorted()
  }

  /// The loss on all training data of a run's task at given parameters.
  /// - Throws: `Mistake` where the data cannot be read.
  public func losses(at points: [[Double]], like row: Row) throws -> [Double] {
    try landscape(of: row, forPointsAt: "losses(at:)", points).losses(at: points)
  }

  /// The same with its gradient, in float64 whatever the precision of the runs.
  /// - Throws: `Mistake` for a point of another size than the run's parameters.
  public func gradients(at points: [[Double]], like row: Row) throws -> [(loss: Double, gradient: [Double])] {
    try landscape(of: row, forPointsAt: "gradients(at:)", points).gradients(at: points)
  }

  /// The eigenvalues, in ascending order, of the Hessian of the loss on all training data at a run's final parameters. Exact for
  /// networks and for objectives with a given Hessian; else from differences of the gradient, to about ten digits.
  /// Empty where the Hessian has entries that are not finite, as at the end of a diverged run.
  /// - Throws: `Mistake` where the data or the archive cannot be read.
  public func hessianEigenvalues(at row: Row) throws -> [Double] {
    SymmetricEigen(try hessian(at: try parameters(of: row), like: row))?.values ?? []
  }

  /// The Hessian at given parameters, of the loss without the penalty of weight decay, like `gradients` and `losses`.
  /// - Throws: `Mistake` for a point of another size than the run's parameters.
  public func hessian(at point: [Double], like row: Row) throws -> [[Double]] {
    try landscape(of: row, forPointsAt: "hessian(at:)", [point]).hessian(point)
  }

  /// The loss on all training data without the penalty of weight decay, for points of its own size.
  private func landscape(of row: Row, forPointsAt place: String, _ points: [[Double]]) throws -> any LossFunction {
    let function = try landscape(of: row, withPenalty: false)
    if let odd = points.first(where: { $0.count != function.parameterCount }) {
      throw Mistake(
        at: place, value: "\(odd.count) numbers", rule: "the run has \(function.parameterCount) parameters",
        remedy: "Give one number for each")
    }
    return function
  }
}
