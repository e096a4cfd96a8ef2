/// Values of runs that are read block by block. The blocks that were used last are kept, as many as a number of bytes allows.
struct BlockCache<Name: Hashable, Value> {
  /// A block of consecutive runs.
  private struct Place: Hashable {
    let name: Name
    let block: Int
  }

  private struct Block {
    let values: [Value?]
    let bytes: Int
    var lastUse: Int
  }

  private var blocks: [Place: Block] = [:]
  private var bytes = 0
  private var uses = 0
  private let limit: Int
  /// The block that was used last, which most often is needed next.
  private var last: (place: Place, values: [Value?])?

  /// - Parameter limit: the most bytes of kept blocks; one block is kept in any case.
  init(limit: Int) { self.limit = limit }

  /// The value at a position in a block.
  /// - Parameters:
  ///   - size: the bytes of a value.
  ///   - read: reads all values of the block.
  mutating func value(
    _ name: Name, block: Int, at position: Int, size: (Value) -> Int, read: () throws -> [Value?]
  ) rethrows -> Value? {
    let place = Place(name: name, block: block)
    if let last, last.place == place { return last.values[position] }
    uses += 1
    if let known = blocks[place] {
      blocks[place]?.lastUse = uses
      last = (place, known.values)
      return known.values[position]
    }
    last = nil
    let values = try read()
    let block = Block(values: values, bytes: values.reduce(0) { $0 + ($1.map(size) ?? 0) }, lastUse: uses)
    makeRoom(for: block.bytes)
    blocks[place] = block
    bytes += block.bytes
    last = (place, values)
    return values[position]
  }

  private mutating func makeRoom(for more: Int) {
    while bytes + more > limit, let oldest = blocks.min(by: { $0.value.lastUse < $1.value.lastUse }) {
      blocks[oldest.key] = nil
      bytes -= oldest.value.bytes
    }
  }
}
