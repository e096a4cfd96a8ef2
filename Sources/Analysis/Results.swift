public import Learning
public import Studies

/// The finished runs of a plan with their results, to be filtered, grouped and measured.
public struct Results: Sendable {
  /// One run.
  public struct Row: Sendable {
    package let run: Plan.Run
    /// The numbers of the run.
    public let summary: RunSummary
    /// The seed of the run.
    public var seed: UInt64 { run.seed }
  }

  /// The runs, in the order of the plan.
  public let rows: [Row]
  package let plan: Plan
  /// The origins of all runs of the plan, newest first.
  package let provenance: [Provenance]
  private let curves: CurveCache
  let endPoints: EndPointCache
  let scores: ScoreCache
  /// Settings that were requested and that the command line has removed from the sweep.
  package let removed: RemovedSettings
  /// The settings whose test part was read.
  package let testUse: TestUse
  /// The point in training at which `parameters(of:)` looks; `nil` for the end of each run.
  package var moment: Moment?

  /// Reads all runs of a plan from a store.
  /// - Throws: `Mistake` if some have not been trained.
  package init(plan: Plan, store: any RunStore) throws {
    var all = RowReader(plan, store)
    let missing = try all.addAll()
    guard missing == 0 else {
      throw Mistake(
        .data, at: plan.name,
        value:
          "\(missing) of \(NumberText.count(plan.runCount, "run")) \(missing == 1 ? "is" : "are") not in the archive",
        rule: "a report needs all runs", remedy: "Train them with: descent run \(plan.name)")
    }
    self.init(all, plan, store)
  }

  /// Reads those runs of a plan that a store has: a pilot of the sweep.
  /// - Throws: what reading the store throws.
  package init(pilotOf plan: Plan, store: any RunStore) throws {
    var all = RowReader(plan, store)
    try all.addKnown()
    self.init(all, plan, store)
  }

  private init(_ read: RowReader, _ plan: Plan, _ store: any RunStore) {
    rows = read.rows
    provenance = read.provenance
    self.plan = plan
    curves = CurveCache(store: store, plan: plan)
    endPoints = EndPointCache()
    scores = ScoreCache()
    removed = RemovedSettings()
    testUse = TestUse()
  }

  private init(rows: [Row], of whole: Results) {
    self.rows = rows
    plan = whole.plan
    provenance = whole.provenance
    curves = whole.curves
    endPoints = whole.endPoints
    scores = whole.scores
    removed = whole.removed
    testUse = whole.testUse
    moment = whole.moment
  }

  /// Number of runs.
  public var count: Int { rows.count }
  /// Whether there are no runs.
  public var isEmpty: Bool { rows.isEmpty }
  /// Number of diverged runs.
  public var divergedCount: Int { rows.count { $0.summary.hasDiverged } }
  /// Share of diverged runs, with its 95 % interval (Wilson 1927).
  public var divergedShare: Share { Share(divergedCount, of: count) }

  // MARK: Selecting

  package func filtered(_ keeps: (Row) throws -> Bool) rethrows -> Results {
    Results(rows: try rows.filter(keeps), of: self)
  }

  /// The runs in which a parameter has a value.
  public func `where`<Value>(_ parameter: Parameter<Value>, is value: Value) -> Results {
    let name = parameter.name
    let wanted = value.setting
    let chosen = filtered { setting(name, $0) == wanted }
    if chosen.isEmpty, !isEmpty, plan.changed.contains(name) {
      removed.note("\(parameter.erased.shortTitle) = \(wanted)")
    }
    return chosen
  }

  /// The runs whose metric is at least `low` and below `high`.
  /// - Throws: what `values(_:)` throws.
  public func `where`(
    _ metric: Metric, from low: Double = -.infinity, below high: Double = .infinity
  ) throws -> Results {
    try filtered { row in
      let value = try value(metric, row)
      return value >= low && value < high
    }
  }

  /// The runs for each value of a parameter, in the order of its axis.
  public func groups<Value>(by parameter: Parameter<Value>) -> [(value: Setting, results: Results)] {
    groups(named: parameter.name)
  }

  package func groups(named name: String) -> [(value: Setting, results: Results)] {
    guard let axis = plan.axes.first(where: { $0.parameter.name == name }) else {
      guard let first = rows.first, let value = setting(name, first) else { return [] }
      return [(value, self)]
    }
    var groups: [Setting: [Row]] = [:]
    // The runs of a setting follow one another.
    for case (let value?, let places) in runs(sharing: name) { groups[value, default: []] += rows[places] }
    return axis.values.compactMap { value in
      groups[value.setting].map { (value.setting, Results(rows: $0, of: self)) }
    }
  }

