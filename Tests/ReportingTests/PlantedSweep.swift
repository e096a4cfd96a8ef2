import Analysis
import Documents
import Figures
import Foundation
import Learning
import Reporting
import Studies

/// A sweep that was never trained: what became of each run is written down, so that every answer is known beforehand.
///
/// Four training targets −1, 1, −1, 1 and two validation targets of 2: under half the mean squared error the best constant, 0,
/// has a training loss of ½ and a validation loss of 2. H units of one input and one output have 3H + 1 parameters.
struct PlantedSweep {
  /// One run.
  struct Outcome {
    /// Training loss in shares of the best constant's.
    var left = 0.5
    var validation = 1.0
    /// Validation loss on the way; `nil` for a run that recorded only the last.
    var course: [Double]?
    var diverged = false
  }

  var widths = [1, 2, 4, 8, 16]
  var seeds = 12
  var loss = Loss.halfMeanSquaredError
  var targets = [-1.0, 1, -1, 1]
  var validation = [2.0, 2]
  var outputs = 1
  var output = Activation.identity
  var isDrawnPerSeed = false
  /// Axes beside labels, width and seeds.
  var more: [Axis] = []
  var overrides = Overrides()
  var outcome: (_ isRandom: Bool, _ width: Int, _ seed: Int) -> Outcome = { _, _, _ in Outcome() }

  private var data: DataSource {
    let (targets, validation, outputs) = (targets, validation, outputs)
    @Sendable func samples(_ targets: [Double]) -> Dataset.Samples {
      let count = targets.count / outputs
      return .init(count: count, inputs: (0..<count).map(Double.init), targets: targets)
    }
    let source = DataSource.custom("planted \(targets) \(validation)") { _ in
      Dataset(
        name: "planted", inputNames: ["x"], outputNames: (0..<outputs).map { "y\($0)" }, training: samples(targets),
        validation: validation.isEmpty ? nil : samples(validation),
        classes: outputs == 2 ? .oneHot(names: ["a", "b"]) : nil)
    }
    return isDrawnPerSeed ? source.drawnPerSeed() : source
  }

  /// All runs.
  func results() throws -> Results {
    let setup = Setup(
      data: data, network: .mlp(hidden: 2, output: output), loss: loss, optimizer: .gradientDescent(learningRate: 0.1),
      initialization: .normal(scale: 1), stop: .after(steps: 10))
    let axes: [Axis] =
      Variants(
        "labels", [Variant("true") { _ in }, Variant("random") { $0.data = $0.data?.withRandomLabels() }]
      ).axes + Vary(.hidden, over: widths).axes + more
      + Seeds(0..<seeds).axes
    let study = try Study(name: "planted", title: "", setup: setup, sweep: axes).applying(overrides)
    let plan = try Plan(study, files: DataFiles(folders: []))
    var store = PlantedStore()
    for run in try plan.runs() {
      guard case .integer(let width) = run.settings[1] else { continue }
      let planted = outcome(run.settings[0] == .text(Self.random), width, Int(run.seed))
      store.known[run.key] = RunSummary(
        status: planted.diverged ? .diverged(atStep: 3) : .finished, steps: 10, finalLoss: planted.left / 2,
        bestLoss: planted.left / 2, finalGradientNorm: 1,
        finals: !validation.isEmpty ? [.validationLoss: planted.validation] : [:])
      store.courses[run.key] = planted.course.map { Series(every: 1, values: $0) }
    }
    return try Results(plan: plan, store: store)
  }

  func capacity(withRandom: Bool = true, interpolatesBelow fraction: Double = 0.01) throws -> Capacity {
    let results = try results()
    return try Capacity(
      results.where(Self.labels, is: "true"), of: .hidden,
      randomLabels: withRandom ? results.where(Self.labels, is: Self.random) : nil, interpolatesBelow: fraction)
  }

  static let labels = Parameter<String>.variant("labels")
  static let random = "random"
}

/// Holds what it was told.
private struct PlantedStore: RunStore {
  var known: [String: RunSummary] = [:]
  var courses: [String: Series] = [:]

  func known(among keys: [String]) -> Set<String> { Set(keys.filter { known[$0] != nil }) }
  func save(_ records: [RunRecord]) {}
  func summaries(_ keys: [String]) -> [String: RunSummary] { known }
  func series(_ quantity: Quantity, of keys: [String]) -> [String: Series] {
    quantity == .validationLoss ? courses : [:]
  }
  func finalParameters(of keys: [String]) -> [String: [Double]] { [:] }
}
