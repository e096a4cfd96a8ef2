/// An activation given as a function φ(z) of a unit's weighted input, with its slope φ′(z).
public struct ActivationFunction: Hashable, Sendable {
  /// Identifies the function in a run's description, together with `fingerprint`.
  public let name: String
  /// φ(z)
  public let value: @Sendable (_ z: Double) -> Double
  /// φ′(z)
  public let slope: @Sendable (_ z: Double) -> Double

  /// A function with its name and its slope.
  public init(
    name: String, value: @escaping @Sendable (_ z: Double) -> Double,
    slope: @escaping @Sendable (_ z: Double) -> Double
  ) {
    self.name = name
    self.value = value
    self.slope = slope
    lazyFingerprint = LazyFingerprint { Fingerprint(of: Self.probes.flatMap { [value($0), slope($0)] }) }
  }

  private let lazyFingerprint: LazyFingerprint
  /// A digest of value and slope at `probes`.
  package var fingerprint: Fingerprint { lazyFingerprint.value }

  /// The points at which a function is identified and its slope is compared with differences: from −8 to 8, dense around 0.
  package static let probes: [Double] =
    Fingerprint.points(64, reach: 8) + Fingerprint.points(32, reach: 1, from: 64) + [0, 1, -1]

  public static func == (a: Self, b: Self) -> Bool {
    a.name == b.name && LazyFingerprint.agree(a.lazyFingerprint, b.lazyFingerprint)
  }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension Activation {
  /// An activation of your own: φ(z), and its slope φ′(z), for hidden and output units.
  ///
  ///     .custom("swish") { z in z / (1 + exp(-z)) } slope: { z in … }
  ///
  /// Both are pure functions, finite for every z from −8 to 8. The slope is compared with central differences before training. The
  /// functions are called for each unit and sample in float64, so that training is slower than with a built-in activation.
  public static func custom(
    _ name: String, _ value: @escaping @Sendable (_ z: Double) -> Double,
    slope: @escaping @Sendable (_ z: Double) -> Double
  ) -> Activation {
    .function(ActivationFunction(name: name, value: value, slope: slope))
  }

  /// The declared function; `nil` for a built-in activation.
  package var function: ActivationFunction? { if case .function(let function) = self { function } else { nil } }
}