  /// Number of values of a parameter that the runs have.
  package func valueCount(named name: String) -> Int { Set(runs(sharing: name).map(\.setting)).count }

  /// Consecutive runs of one combination of axis values, with the parameter's value.
  private func runs(sharing name: String) -> [(setting: Setting?, rows: Range<Int>)] {
    var parts: [(setting: Setting?, rows: Range<Int>)] = []
    var start = 0
    while start < rows.count {
      let combination = rows[start].run.combination
      let end = rows[start...].firstIndex { $0.run.combination !== combination } ?? rows.count
      parts.append((setting(name, rows[start]), start..<end))
      start = end
    }
    return parts
  }

  package func setting(_ name: String, _ row: Row) -> Setting? {
    if let index = plan.axes.firstIndex(where: { $0.parameter.name == name }) { return row.run.settings[index] }
    return StandardParameters.all.first { $0.name == name }?.setting(row.run.setup)
  }

  // MARK: Numbers

  /// The values of a metric, one per run, in the order of `rows`.
  /// - Throws: `Mistake` where a run does not know the metric, or the archive cannot be read.
  public func values(_ metric: Metric) throws -> [Double] { try rows.map { try value(metric, $0) } }

  /// A metric of one run.
  /// - Throws: `Mistake` if the run has not recorded what the metric needs, and what reading the archive throws.
  package func value(_ metric: Metric, _ row: Row) throws -> Double {
    if metric.isOfTest { testUse.note(row, of: plan.axes) }
    // A diverged run counts as the worst, whatever its numbers were when it was stopped.
    if row.summary.hasDiverged, let worst = metric.worst { return worst }
    switch metric {
    case .finalLoss, .final(.loss), .final(.trainingLoss): return row.summary.finalLoss
    case .bestLoss, .best(.loss):
      _ = try trainingLossQuantity(row, for: metric)
      return row.summary.bestLoss
    case .finalGradientNorm, .final(.gradientNorm): return row.summary.finalGradientNorm
    case .steps: return Double(row.summary.steps)
    case .bestStep: return Double(row.summary.keptStep)
    case .stepsToLoss(let threshold): return try firstStep(below: threshold, row)
    case .final(let quantity):
      if let known = row.summary.finals[quantity] { return known }
      guard let series = try series(quantity, row), let last = series.last(upTo: row.summary.keptStep) else {
        throw notRecorded(quantity)
      }
      return last
    case .best(let quantity): return try best(quantity, row)
    case .score(let score, let part): return try value(of: score, on: part, row)
    }
  }

  private func best(_ quantity: Quantity, _ row: Row) throws -> Double {
    let values = (try series(quantity, row)?.values ?? []) + (row.summary.finals[quantity].map { [$0] } ?? [])
    let numbers = values.filter { !$0.isNaN }
    guard let best = quantity.prefersMore ? numbers.max() : numbers.min() else {
      if values.isEmpty { throw notRecorded(quantity) }
      return quantity.prefersMore ? -.infinity : .infinity
    }
    return best
  }

  /// The first step at which the loss on all training data is below a threshold. If only the final loss is below it: the number
  /// of updates. If no known loss is: ∞.
  package func firstStep(below threshold: Double, _ row: Row) throws -> Double {
    let quantity = try trainingLossQuantity(row, for: .stepsToLoss(threshold))
    if let step = try curves.firstStep(quantity, below: threshold, row.run.index) { return Double(step) }
    return !row.summary.hasDiverged && row.summary.finalLoss < threshold ? Double(row.summary.steps) : .infinity
  }

  private func trainingLossQuantity(_ row: Row, for metric: Metric) throws -> Quantity {
    guard let quantity = row.run.setup.trainingLossQuantity else {
      throw Mistake(
        at: plan.name, value: metric.title,
        rule: "runs \(row.run.setup.partialLoss) know the loss on all training data only where they record it",
        remedy: "Add it to the set-up: record: .also(.trainingLoss, every: 10)")
    }
    return quantity
  }

  private func notRecorded(_ quantity: Quantity) -> Mistake {
    Mistake(
      at: plan.name, value: quantity.name, rule: "the set-up does not record it",
      remedy: "Add it to the set-up: record: .also(.…, every: 10)")
  }

  /// The recorded values of a quantity in a run; `nil` if it has not recorded the quantity.
  package func series(_ quantity: Quantity, _ row: Row) throws -> Series? { try curves.series(quantity, row.run.index) }

