import CLanes
import Lanes

/// Vectors that live as long as a trainer: allocated once, so that a step allocates nothing.
final class Workspace<V: LaneVector> {
  private var blocks: [(start: UnsafeMutableRawPointer, size: Int)] = []

  /// `count` zeroed vectors, where a cache line begins: Swift would align them to 16 bytes only, and three of four reads
  /// would touch two lines.
  func vectors(_ count: Int) -> UnsafeMutablePointer<V> {
    let capacity = Swift.max(count, 1)
    let size = capacity * MemoryLayout<V>.stride
    let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    blocks.append((block, size))
    return block.initializeMemory(as: V.self, repeating: .zero, count: capacity)
  }

  /// Rows that a product may read one below the other.
  ///
  /// In a checked build a poisoned vector follows each row: AddressSanitizer then ends the program at any read or write that
  /// leaves its row, not only at one that leaves the whole block.
  func rows(_ rows: Int, columns: Int) -> Rows<V> {
    #if DESCENT_CHECKED
      let stride = columns + 1
      let base = vectors(rows * stride)
      for row in 0..<rows { clanes_poison(base + row * stride + columns, MemoryLayout<V>.stride) }
      return Rows(base: base, stride: stride)
    #else
      let stride = Self.stride(columns: columns)
      return Rows(base: vectors(rows * stride), stride: stride)
    #endif
  }

  /// The distance between rows of so many vectors, chosen so that they do not all begin in the same sets of the cache.
  static func stride(columns: Int) -> Int {
    let bytes = columns * MemoryLayout<V>.stride
    return bytes > 0 && bytes % 2048 == 0 ? columns + 256 / MemoryLayout<V>.stride : columns
  }

  deinit {
    for (block, size) in blocks {
      #if DESCENT_CHECKED
        clanes_unpoison(block, size)
      #endif
      block.deallocate()
    }
  }
}
