import Lanes

extension Objective {
  /// The population loss of a two-layer ReLU network that learns another, in closed form.
  ///
  /// Student Σᵢ relu(wᵢᵀx) with n units, teacher Σⱼ relu(vⱼᵀx) with k orthonormal vⱼ in ℝᵏ, x ~ N(0, I). The vⱼ are the
  /// unit vectors; a rotation of the wᵢ makes them any others. Half the expected squared error is
  ///
  ///     E = (1/2π)[½ Σᵢⱼ g(wᵢ, wⱼ) − Σᵢⱼ g(vⱼ, wᵢ) + ½ Σᵢⱼ g(vᵢ, vⱼ)]
  ///     g(a, b) = ‖a‖‖b‖(sin φ + (π − φ) cos φ),  φ the angle between a and b
  ///     ∂g/∂a = ‖b‖ sin φ a/‖a‖ + (π − φ) b,  and ∂(½ g(a, a))/∂a = πa
  ///
  /// Parameters are the rows wᵢ, one after another. Cho & Saul 2009; Safran & Shamir 2018, arXiv:1712.08968.
  /// - Complexity: n(n + 1)/2 + nk angles, n²k multiply-adds.
  public static func twoLayerReLUPopulation(students n: Int, teachers k: Int) -> Objective {
    let (n, k) = (Swift.max(0, n), Swift.max(0, k))
    return Objective(lanes: "two-layer-relu-population(students:\(n),teachers:\(k))", parameterCount: n * k) {
      weights, gradient in
      withUnsafeTemporaryAllocation(of: Vector.self, capacity: 3 * n) { scratch in
        guard let base = scratch.baseAddress else { return Vector.zero }
        let loss = PopulationLoss(students: n, teachers: k, weights: weights, gradient: gradient, scratch: base)
        return loss.evaluate()
      }
    }
    .hessian { populationHessian($0, students: n, teachers: k) }
    .symmetry(.permutations(rows: n, columns: k))
  }

  /// arccos x for |x| ≤ 1, within 10⁻¹⁵.
  ///
  ///     arccos x = ½π − arcsin x  for |x| ≤ ½,  2 arcsin √(½(1 − x))  above,  π − arccos(−x)  below
  public static func arccos(_ x: Vector) -> Vector { Angle.arccos(x) }
}

/// One evaluation of E and ∇E.
private struct PopulationLoss {
  typealias V = Objective.Vector

  let students: Int
  let teachers: Int
  let weights: UnsafePointer<V>
  let gradient: UnsafeMutablePointer<V>
  /// For each student unit: ‖wᵢ‖, 1/‖wᵢ‖, and the sum of ‖b‖ sin φ over its partners b.
  let norms: UnsafeMutablePointer<V>
  let inverses: UnsafeMutablePointer<V>
  let pulls: UnsafeMutablePointer<V>

  @inline(__always)
  init(
    students: Int, teachers: Int, weights: UnsafePointer<V>, gradient: UnsafeMutablePointer<V>,
    scratch: UnsafeMutablePointer<V>
  ) {
    self.students = students
    self.teachers = teachers
    self.weights = weights
    self.gradient = gradient
    norms = scratch
    inverses = scratch + students
    pulls = scratch + 2 * students
  }

  @inline(__always)
  func evaluate() -> V {
    var sum = V.constant(0)
    for i in 0..<students {
      let own = alone(i)
      sum = V.fma(own, V.constant(Double.pi / 2), sum)
      for j in 0..<i { sum = sum + pair(i, j) }
      for j in 0..<teachers { sum = sum - taught(i, j) }
    }
    for i in 0..<students { finish(i) }
    let k = Double(teachers)
    let teacher = 0.5 * k * Double.pi + 0.5 * k * (k - 1)
    return (sum + V.constant(teacher)) * V.constant(0.5 / Double.pi)
  }

  /// Norms of student i; its gradient begins with that of ½ g(wᵢ, wᵢ). Returns ‖wᵢ‖².
  @inline(__always)
  private func alone(_ i: Int) -> V {
    let (w, g) = (weights + i * teachers, gradient + i * teachers)
    var square = V.constant(0)
    for d in 0..<teachers {
      square = V.fma(w[d], w[d], square)
      g[d] = w[d] * V.constant(Double.pi)
    }
    norms[i] = V.squareRoot(square)
    inverses[i] = V.constant(1) / V.max(V.constant(1e-300), norms[i])
    pulls[i] = V.constant(0)
    return square
  }

