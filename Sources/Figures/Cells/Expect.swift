public import Analysis
public import Studies

/// Thrown by a claim that has nothing to say of the runs at hand: a reference that holds for other settings, say.
public struct Untested: Error {
  /// Why the claim was not tested.
  public let reason: String

  /// A reason in words.
  public init(_ reason: String) { self.reason = reason }
}

/// A claim about the runs, computed with its uncertainty, shown as pass or fail.
public struct Expect: CellDeclaration, Sendable {
  /// What is claimed about.
  public enum Statistic: Sendable {
    /// The share of runs whose metric is below a bound.
    case share(of: Metric, below: Double)
    /// The share of runs whose metric is above a bound.
    case shareAbove(of: Metric, above: Double)
    /// The median of a metric.
    case median(of: Metric)
    /// The share of diverged runs.
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
    /// Pass, fail or untested.
    public typealias Outcome = Event.Outcome

    /// The claim in words.
    public let claim: String
    /// The outcome.
    public let outcome: Outcome
    /// Whether the claim passed.
    public var passed: Bool { outcome == .passed }
    /// "31 of 32 (96.9 %, 95 % interval 84.3–99.4 %), n = 32"
    public let evidence: String

    static func untested(_ claim: String, _ removed: String) -> Verdict {
      Verdict(
        claim: claim, outcome: .untested, evidence: "the command line has taken \(removed) out of the sweep")
    }
  }

  /// A claim of the library's own kinds, as far as it can be checked before anything is trained.
  struct Statement: Sendable {
    let sentence: String
    let selection: [Selection]
    let metrics: [Metric]
    let needsCensus: Bool
  }

  let judge: @Sendable (Results) throws -> Verdict
  /// `nil` for a claim in an author's own words.
  let statement: Statement?
  /// Thresholds on the loss that the claim uses, for the table of runs.
  package let thresholds: [Double]

  private init(
    thresholds: [Double] = [], statement: Statement? = nil, _ judge: @escaping @Sendable (Results) throws -> Verdict
  ) {
    self.thresholds = thresholds
    self.statement = statement
    self.judge = judge
  }

  /// The statistic is at least a bound.
  public init(_ statistic: Statistic, atLeast bound: Double) { self.init(statistic, .atLeast, bound, "", []) }

  /// The statistic of the runs with one value of a parameter is at least a bound.
  public init<Value>(_ statistic: Statistic, atLeast bound: Double, where parameter: Parameter<Value>, is value: Value)
  {
    self.init(statistic, .atLeast, bound, Self.condition(parameter, value), [Selection(parameter, value)])
  }

  /// The statistic is at most a bound.
  public init(_ statistic: Statistic, atMost bound: Double) { self.init(statistic, .atMost, bound, "", []) }

  /// The statistic of the runs with one value of a parameter is at most a bound.
  public init<Value>(_ statistic: Statistic, atMost bound: Double, where parameter: Parameter<Value>, is value: Value) {
    self.init(statistic, .atMost, bound, Self.condition(parameter, value), [Selection(parameter, value)])
  }

  /// The statistic, a count, is a number.
  public init(_ statistic: Statistic, equals count: Int) { self.init(statistic, .equals, Double(count), "", []) }

  /// The statistic of the runs with one value of a parameter, a count, equals a number.
  public init<Value>(_ statistic: Statistic, equals count: Int, where parameter: Parameter<Value>, is value: Value) {
    self.init(statistic, .equals, Double(count), Self.condition(parameter, value), [Selection(parameter, value)])
  }

  /// Tests the claim on some runs.
  /// - Throws: what reading the runs throws.
  public func verdict(on results: Results) throws -> Verdict { try judge(results) }

  /// Any claim: a sentence, and a closure that says whether it holds and on what evidence.
  ///
  /// The claim is untested where the closure throws `Untested`, and where it asks for a setting that the command line has
  /// taken out of the sweep.
  public init(
    _ claim: String, _ judge: @escaping @Sendable (_ results: Results) throws -> (passed: Bool, evidence: String)
  ) {
    self.init { results in
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
    _ statistic: Statistic, _ comparison: Comparison, _ bound: Double, _ condition: String, _ selection: [Selection]
  ) {
    let shown = statistic.isShare ? NumberText.percent(bound) : NumberText.short(bound)
    let claim = "\(Self.name(statistic))\(condition) is \(comparison.rawValue) \(shown)"
    let statement = Statement(
      sentence: claim, selection: selection, metrics: statistic.metrics, needsCensus: statistic.needsCensus)
    self.init(thresholds: statistic.thresholds, statement: statement) { results in
      if let removed = results.removed(selection) { return .untested(claim, removed) }
      let chosen = results.chosen(selection)
      let (value, evidence) = try Self.evaluate(statistic, chosen)
      return Verdict(
        claim: claim, outcome: comparison.holds(value, bound) && !chosen.isEmpty ? .passed : .failed,
        evidence: "\(evidence), n = \(chosen.count)")
    }
  }

  public var cell: Cell { .expect(self) }
}
