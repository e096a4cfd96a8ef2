/// Where a data set comes from: a generator or a file, and what is done to it before training.
public struct DataSource: Hashable, Sendable {
  /// The kinds of sources.
  public enum Origin: Hashable, Sendable {
    /// A synthetic data set.
    case generator(Generator)
    /// Columns of a CSV file.
    case csv(CSVSource)
    /// A function of the seed.
    case custom(CustomData)
  }

  /// The source of the samples.
  public var origin: Origin
  /// Part of the samples held out, or fresh samples of a generator.
  public var held: Validation?
  /// Whether every input is shifted to mean 0 and scaled to deviation 1, both taken from the training part.
  package var isStandardized = false
  /// Whether the training targets are permuted at random, so that there is nothing to learn.
  package var hasRandomLabels = false
  /// Whether each run draws its own data by its own seed: noise, random inputs, random labels and the validation share.
  /// Otherwise all runs share the data of `seed` and the share of its own seed.
  package var isDrawnPerSeed = false
  /// The share ε of every training target that is spread evenly over the classes, in [0, 1); 0 for targets 0 and 1.
  public var labelSmoothing = 0.0
  /// The weight of each class in the training loss; `nil` where all have the weight 1.
  public var classWeights: ClassWeights?
  /// Seeds noise, random inputs and random labels.
  public var seed: UInt64 = 0

  /// The choice of the validation samples.
  public enum Validation: Hashable, Sendable {
    /// This share of the samples, chosen by the seed, or by each run's own seed where data are drawn per seed.
    case share(Double, seed: UInt64)
    /// So many more samples from the generator.
    case fresh(Int)
  }

  /// A source without a validation part, not standardised.
  public init(_ origin: Origin) { self.origin = origin }

  /// Holds out a share of the samples, above 0 and below 1, chosen by `seed`. With `drawnPerSeed()`, each run's own seed chooses instead.
  public func validation(share: Double, seed: UInt64 = 0) -> Self { with { $0.held = .share(share, seed: seed) } }
  /// Draws `count` further samples for validation; for generators.
  public func validation(fresh count: Int) -> Self { with { $0.held = .fresh(count) } }
  /// The same with inputs (x − mean)/deviation, both of the training part: mean 0 and standard deviation 1 there.
  public func standardized() -> Self { with { $0.isStandardized = true } }
  /// The same with the training targets in a random order.
  public func withRandomLabels() -> Self { with { $0.hasRandomLabels = true } }
  /// Every run draws its own data: noise, random inputs, random labels and the validation share follow the run's seed.
  public func drawnPerSeed() -> Self { with { $0.isDrawnPerSeed = true } }
  /// The same with another seed for noise, random inputs and random labels.
  public func seeded(_ seed: UInt64) -> Self { with { $0.seed = seed } }

  func with(_ change: (inout Self) -> Void) -> Self {
    var copy = self
    change(&copy)
    return copy
  }

  /// The short name that figures and tables show.
  public var title: String {
    switch origin {
    case .generator(let generator): hasRandomLabels ? "\(generator.title), random labels" : generator.title
    case .csv(let source): hasRandomLabels ? "\(source.title), random labels" : source.title
    case .custom(let custom): custom.name
    }
  }

  /// The full description that identifies the declaration.
  public var name: String {
    var parts: [String] = []
    switch origin {
    case .generator(let generator): parts.append(generator.name)
    case .csv(let source): parts.append(source.name)
    case .custom(let custom): parts.append("custom(\(custom.name))")
    }
    switch held {
    case nil: break
    case .share(let share, _) where isDrawnPerSeed: parts.append("validation-share(\(share),seed of the run)")
    case .share(let share, let seed): parts.append("validation-share(\(share),seed \(seed))")
    case .fresh(let count): parts.append("validation-fresh(\(count))")
    }
    if isStandardized { parts.append("standardized") }
    if hasRandomLabels { parts.append("random-labels") }
    if let classWeights { parts.append("class-weights(\(classWeights.name))") }
    if labelSmoothing != 0 { parts.append("smoothed-labels(\(labelSmoothing))") }
    parts.append(isDrawnPerSeed ? "drawn-per-seed" : "seed(\(seed))")
    return parts.joined(separator: " ")
  }

  /// Makes the data set.
  /// - Parameter runSeed: the run's seed, used when data are drawn per seed.
  /// - Throws: `Mistake` when a file or a number in the declaration cannot be used.
  public func make(runSeed: UInt64, files: DataFiles) throws -> Dataset {
    let seed = isDrawnPerSeed ? runSeed : self.seed
    var draft = try draft(seed: seed, files)
    try draft.check(title)
    if case .fresh = held, draft.heldCount == 0 {
      throw Mistake(
        .data, at: "data \(title)", value: "validation(fresh:)", rule: "only a generator can draw fresh samples",
        remedy: "Use validation(share:) instead")
    }
    if case .share(let share, let splitSeed) = held {
      try draft.split(share: share, seed: isDrawnPerSeed ? runSeed : splitSeed, title: title)
    }
    if hasRandomLabels { draft.shuffleTargets(seed: seed) }
    if isStandardized { try draft.standardize(title: title) }
    if let classWeights { try draft.weigh(classWeights, title: title) }
    if labelSmoothing != 0 { try draft.smoothLabels(labelSmoothing, title: title) }
    return draft.dataset(named: title)
  }

  private func draft(seed: UInt64, _ files: DataFiles) throws -> DataDraft {
    switch origin {
    case .csv(let source): return try CSVReader.read(source, files)
    case .custom(let custom): return try DataDraft(try custom.make(seed), title: title)
    case .generator(let generator):
      guard case .fresh(let count) = held else { return try generator.make(seed: seed, fresh: 0, files) }
      guard (1...Generator.mostSamples).contains(count) else {
        throw Mistake(
          .data, at: "data \(title)", value: "\(count) fresh validation samples",
          rule: "their number lies between 1 and 10⁷", remedy: "Choose a number in between, or leave validation out")
      }
      return try generator.make(seed: seed, fresh: count, files)
    }
  }
}

/// Data given by a function of the seed.
public struct CustomData: Hashable, Sendable {
  /// Identifies the function in a run's description; the key of a run also has a digest of the data themselves.
  package let name: String
  /// Makes the data set of a seed.
  /// - Throws: what the author's function throws.
  package let make: @Sendable (_ seed: UInt64) throws -> Dataset

  /// Data made by a function of the seed.
  package init(name: String, make: @escaping @Sendable (_ seed: UInt64) throws -> Dataset) {
    self.name = name
    self.make = make
    lazyFingerprint = LazyFingerprint {
      guard let data = try? make(0) else { return Fingerprint() }
      let parts = [data.training] + (data.validation.map { [$0] } ?? [])
      return Fingerprint(of: parts.flatMap { [Double($0.count)] + $0.inputs + $0.targets })
    }
  }

  private let lazyFingerprint: LazyFingerprint
  /// A digest of the data of seed 0: two functions of one name count as one where it is equal.
  package var fingerprint: Fingerprint { lazyFingerprint.value }

  public static func == (a: Self, b: Self) -> Bool {
    a.name == b.name && LazyFingerprint.agree(a.lazyFingerprint, b.lazyFingerprint)
  }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
