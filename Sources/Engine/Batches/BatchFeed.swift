/// The batches of the coming steps, gathered a few steps at a time.
///
/// Samples are written into the lanes one number at a time and read back as whole vectors. A processor can read them as
/// vectors only after they have left its store buffer, so samples are gathered some steps before they are read.
final class BatchFeed<Axis: LaneAxis> {
  typealias V = Axis.V

  let isFullBatch: Bool
  private let batching: Batching
  private let batchSize: Int
  private let samples: Int
  /// Steps that are gathered at once.
  private let window: Int
  private let batches: [DataColumns<Axis>]
  private var sources: [SampleSource<V.Scalar>?]
  private var orders: [SampleOrder?]
  /// Sample numbers of the prepared steps: `indices[(slot·steps + step)·batchSize + place]`.
  private var indices: UnsafeMutableBufferPointer<Int32>
  private var steps = 0
  /// The prepared steps whose samples are in `batches`.
  private var gathered = 0..<0

  init(data: Dataset, batching: Batching, workspace: Workspace<V>) {
    self.batching = batching
    isFullBatch = batching == .full
    samples = data.training.count
    batchSize = batching.size(samples: data.training.count)
    let perStep = (batchSize + Axis.samplesPerColumn - 1) / Axis.samplesPerColumn * (data.inputCount + data.outputCount)
    window = isFullBatch ? 1 : Swift.max(1, Swift.min(16, 256 / Swift.max(1, perStep)))
    let size = batchSize
    batches = (0..<window).map { _ in
      DataColumns(inputs: data.inputCount, outputs: data.outputCount, samples: size, workspace: workspace)
    }
    sources = Array(repeating: nil, count: Axis.runs)
    orders = Array(repeating: nil, count: Axis.runs)
    indices = .allocate(capacity: 0)
  }

  deinit { indices.deallocate() }

  var columns: Int { batches[0].columns }

  func source(of slot: Int) -> SampleSource<V.Scalar>? { sources[slot] }

  /// Puts a run's data and sample order into a slot.
  /// - Returns: whether the data differ from those of the slot's former run.
  func load(_ data: Dataset, seed: UInt64, slot: Int) -> Bool {
    orders[slot] = isFullBatch ? nil : SampleOrder(batching: batching, samples: samples, seed: seed)
    if sources[slot]?.dataset === data { return false }
    let shared = sources.compactMap { $0 }.first { $0.dataset === data }
    let source = shared ?? SampleSource(data.training, of: data)
    sources[slot] = source
    if isFullBatch { batches[0].fill(source, slot: slot) }
    return true
  }

  /// Looks up the samples of `steps` steps, beginning at each slot's own.
  func prepare(steps: Int, from first: UnsafePointer<Int>) {
    if isFullBatch { return }
    let needed = steps * batchSize * Axis.runs
    if indices.count < needed {
      indices.deallocate()
      indices = .allocate(capacity: needed)
    }
    self.steps = steps
    gathered = 0..<0
    for slot in 0..<Axis.runs {
      let part = UnsafeMutableBufferPointer(
        rebasing: indices[slot * steps * batchSize..<(slot + 1) * steps * batchSize])
      orders[slot]?.copy(from: first[slot] * batchSize, into: part)
    }
  }

  /// The batch of the `step`th prepared step. Steps are asked for in their order.
  @inline(__always)
  func batch(_ step: Int) -> DataColumns<Axis> {
    if isFullBatch { return batches[0] }
    if step >= gathered.upperBound { gather(from: step) }
    return batches[step &- gathered.lowerBound]
  }

  private func gather(from first: Int) {
    gathered = first..<Swift.min(steps, first + window)
    for slot in 0..<Axis.runs {
      guard let source = sources[slot], orders[slot] != nil else { continue }
      let numbers = indices.baseAddress.unsafelyUnwrapped + slot &* steps &* batchSize
      batches.withUnsafeBufferPointer { batches in
        for step in gathered {
          for place in 0..<batchSize {
            let sample = Int(numbers[step &* batchSize &+ place])
            batches[step &- first].write(source, sample: sample, place: place, slot: slot)
          }
        }
      }
    }
  }
}
