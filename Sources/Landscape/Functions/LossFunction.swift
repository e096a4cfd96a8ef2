/// A twice differentiable function E(θ) of P parameters whose minima are searched for.
public protocol LossFunction: Sendable {
  /// One number of each of eight points.
  typealias Vector = SIMD8<Double>

  /// Number of parameters P.
  var parameterCount: Int { get }

  /// The length that counts as one in parameter space: steps, radii and what is near are multiples of it.
  var unit: Double { get }

  /// E of eight points at once: lane k of `points[i]` is component i of point k. Writes ∇E where there is room for it.
  func evaluate(_ points: UnsafePointer<Vector>, gradient: UnsafeMutablePointer<Vector>?) -> Vector

  /// E, ∇E and the Hessian at one point.
  func derivatives(_ theta: [Double]) -> Derivatives

  /// H(θ)v
  func hessianProduct(_ theta: [Double], _ v: [Double]) -> [Double]

  /// θ moved by the function's symmetries as near to another point as possible; E(θ) does not change.
  func aligned(_ theta: [Double], to other: [Double]) -> [Double]

  /// Other copies of a point under the function's symmetries, a step of them away, the nearest to another point first.
  func copies(of theta: [Double], near other: [Double]) -> [[Double]]
}

/// A function's value, gradient and Hessian at a point.
public struct Derivatives: Sendable {
  /// E(θ)
  public var loss: Double
  /// ∇E(θ), P numbers.
  public var gradient: [Double]
  /// The Hessian of E at θ, P × P.
  public var hessian: SquareMatrix
  /// By how much each entry of the Hessian may be wrong beyond rounding; `nil` for exact derivatives.
  public var uncertainty: SquareMatrix?

  /// Value, gradient and Hessian at one point.
  public init(loss: Double, gradient: [Double], hessian: SquareMatrix, uncertainty: SquareMatrix? = nil) {
    self.loss = loss
    self.gradient = gradient
    self.hessian = hessian
    self.uncertainty = uncertainty
  }
}

extension LossFunction {
  /// Networks' weights are numbers around 1.
  public var unit: Double { 1 }

  /// E(θ)
  public func callAsFunction(_ theta: [Double]) -> Double { losses(at: [theta]).first ?? .nan }

  /// ∇E(θ)
  public func gradient(_ theta: [Double]) -> [Double] { gradients(at: [theta]).first?.gradient ?? [] }

  /// H(θ), row by row.
  public func hessian(_ theta: [Double]) -> [[Double]] { derivatives(theta).hessian.rows }

  /// E at any number of points, eight at a time.
  public func losses(at points: [[Double]]) -> [Double] {
    inEights(points) { lanes, group, result in
      let loss = evaluate(lanes, gradient: nil)
      for lane in group.indices { result.append(loss[lane]) }
    }
  }

  /// E and ∇E at any number of points, eight at a time.
  public func gradients(at points: [[Double]]) -> [(loss: Double, gradient: [Double])] {
    var slopes = Array(repeating: Vector.zero, count: parameterCount)
    return inEights(points) { lanes, group, result in
      let loss = evaluate(lanes, gradient: &slopes)
      for lane in group.indices { result.append((loss[lane], slopes.map { $0[lane] })) }
    }
  }

  /// Turns points into lanes; places that no point fills repeat the first.
  private func inEights<Result>(
    _ points: [[Double]], _ work: (UnsafePointer<Vector>, [[Double]], inout [Result]) -> Void
  ) -> [Result] {
    var result: [Result] = []
    result.reserveCapacity(points.count)
    var lanes = Array(repeating: Vector.zero, count: parameterCount)
    for start in stride(from: 0, to: points.count, by: Vector.scalarCount) {
      let group = Array(points[start..<min(start + Vector.scalarCount, points.count)])
      for i in 0..<parameterCount {
        for lane in 0..<Vector.scalarCount { lanes[i][lane] = group[lane < group.count ? lane : 0][i] }
      }
      work(lanes, group, &result)
    }
    return result
  }
}
