import Learning
import Studies
import Synchronization

/// The curves and final parameters of a plan's runs. They are read from the store in blocks of consecutive runs when one of them is first
/// needed. Blocks are kept up to a number of bytes, so that a sweep of any size can be read run after run.
final class CurveCache: Sendable {
  private let store: any RunStore
  private let plan: Plan
  /// Number of runs of a block.
  private let length: Int
  private let curves: Mutex<BlockCache<Quantity, Series>>
  private let parameters: Mutex<BlockCache<Bool, [Double]>>
  private let arrivals = Mutex<[Threshold: [Int]]>([:])

  private struct Threshold: Hashable {
    let quantity: Quantity
    let loss: Double
  }

  /// The most bytes of kept blocks of curves, and of parameters.
  private static let limit = 256 << 20
  /// The most values of a block's longest curves together.
  private static let mostValues = 1 << 20

  init(store: any RunStore, plan: Plan) {
    self.store = store
    self.plan = plan
    let longest = plan.combinations.map { $0.setup.stop.steps / max(1, $0.setup.record.lossEvery) }.max() ?? 1
    length = min(8192, max(16, Self.mostValues / max(1, longest)))
    curves = Mutex(BlockCache(limit: Self.limit))
    parameters = Mutex(BlockCache(limit: Self.limit))
  }

  /// The recorded values of a run of the plan; `nil` if it has not recorded the quantity.
  /// - Throws: what the store throws. The next call reads again.
  func series(_ quantity: Quantity, _ run: Int) throws -> Series? {
    try curves.withLock { cache in
      try cache.value(
        quantity, block: run / length, at: run % length, size: { 8 * $0.values.count + 64 },
        read: { try read(blockWith: run) { [store] in try store.series(quantity, of: $0) } })
    }
  }

  /// The step of the first value below a threshold; `nil` if there is none. Each run's curve is read once for each threshold.
  /// - Throws: what the store throws.
  func firstStep(_ quantity: Quantity, below loss: Double, _ run: Int) throws -> Int? {
    let threshold = Threshold(quantity: quantity, loss: loss)
    let (unknown, never) = (-2, -1)
    let known = arrivals.withLock { $0[threshold]?[run] ?? unknown }
    if known != unknown { return known == never ? nil : known }
    let found = try series(quantity, run).flatMap { series in
      series.values.firstIndex { $0 < loss }.map(series.step)
    }
    arrivals.withLock { arrivals in
      arrivals[threshold, default: Array(repeating: unknown, count: plan.runCount)][run] = found ?? never
    }
    return found
  }

  /// The parameters of a run after its training.
  /// - Throws: what the store throws, and `Mistake` for a run without parameters.
  func finalParameters(_ run: Int) throws -> [Double] {
    let found = try parameters.withLock { cache in
      try cache.value(
        true, block: run / length, at: run % length, size: { 8 * $0.count + 32 },
        read: { try read(blockWith: run) { [store] in try store.finalParameters(of: $0) } })
    }
    guard let found else {
      throw Mistake(
        .archive, at: "run \(try plan.run(run).key.prefix(12))", value: "no parameters",
        rule: "a finished run keeps its parameters", remedy: "Train it again: descent run NAME --fresh")
    }
    return found
  }

  /// Reads the values of a block's runs, parts of the block side by side.
  private func read<Value: Sendable>(
    blockWith run: Int, _ read: @escaping @Sendable (_ keys: [String]) throws -> [String: Value]
  ) throws -> [Value?] {
    let start = run / length * length
    let runs = start..<min(start + length, plan.runCount)
    let size = max(64, (runs.count + 15) / 16)
    let starts = Array(stride(from: runs.lowerBound, to: runs.upperBound, by: size))
    return try Parallel.map(starts.count) { [plan] index in
      let keys = try plan.runs(starts[index]..<min(starts[index] + size, runs.upperBound)).map(\.key)
      let found = try read(keys)
      return keys.map { found[$0] }
    }.flatMap(\.self)
  }
}
