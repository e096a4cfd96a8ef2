import Lanes

/// Vectors that live as long as a trainer: allocated once, so that a step allocates nothing.
final class Workspace<V: LaneVector> {
  private var blocks: [UnsafeMutableRawPointer] = []

  /// `count` zeroed vectors, where a cache line begins: Swift would align them to 16 bytes only, and three of four reads
  /// would touch two lines.
  func vectors(_ count: Int) -> UnsafeMutablePointer<V> {
    let capacity = Swift.max(count, 1)
    let block = UnsafeMutableRawPointer.allocate(byteCount: capacity * MemoryLayout<V>.stride, alignment: 64)
    blocks.append(block)
    return block.initializeMemory(as: V.self, repeating: .zero, count: capacity)
  }

  /// Rows that a product may read one below the other.
  func rows(_ rows: Int, columns: Int) -> Rows<V> {
    let stride = Self.stride(columns: columns)
    return Rows(base: vectors(rows * stride), stride: stride)
  }

  /// How far rows of so many vectors stand apart, lest they all begin in the same sets of the cache.
  static func stride(columns: Int) -> Int {
    let bytes = columns * MemoryLayout<V>.stride
    return bytes > 0 && bytes % 2048 == 0 ? columns + 256 / MemoryLayout<V>.stride : columns
  }

  deinit {
    for block in blocks { block.deallocate() }
  }
}
