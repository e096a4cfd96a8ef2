import Landscape
public import Studies

/// Thrown by a claim that has nothing to say of the runs at hand: a reference that holds for other settings, say.
public struct Untested: Error {
  public let reason: String

  public init(_ reason: String) { self.reason = reason }
}

/// A claim about the runs, computed with its uncertainty, shown as pass or fail.
public struct Expect: CellDeclaration, Sendable {
  /// What is claimed about.
  public enum Statistic: Sendable {
    case share(of: Metric, below: Double)
    case shareAbove(of: Metric, above: Double)
    case median(of: Metric)
    case divergedShare
    /// Distinct places that the runs found, up to the symmetries of the network.
    case count(of: Ending)
    /// The share of runs that ended in a class of places.
    case shareEnding(in: Ending)
    /// The share of further runs that would end in a minimum not seen so far (Good–Turing).
    case unseenShare
  }

  /// What came of it.
  public struct Verdict: Sendable {
    /// "pass", "fail" or "untested", in the words of reports and files.
    public enum Outcome: String, Sendable, Encodable {
      case passed = "pass"
      case failed = "fail"
      /// The runs are not those that the claim is about; no failure.
      case untested
    }

    public let claim: String
    public let outcome: Outcome
    public var passed: Bool { outcome == .passed }
    /// "31 of 32 (96.9 %, 95 % interval 84.3–99.4 %), n = 32"
    public let evidence: String
    /// Whether the claim is about the runs that diverged: then `--strict` leaves them to it.
    public var judgesDivergence = false
  }

  let judge: @Sendable (Results) throws -> Verdict
  /// Thresholds on the loss that the claim uses, for the table of runs.
  let thresholds: [Double]

  private init(thresholds: [Double] = [], _ judge: @escaping @Sendable (Results) throws -> Verdict) {
    self.thresholds = thresholds
    self.judge = judge
  }

  /// The statistic is at least a bound.
  public init(_ statistic: Statistic, atLeast bound: Double) { self.init(statistic, .atLeast, bound, "") { $0 } }

  public init<Value>(_ statistic: Statistic, atLeast bound: Double, where parameter: Parameter<Value>, is value: Value)
  {
    self.init(statistic, .atLeast, bound, Self.condition(parameter, value)) { $0.where(parameter, is: value) }
  }

  /// The statistic is at most a bound.
  public init(_ statistic: Statistic, atMost bound: Double) { self.init(statistic, .atMost, bound, "") { $0 } }

  public init<Value>(_ statistic: Statistic, atMost bound: Double, where parameter: Parameter<Value>, is value: Value) {
    self.init(statistic, .atMost, bound, Self.condition(parameter, value)) { $0.where(parameter, is: value) }
  }

  /// The statistic, a count, is a number.
  public init(_ statistic: Statistic, equals count: Int) { self.init(statistic, .equals, Double(count), "") { $0 } }

  public init<Value>(_ statistic: Statistic, equals count: Int, where parameter: Parameter<Value>, is value: Value) {
    self.init(statistic, .equals, Double(count), Self.condition(parameter, value)) { $0.where(parameter, is: value) }
  }

  /// The claim held against some runs.
  public func verdict(on results: Results) throws -> Verdict { try judge(results) }

  /// The same claim, which says which runs are meant to diverge: `--strict` then fails with the claim, not with the runs.
  public func judgingDivergence() -> Expect {
    Expect(thresholds: thresholds) { results in
      var verdict = try judge(results)
      verdict.judgesDivergence = true
      return verdict
    }
  }

  /// Any claim: a sentence, and a closure that says whether it holds and on what evidence.
  public init(
    _ claim: String, _ judge: @escaping @Sendable (_ results: Results) throws -> (passed: Bool, evidence: String)
  ) {
    self.init { results in
      do {
        let (passed, evidence) = try judge(results)
        return Verdict(claim: claim, outcome: passed ? .passed : .failed, evidence: evidence)
      } catch let untested as Untested {
        return Verdict(claim: claim, outcome: .untested, evidence: untested.reason)
      }
    }
  }

