import Foundation
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
  package let added: Set<String>
  /// One set-up per combination of axis values; the last axis runs fastest.
  package let cells: [Cell]
  private let data: DataCache

  /// One combination of axis values. A class, so that a run of millions refers to it in a word.
  package final class Cell: Sendable {
    package let settings: [Setting]
    package let setup: Setup
    /// What the cell's runs share, for putting them into lanes together.
    let form: TrainingRun.Form
    /// The canonical description without the seed.
    let description: String

    init(settings: [Setting], setup: Setup, form: TrainingRun.Form) {
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

  /// Resolves and checks a study.
  /// - Throws: `Mistakes`, all that were found.
  public init(_ study: Study, files: DataFiles) throws {
    try Self.checkSize(study)
    var cells: [(settings: [Setting], setup: Setup)] = [([], study.setup)]
    for axis in study.axes {
      cells = cells.flatMap { cell in
        axis.values.map { value in
          var setup = cell.setup
          value.apply(&setup)
          return (cell.settings + [value.setting], setup)
        }
      }
    }
    let data = DataCache(files: files)
    var checked: [Cell] = []
    var mistakes: [Mistake] = []
    var examined: Set<ObjectiveCheck> = []
    for cell in cells {
      do {
        try SetupCheck(setup: cell.setup, data: data, seed: study.seeds.first ?? 0).check()
        // Cells that differ in something else share an objective and its start.
        if let objective = cell.setup.objective {
          let check = ObjectiveCheck(objective: objective, start: cell.setup.start)
          if examined.insert(check).inserted { try check.check(seed: study.seeds.first ?? 0) }
        }
        let form = try cell.setup.resolve(seed: study.seeds.first ?? 0, data: data, withParameters: false).form
        checked.append(Cell(settings: cell.settings, setup: cell.setup, form: form))
      } catch let found as Mistakes {
        for mistake in found.all where !mistakes.contains(mistake) { mistakes.append(mistake) }
      } catch let mistake as Mistake {
        if !mistakes.contains(mistake) { mistakes.append(mistake) }
      }
    }
    if !mistakes.isEmpty { throw Mistakes(mistakes) }
    name = study.name
    title = study.title
    axes = study.axes
    seeds = study.seeds
    changes = study.changes
    added = study.added
    self.cells = checked
    self.data = data
    try checkMemory()
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
    let digest = cell.setup.objective == nil ? try data.digest(of: cell.setup.data, seed: seed) : "none"
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
    try cells[index / seeds.count].setup.resolve(seed: seeds[index % seeds.count], data: data, withParameters: true)
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

  package func form(of index: Int) -> TrainingRun.Form { cells[index / seeds.count].form }

  // MARK: Checks of the sweep as a whole

  private static func checkSize(_ study: Study) throws {
    var mistakes: [Mistake] = []
    var count = Double(study.seeds.count)
    for axis in study.axes {
      count *= Double(axis.values.count)
      if axis.values.isEmpty {
        mistakes.append(
          Mistake(
            at: "sweep over \(axis.parameter.name)", value: "no values", rule: "an axis has at least one",
            remedy: "Give it a value, or leave the axis out"))
      }
      let repeated = Dictionary(grouping: axis.values.map(\.setting), by: \.self).filter { $0.value.count > 1 }.keys
      for value in repeated.sorted() {
        mistakes.append(
          Mistake(
            at: "sweep over \(axis.parameter.name)", value: value.exact, rule: "a value stands in an axis once",
            remedy: "Remove the duplicate"))
      }
      if axis.parameter.setting(study.setup(without: axis.parameter.name)) == nil, !axis.parameter.isVariant(in: study)
      {
        mistakes.append(
          Mistake(
            at: "sweep over \(axis.parameter.name)", value: "",
            rule: "the set-up has no \(axis.parameter.title) to vary", remedy: "Vary a parameter that it has"))
      }
    }
    let names = study.axes.map(\.parameter.name)
    for name in Set(names) where names.filter({ $0 == name }).count > 1 {
      mistakes.append(
        Mistake(
          at: "sweep", value: name, rule: "a parameter has one axis", remedy: "Put all its values into one axis"))
    }
    if study.seeds.isEmpty {
      mistakes.append(
        Mistake(
          at: "seeds", value: "no seeds", rule: "a sweep has at least one", remedy: "Write --seeds 0..<8, say"))
    }
    if Set(study.seeds).count < study.seeds.count {
      mistakes.append(
        Mistake(at: "seeds", value: "a repeated seed", rule: "a seed stands once", remedy: "Remove the duplicate"))
    }
    if count > Double(maximumRuns) {
      mistakes.append(
        Mistake(
          at: "sweep", value: "\(NumberText.short(count)) runs", rule: "a sweep has at most 10⁷",
          remedy: "Use fewer values or seeds"))
    }
    if !mistakes.isEmpty { throw Mistakes(mistakes) }
  }

  /// A refusal now is better than the kernel's later.
  private func checkMemory() throws {
    let available = Double(ProcessInfo.processInfo.physicalMemory)
    let processors = Double(ProcessInfo.processInfo.activeProcessorCount)
    for cell in cells {
      let setup = cell.setup
      let perRun = 32 * Double(setup.stop.steps) + 64 * Double(cell.form.parameterTotal)
      let runs = Double(cell.form.runsAtOnce) * processors
      let needed = perRun * min(runs, Double(seeds.count * cells.count))
      if needed > available {
        throw Mistakes([
          Mistake(
            at: "sweep", value: "\(NumberText.short(needed / 1e9)) GB for the runs that train at once",
            rule: "the machine has \(NumberText.short(available / 1e9)) GB",
            remedy: "Use smaller networks or fewer steps")
        ])
      }
    }
  }
}
