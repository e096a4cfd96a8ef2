import Lanes

extension Batching {
  /// The sample numbers of a run's first steps, a batch for each step, as the engine visits them.
  public func batches(samples: Int, steps: Int, seed: UInt64) -> [[Int]] {
    if self == .full { return Array(repeating: Array(0..<samples), count: steps) }
    let size = size(samples: samples)
    var numbers = [Int32](repeating: 0, count: steps * size)
    var order = SampleOrder(batching: self, samples: samples, seed: seed)
    numbers.withUnsafeMutableBufferPointer { order.copy(from: 0, into: $0) }
    return (0..<steps).map { step in numbers[step * size..<(step + 1) * size].map(Int.init) }
  }
}

/// The order in which a run visits its samples, by position: position p belongs to step p / batch size.
struct SampleOrder {
  private let samples: Int
  private let stream: RandomStream
  /// The epoch last sorted; `nil` with replacement.
  private var shuffled: EpochOrder?
  private var epoch = -1

  init(batching: Batching, samples: Int, seed: UInt64) {
    self.samples = samples
    stream = RandomStream(seed: seed, role: .sampleOrder)
    if case .mini = batching { shuffled = EpochOrder(stream: stream, count: samples) }
  }

  /// Writes the sample numbers of consecutive positions.
  mutating func copy(from first: Int, into target: UnsafeMutableBufferPointer<Int32>) {
    guard shuffled != nil else {
      for i in target.indices { target[i] = Int32(truncatingIfNeeded: stream.index(first + i, below: samples)) }
      return
    }
    var written = 0
    while written < target.count {
      let position = first + written
      if position / samples != epoch {
        epoch = position / samples
        shuffled?.shuffle(epoch: epoch)
      }
      let start = position - epoch * samples
      let count = min(samples - start, target.count - written)
      shuffled?.order.withUnsafeBufferPointer { order in
        for i in 0..<count { target[written + i] = order[start + i] }
      }
      written += count
    }
  }
}
