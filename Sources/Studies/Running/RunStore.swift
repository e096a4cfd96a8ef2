public import Learning

/// A store of finished runs. Safe to call from several threads and processes.
package protocol RunStore: Sendable {
  /// Which of the keys are there, without reading their curves.
  /// - Throws: `Mistake` where the store cannot be read.
  func known(among keys: [String]) throws -> Set<String>
  /// Which of the keys are there: sound in every byte, or damaged.
  /// - Throws: `Mistake` where the store cannot be read.
  func examine(_ keys: [String]) throws -> (sound: Set<String>, damaged: Set<String>)
  /// Keeps whole runs: all of them or, on an error, none.
  /// - Throws: `Mistake` where the store cannot be written.
  func save(_ records: [RunRecord]) throws
  /// The form in which the store keeps a run. The thread that has trained it makes it, while another may be writing.
  func prepare(_ record: RunRecord) -> PreparedRun
  /// Keeps whole runs that `prepare(_:)` has made: all of them or, on an error, none.
  /// - Throws: `Mistake` where the store cannot be written.
  func save(_ runs: [PreparedRun]) throws
  /// The numbers of the runs with these keys.
  /// - Throws: `Mistake` where the store cannot be read.
  func summaries(_ keys: [String]) throws -> [String: RunSummary]
  /// The numbers of the runs with these keys, and their origins, newest first.
  /// - Throws: `Mistake` where the store cannot be read.
  func outlines(_ keys: [String]) throws -> (summaries: [String: RunSummary], provenance: [Provenance])
  /// The recorded series of a quantity, by key.
  /// - Throws: `Mistake` where the store cannot be read.
  func series(_ quantity: Quantity, of keys: [String]) throws -> [String: Series]
  /// Calls `body` with the recorded series of a quantity, one run at a time and in any order; no more than a few runs are in memory.
  /// - Throws: `Mistake` where the store cannot be read, and what `body` throws.
  func forEachSeries(_ quantity: Quantity, of keys: [String], _ body: (_ key: String, Series) throws -> Void) throws
  /// The final parameters, by key.
  /// - Throws: `Mistake` where the store cannot be read.
  func finalParameters(of keys: [String]) throws -> [String: [Double]]
  /// Adds the widths of the layers to runs that an older version stored without them.
  /// - Throws: `Mistake` where the store cannot be read or written.
  func addWidths(to keys: [String], _ widths: (_ key: String) throws -> [Int]) throws
}

extension RunStore {
  /// A store that keeps runs as they are.
  package func prepare(_ record: RunRecord) -> PreparedRun { PreparedRun(record, bytes: record.bytes) }

  /// A store that keeps runs as they are.
  /// - Throws: what `save(_:)` of records throws.
  package func save(_ runs: [PreparedRun]) throws { try save(runs.map { $0.form(of: RunRecord.self) }) }

  /// A store that does not know where its runs come from.
  /// - Throws: what `summaries(_:)` throws.
  package func outlines(_ keys: [String]) throws -> (summaries: [String: RunSummary], provenance: [Provenance]) {
    (try summaries(keys), [])
  }

  /// A store whose runs all have their widths.
  package func addWidths(to keys: [String], _ widths: (_ key: String) throws -> [Int]) {}

  /// A store that has its series in memory.
  /// - Throws: what `series(_:of:)` and `body` throw.
  package func forEachSeries(
    _ quantity: Quantity, of keys: [String], _ body: (_ key: String, Series) throws -> Void
  ) throws {
    for (key, series) in try series(quantity, of: keys) { try body(key, series) }
  }

  /// A store whose runs cannot be damaged.
  /// - Throws: what `known(among:)` throws.
  package func examine(_ keys: [String]) throws -> (sound: Set<String>, damaged: Set<String>) {
    (try known(among: keys), [])
  }
}

/// A finished run in the form of its store.
package struct PreparedRun: Sendable {
  private let form: any Sendable
  /// Bytes of memory, about.
  package let bytes: Int

  /// A run in a store's own form.
  package init(_ form: any Sendable, bytes: Int) { (self.form, self.bytes) = (form, bytes) }

  /// What the store has made of the run. A store is given only what it has made itself, so that no run is lost.
  package func form<Form>(of type: Form.Type) -> Form {
    guard let own = form as? Form else { preconditionFailure("a run was prepared by another store") }
    return own
  }
}

