package import Analysis
package import Learning
package import Studies

/// A sweep that was never trained: what became of each run is written down, so that every answer is known beforehand.
///
/// Four training targets −1, 1, −1, 1 and two validation targets of 2: under half the mean squared error the best constant, 0,
/// has a training loss of ½ and a validation loss of 2. H units of one input and one output have 3H + 1 parameters.
package struct PlantedSweep {
  /// One run.
  package struct Outcome {
    /// Training loss in shares of the best constant's.
    package var left: Double
    package var validation: Double
    /// Validation loss on the way; `nil` for a run that recorded only the last.
    package var course: [Double]?
    package var diverged: Bool

    package init(left: Double = 0.5, validation: Double = 1, course: [Double]? = nil, diverged: Bool = false) {
      (self.left, self.validation, self.course, self.diverged) = (left, validation, course, diverged)
    }
  }

  package var widths: [Int]
  package var seeds: Int
  package var loss: Loss
  package var targets: [Double]
  package var validation: [Double]
  package var outputs: Int
  package var output: Activation
  package var isDrawnPerSeed: Bool
  /// Axes beside labels, width and seeds.
  package var more: [Axis]
  package var overrides = Overrides()
  package var outcome: (_ isRandom: Bool, _ width: Int, _ seed: Int) -> Outcome

  package init(
    widths: [Int] = [1, 2, 4, 8, 16], seeds: Int = 12, loss: Loss = .halfMeanSquaredError,
    targets: [Double] = [-1, 1, -1, 1], validation: [Double] = [2, 2], outputs: Int = 1,
    output: Activation = .identity, isDrawnPerSeed: Bool = false, more: [Axis] = [],
    outcome: @escaping (_ isRandom: Bool, _ width: Int, _ seed: Int) -> Outcome = { _, _, _ in Outcome() }
  ) {
    (self.widths, self.seeds, self.loss, self.targets) = (widths, seeds, loss, targets)
    (self.validation, self.outputs, self.output) = (validation, outputs, output)
    (self.isDrawnPerSeed, self.more, self.outcome) = (isDrawnPerSeed, more, outcome)
  }

  /// Fits from 8 on (by half of the runs at 4), memorises from 8 on; best at 4, worse at 1, 8 and 16 for every seed.
  package static func overcapacity(_ isRandom: Bool, _ width: Int, _ seed: Int) -> Outcome {
    let spread = 1 + 0.01 * Double(seed)
    if isRandom { return Outcome(left: width >= 8 ? 0.001 : 0.3) }
    let levels = [1: 1.5, 2: 0.51, 4: 0.5, 8: 0.6, 16: 0.75]
    let noise = width == 2 ? (seed < 6 ? 0.9 : 1.2) : 1
    let final = (levels[width] ?? 1) * spread * noise
    return Outcome(
      left: width >= 8 || (width == 4 && seed < 6) ? 0.001 : 0.1 / Double(width), validation: final,
      course: [9, final / 2, final])
  }

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
  package func results() throws -> Results {
    let setup = Setup(
      data: data, network: .mlp(hidden: 2, output: output), loss: loss, optimizer: .gradientDescent(learningRate: 0.1),
      initialization: .normal(scale: 1), stop: .after(steps: 10))
    let axes: [Axis] =
      Variants(
        "labels", [Variant("true") { _ in }, Variant("random") { $0.data = $0.data?.withRandomLabels() }]
      ).axes + Vary(.hidden, over: widths).axes + more
      + Seeds(0..<seeds).axes
    return try PlantedRuns.results(setup, overrides: overrides) {
      Axes(axes: axes)
    } run: { settings, seed in
      let width = Int(settings[1].number ?? .nan)
      let planted = outcome(settings[0] == .text(Self.random), width, seed)
      return PlantedRuns.Run(
        finalLoss: planted.left / 2, bestLoss: planted.left / 2, diverged: planted.diverged,
        finals: validation.isEmpty ? [:] : [.validationLoss: planted.validation],
        series: planted.course.map { [.validationLoss: Series(every: 1, values: $0)] } ?? [:],
        parameters: Array(repeating: 0, count: 2 * width + outputs * (width + 1)))
    }
  }

  private struct Axes: AxisDeclaration { let axes: [Axis] }

  package func capacity(withRandom: Bool = true, interpolatesBelow fraction: Double = 0.01) throws -> Capacity {
    let results = try results()
    return try Capacity(
      results.where(Self.labels, is: "true"), of: .hidden,
      randomLabels: withRandom ? results.where(Self.labels, is: Self.random) : nil, interpolatesBelow: fraction)
  }

  package static let labels = Parameter<String>.variant("labels")
  package static let random = "random"
}
