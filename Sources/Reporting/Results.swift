public import Learning
public import Studies

/// A number that a finished run has, for tables, axes, expectations and sentences.
public enum Metric: Hashable, Sendable {
  /// Loss on all training data after the last update.
  case finalLoss
  /// Least loss at any step.
  case bestLoss
  case finalGradientNorm
  /// Updates made.
  case steps
  /// First step whose loss is below a threshold; ∞ where none is.
  case stepsToLoss(Double)
  /// A quantity after the last update: `.final(.validationAccuracy)`.
  case final(Quantity)
  /// The best value of a recorded quantity: least of a loss or error, greatest of an accuracy.
  case best(Quantity)

  public static let loss = Metric.finalLoss

  var title: String {
    switch self {
    case .finalLoss: "final loss E"
    case .bestLoss: "best loss E"
    case .finalGradientNorm: "final gradient norm ‖∇E‖₂"
    case .steps: "steps"
    case .stepsToLoss(let threshold): "steps to E < \(NumberText.short(threshold))"
    case .final(let quantity): "final \(quantity.title)"
    case .best(let quantity): "best \(quantity.title)"
    }
  }

  /// Whether a greater value is the better one.
  var prefersMore: Bool {
    switch self {
    case .final(let quantity), .best(let quantity): quantity == .accuracy || quantity == .validationAccuracy
    default: false
    }
  }
}

/// Runs of a plan with what became of them: what reports are made of, filtered and grouped in an author's words.
public struct Results: Sendable {
  public struct Row: Sendable {
    package let run: Plan.Run
    public let summary: RunSummary
    public var seed: UInt64 { run.seed }
  }

  public let rows: [Row]
  package let plan: Plan
  private let curves: CurveCache
  let closerLooks: EndPointCache

  /// All runs of a plan from a store.
  /// - Throws: `Mistake` where some have not been trained.
  public init(plan: Plan, store: any RunStore) throws {
    let runs = try plan.runs()
    let summaries = try store.summaries(runs.map(\.key))
    let missing = runs.count { summaries[$0.key] == nil }
    guard missing == 0 else {
      throw Mistake(
        .data, at: plan.name, value: "\(missing) of \(runs.count) runs are not in the archive",
        rule: "a report is made of finished runs", remedy: "Train them with: descent run \(plan.name)")
    }
    rows = runs.compactMap { run in summaries[run.key].map { Row(run: run, summary: $0) } }
    self.plan = plan
    curves = CurveCache(store: store, keys: runs.map(\.key))
    closerLooks = EndPointCache()
  }

  private init(rows: [Row], of whole: Results) {
    self.rows = rows
    plan = whole.plan
    curves = whole.curves
    closerLooks = whole.closerLooks
  }

  public var count: Int { rows.count }
  public var isEmpty: Bool { rows.isEmpty }
  public var divergedCount: Int { rows.count { $0.summary.hasDiverged } }
  public var divergedShare: Share { Share(divergedCount, of: count) }

  // MARK: Selecting

  func filtered(_ keeps: (Row) -> Bool) -> Results { Results(rows: rows.filter(keeps), of: self) }

  /// The runs in which a parameter has a value.
  public func `where`<Value>(_ parameter: Parameter<Value>, is value: Value) -> Results {
    let name = parameter.name
    let wanted = value.setting
    return filtered { setting(name, $0) == wanted }
  }

  /// The runs whose metric lies from one bound up to, and not including, another.
  public func `where`(_ metric: Metric, from low: Double = -.infinity, below high: Double = .infinity) -> Results {
    filtered { row in
      let value = value(metric, row)
      return value >= low && value < high
    }
  }

  /// The runs of each value of a parameter, in the order of its axis.
  public func groups<Value>(by parameter: Parameter<Value>) -> [(value: Setting, results: Results)] {
    groups(named: parameter.name)
  }

  func groups(named name: String) -> [(value: Setting, results: Results)] {
    guard let axis = plan.axes.first(where: { $0.parameter.name == name }) else {
      guard let first = rows.first, let value = setting(name, first) else { return [] }
      return [(value, self)]
    }
    return axis.values.map(\.setting).compactMap { value in
      let group = filtered { setting(name, $0) == value }
      return group.isEmpty ? nil : (value, group)
    }
  }

  func setting(_ name: String, _ row: Row) -> Setting? {
    if let index = plan.axes.firstIndex(where: { $0.parameter.name == name }) { return row.run.settings[index] }
    return StandardParameters.all.first { $0.name == name }?.setting(row.run.cell.setup)
  }

  // MARK: Numbers

  public func values(_ metric: Metric) -> [Double] { rows.map { value(metric, $0) } }

