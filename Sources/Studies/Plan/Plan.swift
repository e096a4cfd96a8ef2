package import Learning

/// Every run of a study, resolved and checked before any of them is trained. Runs are made on demand, so that a plan of
/// millions takes no memory.
package struct Plan: Sendable {
  /// Name of the experiment.
  package let name: String
  /// Title of the experiment.
  package let title: String
  package let axes: [ParameterAxis]
  /// The seeds of every setting.
  package private(set) var seeds: [UInt64]
  /// The rule that decides how many of the seeds are trained; `nil`: all of them.
  package let seedRule: SeedRule?
  /// What the command line has changed of the declaration.
  package let changes: [String]
  /// Parameters that only the command line varies, and all whose values it has set.
  package let added: Set<String>
  package let changed: Set<String>
  /// The changes as a part of a file name; empty where there are none.
  package let changeTag: String
  /// The experiment's name, followed by the changes of the command line.
  package var reportName: String { changeTag.isEmpty ? name : "\(name)@\(changeTag)" }
  /// One set-up per combination of axis values; the last axis runs fastest.
  package let combinations: [Combination]
  let data: DataCache

  /// One combination of axis values. A class, so that each of millions of runs holds only a reference to it.
  package final class Combination: Sendable {
    package let settings: [Setting]
    package let setup: Setup
    /// What the combination's runs share, for putting them into lanes together; `nil` where each seed's data decide.
    let form: TrainingRun.Form?
    /// The digest of the data; `nil` where each seed draws its own.
    let dataDigest: String?
    /// The canonical description without the seed.
    let description: String
    /// The digest of what the keys of all seeds begin with.
    private let beginning: Digest.Beginning

    init(settings: [Setting], setup: Setup, form: TrainingRun.Form?, dataDigest: String?) {
      self.settings = settings
      self.setup = setup
      self.form = form
      self.dataDigest = dataDigest
      description = setup.description
      beginning = Digest.Beginning("\(description)\nseed=")
    }

    func description(seed: UInt64) -> String { "\(description)\nseed=\(seed)" }

    /// The digest of the description, the data and the training semantics.
    func key(seed: UInt64, dataDigest: String) -> String {
      beginning.sha256("\(seed)\ndata-digest=\(dataDigest)\nsemantics=\(TrainingSemantics.version)")
    }
  }

  /// Number of runs: settings × seeds.
  package var runCount: Int { combinations.count * seeds.count }

  /// Steps of all runs if none stops early.
  package var stepCount: Int { combinations.reduce(0) { $0 + $1.setup.stop.steps * seeds.count } }

  /// Largest number of runs of a sweep.
  package static let maximumRuns = 10_000_000

  /// Bytes that the list of runs and the report will take, about.
  package var memory: Double { MemoryEstimate(combinations: combinations.count, runs: runCount).bytes }

  /// Bytes of the runs that train at once, about.
  /// - Throws: `Mistake` where data cannot be used.
  package func trainingMemory() throws -> Double {
    MemoryEstimate(combinations: combinations.count, runs: runCount).training(try forms(), combinations)
  }

  /// What the store will keep of the runs, for an estimate of its size: one entry per combination, each for so many runs.
  /// - Throws: `Mistake` where data cannot be used.
  package func storedSizes() throws -> [StoredSize] {
    try zip(combinations, forms()).map { combination, form in
      StoredSize(
        runs: seeds.count, description: combination.description(seed: seeds.last ?? 0).utf8.count,
        parameters: form.parameterCount, steps: combination.setup.stop.steps, recording: combination.setup.record)
    }
  }

  /// The sizes of a run's parts, if no rule ends it early.
  package struct StoredSize: Sendable {
    /// Runs of these sizes.
    package var runs: Int
    /// Bytes of the description.
    package var description: Int
    /// Numbers of parameters.
    package var parameters: Int
    /// Largest number of steps.
    package var steps: Int
    /// The recorded quantities and their cadences.
    package var recording: Recording
  }

  /// Resolves and checks a study.
  /// - Parameters:
  ///   - others: further checks, such as those of the report, whose mistakes are listed with those of the study.
  ///   - archive: reads the runs that others start from.
  /// - Throws: `Mistakes`, all that were found.
  package init(
    _ study: Study, files: DataFiles, alsoChecking others: (Draft) -> [Mistake] = { _ in [] },
    archive: @escaping StoredRuns = { _ in nil }
  ) throws {
    let check = SweepCheck(study: study)
    let size = check.sizeMistakes()
    if size.isEmpty { try MemoryEstimate(study).refuseTooMuch() }
    let data = DataCache(files: files, archive: archive)
    let draft = Draft(study, isWhole: size.isEmpty, data: data)
    var found = Findings()
    found.add(size + check.axisMistakes())
    for (settings, setup) in draft.combinations {
      let known = found.all.count
      try found.collect { try Self.check(setup, seeds: study.seeds, data) }
      // A custom parameter that refuses a value makes an impossible set-up: that mistake is the one to name.
      if size.isEmpty, found.all.count == known { found.add(check.lostValues(settings, setup)) }
    }
    if size.isEmpty, found.all.isEmpty { found.add(check.repetitions(draft.combinations)) }
    try found.collect { try Self.checkObjectives(draft, data) }
    found.add(others(draft))
    if !found.all.isEmpty { throw Mistakes(found.all) }
    name = study.name
    title = study.title
    axes = study.axes
    seeds = study.seeds
    seedRule = study.seedRule
    changes = study.changes
    added = study.added
    changed = study.changed
    changeTag = study.changeTag
    combinations = try draft.combinations.map { settings, setup in
      let isShared = !(setup.data?.variesWithSeed ?? false)
      let seed = study.seeds.first ?? 0
      return Combination(
        settings: settings, setup: setup, form: isShared ? try setup.form(seed: seed, data: data) : nil,
        dataDigest: isShared ? try setup.data.map { try data.facts($0, seed: seed).digest } ?? "none" : nil)
    }
    self.data = data
    try MemoryEstimate(study).refuseTooMuch(training: try forms(), combinations)
  }

  /// The same plan with some of its seeds, by their positions.
  package func limited(to range: Range<Int>) -> Plan {
    var copy = self
    copy.seeds = Array(seeds[range.clamped(to: seeds.indices)])
    return copy
  }

  /// Mistakes without repetition, in the order in which they were found.
  private struct Findings {
    private(set) var all: [Mistake] = []

    mutating func add(_ mistakes: [Mistake]) {
      for mistake in mistakes where !all.contains(mistake) { all.append(mistake) }
    }

    /// Collects the mistakes that a check throws; other errors are thrown on.
    mutating func collect(_ check: () throws -> Void) throws {
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
    if setup.data?.variesWithSeed ?? false {
      checks += seeds.dropFirst().map { seed in { try SetupCheck(setup: setup, data: data, seed: seed).checkData() } }
    }
    try Mistakes.collect(checks)
  }

  /// Combinations that differ in something else share an objective and its start.
  private static func checkObjectives(_ draft: Draft, _ data: DataCache) throws {
    var examined: Set<ObjectiveCheck> = []
    var checks: [() throws -> Void] = []
    for (_, setup) in draft.combinations {
      guard case .objective(let objective, let start) = setup.problem else { continue }
      let check = ObjectiveCheck(objective: objective, start: start)
      guard examined.insert(check).inserted else { continue }
      checks.append { try check.check(seed: draft.study.seeds.first ?? 0, data) }
    }
    try Mistakes.collect(checks)
  }

  /// The combination of axis values of a run.
  package func combination(of run: Int) -> Combination { combinations[run / seeds.count] }
  func seed(of run: Int) -> UInt64 { seeds[run % seeds.count] }

  /// The axes as text.
  package var grid: [(parameter: String, values: [String])] {
    axes.map { ($0.parameter.name, $0.values.map(\.setting.description)) }
  }

  /// What the trainer needs for a run, initial weights included.
  package func trainingRun(_ index: Int) throws -> TrainingRun {
    try combination(of: index).setup.resolve(seed: seed(of: index), data: data)
  }

  /// The data a run is trained on; `nil` for an objective.
  package func dataset(of run: Run) throws -> Dataset? { try dataset(of: run.setup, seed: run.seed) }

  /// The data of a set-up, which need not be one of the plan, for a seed; `nil` for an objective.
  package func dataset(of setup: Setup, seed: UInt64) throws -> Dataset? {
    try setup.data.map { try data.dataset($0, seed: seed) }
  }

  /// Number of samples in each part of a run's data, which are not made again for it; `nil` for an objective.
  package func sampleCounts(of run: Run) throws -> (training: Int, validation: Int?, test: Int?)? {
    try run.setup.data.map { source in
      let facts = try data.facts(source, seed: run.seed)
      return (facts.samples, facts.validationSamples, facts.testSamples)
    }
  }

  /// The network of a run; `nil` for an objective.
  package func network(of run: Run) throws -> Architecture? {
    guard let data = try dataset(of: run), let network = run.setup.network else { return nil }
    return network.architecture(inputs: data.inputCount, outputs: data.outputCount)
  }

  /// What a run shares with those that may train beside it: of its own data, where every seed draws its own.
  /// - Throws: `Mistake` where the data of the run cannot be used.
  package func form(of index: Int) throws -> TrainingRun.Form {
    let combination = combination(of: index)
    return try combination.form ?? combination.setup.form(seed: seed(of: index), data: data)
  }

  /// Number of inputs, then the number of units of each layer; empty for an objective.
  func widths(of index: Int) throws -> [Int] {
    guard case .network(let problem) = try form(of: index).problem else { return [] }
    return problem.architecture.widths
  }

  /// A form of every combination, the first seed's where seeds differ.
  private func forms() throws -> [TrainingRun.Form] { try combinations.indices.map { try form(of: $0 * seeds.count) } }
}
