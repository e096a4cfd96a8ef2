import Lanes

/// The greatest eigenvalue of a Hessian that is too large to store, from products with it alone.
///
/// Lanczos' method with full reorthogonalisation; exact in exact arithmetic after as many steps as there are distinct
/// eigenvalues, and for the extreme ones usually long before. Source: Golub & Van Loan, Matrix Computations, ch. 10.
package enum Lanczos {
  /// - Parameter steps: products at most.
  /// - Returns: the greatest and least Ritz values; the greatest is a lower bound of λ_max.
  package static func extremes(
    of function: some LossFunction, at theta: [Double], steps: Int = 80
  ) -> (least: Double, greatest: Double)? {
    let n = theta.count
    guard n > 0, var v = Linear.unit(RandomStream(seed: 0, role: .analysis).normals(n)) else { return nil }
    var basis: [[Double]] = []
    var (diagonal, offDiagonal) = ([Double](), [Double]())
    for _ in 0..<min(steps, n) {
      basis.append(v)
      var next = function.hessianProduct(theta, v)
      guard next.allSatisfy(\.isFinite) else { return nil }
      diagonal.append(Linear.dot(next, v))
      for _ in 0..<2 { for b in basis { next = Linear.add(next, -Linear.dot(next, b), b) } }
      let length = Linear.norm(next)
      guard length > 1e-13 * (diagonal.map(abs).max() ?? 1), let unit = Linear.unit(next) else { break }
      offDiagonal.append(length)
      v = unit
    }
    var tridiagonal = SquareMatrix(zeros: diagonal.count)
    for (i, value) in diagonal.enumerated() {
      tridiagonal[i, i] = value
      if i + 1 < diagonal.count {
        tridiagonal[i, i + 1] = offDiagonal[i]
        tridiagonal[i + 1, i] = offDiagonal[i]
      }
    }
    guard let values = SymmetricEigen(tridiagonal)?.values, let least = values.first, let greatest = values.last else {
      return nil
    }
    return (least, greatest)
  }
}
