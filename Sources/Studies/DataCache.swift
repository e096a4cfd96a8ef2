import Learning
import Synchronization

/// Data sets made once per declaration (and per seed where each run draws its own), with their digests.
final class DataCache: Sendable {
  private struct Key: Hashable {
    let source: DataSource
    let seed: UInt64?
  }

  private let files: DataFiles
  private let made = Mutex<[Key: (dataset: Dataset, digest: String)]>([:])
  /// Data drawn per seed are remade when needed: only so many are kept.
  private static let limit = 256

  init(files: DataFiles) { self.files = files }

  func dataset(_ source: DataSource, seed: UInt64) throws -> Dataset { try entry(source, seed).dataset }

  func digest(of source: DataSource, seed: UInt64) throws -> String { try entry(source, seed).digest }

  private func entry(_ source: DataSource, _ seed: UInt64) throws -> (dataset: Dataset, digest: String) {
    let key = Key(source: source, seed: source.isDrawnPerSeed ? seed : nil)
    if let known = made.withLock({ $0[key] }) { return known }
    let dataset = try source.make(runSeed: seed, files: files)
    let entry = (dataset, Digest.sha256(of: dataset))
    made.withLock {
      if $0.count >= Self.limit { $0.removeAll() }
      $0[key] = entry
    }
    return entry
  }
}
