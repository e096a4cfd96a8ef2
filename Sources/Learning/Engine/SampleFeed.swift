import Lanes

/// The samples of a run's steps, one step after another.
struct SampleFeed {
  private let batching: Batching
  private let samples: Int
  private let stream: RandomStream
  private var shuffled: EpochOrder?
  private var epoch = -1
  /// How many samples have been handed out.
  private var taken = 0

  init(batching: Batching, samples: Int, seed: UInt64) {
    self.batching = batching
    self.samples = samples
    stream = RandomStream(seed: seed, role: .sampleOrder)
    if case .mini = batching { shuffled = EpochOrder(stream: stream, count: samples) }
  }

  /// The next sample of the order.
  @inline(__always)
  mutating func next() -> Int {
    let position = taken
    taken += 1
    guard shuffled != nil else { return stream.index(position, below: samples) }
    return nextOfEpoch(position)
  }

  @inline(__always)
  private mutating func nextOfEpoch(_ position: Int) -> Int {
    let current = position / samples
    if current != epoch {
      epoch = current
      shuffled?.shuffle(epoch: current)
    }
    return Int(shuffled.unsafelyUnwrapped.order[position - current * samples])
  }
}
