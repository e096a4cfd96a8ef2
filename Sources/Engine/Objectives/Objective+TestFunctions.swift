/// Functions of two variables whose minima, saddles and valleys are known, for experiments and tests.
extension Objective {
  /// (x² + y − 11)² + (x + y² − 7)²: four minima of value 0. Himmelblau 1972, Applied Nonlinear Programming.
  public static let himmelblau = function("himmelblau") { x, y in
    let (a, b) = (x * x + y - 11, x + y * y - 7)
    return a * a + b * b
  } gradient: { x, y in
    let (a, b) = (x * x + y - 11, x + y * y - 7)
    return (4 * a * x + 2 * b, 2 * a + 4 * b * y)
  }.hessian { point in
    let (x, y) = (point[0], point[1])
    let mixed = 4 * (x + y)
    return [[12 * x * x + 4 * y - 42, mixed], [mixed, 12 * y * y + 4 * x - 26]]
  }

  /// (4 − 2.1x² + x⁴/3)x² + xy + (4y² − 4)y²: six minima in three pairs, the lowest −1.0316. Dixon & Szegő 1978.
  public static let sixHumpCamel = function("six-hump-camel") { x, y in
    (4 - 2.1 * x * x + x * x * x * x / 3) * x * x + x * y + (4 * y * y - 4) * y * y
  } gradient: { x, y in
    (8 * x - 8.4 * x * x * x + 2 * x * x * x * x * x + y, x - 8 * y + 16 * y * y * y)
  }.hessian { point in
    let (x, y) = (point[0] * point[0], point[1] * point[1])
    return [[8 - 25.2 * x + 10 * x * x, 1], [1, 48 * y - 8]]
  }

  /// (1 − x)² + 100(y − x²)²: one minimum, at (1, 1), in a bent and narrow valley. Rosenbrock 1960,
  /// doi:10.1093/comjnl/3.3.175.
  public static let rosenbrock = function("rosenbrock") { x, y in
    (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x)
  } gradient: { x, y in
    (-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x))
  }.hessian { point in
    let (x, y) = (point[0], point[1])
    return [[2 - 400 * (y - 3 * x * x), -400 * x], [-400 * x, 200]]
  }
}
