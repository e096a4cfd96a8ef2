import Lanes

/// A function of the parameters alone, trained like a network: a test surface, a population loss.
///
/// The function is evaluated in lanes: eight settings of θ at once, each component a vector.
public struct Objective: Hashable, Sendable {
  public typealias Vector = SIMD8<Double>

  /// Identifies the function in a run's description: give another name when it changes.
  public let name: String
  public let parameterCount: Int
  /// Returns E(θ) and writes ∇E(θ).
  public let evaluate:
    @Sendable (_ parameters: UnsafePointer<Vector>, _ gradient: UnsafeMutablePointer<Vector>) -> Vector
  /// Returns the second derivatives, row by row, for those who look at where runs end; training does not ask for them.
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
  }

  /// What carries the parameters into others of the same value.
  public enum Symmetry: Hashable, Sendable {
    case none
    /// The parameters are a matrix, row by row, whose rows and whose columns may be exchanged.
    case permutations(rows: Int, columns: Int)
  }

  public private(set) var symmetry = Symmetry.none

  /// The same with its symmetry declared, so that mirror images count as one place.
  public func symmetry(_ symmetry: Symmetry) -> Objective {
    var copy = self
    copy.symmetry = symmetry
    return copy
  }

  /// The same with exact second derivatives, given row by row; without them differences of gradients take their place.
  public func hessian(_ hessian: @escaping @Sendable (_ parameters: [Double]) -> [[Double]]) -> Objective {
    var copy = self
    copy.hessian = hessian
    return copy
  }

  /// An objective given for one point at a time.
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

  public static func == (a: Self, b: Self) -> Bool { a.name == b.name && a.parameterCount == b.parameterCount }
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(parameterCount)
  }
}
