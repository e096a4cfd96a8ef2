/// The size of the vectors that a batch is cut into tiles for. Sums over a batch are made tile by tile, so it decides their order.
struct TileVectors {
  /// Bytes of a vector.
  let stride: Int
  /// Whether a vector fills several registers.
  let areWide: Bool

  /// Columns that are computed at once: as many as leave activations and deltas room in the second-level cache beside the weights.
  func tile(units: Int, columns: Int) -> Int {
    let budget = 384 * 1024 / (2 * stride)
    let fitting = budget / max(units, 1)
    // Whole register tiles of four columns; a wide column is a tile by itself.
    if areWide { return min(columns, max(1, fitting)) }
    return min(columns, max(4, fitting / 4 * 4))
  }
}
