import Lanes

/// Vectors that live as long as a trainer: allocated once, so that a step allocates nothing.
final class Workspace<V: LaneVector> {
  private var blocks: [UnsafeMutableBufferPointer<V>] = []

  /// `count` zeroed vectors.
  func vectors(_ count: Int) -> UnsafeMutablePointer<V> {
    let block = UnsafeMutableBufferPointer<V>.allocate(capacity: Swift.max(count, 1))
    block.initialize(repeating: .zero)
    blocks.append(block)
    return block.baseAddress.unsafelyUnwrapped
  }

  func rows(_ rows: Int, columns: Int) -> Rows<V> { Rows(base: vectors(rows * columns), stride: columns) }

  deinit {
    for block in blocks { block.deallocate() }
  }
}
