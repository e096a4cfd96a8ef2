import Learning

/// The directions without curvature at a stationary point: which eigenvectors they are, and what explains them.
struct FlatSpace {
  /// Orthonormal.
  let basis: [[Double]]

  /// The eigenvectors whose eigenvalue is zero within its uncertainty.
  ///
  /// An eigenvalue λ with vector v is uncertain because the point is: what is left of the gradient along v is a distance
  /// r = |v·∇E|/|λ| from where it would vanish. If the curvature along v is another one at ±r, λ tells nothing about the
  /// stationary point itself. Rounding of the Hessian's entries is the least uncertainty.
  init(_ function: some LossFunction, _ theta: [Double], _ gradient: [Double], _ eigen: SymmetricEigen) {
    let largest = eigen.values.map(abs).max() ?? 0
    let rounding = 1e-14 * largest * Double(max(8, theta.count))
    let noise = 1e-15 * largest * max(1, Linear.norm(theta))
    basis = zip(eigen.values, eigen.vectors).filter { value, vector in
      if abs(value) <= rounding { return true }
      if abs(value) > 1e-4 * largest { return false }
      let reach = 2 * max(abs(Linear.dot(vector, gradient)), noise) / abs(value)
      return [reach, -reach].contains { r in
        let curvature = Linear.dot(vector, function.hessianProduct(Linear.add(theta, r, vector), vector))
        return !(abs(curvature - value) < 0.5 * abs(value))
      }
    }.map(\.1)
  }

  /// The part of a gradient within the space. More than rounding says that the point still moves there, slowly.
  func part(of gradient: [Double]) -> [Double] {
    basis.reduce(gradient.map { _ in 0 }) { Linear.add($0, Linear.dot($1, gradient), $1) }
  }

  /// Whether a direction lies within the space.
  func holds(_ direction: [Double]) -> Bool {
    let inside = basis.reduce(0) { $0 + Linear.dot($1, direction) * Linear.dot($1, direction) }
    return inside > 0.98 * Linear.dot(direction, direction)
  }

  /// Counts the directions by cause; nothing is known of a function that is no network.
  func explained(_ function: some LossFunction, _ theta: [Double]) -> FlatDirections {
    var flat = FlatDirections()
    guard !basis.isEmpty else { return flat }
    guard let network = function as? NetworkLoss else {
      flat.unexplained = basis.count
      return flat
    }
    let known = KnownDirections(network, theta, UnitActivity(network, theta))
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
