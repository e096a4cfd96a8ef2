import Learning
import Plotting
public import Studies

/// Convergence across seeds, compared between settings (and experiments): who gets below a threshold, how surely,
/// how fast, and how paired runs of the same seed differ.
public struct SeedComparison: Sendable {
  /// One setting's runs.
  public struct Entry: Sendable {
    public let label: String
    public let results: Results
    /// Runs that came below the threshold.
    public let solved: Share
    /// First, second and third quartile of the steps to the threshold; a run that never arrives counts as ∞, so a
    /// quartile can be ∞: it is censored at the run's length, not dropped.
    public let steps: [Double]
    public let finalLoss: [Double]
    public let diverged: Share
  }

  /// The difference in final loss between two settings on the same seeds.
  public struct Pair: Sendable {
    public let label: String
    public let count: Int
    /// Median over seeds of (this − reference).
    public let median: Double
    /// Percentile bootstrap, 95 %.
    public let interval: ClosedRange<Double>?
    /// Seeds on which this setting ends lower than the reference.
    public let better: Share
  }

  public let threshold: Double
  public let entries: [Entry]
  /// Every other setting against the reference: the one that is solved most often, then fastest, then lowest.
  public let reference: Int?
  public let pairs: [Pair]

  /// - Parameter compared: the parameters whose values are compared; runs are paired that agree in all others. `nil`:
  ///   all parameters, so that runs pair by their seed.
  public init(_ groups: [(label: String, results: Results)], threshold: Double, compared: [String]? = nil) {
    self.threshold = threshold
    let entries = groups.map { label, results in
      let steps = Statistics.sorted(results.values(.stepsToLoss(threshold)))
      let losses = Statistics.sorted(results.values(.finalLoss))
      return Entry(
        label: label, results: results, solved: Share(steps.count { $0.isFinite }, of: results.count),
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
    pairs = entries.indices.filter { $0 != reference }.compactMap {
      Self.pair(entries[$0], entries[reference], compared: compared)
    }
  }

  /// `nil` where no two runs share task and seed: losses of different tasks cannot be subtracted.
  private static func pair(_ entry: Entry, _ reference: Entry, compared: [String]?) -> Pair? {
    func identity(_ row: Results.Row, _ results: Results) -> String {
      let setup = row.run.cell.setup
      let task = setup.objective?.name ?? "\(setup.data.name) \(setup.loss.name)"
      let others = zip(results.plan.axes, row.run.settings).filter { axis, _ in
        compared.map { !$0.contains(axis.parameter.name) } ?? false
      }
      return "\(task) \(row.seed) " + others.map { "\($0.parameter.name)=\($1.exact)" }.joined(separator: " ")
    }
    let known = Dictionary(
      reference.results.rows.map { (identity($0, reference.results), reference.results.value(.finalLoss, $0)) },
      uniquingKeysWith: { first, _ in first })
    let differences = entry.results.rows.compactMap { row in
      known[identity(row, entry.results)].map { entry.results.value(.finalLoss, row) - $0 }
    }.filter { !$0.isNaN }
    guard !differences.isEmpty else { return nil }
    return Pair(
      label: entry.label, count: differences.count, median: Statistics.median(differences),
      interval: Statistics.bootstrapMedian(differences),
      better: Share(differences.count { $0 < 0 }, of: differences.count))
  }

  /// The median final loss over all runs: half of them get there.
  public static func defaultThreshold(_ results: [Results]) -> Double {
    let losses = results.flatMap { $0.values(.finalLoss) }.filter { $0.isFinite && $0 > 0 }
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
          ("\(label)\(label.isEmpty ? "" : ", ")\(symbol) = \(value)", part)
        }
      }
    }
    return names.isEmpty ? [("all runs", results)] : groups
  }

  // MARK: As a table

  public static let columns = [
    "setting", "n", "solved", "95 % interval", "steps to threshold", "final loss", "diverged",
  ]

  public var rows: [[String]] {
    entries.map { entry in
      [
        entry.label, "\(entry.results.count)", NumberText.percent(entry.solved.value),
        Self.interval(entry.solved.interval), Self.quartiles(entry.steps, never: "never"),
        Self.quartiles(entry.finalLoss, never: "∞"),
        NumberText.percent(entry.diverged.value),
      ]
    }
  }

  public static let pairColumns = [
    "against the best setting", "pairs", "median difference", "95 % interval", "lower on",
  ]

  public var pairRows: [[String]] {
    pairs.map { pair in
      [
        pair.label, "\(pair.count)", NumberText.short(pair.median),
        pair.interval.map { "\(NumberText.short($0.lowerBound)) to \(NumberText.short($0.upperBound))" } ?? "–",
        NumberText.percent(pair.better.value, decimals: 0),
      ]
    }
  }

  private static func interval(_ range: ClosedRange<Double>) -> String {
    "\(NumberText.percent(range.lowerBound).dropLast(2))–\(NumberText.percent(range.upperBound))"
  }

  /// "median (first – third quartile)"
  private static func quartiles(_ values: [Double], never: String) -> String {
    if values.allSatisfy({ !$0.isFinite }) { return never }
    return "\(NumberText.short(values[1])) (\(NumberText.short(values[0]))–\(NumberText.short(values[2])))"
  }

  // MARK: As a figure

  /// - Parameter styles: the entries' looks in the report around them; looks of their own where there is none.
  func grid(styles: [SettingStyle]? = nil) -> ChartGrid {
    let colors = Palette.colors(entries.count, ordered: entries.count > Palette.categories.count)
    let groups = entries.enumerated().map { i, entry in
      let own = SettingStyle(color: colors[i], dash: Dash.category(i), marker: .category(i))
      return (style: styles?[i] ?? own, results: entry.results)
    }
    let last = entries.flatMap { $0.results.rows.map { Double($0.run.cell.setup.stop.steps) } }.max() ?? 1
    let chart = Chart(
      x: AxisStyle("step", .linear, domain: 0...last), y: Convergence.axis(threshold),
      marks: Convergence.marks(groups, threshold: threshold, lastStep: last, isLog: false))
    let legend = zip(entries, groups).map { LegendEntry($0.label, $1.style.color, dash: $1.style.dash) }
    return ChartGrid(chart, legend: legend)
  }

  var caption: String {
    let counts = Set(entries.map(\.results.count)).sorted().map(String.init).joined(separator: ", ")
    return
      "Share of runs below E = \(NumberText.short(threshold)) against the step; n = \(counts) runs a curve, bands: Wilson 95 % intervals."
  }
}

/// The comparison across seeds as a cell of a report: table, paired differences and figure.
public struct Comparison: CellDeclaration, Sendable {
  let threshold: Double
  let parameter: String?
  let label: String?
  var selection: [(name: String, value: Setting)] = []

  /// Compares all settings of the sweep.
  public init(below threshold: Double) {
    self.threshold = threshold
    parameter = nil
    label = nil
  }

  /// Compares the values of one parameter.
  public init<Value>(of parameter: Parameter<Value>, below threshold: Double) {
    self.threshold = threshold
    self.parameter = parameter.name
    label = parameter.erased.label
  }

  /// Only the runs in which a parameter has a value.
  public func `where`<Value>(_ parameter: Parameter<Value>, is value: Value) -> Comparison {
    var copy = self
    copy.selection.append((parameter.name, value.setting))
    return copy
  }

  public var cell: Cell { .comparison(self) }
}