  /// The median of a metric over all runs, diverged ones included.
  /// - Throws: what `values(_:)` throws.
  public func median(_ metric: Metric) throws -> Double { Statistics.median(try values(metric)) }
  /// The p-quantile of a metric, p in [0, 1], by linear interpolation between order statistics (Hyndman & Fan 1996, type 7).
  /// - Throws: what `values(_:)` throws.
  public func quantile(_ metric: Metric, _ p: Double) throws -> Double { Statistics.quantile(try values(metric), p) }

  /// The share of runs whose metric is below a bound, with its 95 % interval (Wilson 1927).
  /// - Throws: what `values(_:)` throws.
  public func share(of metric: Metric, below bound: Double) throws -> Share {
    Share(try values(metric).count { $0 < bound }, of: count)
  }

  /// The share of runs whose metric is above a bound, with its 95 % interval (Wilson 1927).
  /// - Throws: what `values(_:)` throws.
  public func share(of metric: Metric, above bound: Double) throws -> Share {
    Share(try values(metric).count { $0 > bound }, of: count)
  }

  /// The value of a parameter with the best median of a metric, and its runs.
  /// - Throws: what `values(_:)` throws.
  public func best<Value>(
    _ parameter: Parameter<Value>, by metric: Metric
  ) throws -> (value: Setting, results: Results)? {
    try metric.refuseChoosingByTest(at: "best(\(parameter.name))")
    let ranked = try groups(by: parameter).map { (group: $0, median: try $0.results.median(metric)) }
      .filter { !$0.median.isNaN }
    let best = ranked.min { metric.prefersMore ? $0.median > $1.median : $0.median < $1.median }
    return best?.group
  }

  /// The recorded values of a quantity, one series per run; `nil` for a run that has not recorded it.
  /// - Throws: what reading the archive throws.
  public func series(_ quantity: Quantity) throws -> [Series?] { try rows.map { try series(quantity, $0) } }

  /// The data that a run was trained on.
  /// - Throws: `Mistake` where the data cannot be read.
  public func dataset(of row: Row) throws -> Dataset? { try plan.dataset(of: row.run) }

  /// The parameters of a run after its training; in a figure that plays, after the step of its frame.
  /// - Throws: what reading the archive or training the run again throws.
  public func parameters(of row: Row) throws -> [Double] {
    guard let moment else { return try finalParameters(of: row) }
    guard let index = moment.index else {
      moment.replays.note(row)
      return try finalParameters(of: row)
    }
    return try parameters(of: row, at: index, of: moment.replays)
  }

  /// The parameters of a run after its training, in every frame of a figure.
  package func finalParameters(of row: Row) throws -> [Double] { try curves.finalParameters(row.run.index) }

  /// The network of a run with the parameters of `parameters(of:)`; `nil` for an objective.
  /// - Throws: what `parameters(of:)` and `dataset(of:)` throw.
  public func network(of row: Row) throws -> TrainedNetwork? {
    guard let architecture = try plan.network(of: row.run) else { return nil }
    return TrainedNetwork(architecture: architecture, parameters: try parameters(of: row))
  }
}

/// A network with its parameters.
public struct TrainedNetwork: Sendable {
  /// The layers of the network.
  public let architecture: Architecture
  /// The parameters, in the order of the network.
  public let parameters: [Double]

  /// A network with its parameters.
  public init(architecture: Architecture, parameters: [Double]) {
    self.architecture = architecture
    self.parameters = parameters
  }

  /// The outputs for an input.
  public func callAsFunction(_ input: [Double]) -> [Double] { Exact.output(of: architecture, parameters, at: input) }

  /// The activations of every layer, from the first hidden layer to the output.
  public func layers(at input: [Double]) -> [[Double]] {
    Exact.layers(of: architecture, parameters, at: input).map(\.a)
  }
}

/// A share of runs with its Wilson 95 % interval.
public struct Share: Hashable, Sendable, CustomStringConvertible {
  /// Number of runs that are counted.
  public let successes: Int
  /// Number of all runs.
  public let count: Int

  /// A share of `successes` among `count` runs.
  public init(_ successes: Int, of count: Int) {
    self.successes = successes
    self.count = count
  }

  /// The share, from 0 to 1; NaN without runs.
  public var value: Double { count == 0 ? .nan : Double(successes) / Double(count) }
  /// Wilson's 95 % interval.
  public var interval: ClosedRange<Double> { Statistics.wilson(successes, of: count) }

  /// "31 of 32 (96.9 %, 95 % interval 84.3–99.4 %)"
  public var description: String {
    "\(successes) of \(count) (\(NumberText.percent(value)), 95 % interval \(NumberText.percent(interval)))"
  }
}
