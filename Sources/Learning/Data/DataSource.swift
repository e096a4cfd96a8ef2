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
  /// A part that no training, stop rule or choice of a setting may use.
  package var test: Part?
  /// Whether every part has the same share of each class.
  package var isStratified = false
  /// Whether targets are scaled like the inputs. Errors are in the target's own unit nevertheless; losses are not.
  package var hasStandardizedTargets = false
  /// Whether every input is shifted to mean 0 and scaled to deviation 1, both taken from the training part.
  package var isStandardized = false
  /// Whether the training targets are permuted at random, so that there is nothing to learn.
  package var hasRandomLabels = false
  /// Whether each run draws its own data by its own seed: noise, random inputs, random labels and the validation part.
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
    /// A share of the samples.
    case share(Part)
    /// So many more samples from the generator.
    case fresh(Int)
    /// One of several parts of equal size, counted from 1.
    case fold(Int, of: Int, drawn: Draw)
  }

  /// A share of the samples, and who draws it.
  public struct Part: Hashable, Sendable {
    /// Share of all samples, above 0 and below 1.
    public var share: Double
    /// The seed that draws it.
    public var drawn: Draw
  }

  /// A source without a validation part, not standardised.
  public init(_ origin: Origin) { self.origin = origin }

  /// Holds out a share of the samples, above 0 and below 1, chosen by `seed`. With `drawnPerSeed()`, each run's own seed chooses instead.
  public func validation(share: Double, seed: UInt64 = 0) -> Self {
    validation(share: share, drawn: .fixed(seed: seed))
  }
  /// Holds out a share of the samples, above 0 and below 1: `.perSeed` gives each seed of the sweep its own, `.fixed()` the same to all runs.
  public func validation(share: Double, drawn: Draw) -> Self {
    with { $0.held = .share(Part(share: share, drawn: drawn)) }
  }
  /// Holds out one of `count` parts of equal size, counted from 1, for validation: k-fold cross-validation (Stone 1974). `Folds` in a sweep
  /// trains on all of them.
  public func kFold(_ count: Int, fold: Int = 1, drawn: Draw = .fixed()) -> Self {
    with { $0.held = .fold(fold, of: count, drawn: drawn) }
  }
  /// Keeps a share of all samples, above 0 and below 1, for the test. Its loss and accuracy are computed once, after training, with the final
  /// parameters; no stop rule, no recording and no choice of a setting can use them.
  public func test(share: Double, drawn: Draw = .fixed()) -> Self {
    with { $0.test = Part(share: share, drawn: drawn) }
  }
  /// Gives every part the same share of each class, to one sample; for classes.
  public func stratified() -> Self { with { $0.isStratified = true } }
  /// Draws `count` further samples for validation; for generators.
  public func validation(fresh count: Int) -> Self { with { $0.held = .fresh(count) } }
  /// The same with inputs (x − mean)/deviation, both of the training part: mean 0 and standard deviation 1 there.
  public func standardized() -> Self { with { $0.isStandardized = true } }
  /// The same with targets (y − mean)/deviation, both of the training part; for regressions. Absolute errors, R² and predictions are in
  /// the target's own unit; losses are in units of its deviation.
  public func standardizedTargets() -> Self { with { $0.hasStandardizedTargets = true } }
  /// The same with the training targets in a random order.
  public func withRandomLabels() -> Self { with { $0.hasRandomLabels = true } }
  /// Every run draws its own data: noise, random inputs, random labels and the validation part follow the run's seed. The test part
  /// follows its own `drawn:`.
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
    case .share(let part): parts.append("validation-share(\(part.share),\(validationDraw(part.drawn).name))")
    case .fresh(let count): parts.append("validation-fresh(\(count))")
    case .fold(let fold, let count, let drawn): parts.append("fold(\(fold) of \(count),\(validationDraw(drawn).name))")
    }
    if let test { parts.append("test-share(\(test.share),\(test.drawn.name))") }
    if isStratified { parts.append("stratified") }
    if hasStandardizedTargets { parts.append("standardized-targets") }
    if isStandardized { parts.append("standardized") }
    if hasRandomLabels { parts.append("random-labels") }
    if let classWeights { parts.append("class-weights(\(classWeights.name))") }
    if labelSmoothing != 0 { parts.append("smoothed-labels(\(labelSmoothing))") }
    parts.append(isDrawnPerSeed ? "drawn-per-seed" : "seed(\(seed))")
    return parts.joined(separator: " ")
  }

  /// Whether runs of different seeds have different data or different parts of them.
  package var variesWithSeed: Bool { isDrawnPerSeed || drawsValidationPerSeed || drawsTestPerSeed }

  /// Whether each seed has its own validation samples.
  package var drawsValidationPerSeed: Bool {
    switch held {
    case .share(let part): validationDraw(part.drawn) == .perSeed
    case .fold(_, _, let drawn): validationDraw(drawn) == .perSeed
    case nil, .fresh: isDrawnPerSeed
    }
  }

  /// Whether each seed has its own test samples.
  package var drawsTestPerSeed: Bool { test?.drawn == .perSeed || drawsItsOwnSamples }

  /// Whether each seed has samples of its own, from a generator or a function, not from one file.
  package var drawsItsOwnSamples: Bool {
    if case .csv = origin { return false }
    return isDrawnPerSeed
  }

  /// The fold that is held out, counted from 1, and the number of folds; `nil` without folds.
  package var fold: (index: Int, count: Int)? {
    get { if case .fold(let index, let count, _) = held { (index, count) } else { nil } }
    set {
      guard let newValue else { return }
      var declared = Draw.fixed()
      if case .fold(_, _, let drawn) = held { declared = drawn }
      held = .fold(newValue.index, of: newValue.count, drawn: declared)
    }
  }

  /// What decides who is in which part: the same source with the first fold, and without what is done to the samples afterwards.
  package var asDrawn: DataSource {
    with {
      $0.isStandardized = false
      $0.hasStandardizedTargets = false
      $0.hasRandomLabels = false
      if let fold { $0.fold = (1, fold.count) }
    }
  }

  private func validationDraw(_ declared: Draw) -> Draw { isDrawnPerSeed ? .perSeed : declared }

  /// Makes the data set.
  /// - Parameter runSeed: the run's seed, used for what is drawn per seed.
  /// - Throws: `Mistake` when a file or a number in the declaration cannot be used.
  public func make(runSeed: UInt64, files: DataFiles) throws -> Dataset {
    let seed = isDrawnPerSeed ? runSeed : self.seed
    try checkWords()
    var draft = try draft(seed: seed, files)
    if case .fresh = held, draft.heldCount == 0 {
      throw Mistake(
        .data, at: "data \(title)", value: "validation(fresh:)", rule: "only a generator can draw fresh samples",
        remedy: "Use validation(share:) instead")
    }
    try part(&draft, runSeed)
    if !draft.preparation.columns.isEmpty { try draft.prepareColumns(draft.preparation.columns, title: title) }
    try draft.check(title)
    if hasRandomLabels { draft.shuffleTargets(seed: seed) }
    if isStandardized { try draft.standardize(title: title) }
    if hasStandardizedTargets { try draft.standardizeTargets(title: title) }
    if let classWeights { try draft.weigh(classWeights, title: title) }
    if labelSmoothing != 0 { try draft.smoothLabels(labelSmoothing, title: title) }
    return draft.dataset(named: title)
  }

  /// The words that contradict each other or change nothing.
  private func checkWords() throws {
    func mistake(_ value: String, _ rule: String, _ remedy: String) -> Mistake {
      Mistake(.data, at: "data \(title)", value: value, rule: rule, remedy: remedy)
    }
    if case .fresh = held, test != nil {
      throw mistake(
        "validation(fresh:) with test(share:)", "both parts are drawn in one way",
        "Use validation(share:) with test(share:)")
    }
    if case .csv = origin, isDrawnPerSeed, !hasRandomLabels, held == nil {
      throw mistake(
        "drawnPerSeed()", "nothing in a file follows the seed but parts and random labels",
        "Add validation(share:), or leave drawnPerSeed() out")
    }
    if isStratified, held == nil, test == nil {
      throw mistake("stratified()", "there is no part to draw", "Add validation(share:), kFold(5) or test(share:)")
    }
  }

  /// Draws the parts.
  private func part(_ draft: inout DataDraft, _ runSeed: UInt64) throws {
    if isStratified, draft.classes == nil {
      throw Mistake(
        .data, at: "data \(title)", value: "stratified()", rule: "its targets are no classes",
        remedy: "Leave it out for a regression")
    }
    // Fresh samples are drawn already.
    if case .fresh = held { return }
    if draft.heldCount > 0 || draft.testCount > 0, held != nil || test != nil {
      throw Mistake(
        .data, at: "data \(title)", value: "a part to draw",
        rule:
          "the data set has a \(draft.testCount > 0 ? "test" : "validation") part of its own, whose samples would be mixed with the others",
        remedy: "Leave validation(share:), kFold(_:) and test(share:) out, or give the data set one part only")
    }
    var split = Split(count: draft.count, classes: isStratified ? draft.classOfEachSample : nil, title: title)
    if let test { try split.holdOutTest(share: test.share, seed: test.drawn.seed(ofRun: runSeed)) }
    switch held {
    case nil, .fresh: break
    case .share(let part):
      try split.holdOutValidation(share: part.share, seed: validationDraw(part.drawn).seed(ofRun: runSeed))
    case .fold(let fold, let count, let drawn):
      try split.holdOut(fold: fold, of: count, seed: validationDraw(drawn).seed(ofRun: runSeed))
    }
    if held != nil || test != nil { draft.arrange(split) }
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
      let parts = [data.training, data.validation, data.test].compactMap(\.self)
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
