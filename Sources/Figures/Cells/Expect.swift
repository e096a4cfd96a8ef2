public import Analysis
import Learning
public import Studies

/// An error for a claim that does not apply to the runs, for example because its reference value holds for other settings.
public struct Untested: Error {
  /// Why the claim was not tested.
  public let reason: String

  /// A reason in words.
  public init(_ reason: String) { self.reason = reason }
}

/// A claim about the runs, evaluated with its uncertainty and shown as pass, fail or untested.
///
/// The statistic itself is compared with the bound. The evidence beside the verdict gives its uncertainty.
public struct Expect: CellDeclaration, Sendable {
  /// The statistic of the runs that a claim compares with a bound.
  public enum Statistic: Sendable {
    /// The share of runs whose metric is below a bound.
    case share(of: Metric, below: Double)
    /// The share of runs whose metric is above a bound.
    case shareAbove(of: Metric, above: Double)
    /// The median of a metric.
    case median(of: Metric)
    /// The share of diverged runs.
    case divergedShare
    /// The number of distinct end points of a class, up to the symmetries of the network.
    case count(of: Ending)
    /// The share of runs that ended at an end point of a class.
    case shareEnding(in: Ending)
    /// f₁/n, the share of further runs that would end in a minimum not seen so far: f₁ minima were found by one of n runs
    /// (Good 1953, Turing).
    case unseenShare
  }

  /// The outcome of a claim with its evidence.
  package struct Verdict: Sendable {
    /// Pass, fail or untested.
    package typealias Outcome = Event.Outcome

    /// The claim in words.
    package let claim: String
    /// The outcome.
    package let outcome: Outcome
    /// Whether the claim passed.
    package var passed: Bool { outcome == .passed }
    /// The numbers behind the outcome: "31 of 32 (96.9 %, 95 % interval 84.3–99.4 %), n = 32".
    package let evidence: String
    /// The identifier, the points and the numbers of the claim.
    package var mark: Event.Mark

    /// The outcome of a claim with its evidence.
    package init(claim: String, outcome: Outcome, evidence: String, mark: Event.Mark = Event.Mark()) {
      self.claim = claim
      self.outcome = outcome
      self.evidence = evidence
      self.mark = mark
    }

    static func untested(_ claim: String, _ removed: String) -> Verdict {
      Verdict(
        claim: claim, outcome: .untested, evidence: "the command line removed \(removed) from the sweep")
    }
  }

  /// The parts of a claim that can be checked before training.
  struct Statement: Sendable {
    let selection: [Selection]
    let metrics: [Metric]
    let needsCensus: Bool
  }

  let judge: @Sendable (Results) throws -> Verdict
  /// The claim in words.
  package let claim: String
  /// The identifier by which marking names the claim; `nil` for none.
  package let id: String?
  /// The points of a claim that passes; `nil` for a claim that is not marked.
  package let points: Double?
  /// `nil` for a claim with its own closure.
  let statement: Statement?
  /// The loss thresholds of the claim, for the table of runs.
  package let thresholds: [Double]
  /// The line of the declaration.
  var place: SourcePlace?

  private init(
    _ claim: String, id: String?, points: Double?, thresholds: [Double] = [], statement: Statement? = nil,
    _ judge: @escaping @Sendable (Results) throws -> Verdict
  ) {
    self.claim = claim
    self.id = id
    self.points = points
    self.thresholds = thresholds
    self.statement = statement
    self.judge = judge
  }

  /// Claims that a statistic is at least a bound.
  /// - Parameters:
  ///   - id: the identifier by which marking names the claim.
  ///   - points: the points of a claim that passes.
  public init(_ statistic: Statistic, atLeast bound: Double, id: String? = nil, points: Double? = nil) {
    self.init(statistic, .atLeast, bound, "", [], id, points)
  }

