/// The order in which an epoch visits `count` samples: the order that sorts the draws of the epoch.
///
/// Epoch e takes draws e·n … e·n+n−1, compared as unsigned numbers, ties by position. A counting sort on the leading
/// bits puts each draw at most a place or two from its final one, and one insertion pass finishes: the cost is linear.
public struct EpochOrder: Sendable {
  private let stream: RandomStream
  private let count: Int
  private let bucketBits: Int
  private var keys: [UInt64]
  private var slots: [Int32]
  /// The samples of the epoch shuffled last, in order.
  public private(set) var order: [Int32]

  public init(stream: RandomStream, count: Int) {
    self.stream = stream
    self.count = count
    bucketBits = Swift.max(1, Swift.min(16, Int.bitWidth - (count - 1).leadingZeroBitCount))
    keys = Array(repeating: 0, count: 2 * count)
    slots = Array(repeating: 0, count: (1 << bucketBits) + 1)
    order = Array(repeating: 0, count: count)
  }

  public mutating func shuffle(epoch: Int) {
    let shift = UInt64(64 - bucketBits)
    let first = epoch * count
    let count = count
    let stream = stream
    slots.withUnsafeMutableBufferPointer { slots in
      keys.withUnsafeMutableBufferPointer { keys in
        order.withUnsafeMutableBufferPointer { order in
          slots.update(repeating: 0)
          let drawn = count
          // Draws alone fill the lanes of vectors; counting goes number by number.
          for i in 0..<count { keys[drawn &+ i] = stream.draw(first &+ i) }
          for i in 0..<count { slots[Int(keys[drawn &+ i] &>> shift) &+ 1] &+= 1 }
          for b in 1..<slots.count { slots[b] &+= slots[b &- 1] }
          for i in 0..<count {
            let key = keys[drawn &+ i]
            let bucket = Int(key &>> shift)
            let place = Int(slots[bucket])
            slots[bucket] &+= 1
            keys[place] = key
            order[place] = Int32(truncatingIfNeeded: i)
          }
          for i in stride(from: 1, to: count, by: 1) {
            let key = keys[i]
            let sample = order[i]
            var j = i
            while j > 0, keys[j &- 1] > key {
              keys[j] = keys[j &- 1]
              order[j] = order[j &- 1]
              j &-= 1
            }
            keys[j] = key
            order[j] = sample
          }
        }
      }
    }
  }
}
