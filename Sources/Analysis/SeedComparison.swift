import Learning
import Studies

/// Convergence across seeds on one task, compared between settings (and experiments): the share of runs whose loss falls below
/// a threshold, the number of steps, and the difference between runs of the same seed.
package struct SeedComparison: Sendable {
  /// The task of a run. Losses of runs with different data or loss functions cannot be compared.
  package struct Task: Hashable, Sendable {
    let objective: Objective?
    let data: DataSource?
    let loss: Loss?
    /// The title of the data, or its value on the data axis, and the name of the loss.
    package let title: String

    init(_ row: Results.Row, _ results: Results) {
      let setup = row.run.setup
      objective = setup.objective
      data = setup.data
      loss = setup.loss
      let name = setup.objective?.name ?? results.setting("data", row)?.description ?? setup.data?.title ?? ""
      title = loss.map { "\(name), \($0.name)" } ?? name
    }
  }

  /// The runs of one setting.
  package struct Entry: Sendable {
    /// The setting in words.
    package let label: String
    /// The runs of the setting.
    package let results: Results
    /// The least number of steps after which a run was below the threshold; ∞ if none was.
    package let firstArrival: Double
    /// The share of runs that fell below the threshold.
    package let solved: Share
    /// First, second and third quartile of the steps to the threshold. A run that does not fall below it counts as ∞, so that
    /// a quartile can be ∞.
    package let steps: [Double]
    /// Quartiles of the final training loss.
    package let finalLoss: [Double]
    /// Share of diverged runs.
    package let diverged: Share
  }

  /// The difference in final loss between a setting and the reference on the same seeds.
  package struct Pair: Sendable {
    /// The setting in words.
    package let label: String
    /// Number of pairs.
    package let count: Int
    /// The median over seeds of this setting's loss minus the reference's.
    package let median: Double
    /// The 95 % interval of the median by percentile bootstrap.
    package let interval: ClosedRange<Double>?
    /// The share of seeds on which this setting has a lower final loss than the reference.
    package let better: Share
  }

  /// The task of the runs; `nil` if there is only one.
  package let task: Task?
  /// The selection of the runs in words: "data = noisy sine"; empty for all runs.
  package let selection: String
  /// The training loss below which a run is solved.
  package let threshold: Double
  /// The settings that are compared.
  package let entries: [Entry]
  /// The index of the setting that the others are compared with: the one with the greatest solved share; of several, with the
  /// fewest median steps, then the least median final loss.
  package let reference: Int?
  /// The differences to the reference.
  package let pairs: [Pair]

  /// - Parameter compared: the parameters whose values are compared; the runs of a pair agree in all others. `nil`:
  ///   all parameters, so that runs are paired by their seed.
  /// - Throws: `Mistake` if runs with smaller batches have not recorded their training loss.
  init(
    _ groups: [(label: String, results: Results)], task: Task? = nil, selection: String = "", threshold: Double,
    compared: [String]? = nil
  ) throws {
    self.task = task
    self.selection = selection
    self.threshold = threshold
    let entries = try groups.map { label, results in
      let steps = Statistics.sorted(try results.values(.stepsToLoss(threshold)))
      let losses = Statistics.sorted(try results.values(.finalLoss))
      return Entry(
        label: label, results: results, firstArrival: steps.first ?? .infinity,
        solved: Share(steps.count { $0.isFinite }, of: results.count),
        steps: [0.25, 0.5, 0.75].map { Statistics.quantile(sorted: steps, $0) },
        finalLoss: [0.25, 0.5, 0.75].map { Statistics.quantile(sorted: losses, $0) }, diverged: results.divergedShare)
    }
    self.entries = entries
    let reference = entries.indices.min { a, b in
      let (x, y) = (entries[a], entries[b])
      if x.solved.value != y.solved.value { return x.solved.value > y.solved.value }
      if x.steps[1] != y.steps[1] { return x.steps[1] < y.steps[1] }
      return x.finalLoss[1] < y.finalLoss[1]
    }
    self.reference = reference
    guard let reference, entries.count > 1 else {
      pairs = []
      return
    }
    pairs = try entries.indices.filter { $0 != reference }.compactMap {
      try Self.pair(entries[$0], entries[reference], compared: compared)
    }
  }

  /// One comparison for each task, because losses on different data cannot be compared.
  /// - Parameters:
  ///   - threshold: the loss to fall below; `nil`: each task's median final loss.
  ///   - compared: see `init`.
  /// - Throws: `Mistake` where a run does not know its training loss, or the archive cannot be read.
  package static func byTask(
    _ groups: [(label: String, results: Results)], selection: String = "", threshold: Double? = nil,
    compared: [String]? = nil
  ) throws -> [SeedComparison] {
    var tasks: [Task] = []
    for (_, results) in groups {
      for row in results.rows where tasks.last != Task(row, results) {
        let task = Task(row, results)
        if !tasks.contains(task) { tasks.append(task) }
      }
    }
    return try tasks.map { task in
      let parts = groups.map { label, results in (label, results.filtered { Task($0, results) == task }) }
        .filter { !$0.1.isEmpty }
      return try SeedComparison(
        parts, task: tasks.count > 1 ? task : nil, selection: selection,
        threshold: try threshold ?? defaultThreshold(parts.map(\.1)),
        compared: compared)
    }
  }

  /// The differences between a setting and the reference; `nil` if no two runs share a seed.
  private static func pair(_ entry: Entry, _ reference: Entry, compared: [String]?) throws -> Pair? {
    let base = try PairedValues(.finalLoss, of: reference.results, compared: compared)
    let differences = try PairedValues(.finalLoss, of: entry.results, compared: compared).pairs(with: base)
      .map { $0.own - $0.other }.filter { !$0.isNaN }
    guard !differences.isEmpty else { return nil }
    return Pair(
      label: entry.label, count: differences.count, median: Statistics.median(differences),
      interval: Statistics.bootstrapMedian(differences),
      better: Share(differences.count { $0 < 0 }, of: differences.count))
  }

  /// The median final loss over all runs.
  static func defaultThreshold(_ results: [Results]) throws -> Double {
    let losses = try results.flatMap { try $0.values(.finalLoss) }.filter { $0.isFinite && $0 > 0 }
    return losses.isEmpty ? 1e-3 : Statistics.median(losses)
  }

  /// The runs of each setting of a plan, or of each value of one parameter.
  package static func settings(of results: Results, by parameter: String?) -> [(label: String, results: Results)] {
    let names = parameter.map { [$0] } ?? results.plan.axes.filter { $0.values.count > 1 }.map(\.parameter.name)
    var groups: [(label: String, results: Results)] = [("", results)]
    for name in names {
      let symbol = results.plan.axes.first { $0.parameter.name == name }?.parameter.shortTitle ?? name
      groups = groups.flatMap { label, runs in
        runs.groups(named: name).map { value, part in
          ("\(label)\(label.isEmpty ? "" : ", ")\(symbol) = \(value.title)", part)
        }
      }
    }
    return names.isEmpty ? [("all runs", results)] : groups
  }
}
