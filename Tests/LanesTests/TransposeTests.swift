import Lanes
import Testing

/// Rows become columns, whatever lies between the rows.
@Suite struct TransposeTests {
  @Test func float64() { check(SIMD8<Double>.self) }
  @Test func float32() { check(SIMD16<Float>.self) }
  @Test func wideFloat64() { check(SIMD32<Double>.self) }
  @Test func wideFloat32() { check(SIMD64<Float>.self) }

  private func check<V: LaneVector>(_ vector: V.Type) {
    let (n, from, to) = (V.scalarCount, 3, 2)
    var source = [V](repeating: .zero, count: n * from)
    for row in 0..<n {
      for lane in 0..<n { source[row * from][lane] = V.Scalar(Double(100 * row + lane)) }
    }
    var target = [V](repeating: .zero, count: n * to)
    V.transpose(&source, stride: from, to: &target, stride: to)
    for row in 0..<n {
      for lane in 0..<n { #expect(target[row * to][lane] == V.Scalar(Double(100 * lane + row))) }
    }
    #expect(target[1] == .zero)
  }
}
