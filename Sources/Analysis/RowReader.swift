import Learning
import Studies
import Synchronization

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

  private mutating func add(_ read: @escaping @Sendable (Range<Int>, _ isWhole: Bool) throws -> Part) throws -> Int {
    let passes = plan.passes
    let missing = Atomic<Int>(0)
    try Parallel.inOrder(passes.count) {
      try read(passes[$0], missing.load(ordering: .relaxed) == 0)
    } _: { part in
      rows += part.rows
      provenance = Provenance.newest(provenance + part.provenance)
      missing.add(part.missing, ordering: .relaxed)
    }
    return missing.load(ordering: .relaxed)
  }

  private static func part(_ runs: [Plan.Run], _ keys: [String], _ store: any RunStore) throws -> Part {
    let (summaries, origins) = try store.outlines(keys)
    let rows = zip(runs, keys).compactMap { run, key in summaries[key].map { Results.Row(run: run, summary: $0) } }
    return Part(rows: rows, provenance: origins, missing: runs.count - rows.count)
  }
}
