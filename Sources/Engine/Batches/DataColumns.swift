import Lanes

/// A batch as the products read it: one row per component, one column per sample (or per eight samples).
struct DataColumns<Axis: LaneAxis> {
  typealias V = Axis.V

  let x: Rows<V>
  let t: Rows<V>
  let samples: Int
  let columns: Int
  /// 0 in the last column's lanes that hold a sample, 1 in those that hold none. A pointer, because a batch is copied at every
  /// step, and a wide vector inside it would be copied with it.
  let padding: UnsafePointer<V>
  let isPadded: Bool

  init(inputs: Int, outputs: Int, samples: Int, workspace: Workspace<V>) {
    let width = Axis.samplesPerColumn
    columns = (samples + width - 1) / width
    self.samples = samples
    x = workspace.rows(inputs, columns: columns)
    t = workspace.rows(outputs, columns: columns)
    let padding = workspace.vectors(1)
    let used = samples - (columns - 1) * width
    isPadded = used < width
    if isPadded {
      for lane in used..<width { padding[0][lane] = 1 }
    }
    self.padding = UnsafePointer(padding)
  }

  /// Writes sample number `sample` of `source` as number `place` of run `slot`'s batch.
  @inline(__always)
  func write(_ source: SampleSource<V.Scalar>, sample: Int, place: Int, slot: Int) {
    let column = place / Axis.samplesPerColumn
    let lane = Axis.lane(ofSample: place, slot: slot)
    copy(source.inputs, width: source.inputCount, sample: sample, into: x, column: column, lane: lane)
    copy(source.targets, width: source.outputCount, sample: sample, into: t, column: column, lane: lane)
  }

  /// Writes all samples of `source` for run `slot`.
  func fill(_ source: SampleSource<V.Scalar>, slot: Int) {
    for sample in 0..<source.count { write(source, sample: sample, place: sample, slot: slot) }
  }

  @inline(__always)
  private func copy(
    _ values: UnsafePointer<V.Scalar>, width: Int, sample: Int, into rows: Rows<V>, column: Int, lane: Int
  ) {
    let target = UnsafeMutableRawPointer(rows.base).assumingMemoryBound(to: V.Scalar.self)
    V.Scalar.spread(
      values + sample &* width, count: width, to: target + (column &* V.scalarCount &+ lane),
      stride: rows.stride &* V.scalarCount)
  }
}

/// A part of a data set in the run's precision.
final class SampleSource<Scalar: LaneScalar> {
  let count: Int
  let inputCount: Int
  let outputCount: Int
  let inputs: UnsafeMutablePointer<Scalar>
  let targets: UnsafeMutablePointer<Scalar>
  /// The samples that this was made from, and their data set.
  let samples: Dataset.Samples
  let dataset: Dataset

  init(_ samples: Dataset.Samples, of dataset: Dataset) {
    count = samples.count
    inputCount = dataset.inputCount
    outputCount = dataset.outputCount
    self.samples = samples
    self.dataset = dataset
    inputs = Self.copy(samples.inputs)
    targets = Self.copy(samples.targets)
  }

  private static func copy(_ values: [Double]) -> UnsafeMutablePointer<Scalar> {
    let target = UnsafeMutablePointer<Scalar>.allocate(capacity: Swift.max(values.count, 1))
    for (i, value) in values.enumerated() { target[i] = Scalar(value) }
    return target
  }

  deinit {
    inputs.deallocate()
    targets.deallocate()
  }
}
