import Learning

/// The runs of a plan, made on demand. A store is asked in passes, so that no list of keys is as long as the sweep.
extension Plan {
  /// One run of the plan.
  package struct Run: Sendable {
    /// Position in the plan, from 0.
    package let index: Int
    package let combination: Combination
    /// The seed.
    package let seed: UInt64
    /// The digest of the run's own data; `nil` where all seeds share them.
    private let ownDigest: String?
    /// Digest of description, data and training semantics: equal keys, equal numbers. It is computed by every call: a million kept
    /// keys take more memory than their runs.
    package var key: String {
      combination.key(seed: seed, dataDigest: ownDigest ?? combination.dataDigest ?? "none")
    }
    package var settings: [Setting] { combination.settings }
    package var setup: Setup { combination.setup }
    /// The canonical description that the key is made of.
    package var description: String { combination.description(seed: seed) }

    fileprivate init(index: Int, combination: Combination, seed: UInt64, ownDigest: String?) {
      self.index = index
      self.combination = combination
      self.seed = seed
      self.ownDigest = ownDigest
    }
  }

  /// The run of an index.
  /// - Throws: `Mistake` where its data cannot be used.
  package func run(_ index: Int) throws -> Run {
    let combination = combination(of: index)
    let seed = seed(of: index)
    return Run(
      index: index, combination: combination, seed: seed,
      ownDigest: combination.dataDigest == nil ? try ownDigest(combination, seed) : nil)
  }

  private func ownDigest(_ combination: Combination, _ seed: UInt64) throws -> String? {
    try combination.setup.data.map { try data.facts($0, seed: seed).digest }
  }

  /// All runs, in the order of the plan.
  /// - Throws: `Mistake` where data cannot be used.
  package func runs() throws -> [Run] { try runs(0..<runCount) }

  /// The runs of some indices.
  /// - Throws: `Mistake` where data cannot be used.
  package func runs(_ indices: Range<Int>) throws -> [Run] { try indices.map(run) }

  /// Consecutive parts of the plan, each small enough to be read from a store at once.
  package var passes: [Range<Int>] { passes(of: 8192) }

  /// Consecutive parts of so many runs.
  package func passes(of count: Int) -> [Range<Int>] {
    stride(from: 0, to: runCount, by: count).map { $0..<min($0 + count, runCount) }
  }
}
