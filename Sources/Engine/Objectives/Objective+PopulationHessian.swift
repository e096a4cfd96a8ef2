import Lanes

extension Objective {
  /// The Hessian of `twoLayerReLUPopulation`.
  ///
  ///     ∂²g/∂a∂aᵀ = (‖b‖/‖a‖) sin φ (I − uuᵀ + nnᵀ),   ∂²g/∂a∂bᵀ = (π − φ)I + unᵀ + vmᵀ
  ///     u = a/‖a‖, v = b/‖b‖, n = (v − cos φ u)/sin φ, m = (u − cos φ v)/sin φ
  ///
  /// Source: Safran & Shamir 2018, arXiv:1712.08968, appendix; where a and b are parallel n and m cancel and count as 0.
  static func populationHessian(_ weights: [Double], students n: Int, teachers k: Int) -> [[Double]] {
    let w = (0..<n).map { Ray(Array(weights[$0 * k..<($0 + 1) * k])) }
    let teachers = (0..<k).map { j in Ray((0..<k).map { $0 == j ? 1 : 0 }) }
    var hessian = Array(repeating: Array(repeating: 0.0, count: n * k), count: n * k)
    for i in 0..<n {
      for d in 0..<k { hessian[i * k + d][i * k + d] += 0.5 }
      for j in 0..<n where j != i {
        let pair = Bend(w[i], w[j])
        add(pair, 1, i, k, to: &hessian)
        for r in 0..<k {
          for c in 0..<k { hessian[i * k + r][j * k + c] += pair.mixed(r, c) / (2 * Double.pi) }
        }
      }
      for teacher in teachers { add(Bend(w[i], teacher), -1, i, k, to: &hessian) }
    }
    return hessian
  }

  private static func add(_ bend: Bend, _ sign: Double, _ i: Int, _ k: Int, to hessian: inout [[Double]]) {
    for r in 0..<k {
      for c in 0..<k { hessian[i * k + r][i * k + c] += sign * bend.own(r, c) / (2 * Double.pi) }
    }
  }

  /// A vector's length and direction.
  private struct Ray {
    let length: Double
    let unit: [Double]

    init(_ vector: [Double]) {
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      self.length = length
      unit = vector.map { $0 / max(1e-300, length) }
    }
  }

  /// Second derivatives of g(a, b).
  private struct Bend {
    let (u, v, n, m): ([Double], [Double], [Double], [Double])
    let (sine, rest, ratio): (Double, Double, Double)

    init(_ a: Ray, _ b: Ray) {
      let cosine = min(1, max(-1, zip(a.unit, b.unit).reduce(0) { $0 + $1.0 * $1.1 }))
      let sine = (1 - cosine * cosine).squareRoot()
      let scale = sine > 1e-9 ? 1 / sine : 0
      (u, v) = (a.unit, b.unit)
      n = zip(a.unit, b.unit).map { ($1 - cosine * $0) * scale }
      m = zip(a.unit, b.unit).map { ($0 - cosine * $1) * scale }
      self.sine = sine
      rest = Double.pi - Objective.arccos(Objective.Vector(repeating: cosine))[0]
      ratio = b.length / max(1e-300, a.length)
    }

    func own(_ r: Int, _ c: Int) -> Double { ratio * sine * ((r == c ? 1 : 0) - u[r] * u[c] + n[r] * n[c]) }
    func mixed(_ r: Int, _ c: Int) -> Double { (r == c ? rest : 0) + u[r] * n[c] + v[r] * m[c] }
  }
}
