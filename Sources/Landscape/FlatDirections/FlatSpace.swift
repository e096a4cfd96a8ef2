/// The directions without curvature at a stationary point: the eigenvectors, and their causes.
struct FlatSpace {
  /// Orthonormal.
  let basis: [[Double]]

  /// The eigenvectors whose eigenvalue is zero within its uncertainty.
  ///
  /// An eigenvalue λ with vector v is uncertain because the point is: what is left of the gradient along v is a distance
  /// r = |v·∇E|/|λ| from where it would vanish. If the curvature along v differs at ±r, λ is not that of the stationary point
  /// itself. Rounding of the Hessian's entries is the least uncertainty; a Hessian from differences has a further one,
  /// Σ |vᵢ||vⱼ|δHᵢⱼ.
  ///
  /// Eigenvalues within 10⁻⁴ of the greatest are taken as certain where the greatest one is; where the whole Hessian vanishes
  /// at the stationary point, each is examined.
  init(
    _ function: some LossFunction, _ theta: [Double], _ gradient: [Double], _ eigen: SymmetricEigen,
    uncertainty: SquareMatrix? = nil
  ) {
    let largest = eigen.values.map(abs).max() ?? 0
    let rounding = 1e-14 * largest * Double(max(8, theta.count))
    let noise = 1e-15 * largest * max(function.unit, Linear.norm(theta))
    func changes(_ value: Double, _ vector: [Double]) -> Bool {
      let reach = 2 * max(abs(Linear.dot(vector, gradient)), noise) / abs(value)
      return [reach, -reach].contains { r in
        let curvature = Linear.dot(vector, function.hessianProduct(Linear.add(theta, r, vector), vector))
        return !(abs(curvature - value) < 0.5 * abs(value))
      }
    }
    let pairs = Array(zip(eigen.values, eigen.vectors))
    let isGreatestCertain = pairs.max { abs($0.0) < abs($1.0) }.map { $0.0 != 0 && !changes($0.0, $0.1) } ?? false
    basis = pairs.filter { value, vector in
      if abs(value) <= max(rounding, 3 * (uncertainty?.form(vector.map(abs)) ?? 0)) { return true }
      if isGreatestCertain, abs(value) > 1e-4 * largest { return false }
      return changes(value, vector)
    }.map(\.1)
  }

  /// The part of a gradient within the space. If it is more than rounding, the point still moves there, slowly.
  func part(of gradient: [Double]) -> [Double] {
    basis.reduce(gradient.map { _ in 0 }) { Linear.add($0, Linear.dot($1, gradient), $1) }
  }

  /// Whether a direction lies within the space.
  func holds(_ direction: [Double]) -> Bool {
    let inside = basis.reduce(0) { $0 + Linear.dot($1, direction) * Linear.dot($1, direction) }
    return inside > 0.98 * Linear.dot(direction, direction)
  }

  /// Counts the directions by cause; of an objective only the declared symmetries are known.
  func explained(_ function: some LossFunction, _ theta: [Double]) -> FlatDirections {
    var flat = FlatDirections()
    guard !basis.isEmpty else { return flat }
    var taken: [[Double]] = []
    func count(_ directions: [[Double]]) -> Int {
      let before = taken.count
      for direction in directions where taken.count < basis.count {
        guard let unit = Linear.unit(direction), holds(unit) else { continue }
        let rest = taken.reduce(unit) { Linear.add($0, -Linear.dot($1, unit), $1) }
        if Linear.norm(rest) > 1e-5, let new = Linear.unit(rest) { taken.append(new) }
      }
      return taken.count - before
    }
    guard let network = function as? NetworkLoss else {
      if let objective = function as? ObjectiveLoss { flat.symmetry = count(objective.orbitDirections(theta)) }
      flat.unexplained = basis.count - taken.count
      return flat
    }
    let known = KnownDirections(network, theta, UnitActivity(network, theta))
    flat.deadUnits = count(known.deadUnits)
    flat.saturation = count(known.saturation)
    flat.symmetry = count(known.symmetry)
    flat.duplicateUnits = count(known.duplicateUnits)
    flat.data = max(0, invisible(network, theta) - taken.count)
    flat.unexplained = basis.count - taken.count - flat.data
    return flat
  }

  /// How many of the directions change no training output to first order: m − rank(J·N).
  private func invisible(_ network: NetworkLoss, _ theta: [Double]) -> Int {
    let images = network.outputTangents(theta, along: basis)
    var gram = SquareMatrix(zeros: basis.count)
    for i in basis.indices {
      for j in basis.indices { gram[i, j] = Linear.dot(images[i], images[j]) }
    }
    let scale = network.jacobianScale(theta)
    return SymmetricEigen(gram)?.values.count { $0 <= 1e-10 * scale } ?? 0
  }
}
