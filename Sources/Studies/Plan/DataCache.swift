import Learning
import Synchronization

/// The properties of a data set that planning needs, without its samples.
struct DataFacts: Sendable {
  let name: String
  let inputCount: Int
  let outputCount: Int
  let samples: Int
  let validationSamples: Int?
  let testSamples: Int?
  let classes: Dataset.Classes?
  let targets: ClosedRange<Double>
  let hasUnitTargets: Bool
  /// Of every number, size and class name.
  let digest: String

  init(_ data: Dataset) {
    name = data.name
    inputCount = data.inputCount
    outputCount = data.outputCount
    samples = data.training.count
    validationSamples = data.validation?.count
    testSamples = data.test?.count
    classes = data.classes
    let least = data.training.targets.min() ?? 0
    targets = least...max(least, data.training.targets.max() ?? 0)
    hasUnitTargets = data.hasUnitTargets
    digest = Digest.sha256(of: data)
  }
}

/// Reads a run that others start from; `nil` where there is none with this key.
package typealias StoredRuns = @Sendable (_ key: String) throws -> StoredRun.State?

/// Data sets made once per declaration (and per seed where each run draws its own data or parts), with their facts.
final class DataCache: Sendable {
  private struct Key: Hashable {
    let source: DataSource
    let seed: UInt64?
  }

  private let files: DataFiles
  private let archive: StoredRuns
  private let made = Mutex<[Key: Dataset]>([:])
  /// Facts are small and often needed: all of them are kept.
  private let known = Mutex<[Key: DataFacts]>([:])
  /// Data drawn per seed are remade when needed: only so many are kept.
  private static let limit = 256
  private let states = Mutex<[StoredRun: StoredRun.State]>([:])

  init(files: DataFiles, archive: @escaping StoredRuns = { _ in nil }) {
    self.files = files
    self.archive = archive
  }

  /// The parameters of a stored run, which are read once.
  /// - Throws: `Mistake` where the archive does not have the run, or cannot be read.
  func state(of run: StoredRun) throws -> StoredRun.State {
    if let known = states.withLock({ $0[run] }) { return known }
    guard let state = try archive(run.key) else {
      throw Mistake(
        .data, at: "start", value: run.name, rule: "the archive has no run with this key",
        remedy: "Train that run first; the last column of its report's runs.csv has the whole key")
    }
    states.withLock { $0[run] = state }
    return state
  }

  func dataset(_ source: DataSource, seed: UInt64) throws -> Dataset {
    let key = key(source, seed)
    if let known = made.withLock({ $0[key] }) { return known }
    let dataset = try source.make(runSeed: seed, files: files)
    // Facts are stored first: they must hold for the samples that are returned.
    let facts = DataFacts(dataset)
    let before = known.withLock { known in
      defer { known[key] = known[key] ?? facts }
      return known[key]
    }
    guard before.map({ $0.digest == facts.digest }) ?? true else {
      throw Mistake(
        .data, at: "data \(source.title)", value: "its numbers changed during the sweep",
        rule: "the same declaration and seed give the same data", remedy: "Do not change files while a sweep runs")
    }
    return made.withLock { made in
      if let other = made[key] { return other }
      if made.count >= Self.limit { made.removeAll() }
      made[key] = dataset
      return dataset
    }
  }

  func facts(_ source: DataSource, seed: UInt64) throws -> DataFacts {
    let key = key(source, seed)
    if let facts = known.withLock({ $0[key] }) { return facts }
    let dataset = try dataset(source, seed: seed)
    return known.withLock { $0[key] } ?? DataFacts(dataset)
  }

  private func key(_ source: DataSource, _ seed: UInt64) -> Key {
    Key(source: source, seed: source.variesWithSeed ? seed : nil)
  }
}