  func value(_ metric: Metric, _ row: Row) -> Double {
    switch metric {
    // A run that diverged counts as infinite, wherever its loss stood when it was stopped.
    case .finalLoss, .final(.trainingLoss), .final(.loss), .final(.validationLoss), .final(.absoluteError):
      row.summary.hasDiverged ? .infinity : metric == .finalLoss ? row.summary.finalLoss : recorded(metric, row)
    case .bestLoss, .best(.loss): row.summary.bestLoss
    case .finalGradientNorm, .final(.gradientNorm): row.summary.finalGradientNorm
    case .steps: Double(row.summary.steps)
    case .stepsToLoss(let threshold): curves.firstStep(below: threshold, key: row.run.key)
    case .final: recorded(metric, row)
    case .best(let quantity): best(quantity, row)
    }
  }

  private func recorded(_ metric: Metric, _ row: Row) -> Double {
    guard case .final(let quantity) = metric else { return .nan }
    if quantity == .loss { return row.summary.finalLoss }
    return row.summary.finals[quantity] ?? curves.series(quantity, row.run.key)?.values.last ?? .nan
  }

  private func best(_ quantity: Quantity, _ row: Row) -> Double {
    let values =
      (curves.series(quantity, row.run.key)?.values ?? []) + (row.summary.finals[quantity].map { [$0] } ?? [])
    let finite = values.filter { !$0.isNaN }
    return (Metric.best(quantity).prefersMore ? finite.max() : finite.min()) ?? .nan
  }

  public func median(_ metric: Metric) -> Double { Statistics.median(values(metric)) }
  public func quantile(_ metric: Metric, _ p: Double) -> Double { Statistics.quantile(values(metric), p) }

  /// The share of runs whose metric is below a bound, with its 95 % interval.
  public func share(of metric: Metric, below bound: Double) -> Share {
    Share(values(metric).count { $0 < bound }, of: count)
  }

  public func share(of metric: Metric, above bound: Double) -> Share {
    Share(values(metric).count { $0 > bound }, of: count)
  }

  /// The value of a parameter whose runs have the best median of a metric.
  public func best<Value>(_ parameter: Parameter<Value>, by metric: Metric) -> (value: Setting, results: Results)? {
    let ranked = groups(by: parameter).filter { !$0.results.median(metric).isNaN }
    return metric.prefersMore
      ? ranked.max { $0.results.median(metric) < $1.results.median(metric) }
      : ranked.min { $0.results.median(metric) < $1.results.median(metric) }
  }

  /// The recorded course of a quantity, one per run.
  public func series(_ quantity: Quantity) -> [Series?] { rows.map { curves.series(quantity, $0.run.key) } }

  func firstStep(below threshold: Double, _ row: Row) -> Double { curves.firstStep(below: threshold, key: row.run.key) }

  /// The data that a run was trained on.
  public func dataset(of row: Row) throws -> Dataset? { try plan.dataset(of: row.run) }

  /// The parameters of a run after its training.
  public func parameters(of row: Row) -> [Double]? { curves.finalParameters(row.run.key) }

  /// The network of a run after its training; `nil` for an objective.
  public func network(of row: Row) throws -> TrainedNetwork? {
    guard let architecture = try plan.network(of: row.run), let parameters = parameters(of: row) else { return nil }
    return TrainedNetwork(architecture: architecture, parameters: parameters)
  }

  /// The network function of a run after its training.
  public func predictor(of row: Row) throws -> (@Sendable ([Double]) -> [Double])? {
    guard let network = try network(of: row) else { return nil }
    return { network($0) }
  }
}

/// A network with its weights.
public struct TrainedNetwork: Sendable {
  public let architecture: Architecture
  public let parameters: [Double]

  public init(architecture: Architecture, parameters: [Double]) {
    self.architecture = architecture
    self.parameters = parameters
  }

  public func callAsFunction(_ input: [Double]) -> [Double] { Exact.answer(of: architecture, parameters, to: input) }

  /// The activations of every layer, the first hidden layer's first.
  public func layers(at input: [Double]) -> [[Double]] { Exact.layers(of: architecture, parameters, at: input) }
}

/// A share of runs, with the Wilson 95 % interval that its count allows.
public struct Share: Hashable, Sendable, CustomStringConvertible {
  public let successes: Int
  public let count: Int

  public init(_ successes: Int, of count: Int) {
    self.successes = successes
    self.count = count
  }

  public var value: Double { count == 0 ? .nan : Double(successes) / Double(count) }
  public var interval: ClosedRange<Double> { Statistics.wilson(successes, of: count) }

  /// "31 of 32 (96.9 %, 95 % interval 84.3–99.4 %)"
  public var description: String {
    let low = NumberText.percent(interval.lowerBound).dropLast(2)
    return
      "\(successes) of \(count) (\(NumberText.percent(value)), 95 % interval \(low)–\(NumberText.percent(interval.upperBound)))"
  }
}
