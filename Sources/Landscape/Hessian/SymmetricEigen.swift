import CLAPACK

/// Eigenvalues and eigenvectors of a symmetric matrix, by LAPACK's divide and conquer (`dsyevd`).
public struct SymmetricEigen: Sendable {
  /// In rising order.
  public let values: [Double]
  /// `vectors[k]` belongs to `values[k]`; empty where they were not asked for.
  public let vectors: [[Double]]

  /// - Parameter matrix: n rows of n numbers, symmetric.
  public init?(_ matrix: [[Double]], vectors wantsVectors: Bool = false) {
    guard let square = SquareMatrix(matrix) else { return nil }
    self.init(square, vectors: wantsVectors)
  }

  /// - Returns: `nil` where a number is not finite, the matrix is not symmetric to rounding (a triangle left empty, say)
  ///   or LAPACK does not converge.
  public init?(_ matrix: SquareMatrix, vectors wantsVectors: Bool = false) {
    let n = matrix.count
    guard matrix.elements.allSatisfy(\.isFinite), matrix.isSymmetric else { return nil }
    var a = matrix.elements
    var w = [Double](repeating: 0, count: n)
    let job = CChar(UInt8(ascii: wantsVectors ? "V" : "N"))
    // Rows read as columns: of a symmetric matrix that is the same, and vectors come out one after another.
    let state = n == 0 ? 0 : LAPACKE_dsyevd(LAPACK_COL_MAJOR, job, CChar(UInt8(ascii: "L")), Int32(n), &a, Int32(n), &w)
    guard state == 0 else { return nil }
    values = w
    vectors = wantsVectors ? (0..<n).map { Array(a[$0 * n..<($0 + 1) * n]) } : []
  }
}

extension SquareMatrix {
  /// The solution of (A + μI)x = b for symmetric A; `nil` where A + μI is not positive definite (`dposv`, Cholesky).
  func solve(_ b: [Double], shiftedBy shift: Double) -> [Double]? {
    let n = Int32(count)
    guard count > 0 else { return [] }
    var a = elements
    for i in 0..<count { a[i * count + i] += shift }
    var x = b
    let state = LAPACKE_dposv(LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), n, 1, &a, n, &x, n)
    return state == 0 && x.allSatisfy(\.isFinite) ? x : nil
  }

  /// Whether both triangles are equal, to the rounding of a sum: 10⁻⁸ of the greatest entry.
  var isSymmetric: Bool {
    let bound = 1e-8 * elements.reduce(0) { max($0, abs($1)) }
    return (0..<count).allSatisfy { row in (0..<row).allSatisfy { abs(self[row, $0] - self[$0, row]) <= bound } }
  }

  /// A bound on every |λ|: the greatest sum of absolute values in a row (Gershgorin).
  var radius: Double {
    (0..<count).map { row in elements[row * count..<(row + 1) * count].reduce(0) { $0 + abs($1) } }.max() ?? 0
  }
}