/// A finished run for the store.
package struct RunRecord: Sendable {
  /// Key of the run.
  package let key: String
  /// The canonical description of the run.
  package let description: String
  /// Number of inputs, then the number of units of each layer; empty for an objective.
  package let widths: [Int]
  /// What the training returned.
  package let result: TrainedRun
  /// By what, where and when the run was trained.
  package let provenance: Provenance

  /// A finished run with its key.
  package init(
    key: String, description: String, widths: [Int] = [], result: TrainedRun, provenance: Provenance
  ) {
    self.key = key
    self.description = description
    self.widths = widths
    self.result = result
    self.provenance = provenance
  }
}

extension RunRecord {
  /// Bytes of its numbers.
  fileprivate var bytes: Int {
    8 * result.series.values.reduce(result.finalParameters.count) { $0 + $1.values.count }
  }
}

/// A run without its curves.
public struct RunSummary: Hashable, Sendable {
  /// Whether the run finished or diverged.
  public var status: RunStatus
  /// Number of updates.
  public var steps: Int
  /// The number of updates after which a run with early stopping had its final parameters; `nil` for a run that keeps its last ones.
  public var bestStep: Int?
  /// Loss on all training data at the final parameters.
  public var finalLoss: Double
  /// Least loss on all training data, at any recorded step or after the last update; NaN where it is not known.
  public var bestLoss: Double
  /// Gradient norm at the last step; with early stopping at the best step, if the run went beyond it.
  public var finalGradientNorm: Double
  /// Other quantities at the final parameters.
  public var finals: [Quantity: Double]

  /// The numbers of a finished run.
  package init(
    status: RunStatus, steps: Int, finalLoss: Double, bestLoss: Double, finalGradientNorm: Double,
    finals: [Quantity: Double], bestStep: Int? = nil
  ) {
    self.status = status
    self.steps = steps
    self.bestStep = bestStep
    self.finalLoss = finalLoss
    self.bestLoss = bestLoss
    self.finalGradientNorm = finalGradientNorm
    self.finals = finals
  }

  /// The numbers of a trained run.
  package init(_ result: TrainedRun) {
    self.init(
      status: result.status, steps: result.steps, finalLoss: result.finalLoss, bestLoss: result.bestLoss,
      finalGradientNorm: result.finalGradientNorm, finals: result.finals, bestStep: result.bestStep)
  }

  /// The number of updates that led to the final parameters.
  public var keptStep: Int { bestStep ?? steps }

  /// Whether the run diverged.
  public var hasDiverged: Bool {
    if case .diverged = status { return true }
    return false
  }
}

extension Provenance {
  /// Origins, newest first; of equal origins the newest time.
  package static func newest(_ all: some Sequence<Provenance>) -> [Provenance] {
    var newest: [Provenance: String] = [:]
    for one in all {
      var maker = one
      maker.time = ""
      newest[maker] = max(newest[maker] ?? "", one.time)
    }
    return newest.map { maker, time in
      var maker = maker
      maker.time = time
      return maker
    }.sorted {
      ($0.time, $0.revision, $0.toolchain, $0.processor, $0.semantics)
        > ($1.time, $1.revision, $1.toolchain, $1.processor, $1.semantics)
    }
  }
}

/// The program, machine and time that produced numbers.
package struct Provenance: Hashable, Sendable, Codable {
  /// Commit of the sources.
  package var revision: String
  /// The compiler.
  package var toolchain: String
  /// Model of the CPU.
  package var processor: String
  /// Version of the training semantics.
  package var semantics: Int
  /// ISO 8601, UTC.
  package var time: String

  /// Provenance with a time in ISO 8601.
  package init(revision: String, toolchain: String, processor: String, semantics: Int, time: String) {
    self.revision = revision
    self.toolchain = toolchain
    self.processor = processor
    self.semantics = semantics
    self.time = time
  }
}
