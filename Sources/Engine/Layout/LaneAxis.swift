import Lanes

/// What the lanes of a vector hold: runs or samples. `Engine/Glossary.md` has a picture of both.
///
///     RunsInLanes       one vector per parameter, lane j = run j of up to 8 (float32: 16)
///                       [ w₀ of runs 0…7 ][ w₁ of runs 0…7 ] …        columns of a batch = its samples
///     SamplesInLanes    parameters packed, one run; lane j = sample j of a column of 8 (or, four vectors wide, 32)
///                       [ w₀ w₁ … w₇ ][ w₈ … ] …                      columns of a batch = its samples / lanes
///
/// Everything else, products, activations, update rules, stop rules, is the same code for both: an axis says only how a
/// parameter meets a vector of activations, where a sum over a batch goes, and where the numbers of a run are.
protocol LaneAxis {
  associatedtype V: LaneVector
  typealias Scalar = V.Scalar

  /// Whether a vector fills several registers, so that a tile of four columns would not fit into them.
  static var isWide: Bool { get }
  /// Runs that train side by side.
  static var runs: Int { get }
  /// Samples in one column.
  static var samplesPerColumn: Int { get }
  /// Whether a layer's inputs go into the lanes for its gradient (`GradientProducts`). A constant at compile time: for the other
  /// axes no code is made for it.
  static var turnsInputs: Bool { get }
  /// Vectors that hold `count` parameters.
  static func vectors(for count: Int) -> Int
  /// Where parameter `index` of run `slot` is among the scalars.
  static func position(of index: Int, slot: Int) -> Int
  /// The lane of a column that holds sample number `place` of run `slot`'s batch.
  static func lane(ofSample place: Int, slot: Int) -> Int

  /// Bytes from one parameter to the next.
  static var parameterStride: Int { get }
  /// The parameter at `place`, as a factor for a vector of activations.
  static func weight(at place: UnsafeRawPointer) -> V
  /// Stores, or adds, the sum over a batch that belongs to parameter `index`.
  static func put(_ sum: V, _ gradient: UnsafeMutablePointer<V>, _ index: Int, adding: Bool)
  /// The same for four parameters, `stride` apart.
  static func put(_ sums: Quad<V>, _ gradient: UnsafeMutablePointer<V>, _ index: Int, stride: Int, adding: Bool)
  /// A sum over columns as the run's total, in every lane of that run.
  static func total(_ sum: V) -> V

  // Vectors with a number for each run: its learning rate, its loss. Every lane of a run holds that number.

  /// Sets the number of run `slot`.
  static func set(_ numbers: inout V, slot: Int, to value: Scalar)
  /// The square root of each run's number.
  static func root(_ numbers: V) -> V
  /// Whether a < b for any run.
  static func anyLess(_ a: V, _ b: V) -> Bool
  /// Whether the numbers of all runs are finite.
  static func allFinite(_ numbers: V) -> Bool
  /// Keeps each run's number where parameter `index` would be.
  static func keep(_ numbers: V, in vectors: UnsafeMutablePointer<V>, at index: Int)
  /// The numbers that `keep` has stored, a row for each run. Where the numbers of several runs alternate in `vectors`, they are
  /// transposed into `room`, square by square.
  static func turned(_ vectors: UnsafeMutablePointer<V>, squares: Int, room: Rows<V>) -> Rows<V>
}

enum RunsInLanes<V: LaneVector>: LaneAxis {
  @inline(__always) static var isWide: Bool { MemoryLayout<V>.size > 64 }
  @inline(__always) static var runs: Int { V.scalarCount }
  @inline(__always) static var samplesPerColumn: Int { 1 }
  @inline(__always) static var turnsInputs: Bool { false }
  @inline(__always) static func vectors(for count: Int) -> Int { count }
  @inline(__always) static func position(of index: Int, slot: Int) -> Int { index * V.scalarCount + slot }
  @inline(__always) static func lane(ofSample place: Int, slot: Int) -> Int { slot }

  @inline(__always) static var parameterStride: Int { MemoryLayout<V>.stride }
  @inline(__always)
  static func weight(at place: UnsafeRawPointer) -> V { place.load(as: V.self) }

  @inline(__always)
  static func put(_ sum: V, _ gradient: UnsafeMutablePointer<V>, _ index: Int, adding: Bool) {
    gradient[index] = adding ? gradient[index] + sum : sum
  }

  @inline(__always)
  static func put(_ sums: Quad<V>, _ gradient: UnsafeMutablePointer<V>, _ index: Int, stride: Int, adding: Bool) {
    put(sums.a, gradient, index, adding: adding)
    put(sums.b, gradient, index &+ stride, adding: adding)
    put(sums.c, gradient, index &+ 2 &* stride, adding: adding)
    put(sums.d, gradient, index &+ 3 &* stride, adding: adding)
  }

  @inline(__always)
  static func total(_ sum: V) -> V { sum }

