import Learning
import Studies

/// Convergence across seeds on one task, compared between settings (and experiments): which share of the runs gets below a
/// threshold, after how many steps, and how paired runs of the same seed differ.
public struct SeedComparison: Sendable {
  /// What is learnt: runs with different data or another loss have losses that cannot be compared.
  public struct Task: Hashable, Sendable {
    let objective: Objective?
    let data: DataSource?
    let loss: Loss?
    /// The data's own title, or that of the axis that tells several of them apart.
    public let title: String

    init(_ row: Results.Row, _ results: Results) {
      let setup = row.run.setup
      objective = setup.objective
      data = setup.data
      loss = setup.loss
      let name = setup.objective?.name ?? results.setting("data", row)?.description ?? setup.data?.title ?? ""
      title = loss.map { "\(name), \($0.name)" } ?? name
    }
  }

  /// One setting's runs.
  public struct Entry: Sendable {
    /// The setting in words.
    public let label: String
    /// The runs of the setting.
    public let results: Results
    /// The least number of steps in which a run came below the threshold; ∞ where none did.
    public let firstArrival: Double
    /// Runs that came below the threshold.
    public let solved: Share
    /// First, second and third quartile of the steps to the threshold; a run that never arrives counts as ∞, so a
    /// quartile can be ∞: it is censored at the run's length, not dropped.
    public let steps: [Double]
    /// Quartiles of the final training loss.
    public let finalLoss: [Double]
    /// Share of diverged runs.
    public let diverged: Share
  }

  /// The difference in final loss between two settings on the same seeds.
  public struct Pair: Sendable {
    /// The setting in words.
    public let label: String
    /// Number of pairs.
    public let count: Int
    /// Median over seeds of (this − reference).
    public let median: Double
    /// Percentile bootstrap, 95 %.
    public let interval: ClosedRange<Double>?
    /// Seeds on which this setting ends lower than the reference.
    public let better: Share
  }

  /// The task of the runs; `nil` if there is only one.
  public let task: Task?
  /// What the runs were chosen by: "data = noisy sine"; empty for all runs.
  package let selection: String
  /// The training loss below which a run is solved.
  public let threshold: Double
  /// The settings that are compared.
  public let entries: [Entry]
  /// Every other setting against the reference: the one that is solved most often, then fastest, then lowest.
  public let reference: Int?
  /// The differences to the reference.
  public let pairs: [Pair]

  /// - Parameter compared: the parameters whose values are compared; runs are paired that agree in all others. `nil`:
  ///   all parameters, so that runs pair by their seed.
  /// - Throws: `Mistake` where runs of smaller batches have not recorded their training loss.
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

  /// One comparison for each task: losses on different data are never pooled, ranked or subtracted.
  /// - Parameters:
  ///   - threshold: the loss to come below; `nil`: each task's median final loss.
  ///   - compared: see `init`.
  /// - Throws: `Mistake` where a run does not know its training loss, or the archive cannot be read.
  public static func byTask(
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

  /// `nil` where no two runs share a seed.
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

  /// The median final loss over all runs: half of them get there.
  static func defaultThreshold(_ results: [Results]) throws -> Double {
    let losses = try results.flatMap { try $0.values(.finalLoss) }.filter { $0.isFinite && $0 > 0 }
    return losses.isEmpty ? 1e-3 : Statistics.median(losses)
  }

  /// All settings of a plan, or the values of one parameter.
  public static func settings(of results: Results, by parameter: String?) -> [(label: String, results: Results)] {
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
