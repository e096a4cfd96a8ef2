import Learning
import Studies

/// Reads the rows of a plan's runs from a store, some passes side by side.
struct RowReader {
  private let plan: Plan
  private let store: any RunStore
  /// The runs read so far, in the order of the plan.
  private(set) var rows: [Results.Row] = []
  /// Their origins, newest first.
  private(set) var provenance: [Provenance] = []

  /// The runs of one pass.
  private struct Part {
    var rows: [Results.Row]
    var provenance: [Provenance]
    /// Number of runs that the store does not have.
    var missing: Int
  }

  init(_ plan: Plan, _ store: any RunStore) {
    self.plan = plan
    self.store = store
  }

  /// Adds all runs of the plan. Once some are missing, the others are only counted.
  /// - Returns: the number of those that the store does not have.
  mutating func addAll() throws -> Int {
    try add { [plan, store] pass, isWhole in
      let runs = try plan.runs(pass)
      let keys = runs.map(\.key)
      guard isWhole else {
        return Part(rows: [], provenance: [], missing: runs.count - (try store.known(among: keys).count))
      }
      return try Self.part(runs, keys, store)
    }
  }

  /// Adds those runs of the plan that the store has. A store searches long for runs that it does not have, so it is not asked for them.
  mutating func addKnown() throws {
    _ = try add { [plan, store] pass, _ in
      let runs = try plan.runs(pass).map { (run: $0, key: $0.key) }
      let known = try store.known(among: runs.map(\.key))
      let there = runs.filter { known.contains($0.key) }
      if there.isEmpty { return Part(rows: [], provenance: [], missing: 0) }
      return try Self.part(there.map(\.run), there.map(\.key), store)
    }
  }

  /// Passes that are read in one go: enough for all processors, few enough for the memory.
  private static let wave = 16

  private mutating func add(_ read: @escaping @Sendable (Range<Int>, _ isWhole: Bool) throws -> Part) throws -> Int {
    let passes = plan.passes
    var missing = 0
    for start in stride(from: 0, to: passes.count, by: Self.wave) {
      let isWhole = missing == 0
      let parts = try Parallel.map(min(Self.wave, passes.count - start)) { try read(passes[start + $0], isWhole) }
      for part in parts {
        rows += part.rows
        provenance = Provenance.newest(provenance + part.provenance)
        missing += part.missing
      }
    }
    return missing
  }

  private static func part(_ runs: [Plan.Run], _ keys: [String], _ store: any RunStore) throws -> Part {
    let (summaries, origins) = try store.outlines(keys)
    let rows = zip(runs, keys).compactMap { run, key in summaries[key].map { Results.Row(run: run, summary: $0) } }
    return Part(rows: rows, provenance: origins, missing: runs.count - rows.count)
  }
}
