import CLAPACK

/// Eigenvalues and eigenvectors of a symmetric matrix, by LAPACK's divide and conquer (`dsyevd`).
public struct SymmetricEigen: Sendable {
  /// In rising order.
  public let values: [Double]
  /// `vectors[k]` belongs to `values[k]`; empty where they were not asked for.
  public let vectors: [[Double]]

  /// - Parameter matrix: n rows of n numbers; the lower triangle is read.
  /// - Returns: `nil` where a number is not finite or LAPACK does not converge.
  public init?(_ matrix: [[Double]], vectors wantsVectors: Bool = false) {
    let n = matrix.count
    guard matrix.allSatisfy({ $0.count == n && $0.allSatisfy(\.isFinite) }) else { return nil }
    var a = matrix.flatMap(\.self)
    var w = [Double](repeating: 0, count: n)
    let job = CChar(UInt8(ascii: wantsVectors ? "V" : "N"))
    let state = n == 0 ? 0 : LAPACKE_dsyevd(LAPACK_ROW_MAJOR, job, CChar(UInt8(ascii: "L")), Int32(n), &a, Int32(n), &w)
    guard state == 0 else { return nil }
    values = w
    vectors = wantsVectors ? (0..<n).map { k in (0..<n).map { a[$0 * n + k] } } : []
  }
}
