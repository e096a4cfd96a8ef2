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
    case .custom(let custom): custom.factor(r)
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
