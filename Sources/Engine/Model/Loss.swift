/// How the squared errors of a batch are added up. All sum over outputs; they differ in the factor.
public enum SquaredErrorConvention: String, Hashable, Sendable, CaseIterable {
  /// Σᵢ Σₖ (y − t)²
  case sum
  /// (1/n) Σᵢ Σₖ (y − t)²
  case mean
  /// ½ Σᵢ Σₖ (y − t)²
  case halfSum = "half-sum"
  /// (1/n) Σᵢ ½ Σₖ (y − t)²
  case halfMean = "half-mean"

  /// The factor in front of the squares for a batch of `samples`.
  func factor(samples: Int) -> Double {
    switch self {
    case .sum: 1
    case .mean: 1 / Double(samples)
    case .halfSum: 0.5
    case .halfMean: 0.5 / Double(samples)
    }
  }
}

/// A distance d(y, t) between one output and its target, with its derivative in y.
public struct Distance: Sendable, Hashable {
  /// Identifies the distance in a run's description, together with `fingerprint`.
  public let name: String
  /// d(y, t)
  public let value: @Sendable (_ output: Double, _ target: Double) -> Double
  /// ∂d/∂y
  public let derivative: @Sendable (_ output: Double, _ target: Double) -> Double

  /// A distance with its name, value and derivative.
  public init(
    name: String,
    value: @escaping @Sendable (_ output: Double, _ target: Double) -> Double,
    derivative: @escaping @Sendable (_ output: Double, _ target: Double) -> Double
  ) {
    self.name = name
    self.value = value
    self.derivative = derivative
    lazyFingerprint = LazyFingerprint {
      let outputs = Fingerprint.points(48, reach: 4) + [0, 1]
      let targets = Fingerprint.points(48, reach: 2, from: 48) + [0, 1]
      return Fingerprint(of: zip(outputs, targets).flatMap { [value($0, $1), derivative($0, $1)] })
    }
  }

  private let lazyFingerprint: LazyFingerprint
  /// A digest of value and derivative at fixed outputs and targets.
  package var fingerprint: Fingerprint { lazyFingerprint.value }

  public static func == (a: Distance, b: Distance) -> Bool {
    a.name == b.name && LazyFingerprint.agree(a.lazyFingerprint, b.lazyFingerprint)
  }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// The function that training minimises: a sum over outputs, and a sum or mean over the samples of the step's batch.
///
/// In the formulas n is the number of samples of the batch, i a sample, k an output, y an output of the network and t its target.
public enum Loss: Hashable, Sendable {
  /// Squared error, in one of four conventions.
  case squaredError(SquaredErrorConvention)
  /// (1/n) Σᵢ Σₖ |y − t|, derivative 0 where y = t
  case absoluteError
  /// (1/n) Σᵢ Σₖ [−t ln y − (1−t) ln(1−y)]; every output must be a sigmoid, targets lie in [0, 1]
  case binaryCrossEntropy
  /// (1/n) Σᵢ Σₖ (−t ln y); the output layer must be a softmax, the targets classes with one output each
  case crossEntropy
  /// (1/n) Σᵢ Σₖ d(y, t)
  case custom(Distance)

  /// Σᵢ Σₖ (y − t)²
  public static let sumOfSquares = Loss.squaredError(.sum)
  /// (1/n) Σᵢ Σₖ (y − t)²
  public static let meanSquaredError = Loss.squaredError(.mean)
  /// ½ Σᵢ Σₖ (y − t)²
  public static let halfSumOfSquares = Loss.squaredError(.halfSum)
  /// (1/n) Σᵢ ½ Σₖ (y − t)²
  public static let halfMeanSquaredError = Loss.squaredError(.halfMean)

  /// The name in descriptions, tables and on the command line.
  public var name: String {
    switch self {
    case .squaredError(let convention): "squared-error(\(convention.rawValue))"
    case .absoluteError: "absolute-error"
    case .binaryCrossEntropy: "binary-cross-entropy"
    case .crossEntropy: "cross-entropy"
    case .custom(let distance): "custom(\(distance.name))"
    }
  }

  /// The factor in front of the sum over a batch of `samples`.
  public func factor(samples: Int) -> Double {
    if case .squaredError(let convention) = self { return convention.factor(samples: samples) }
    return 1 / Double(samples)
  }
}
