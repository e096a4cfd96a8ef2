public import Learning

/// A store of finished runs. Safe to call from several threads and processes.
public protocol RunStore: Sendable {
  /// Which of the keys are there, without reading their curves.
  func known(among keys: [String]) throws -> Set<String>
  /// Which of the keys are there: sound in every byte, or damaged.
  func examine(_ keys: [String]) throws -> (sound: Set<String>, damaged: Set<String>)
  /// Keeps whole runs: all of them or, on an error, none.
  func save(_ records: [RunRecord]) throws
  func summaries(_ keys: [String]) throws -> [String: RunSummary]
  func series(_ quantity: Quantity, of keys: [String]) throws -> [String: Series]
  func finalParameters(of keys: [String]) throws -> [String: [Double]]
}

extension RunStore {
  /// A store whose runs cannot be damaged.
  public func examine(_ keys: [String]) throws -> (sound: Set<String>, damaged: Set<String>) {
    (try known(among: keys), [])
  }
}

/// A finished run for the store.
public struct RunRecord: Sendable {
  public let key: String
  public let description: String
  public let result: TrainedRun
  public let provenance: Provenance

  public init(key: String, description: String, result: TrainedRun, provenance: Provenance) {
    self.key = key
    self.description = description
    self.result = result
    self.provenance = provenance
  }
}

/// A run without its curves.
public struct RunSummary: Hashable, Sendable {
  public var status: RunStatus
  public var steps: Int
  /// Loss on all training data after the last update.
  public var finalLoss: Double
  /// Least loss on all training data, at any recorded step or after the last update; NaN where it is not known.
  public var bestLoss: Double
  /// Gradient norm at the last step.
  public var finalGradientNorm: Double
  public var finals: [Quantity: Double]

  public init(
    status: RunStatus, steps: Int, finalLoss: Double, bestLoss: Double, finalGradientNorm: Double,
    finals: [Quantity: Double]
  ) {
    self.status = status
    self.steps = steps
    self.finalLoss = finalLoss
    self.bestLoss = bestLoss
    self.finalGradientNorm = finalGradientNorm
    self.finals = finals
  }

  public init(_ result: TrainedRun) {
    self.init(
      status: result.status, steps: result.steps, finalLoss: result.finalLoss, bestLoss: result.bestLoss,
      finalGradientNorm: result.series[.gradientNorm]?.values.last ?? .nan, finals: result.finals)
  }

  public var hasDiverged: Bool {
    if case .diverged = status { return true }
    return false
  }
}

/// The program, machine and time that produced numbers.
public struct Provenance: Hashable, Sendable, Codable {
  public var revision: String
  public var toolchain: String
  public var processor: String
  public var semantics: Int
  /// ISO 8601, UTC.
  public var time: String

  public init(revision: String, toolchain: String, processor: String, semantics: Int, time: String) {
    self.revision = revision
    self.toolchain = toolchain
    self.processor = processor
    self.semantics = semantics
    self.time = time
  }
}