  /// g(wᵢ, wⱼ), its gradients added to both.
  @inline(__always)
  private func pair(_ i: Int, _ j: Int) -> V {
    let (a, b) = (weights + i * teachers, weights + j * teachers)
    let (ga, gb) = (gradient + i * teachers, gradient + j * teachers)
    var dot = V.constant(0)
    for d in 0..<teachers { dot = V.fma(a[d], b[d], dot) }
    let angle = Angle(cosine: dot * inverses[i] * inverses[j])
    for d in 0..<teachers {
      ga[d] = V.fma(angle.rest, b[d], ga[d])
      gb[d] = V.fma(angle.rest, a[d], gb[d])
    }
    pulls[i] = V.fma(norms[j], angle.sine, pulls[i])
    pulls[j] = V.fma(norms[i], angle.sine, pulls[j])
    return norms[i] * norms[j] * angle.kernel
  }

  /// g(vⱼ, wᵢ); its gradient is subtracted.
  @inline(__always)
  private func taught(_ i: Int, _ j: Int) -> V {
    let angle = Angle(cosine: weights[i * teachers + j] * inverses[i])
    gradient[i * teachers + j] = gradient[i * teachers + j] - angle.rest
    pulls[i] = pulls[i] - angle.sine
    return norms[i] * angle.kernel
  }

  /// Adds the part of the gradient along wᵢ itself, and multiplies by 1/2π.
  @inline(__always)
  private func finish(_ i: Int) {
    let (w, g) = (weights + i * teachers, gradient + i * teachers)
    let pull = pulls[i] * inverses[i]
    for d in 0..<teachers { g[d] = V.fma(pull, w[d], g[d]) * V.constant(0.5 / Double.pi) }
  }
}

/// sin φ and π − φ of an angle given by its cosine.
private struct Angle {
  typealias V = Objective.Vector

  let cosine: V
  let sine: V
  /// π − φ
  let rest: V

  @inline(__always)
  init(cosine: V) {
    // Rounding may lift a cosine beyond 1. NaN stays.
    let c = V.min(V.constant(1), V.max(V.constant(-1), cosine))
    self.cosine = c
    sine = V.squareRoot(V.fma(-c, c, V.constant(1)))
    rest = Self.arccos(-c)
  }

  /// sin φ + (π − φ) cos φ
  @inline(__always)
  var kernel: V { V.fma(rest, cosine, sine) }

  @inline(__always)
  static func arccos(_ x: V) -> V {
    let half = V.constant(0.5)
    let size = V.abs(x)
    let z = V.whereLess(half, size, half - half * size, size * size)
    let s = V.whereLess(half, size, V.squareRoot(z), size)
    let arcsine = V.fma(s, z * excess(z), s)
    let acute = V.whereLess(half, size, arcsine + arcsine, V.halfPi.0 - (arcsine - V.halfPi.1))
    let pi = V.halfPi.0 + V.halfPi.0
    let obtuse = pi - (acute - (V.halfPi.1 + V.halfPi.1))
    return V.whereLess(x, V.constant(0), obtuse, acute)
  }

  /// (arcsin s − s)/s³ as a rational function of z = s² ≤ ¼; the coefficients of FDLIBM's asin (Sun Microsystems 1993).
  @inline(__always)
  private static func excess(_ z: V) -> V {
    var p = V.constant(3.47933107596021167570e-05)
    p = V.fma(p, z, V.constant(7.91534994289814532176e-04))
    p = V.fma(p, z, V.constant(-4.00555345006794114027e-02))
    p = V.fma(p, z, V.constant(2.01212532134862925881e-01))
    p = V.fma(p, z, V.constant(-3.25565818622400915405e-01))
    p = V.fma(p, z, V.constant(1.66666666666666657415e-01))
    var q = V.constant(7.70381505559019352791e-02)
    q = V.fma(q, z, V.constant(-6.88283971605453293030e-01))
    q = V.fma(q, z, V.constant(2.02094576023350569471e+00))
    q = V.fma(q, z, V.constant(-2.40339491173441421878e+00))
    return p / V.fma(q, z, V.constant(1))
  }
}
