import Lanes

/// A matrix of vectors in memory: row r, column s is at `base[r·stride + s]`.
struct Rows<V: LaneVector> {
  let base: UnsafeMutablePointer<V>
  let stride: Int

  @inline(__always)
  func row(_ index: Int) -> UnsafeMutablePointer<V> { base + index &* stride }

  /// The same rows from column `first` on.
  @inline(__always)
  func from(column first: Int) -> Rows { Rows(base: base + first, stride: stride) }

  /// The sum of squares over the first column of `count` rows.
  @inline(__always)
  func squares(_ count: Int) -> V {
    // Four sums side by side: each addition to a single sum would wait for the one before.
    var sums = Quad<V>(repeating: .zero)
    var i = 0
    while i &+ 4 <= count {
      sums = sums.map(with: Quad(row(i), stride: stride)) { V.fma($1, $1, $0) }
      i &+= 4
    }
    while i < count {
      sums.a = V.fma(row(i)[0], row(i)[0], sums.a)
      i &+= 1
    }
    return (sums.a + sums.b) + (sums.c + sums.d)
  }
}

/// A matrix inside the packed parameters: entry (r, k) is parameter `offset + r·rowStride + k·innerStride`.
struct WeightMatrix {
  let offset: Int
  let rowStride: Int
  let innerStride: Int
}