  @inline(__always)
  static func set(_ numbers: inout V, slot: Int, to value: V.Scalar) { numbers[slot] = value }
  @inline(__always)
  static func root(_ numbers: V) -> V { V.squareRoot(numbers) }
  @inline(__always)
  static func anyLess(_ a: V, _ b: V) -> Bool { V.anyLess(a, b) }
  @inline(__always)
  static func allFinite(_ numbers: V) -> Bool { V.allFinite(numbers) }
  @inline(__always)
  static func keep(_ numbers: V, in vectors: UnsafeMutablePointer<V>, at index: Int) { vectors[index] = numbers }

  static func turned(_ vectors: UnsafeMutablePointer<V>, squares: Int, room: Rows<V>) -> Rows<V> {
    for square in 0..<squares {
      V.transpose(vectors + square &* V.scalarCount, stride: 1, to: room.base + square, stride: room.stride)
    }
    return room
  }
}

enum SamplesInLanes<V: LaneVector>: LaneAxis {
  @inline(__always) static var isWide: Bool { MemoryLayout<V>.size > 64 }
  @inline(__always) static var runs: Int { 1 }
  @inline(__always) static var samplesPerColumn: Int { V.scalarCount }
  @inline(__always) static var turnsInputs: Bool { !isWide }
  @inline(__always) static func vectors(for count: Int) -> Int { (count + V.scalarCount - 1) / V.scalarCount }
  @inline(__always) static func position(of index: Int, slot: Int) -> Int { index }
  @inline(__always) static func lane(ofSample place: Int, slot: Int) -> Int { place % V.scalarCount }

  @inline(__always) static var parameterStride: Int { MemoryLayout<Scalar>.stride }
  @inline(__always)
  static func weight(at place: UnsafeRawPointer) -> V { V(repeating: place.load(as: Scalar.self)) }

  @inline(__always)
  static func put(_ sum: V, _ gradient: UnsafeMutablePointer<V>, _ index: Int, adding: Bool) {
    let raw = UnsafeMutableRawPointer(gradient) + index &* MemoryLayout<Scalar>.stride
    let value = sum.sumOfLanes
    raw.storeBytes(of: adding ? raw.load(as: Scalar.self) + value : value, as: Scalar.self)
  }

  @inline(__always)
  static func put(_ sums: Quad<V>, _ gradient: UnsafeMutablePointer<V>, _ index: Int, stride: Int, adding: Bool) {
    let size = MemoryLayout<Scalar>.stride
    let raw = UnsafeMutableRawPointer(gradient) + index &* size
    let values = V.sumsOfLanes(sums.a, sums.b, sums.c, sums.d)
    if stride == 1 {
      let total = adding ? raw.loadUnaligned(as: SIMD4<Scalar>.self) + values : values
      raw.storeBytes(of: total, as: SIMD4<Scalar>.self)
    } else {
      for i in 0..<4 {
        let place = raw + i &* stride &* size
        place.storeBytes(of: adding ? place.load(as: Scalar.self) + values[i] : values[i], as: Scalar.self)
      }
    }
  }

  @inline(__always)
  static func total(_ sum: V) -> V { V(repeating: sum.sumOfLanes) }

  // All lanes hold the same number, and comparing one number is faster than comparing it in every lane.
  @inline(__always)
  static func set(_ numbers: inout V, slot: Int, to value: V.Scalar) { numbers = V(repeating: value) }
  @inline(__always)
  static func root(_ numbers: V) -> V { V(repeating: numbers[0].squareRoot()) }
  @inline(__always)
  static func anyLess(_ a: V, _ b: V) -> Bool { a[0] < b[0] }
  @inline(__always)
  static func allFinite(_ numbers: V) -> Bool { numbers[0].isFinite }
  @inline(__always)
  static func keep(_ numbers: V, in vectors: UnsafeMutablePointer<V>, at index: Int) {
    write(numbers[0], vectors, index, slot: 0)
  }

  static func turned(_ vectors: UnsafeMutablePointer<V>, squares: Int, room: Rows<V>) -> Rows<V> {
    Rows(base: vectors, stride: 0)
  }
}

extension LaneAxis {
  /// Parameter `index` as a factor for a vector of activations.
  @inline(__always)
  static func weight(_ parameters: UnsafePointer<V>, _ index: Int) -> V {
    weight(at: UnsafeRawPointer(parameters) + index &* parameterStride)
  }

  /// The number of run `slot` at parameter `index`.
  @inline(__always)
  static func read(_ vectors: UnsafePointer<V>, _ index: Int, slot: Int) -> Scalar {
    let offset = position(of: index, slot: slot) &* MemoryLayout<Scalar>.stride
    return UnsafeRawPointer(vectors).load(fromByteOffset: offset, as: Scalar.self)
  }

  @inline(__always)
  static func write(_ value: Scalar, _ vectors: UnsafeMutablePointer<V>, _ index: Int, slot: Int) {
    let offset = position(of: index, slot: slot) &* MemoryLayout<Scalar>.stride
    UnsafeMutableRawPointer(vectors).storeBytes(of: value, toByteOffset: offset, as: Scalar.self)
  }
}