  private static func condition<Value>(_ parameter: Parameter<Value>, _ value: Value) -> String {
    " at \(parameter.symbol.isEmpty ? parameter.title : parameter.symbol) = \(value.setting)"
  }

  private enum Comparison: String {
    case atLeast = "at least"
    case atMost = "at most"
    case equals = "exactly"

    func holds(_ value: Double, _ bound: Double) -> Bool {
      switch self {
      case .atLeast: value >= bound
      case .atMost: value <= bound
      case .equals: value == bound
      }
    }
  }

  private init(
    _ statistic: Statistic, _ comparison: Comparison, _ bound: Double, _ condition: String,
    select: @escaping @Sendable (Results) -> Results
  ) {
    var thresholds: [Double] = []
    if case .share(let metric, let below) = statistic, [.finalLoss, .bestLoss].contains(metric) {
      thresholds = [below]
    }
    self.init(thresholds: thresholds) { results in
      let chosen = select(results)
      let (value, evidence, isShare) = try Self.evaluate(statistic, chosen)
      let passed = comparison.holds(value, bound)
      let shown = isShare ? NumberText.percent(bound) : NumberText.short(bound)
      return Verdict(
        claim: "\(Self.name(statistic))\(condition) is \(comparison.rawValue) \(shown)",
        outcome: passed && !chosen.isEmpty ? .passed : .failed,
        evidence: chosen.isEmpty ? "no run of the sweep has this setting" : "\(evidence), n = \(chosen.count)")
    }
  }

  private static func name(_ statistic: Statistic) -> String {
    switch statistic {
    case .share(let metric, let bound): "The share of runs with \(metric.title) below \(NumberText.short(bound))"
    case .shareAbove(let metric, let bound): "The share of runs with \(metric.title) above \(NumberText.short(bound))"
    case .median(let metric): "The median \(metric.title)"
    case .divergedShare: "The share of diverged runs"
    case .count(let ending): "The number of \(ending.title) found"
    case .shareEnding(let ending): "The share of runs that ended in \(ending.title)"
    case .unseenShare: "The share of runs that would end in a minimum not seen so far"
    }
  }

  private static func evaluate(_ statistic: Statistic, _ results: Results) throws -> (Double, String, isShare: Bool) {
    switch statistic {
    case .share(let metric, let bound):
      let share = results.share(of: metric, below: bound)
      return (share.value, share.description, true)
    case .shareAbove(let metric, let bound):
      let share = results.share(of: metric, above: bound)
      return (share.value, share.description, true)
    case .count(let ending):
      let census = try results.census()
      let count = census.count(of: ending)
      return (Double(count), "\(count); the runs ended: \(census.summary)", false)
    case .shareEnding(let ending):
      let share = try results.census().share(endingIn: ending)
      return (share.value, share.description, true)
    case .unseenShare:
      let discovery = try results.census().discovery
      let interval = discovery.unseenInterval
      let evidence =
        "\(discovery.found(times: 1)) of \(discovery.counts.count) minima were found once only in \(discovery.runs) runs, "
        + "95 % interval \(NumberText.percent(interval.lowerBound))–\(NumberText.percent(interval.upperBound))"
      return (discovery.unseenShare, evidence, true)
    case .divergedShare: return (results.divergedShare.value, results.divergedShare.description, true)
    case .median(let metric):
      let values = results.values(metric)
      let median = Statistics.median(values)
      let interval = Statistics.bootstrapMedian(values).map {
        ", 95 % bootstrap interval \(NumberText.short($0.lowerBound))–\(NumberText.short($0.upperBound))"
      }
      return (median, "median \(NumberText.short(median))\(interval ?? "")", false)
    }
  }

  public var cell: Cell { .expect(self) }
}
