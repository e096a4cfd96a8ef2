/// An update rule of your own: what one step does to one parameter.
///
/// A rule is a pure function: it depends on its arguments alone, and equal arguments give equal results. It is called for every parameter of
/// every run by itself, in float64. The numbers that it keeps are rounded to the run's format after each step.
public protocol UpdateRuleDefinition: Sendable {
  /// How many numbers the rule keeps for each parameter between steps, 0 to 16. They are 0 at step 0.
  var stateCount: Int { get }

  /// The parameter after the step.
  /// - Parameters:
  ///   - parameter: θ before the step.
  ///   - gradient: g, after clipping and with the gradients of penalties.
  ///   - state: the numbers that the rule keeps for this parameter.
  ///   - step: r = 0, 1, 2 …
  ///   - rate: η, the learning rate times the factor of the schedule.
  func updated(parameter: Double, gradient: Double, state: inout UpdateState, step: Int, rate: Double) -> Double
}

/// The numbers that an update rule keeps for one parameter.
public struct UpdateState: Sendable {
  private var numbers: [Double]
  /// The first index that the rule used and that the state does not have.
  package private(set) var outside: Int?

  package init(count: Int) { numbers = Array(repeating: 0, count: count) }

  /// How many numbers there are.
  public var count: Int { numbers.count }

  /// A number by its index, from 0. The use of an index that the state does not have is reported before training.
  public subscript(index: Int) -> Double {
    mutating get {
      if numbers.indices.contains(index) { return numbers[index] }
      outside = outside ?? index
      return .nan
    }
    set {
      if numbers.indices.contains(index) { numbers[index] = newValue } else { outside = outside ?? index }
    }
  }

  /// All numbers, for the trainer.
  @inline(__always)
  subscript(stored index: Int) -> Double {
    get { numbers[index] }
    set { numbers[index] = newValue }
  }
}

/// An update rule of your own with its name.
public struct CustomUpdateRule: Hashable, Sendable {
  /// Identifies the rule in a run's description, together with `fingerprint`.
  public let name: String
  /// How many numbers the rule keeps for each parameter.
  package let stateCount: Int
  typealias Update =
    @Sendable (_ parameter: Double, _ gradient: Double, _ state: inout UpdateState, _ step: Int, _ rate: Double) ->
    Double
  /// What a step does to a parameter: `UpdateRuleDefinition.updated` of the declared rule.
  let updated: Update

  /// A rule with its name.
  package init(name: String, _ definition: some UpdateRuleDefinition) {
    self.name = name
    let updated: Update = {
      definition.updated(parameter: $0, gradient: $1, state: &$2, step: $3, rate: $4)
    }
    let stateCount = definition.stateCount
    self.updated = updated
    self.stateCount = stateCount
    lazyFingerprint = LazyFingerprint { Fingerprint(of: Self.probe(updated, stateCount).values) }
  }

  /// The largest number of numbers that a rule keeps for a parameter.
  package static let mostNumbers = 16

  private let lazyFingerprint: LazyFingerprint
  /// A digest of the parameters and the state over short sequences of gradients.
  package var fingerprint: Fingerprint { lazyFingerprint.value }

  /// What the rule makes of fixed gradients, and the first index outside its state that it used.
  package func probe() -> (values: [Double], outside: Int?) { Self.probe(updated, stateCount) }

  /// Eight sequences: 24 steps from step 0 on, then steps up to 10⁷.
  private static func probe(_ updated: Update, _ count: Int) -> (values: [Double], outside: Int?) {
    guard (0...mostNumbers).contains(count) else { return ([], nil) }
    let steps = Array(0..<24) + [100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000]
    var values: [Double] = []
    var outside: Int?
    for (row, start) in Fingerprint.points(8, reach: 2).enumerated() {
      var state = UpdateState(count: count)
      let gradients = Fingerprint.points(steps.count, reach: 3, from: 8 + row * steps.count)
      var parameter = start
      for (step, gradient) in zip(steps, gradients) {
        parameter = updated(parameter, gradient, &state, step, row < 4 ? 0.1 : 0.003)
        values += [parameter] + (0..<count).map { state[stored: $0] }
        if !parameter.isFinite { parameter = start }
      }
      outside = outside ?? state.outside
    }
    return (values, outside)
  }

  public static func == (a: Self, b: Self) -> Bool {
    a.name == b.name && a.stateCount == b.stateCount && LazyFingerprint.agree(a.lazyFingerprint, b.lazyFingerprint)
  }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension Optimizer {
  /// An update rule of your own. It is called for each parameter, so that training is slower than with a built-in rule.
  public static func custom(
    _ name: String, _ rule: some UpdateRuleDefinition, learningRate: Double, schedule: Schedule = .constant
  ) -> Self {
    Self(.custom(CustomUpdateRule(name: name, rule)), learningRate: learningRate, schedule: schedule)
  }
}
