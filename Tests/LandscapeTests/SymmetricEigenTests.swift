import Landscape
import Testing

@Suite struct SymmetricEigenTests {
  /// The path graph's matrix: 2 on the diagonal, −1 beside it; eigenvalues 2 − 2 cos(kπ/(n+1)).
  @Test func aChainOfSprings() throws {
    let n = 9
    let matrix = (0..<n).map { i in (0..<n).map { j in i == j ? 2.0 : abs(i - j) == 1 ? -1 : 0 } }
    let eigen = try #require(SymmetricEigen(matrix, vectors: true))
    for (k, value) in eigen.values.enumerated() {
      // sin² form of the same number, by half angles from the exact ones for n + 1 = 10.
      let exact = [
        0.09788696740969294, 0.3819660112501051, 0.8244294954150538, 1.381966011250105, 2,
        2.618033988749895, 3.175570504584946, 3.618033988749895, 3.902113032590307,
      ][k]
      #expect(abs(value - exact) < 1e-13)
      let v = eigen.vectors[k]
      for i in 0..<n {
        let product = (0..<n).reduce(0) { $0 + matrix[i][$1] * v[$1] }
        #expect(abs(product - value * v[i]) < 1e-13)
      }
    }
  }

  @Test func whatHasNoEigenvalues() {
    #expect(SymmetricEigen([[1, .nan], [.nan, 1]]) == nil)
    #expect(SymmetricEigen([[1, 2], [3]]) == nil)
    #expect(SymmetricEigen([[1, 0], [3, 1]]) == nil)
    #expect(SymmetricEigen([])?.values == [])
  }
}
