public import Learning

/// Every run of a study, resolved and checked, and not one of them begun. Runs are made on demand, so that a plan of
/// millions costs no memory.
public struct Plan: Sendable {
  public let name: String
  public let title: String
  package let axes: [ParameterAxis]
  public let seeds: [UInt64]
  /// What the command line has changed of the declaration.
  public let changes: [String]
  /// Parameters that only the command line varies, and all whose values it has set.
  package let added: Set<String>
  package let changed: Set<String>
  /// The name of the report: the experiment's, with the changes of the command line behind it.
  public let reportName: String
  /// One set-up per combination of axis values; the last axis runs fastest.
  package let cells: [Cell]
  private let data: DataCache

  /// One combination of axis values. A class, so that a run of millions refers to it in a word.
  package final class Cell: Sendable {
    package let settings: [Setting]
    package let setup: Setup
    /// What the cell's runs share, for putting them into lanes together; `nil` where each seed's data decide.
    let form: TrainingRun.Form?
    /// The canonical description without the seed.
    let description: String

    init(settings: [Setting], setup: Setup, form: TrainingRun.Form?) {
      self.settings = settings
      self.setup = setup
      self.form = form
      description = setup.description
    }

    func description(seed: UInt64) -> String { "\(description)\nseed=\(seed)" }
  }

  public var runCount: Int { cells.count * seeds.count }

  /// Steps of all runs if none stops early.
  public var stepCount: Int { cells.reduce(0) { $0 + $1.setup.stop.steps * seeds.count } }

  public static let maximumRuns = 10_000_000

  /// Bytes that the list of runs and the report will take, about.
  public var memory: Double { MemoryEstimate(cells: cells.count, runs: runCount).bytes }

  /// Resolves and checks a study.
  /// - Parameter others: further checks, of the report say, whose mistakes are listed with those of the study.
  /// - Throws: `Mistakes`, all that were found.
  public init(_ study: Study, files: DataFiles, alsoChecking others: (Draft) -> [Mistake] = { _ in [] }) throws {
    let check = SweepCheck(study: study)
    let size = check.sizeMistakes()
    if size.isEmpty { try MemoryEstimate(study).refuseTooMuch() }
    let data = DataCache(files: files)
    let draft = Draft(study, isWhole: size.isEmpty, data: data)
    var found = Findings()
    found.add(size + check.axisMistakes())
    for cell in draft.cells {
      let known = found.all.count
      try found.hear { try Self.check(cell.setup, seeds: study.seeds, data) }
      // A parameter of one's own that refuses a value makes an impossible set-up: that mistake is the one to name.
      if size.isEmpty, found.all.count == known { found.add(check.lostValues(cell.settings, cell.setup)) }
    }
    if size.isEmpty, found.all.isEmpty { found.add(check.repetitions(draft.cells)) }
    try found.hear { try Self.checkObjectives(draft) }
    found.add(others(draft))
    if !found.all.isEmpty { throw Mistakes(found.all) }
    name = study.name
    title = study.title
    axes = study.axes
    seeds = study.seeds
    changes = study.changes
    added = study.added
    changed = study.changed
    reportName = study.changeTag.isEmpty ? study.name : "\(study.name)@\(study.changeTag)"
    cells = try draft.cells.map { cell in
      let isShared = cell.setup.objective != nil || !cell.setup.data.isDrawnPerSeed
      let facts =
        cell.setup.objective == nil && isShared ? try data.facts(cell.setup.data, seed: study.seeds.first ?? 0) : nil
      return Cell(settings: cell.settings, setup: cell.setup, form: isShared ? cell.setup.form(facts) : nil)
    }
    self.data = data
    try MemoryEstimate(study).refuseTooMuch(training: try forms(), cells)
  }

  /// Mistakes without repetition, in the order in which they were found.
  private struct Findings {
    private(set) var all: [Mistake] = []

