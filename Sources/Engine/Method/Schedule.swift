import Lanes

/// The learning-rate schedule η(r) as a pure function of the step r = 0, 1, 2 …: a factor on the base rate.
public enum Schedule: Hashable, Sendable {
  /// 1 at every step.
  case constant
  /// `factor`^⌊r/`every`⌋: ×`factor` after every `every` steps; `factor` ≥ 0, `every` ≥ 1
  case step(factor: Double, every: Int)
  /// 1/(1 + r/`halving`): half of the rate is left after `halving` > 0 steps; 1 is the lectures' 1/r
  case inverse(halving: Double = 1)
  /// `factor`ʳ; `factor` > 0
  case exponential(factor: Double)
  /// ½(1 + cos(πr/`steps`)) for r < `steps`, and 0 from there on; `steps` ≥ 1
  case cosine(steps: Int)
  /// (r + 1)/`steps` times the first factor of `then` for r < `steps`, and the schedule `then` from there on, which counts its own steps
  /// from 0; `steps` ≥ 1. Goyal et al. 2017, arXiv:1706.02677.
  indirect case warmUp(steps: Int, then: Schedule = .constant)
  /// A function of the step.
  case custom(CustomSchedule)

  /// The name in descriptions, tables and on the command line.
  public var name: String {
    switch self {
    case .constant: "constant"
    case .step(let factor, let every): "step(\(factor),\(every))"
    case .inverse(let halving): "inverse(\(halving))"
    case .exponential(let factor): "exponential(\(factor))"
    case .cosine(let steps): "cosine(\(steps))"
    case .warmUp(let steps, let then): "warm-up(\(steps),\(then.name))"
    case .custom(let custom): "custom(\(custom.name))"
    }
  }

  /// The factor at step `r`.
  public func factor(_ r: Int) -> Double {
    switch self {
    case .constant: 1
    case .step(let factor, let every): power(factor, r / every)
    case .inverse(let halving): 1 / (1 + Double(r) / halving)
    case .exponential(let factor): power(factor, r)
    case .cosine(let steps):
      r >= steps ? 0 : 0.5 * (1 + SIMD8<Double>.cos(SIMD8(repeating: Double.pi * Double(r) / Double(steps)))[0])
    case .warmUp(let steps, let then):
      r < steps ? Double(r + 1) / Double(steps) * then.factor(0) : then.factor(r - steps)
    case .custom(let custom): custom.factor(r)
    }
  }

  /// The declared function of the schedule, or of the one that follows its warm-up; `nil` where all is built in.
  package var custom: CustomSchedule? {
    switch self {
    case .custom(let custom): custom
    case .warmUp(_, let then): then.custom
    case .constant, .step, .inverse, .exponential, .cosine: nil
    }
  }

  /// Steps of the warm-up before the schedule; 0 where there is none.
  package var warmUpSteps: Int {
    get { if case .warmUp(let steps, _) = self { steps } else { 0 } }
    set {
      let rest = if case .warmUp(_, let then) = self { then } else { self }
      self = newValue == 0 ? rest : .warmUp(steps: newValue, then: rest)
    }
  }

  /// base^exponent by squaring: products only, so the same bits everywhere.
  private func power(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0
    var square = base
    var remaining = exponent
    while remaining > 0 {
      if remaining & 1 == 1 { result *= square }
      square *= square
      remaining >>= 1
    }
    return result
  }
}

/// A schedule given as a function of the step.
public struct CustomSchedule: Hashable, Sendable {
  /// Identifies the function in a run's description, together with `fingerprint`.
  public let name: String
  /// The factor at step r = 0, 1, 2 …
  public let factor: @Sendable (Int) -> Double

  /// A schedule with its name.
  public init(name: String, factor: @escaping @Sendable (Int) -> Double) {
    self.name = name
    self.factor = factor
    lazyFingerprint = LazyFingerprint { Fingerprint(of: Self.sampledSteps.map(factor)) }
  }

  private let lazyFingerprint: LazyFingerprint
  /// A digest of the factors at the first 4,096 steps and at later steps spread over the powers of ten up to 10⁹.
  package var fingerprint: Fingerprint { lazyFingerprint.value }

  private static let sampledSteps: [Int] = Array(0..<4096) + later
  private static let later: [Int] = {
    var steps: [Int] = []
    var step = 4096
    while step <= 1_000_000_000 {
      steps.append(step)
      step += Swift.max(1, step / 256)
    }
    return steps
  }()

  public static func == (a: Self, b: Self) -> Bool {
    a.name == b.name && LazyFingerprint.agree(a.lazyFingerprint, b.lazyFingerprint)
  }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
