import Lanes

/// A matrix of vectors in memory: row r, column s stands at `base[r·stride + s]`.
struct Rows<V: LaneVector> {
  let base: UnsafeMutablePointer<V>
  let stride: Int

  @inline(__always)
  func row(_ index: Int) -> UnsafeMutablePointer<V> { base + index &* stride }

  /// The same rows from column `first` on.
  @inline(__always)
  func from(column first: Int) -> Rows { Rows(base: base + first, stride: stride) }
}

/// A matrix inside the packed parameters: entry (r, k) is parameter `offset + r·rowStride + k·innerStride`.
struct WeightMatrix {
  let offset: Int
  let rowStride: Int
  let innerStride: Int
}
