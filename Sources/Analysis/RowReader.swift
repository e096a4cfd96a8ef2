import Studies

/// Reads the rows of a plan's runs from a store, pass by pass.
struct RowReader {
  private let plan: Plan
  private let store: any RunStore
  /// The runs read so far, in the order of the plan.
  private(set) var rows: [Results.Row] = []
  /// Their origins, newest first.
  private(set) var provenance: [Provenance] = []

  init(_ plan: Plan, _ store: any RunStore) {
    self.plan = plan
    self.store = store
  }

  /// Adds the runs of a pass.
  /// - Returns: the number of those that the store does not have.
  mutating func add(_ pass: Range<Int>) throws -> Int {
    let runs = try plan.runs(pass)
    return runs.count - (try add(runs, runs.map(\.key)))
  }

  /// Adds those runs of a pass that the store has. A store searches long for runs that it does not have, so it is not asked for them.
  mutating func addKnown(_ pass: Range<Int>) throws {
    let runs = try plan.runs(pass).map { (run: $0, key: $0.key) }
    let known = try store.known(among: runs.map(\.key))
    let there = runs.filter { known.contains($0.key) }
    if !there.isEmpty { _ = try add(there.map(\.run), there.map(\.key)) }
  }

  /// The number of runs of a pass that the store does not have.
  func missingCount(_ pass: Range<Int>) throws -> Int {
    pass.count - (try store.known(among: plan.runs(pass).map(\.key)).count)
  }

  private mutating func add(_ runs: [Plan.Run], _ keys: [String]) throws -> Int {
    let (summaries, origins) = try store.outlines(keys)
    provenance = Provenance.newest(provenance + origins)
    let before = rows.count
    for (run, key) in zip(runs, keys) {
      if let summary = summaries[key] { rows.append(Results.Row(run: run, summary: summary)) }
    }
    return rows.count - before
  }
}