  /// The statistic of the runs with one value of a parameter is at least a bound.
  public init<Value>(
    _ statistic: Statistic, atLeast bound: Double, where parameter: Parameter<Value>, is value: Value,
    id: String? = nil, points: Double? = nil
  ) {
    self.init(
      statistic, .atLeast, bound, Self.condition(parameter, value), [Selection(parameter, value)], id, points)
  }

  /// Claims that a statistic is at most a bound.
  public init(_ statistic: Statistic, atMost bound: Double, id: String? = nil, points: Double? = nil) {
    self.init(statistic, .atMost, bound, "", [], id, points)
  }

  /// The statistic of the runs with one value of a parameter is at most a bound.
  public init<Value>(
    _ statistic: Statistic, atMost bound: Double, where parameter: Parameter<Value>, is value: Value,
    id: String? = nil, points: Double? = nil
  ) {
    self.init(statistic, .atMost, bound, Self.condition(parameter, value), [Selection(parameter, value)], id, points)
  }

  /// Claims that a statistic, a count, equals a number.
  public init(_ statistic: Statistic, equals count: Int, id: String? = nil, points: Double? = nil) {
    self.init(statistic, .equals, Double(count), "", [], id, points)
  }

  /// The statistic of the runs with one value of a parameter, a count, equals a number.
  public init<Value>(
    _ statistic: Statistic, equals count: Int, where parameter: Parameter<Value>, is value: Value,
    id: String? = nil, points: Double? = nil
  ) {
    self.init(
      statistic, .equals, Double(count), Self.condition(parameter, value), [Selection(parameter, value)], id, points)
  }

  /// Evaluates the claim on some runs.
  /// - Throws: what reading the runs throws.
  package func verdict(on results: Results) throws -> Verdict {
    var verdict = try judge(results)
    (verdict.mark.id, verdict.mark.points) = (id, points)
    return verdict
  }

  /// The claim with a verdict that is known already, for a report that shows it without judging twice.
  package func with(_ verdict: Verdict) -> Expect {
    var copy = Expect(claim, id: id, points: points, thresholds: thresholds, statement: statement) { _ in verdict }
    copy.place = place
    return copy
  }

  /// A claim in a sentence, with a closure that returns whether it holds and the evidence.
  ///
  /// The claim is untested if the closure throws `Untested`, or if it uses a setting that the command line removed from the
  /// sweep.
  /// - Parameters:
  ///   - id: the identifier by which marking names the claim.
  ///   - points: the points of a claim that passes.
  public init(
    _ claim: String, id: String? = nil, points: Double? = nil,
    _ judge: @escaping @Sendable (_ results: Results) throws -> (passed: Bool, evidence: String)
  ) {
    self.init(claim, id: id, points: points) { (results: Results) -> Verdict in
      do {
        let ((passed, evidence), removed) = try results.removed.during { try judge(results) }
        guard removed.isEmpty else { return .untested(claim, removed.joined(separator: ", ")) }
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
    _ statistic: Statistic, _ comparison: Comparison, _ bound: Double, _ condition: String, _ selection: [Selection],
    _ id: String?, _ points: Double?
  ) {
    let shown = statistic.isShare ? NumberText.percent(bound) : NumberText.short(bound)
    let claim = "\(Self.name(statistic))\(condition) is \(comparison.rawValue) \(shown)"
    let statement = Statement(
      selection: selection, metrics: statistic.metrics, needsCensus: statistic.needsCensus)
    self.init(claim, id: id, points: points, thresholds: statistic.thresholds, statement: statement) { results in
      if let removed = results.removed(selection) { return .untested(claim, removed) }
      let chosen = results.chosen(selection)
      let (value, evidence) = try Self.evaluate(statistic, chosen)
      return Verdict(
        claim: claim, outcome: comparison.holds(value, bound) && !chosen.isEmpty ? .passed : .failed,
        evidence: "\(evidence), n = \(chosen.count)",
        mark: Event.Mark(value: value, comparison: comparison.rawValue, bound: bound))
    }
  }

  public var cell: Cell { .expect(self) }
}
