import Lanes

/// A function of the parameters alone, trained like a network: a test surface, a population loss.
///
/// The function is evaluated in lanes: eight settings of θ at once, each component a vector. Gradient
/// and Hessian are compared with differences before training.
public struct Objective: Hashable, Sendable {
  /// One number of each of eight points.
  public typealias Vector = SIMD8<Double>

  /// Identifies the function in a run's description, together with `fingerprint`.
  public let name: String
  /// Number of parameters, 1 or more.
  public let parameterCount: Int
  /// Returns E(θ) and writes ∇E(θ).
  package let evaluate:
    @Sendable (_ parameters: UnsafePointer<Vector>, _ gradient: UnsafeMutablePointer<Vector>) -> Vector
  /// Returns the second derivatives ∂²E/∂θᵢ∂θⱼ as `parameterCount` rows of `parameterCount`, for the classification of end points; training does not use them.
  public private(set) var hessian: (@Sendable (_ parameters: [Double]) -> [[Double]])?

  /// An objective in lanes: `parameters[i]` holds component i of eight points.
  public init(
    lanes name: String, parameterCount: Int,
    evaluate:
      @escaping @Sendable (_ parameters: UnsafePointer<Vector>, _ gradient: UnsafeMutablePointer<Vector>) -> Vector
  ) {
    self.name = name
    self.parameterCount = parameterCount
    self.evaluate = evaluate
    lazyFingerprint = LazyFingerprint { Self.fingerprint(parameterCount, evaluate) }
  }

  private let lazyFingerprint: LazyFingerprint
  /// A digest of value and gradient at eight fixed points.
  package var fingerprint: Fingerprint { lazyFingerprint.value }

  /// Eight points, a lane each, from near the origin to ten times farther out than weights usually lie.
  private static func fingerprint(
    _ count: Int, _ evaluate: (UnsafePointer<Vector>, UnsafeMutablePointer<Vector>) -> Vector
  ) -> Fingerprint {
    guard count > 0 else { return Fingerprint() }
    let reach = Vector(0.01, 0.1, 0.5, 1, 1, 2, 4, 10)
    let unit = Fingerprint.points(count * Vector.scalarCount, reach: 1)
    let theta = (0..<count).map { i in
      var point = reach
      for lane in point.indices { point[lane] *= unit[i * Vector.scalarCount + lane] }
      return point
    }
    var gradient = [Vector](repeating: .zero, count: count)
    let value = evaluate(theta, &gradient)
    return Fingerprint(of: ([value] + gradient).flatMap { vector in vector.indices.map { vector[$0] } })
  }

  /// A transformation of the parameters that does not change the value.
  public enum Symmetry: Hashable, Sendable {
    /// The parameters are a matrix, row by row, whose rows and whose columns may be exchanged. With one column: any
    /// order of the parameters.
    case permutations(rows: Int, columns: Int)
    /// All signs at once: E(−θ) = E(θ).
    case sign
    /// The sign of each parameter by itself.
    case signs
    /// The parameters shifted cyclically by a number of positions, any number of times.
    case cyclic(by: Int)
    /// The parameters are points of so many coordinates, one after another, that may be rotated and mirrored together about 0.
    case rotations(dimensions: Int)
    /// A common constant added to every parameter.
    case translation
  }

  /// All declared symmetries.
  package private(set) var symmetries: [Symmetry] = []

  /// The same with its symmetries declared, so that mirror images count as one place and the points of an orbit as connected.
  ///
  /// Several symmetries may be declared. Counting verifies them: a point and its image must have the same value.
  public func symmetry(_ symmetries: Symmetry...) -> Objective {
    var copy = self
    copy.symmetries = symmetries
    return copy
  }

  /// The same with exact second derivatives, given row by row; without them differences of gradients take their place.
  public func hessian(_ hessian: @escaping @Sendable (_ parameters: [Double]) -> [[Double]]) -> Objective {
    var copy = self
    copy.hessian = hessian
    return copy
  }

  /// An objective given for one point at a time: its value E(θ) and the `parameterCount` components of ∇E(θ).
  public init(
    _ name: String, parameterCount: Int,
    evaluate: @escaping @Sendable (_ parameters: [Double]) -> (value: Double, gradient: [Double])
  ) {
    self.init(lanes: name, parameterCount: parameterCount) { parameters, gradient in
      var values = Vector.zero
      for lane in 0..<Vector.scalarCount {
        let (value, slope) = evaluate((0..<parameterCount).map { parameters[$0][lane] })
        values[lane] = value
        for i in 0..<parameterCount { gradient[i][lane] = i < slope.count ? slope[i] : .nan }
      }
      return values
    }
  }

  /// A function of two variables with its partial derivatives.
  public static func function(
    _ name: String, value: @escaping @Sendable (_ x: Double, _ y: Double) -> Double,
    gradient: @escaping @Sendable (_ x: Double, _ y: Double) -> (Double, Double)
  ) -> Objective {
    Objective(name, parameterCount: 2) { point in
      let slope = gradient(point[0], point[1])
      return (value(point[0], point[1]), [slope.0, slope.1])
    }
  }

  /// E(θ) and ∇E(θ) at one point.
  public func callAsFunction(_ point: [Double]) -> (value: Double, gradient: [Double]) {
    let theta = point.map { Vector(repeating: $0) }
    var gradient = [Vector](repeating: .zero, count: parameterCount)
    let value = evaluate(theta, &gradient)
    return (value[0], gradient.map { $0[0] })
  }

  public static func == (a: Self, b: Self) -> Bool {
    a.name == b.name && a.parameterCount == b.parameterCount
      && LazyFingerprint.agree(a.lazyFingerprint, b.lazyFingerprint)
  }
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(parameterCount)
  }
}