    mutating func add(_ mistakes: [Mistake]) {
      for mistake in mistakes where !all.contains(mistake) { all.append(mistake) }
    }

    /// Collects the mistakes that a check throws; other errors pass.
    mutating func hear(_ check: () throws -> Void) throws {
      do {
        try check()
      } catch let found as Mistakes {
        add(found.all)
      } catch let mistake as Mistake {
        add([mistake])
      }
    }
  }

  /// A set-up under every seed whose data differ.
  private static func check(_ setup: Setup, seeds: [UInt64], _ data: DataCache) throws {
    let first = seeds.first ?? 0
    var checks: [() throws -> Void] = [{ try SetupCheck(setup: setup, data: data, seed: first).check() }]
    if setup.objective == nil, setup.data.isDrawnPerSeed {
      checks += seeds.dropFirst().map { seed in { try SetupCheck(setup: setup, data: data, seed: seed).checkData() } }
    }
    try Mistakes.collect(checks)
  }

  /// Cells that differ in something else share an objective and its start.
  private static func checkObjectives(_ draft: Draft) throws {
    var examined: Set<ObjectiveCheck> = []
    var checks: [() throws -> Void] = []
    for cell in draft.cells {
      guard let objective = cell.setup.objective else { continue }
      let check = ObjectiveCheck(objective: objective, start: cell.setup.start)
      guard examined.insert(check).inserted, check.isPossible else { continue }
      checks.append { try check.check(seed: draft.study.seeds.first ?? 0) }
    }
    try Mistakes.collect(checks)
  }

  /// One run of the plan.
  public struct Run: Sendable {
    public let index: Int
    package let cell: Cell
    public let seed: UInt64
    /// Digest of description, data and training semantics: equal keys, equal numbers.
    public let key: String
    package var settings: [Setting] { cell.settings }
    /// The canonical description that the key is made of.
    public var description: String { cell.description(seed: seed) }
  }

  public func run(_ index: Int) throws -> Run {
    let cell = cells[index / seeds.count]
    let seed = seeds[index % seeds.count]
    let description = cell.description(seed: seed)
    let digest = cell.setup.objective == nil ? try data.facts(cell.setup.data, seed: seed).digest : "none"
    let key = Digest.sha256("\(description)\ndata-digest=\(digest)\nsemantics=\(TrainingSemantics.version)")
    return Run(index: index, cell: cell, seed: seed, key: key)
  }

  /// The axes as text.
  public var grid: [(parameter: String, values: [String])] {
    axes.map { ($0.parameter.name, $0.values.map(\.setting.description)) }
  }

  public func runs() throws -> [Run] { try (0..<runCount).map(run) }

  /// What the trainer needs for a run, initial weights included.
  package func trainingRun(_ index: Int) throws -> TrainingRun {
    try cells[index / seeds.count].setup.resolve(seed: seeds[index % seeds.count], data: data)
  }

  /// The data a run is trained on; `nil` for an objective.
  package func dataset(of run: Run) throws -> Dataset? {
    run.cell.setup.objective == nil ? try data.dataset(run.cell.setup.data, seed: run.seed) : nil
  }

  /// The network of a run; `nil` for an objective.
  package func network(of run: Run) throws -> Architecture? {
    guard let data = try dataset(of: run) else { return nil }
    return run.cell.setup.network.architecture(inputs: data.inputCount, outputs: data.outputCount)
  }

  /// What a run shares with those that may ride beside it: of its own data, where every seed draws its own.
  func form(of index: Int) throws -> TrainingRun.Form {
    let cell = cells[index / seeds.count]
    return try cell.form ?? cell.setup.form(data.facts(cell.setup.data, seed: seeds[index % seeds.count]))
  }

  /// A form of every cell, the first seed's where seeds differ.
  private func forms() throws -> [TrainingRun.Form] { try cells.indices.map { try form(of: $0 * seeds.count) } }
}
