import Learning
import Studies

/// Compares textbook, engine and central differences, quantity by quantity.
public struct LectureCheck: Sendable {
  /// One quantity of a lecture.
  public struct Line: Sendable {
    public let quantity: String
    public let against: String
    /// Largest difference, relative to the quantity's largest value.
    public let difference: Double
    public let bound: Double
    public var passed: Bool { difference <= bound }
  }

  /// The system's name, "B2".
  public let name: String
  public let experiments: [String]
  public let lines: [Line]
  public var passed: Bool { lines.allSatisfy(\.passed) }

  /// Systems in the lectures' order.
  public static var names: [String] { System.all.map(\.name) }

  /// Names of experiments that can be checked, each with its systems.
  public static var experimentNames: [String] {
    System.all.flatMap(\.experiments).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// The checks of a system or of an experiment's systems; none where the name is neither.
  public static func named(_ name: String) throws -> [LectureCheck] {
    try System.all.filter { $0.name.lowercased() == name.lowercased() || $0.experiments.contains(name) }.map(
      LectureCheck.init)
  }

  public static func all() throws -> [LectureCheck] { try System.all.map(LectureCheck.init) }

  init(_ system: System) throws {
    name = system.name
    experiments = system.experiments
    let start = Initialization.normal(scale: 0.8, biases: true).parameters(of: system.network, seed: 5)
    lines =
      try Self.derivatives(system, start) + Self.errors(system, start)
      + [1, 10, 100].flatMap { try Self.weights(system, start, steps: $0) }
  }

  // MARK: Derivatives

  /// ∂E on all samples: textbook against engine, and textbook against central differences of its own loss.
  private static func derivatives(_ system: System, _ start: [Double]) throws -> [Line] {
    let count = system.data.training.count
    let layers = System.layers(start, of: system.network)
    let share = system.isMean ? 1 / Double(count) : 1
    var textbook = Array(repeating: 0.0, count: start.count)
    for sample in 0..<count {
      for (i, value) in System.packed(system.sampleGradient(layers, sample).layers).enumerated() {
        textbook[i] += share * value
      }
    }
    let engine = try gradient(system.network, system.loss, system.data, start)
    let differences = start.indices.map { i -> Double in
      let h = 1e-5
      func loss(_ shift: Double) -> Double {
        var moved = start
        moved[i] += shift
        let layers = System.layers(moved, of: system.network)
        return (0..<count).reduce(0) { $0 + share * system.sampleLoss(layers, $1) }
      }
      return (loss(h) - loss(-h)) / (2 * h)
    }
    return blocks(system).flatMap { name, _, range in
      [
        line(name, "engine", textbook[range], engine[range], 1e-12),
        line(name, "differences", textbook[range], differences[range], 1e-7),
      ]
    }
  }

  /// The training engine's gradient, from the change of the parameters in one step. At a huge learning rate the digits of the
  /// parameters themselves do not hide it. (`Landscape` has gradients of its own; here those of training are checked.)
  private static func gradient(
    _ network: Architecture, _ loss: Loss, _ data: Dataset, _ start: [Double]
  ) throws -> [Double] {
    let rate = 0x1p40
    let run = TrainingRun(
      problem: .network(network, loss, data, .full), initialParameters: start,
      optimizer: .gradientDescent(learningRate: rate), stop: StopRule.after(steps: 1).neverDiverging(), seed: 0)
    let end = try Replay.train([run]).first?.finalParameters ?? []
    return zip(start, end).map { ($0 - $1) / rate }
  }

  // MARK: Errors δ, s, γ

  /// A layer's errors for every single sample. The engine's are its derivatives by the biases; a network without biases gets
  /// some that are 0.
  private static func errors(_ system: System, _ start: [Double]) throws -> [Line] {
    let layers = System.layers(start, of: system.network)
    let withBiases = system.network.withBiases
    let parameters = System.packed(
      layers.map { LayerValues(w: $0.w, b: $0.b.isEmpty ? Array(repeating: 0, count: $0.w.count) : $0.b) })
    var found: [(textbook: [Double], engine: [Double])] = system.errorNames.map { _ in ([], []) }
    for sample in 0..<system.data.training.count {
      let one = Dataset(name: "one", inputs: [system.inputs(sample)], targets: [system.targets(sample)])
      let engine = System.layers(try gradient(withBiases, system.loss, one, parameters), of: withBiases)
      for (index, errors) in system.sampleGradient(layers, sample).errors.enumerated() {
        found[index].textbook += errors
        found[index].engine += engine[index].b
      }
    }
    return zip(system.errorNames, found).compactMap { name, values in
      name.map { line($0, "engine", values.textbook[...], values.engine[...], 1e-12) }
    }
  }

  // MARK: Weights

  /// Every weight after some steps, both from the same start over the same samples.
  private static func weights(_ system: System, _ start: [Double], steps: Int) throws -> [Line] {
    let seed: UInt64 = 3
    var layers = System.layers(start, of: system.network)
    let batches = system.batching.batches(samples: system.data.training.count, steps: steps, seed: seed)
    for (index, batch) in batches.enumerated() { layers = system.step(layers, batch, system.rate(index)) }
    let run = TrainingRun(
      problem: .network(system.network, system.loss, system.data, system.batching), initialParameters: start,
      optimizer: .gradientDescent(learningRate: system.rate(0), schedule: system.schedule),
      stop: StopRule.after(steps: steps).neverDiverging(), seed: seed)
    let engine = try Replay.train([run]).first?.finalParameters ?? []
    let textbook = System.packed(layers)
    // Rounding errors of single steps add up, and training itself may amplify them a little.
    let bound = 1e-12 * Double(steps)
    return blocks(system).map { _, name, range in
      line("\(name) after \(NumberText.count(steps, "step"))", "engine", textbook[range], engine[range], bound)
    }
  }

  // MARK: Shapes

  /// The place of each named part of the parameters.
  private static func blocks(_ system: System) -> [(derivative: String, parameter: String, range: Range<Int>)] {
    system.network.layers.enumerated().flatMap { index, layer in
      let weights = layer.offset..<layer.offset + layer.weightCount
      let all = [(system.names[index].w, system.parameterNames[index].w, weights)]
      guard layer.hasBias else { return all }
      return all + [
        (system.names[index].b, system.parameterNames[index].b, weights.upperBound..<layer.parameters.upperBound)
      ]
    }
  }

  private static func line(
    _ quantity: String, _ against: String, _ a: ArraySlice<Double>, _ b: ArraySlice<Double>, _ bound: Double
  ) -> Line {
    let size = a.map(abs).max() ?? 0
    let largest = zip(a, b).map { abs($0 - $1) }.max() ?? .infinity
    // Different lengths and NaN cannot be compared: the check fails.
    let isSound = a.count == b.count && !a.isEmpty && (a + b).allSatisfy(\.isFinite)
    return Line(
      quantity: quantity, against: against,
      difference: isSound ? largest / max(size, .leastNormalMagnitude) : .infinity,
      bound: bound)
  }
}
