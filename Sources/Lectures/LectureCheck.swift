import Learning
import Studies

/// Compares the equations of a lecture with the engine and with central differences, on an example of the lecture's own kind.
public struct LectureCheck: Sendable {
  /// The system's name, "B2".
  public let name: String
  /// The experiments that show the system.
  public let experiments: [String]
  /// The quantities that were compared.
  public let lines: [CheckLine]

  /// Systems in the lectures' order.
  public static var names: [String] { System.all.map(\.name) }

  /// The check of a system; `nil` where the name is none.
  public static func named(_ name: String) throws -> LectureCheck? {
    try System.all.first { $0.name.lowercased() == name.lowercased() }.flatMap(LectureCheck.init)
  }

  /// The checks of all systems.
  public static func all() throws -> [LectureCheck] { try System.all.compactMap(LectureCheck.init) }

  init?(_ system: System) throws {
    guard let equations = system.equations(system.network, system.loss) else { return nil }
    name = system.name
    experiments = system.experiments
    let example = EngineCase(
      network: system.network, loss: system.loss, data: system.data, batching: system.batching,
      optimizer: .gradientDescent(learningRate: system.rate, schedule: system.schedule),
      start: Initialization.normal(scale: 0.8, biases: true).parameters(of: system.network, seed: 5), seed: 3)
    lines =
      try Self.derivatives(system, example, equations) + Self.errors(system, example, equations)
      + [1, 10, 100].flatMap { try Self.weights(system, example, equations, steps: $0) } + equations.further(example)
  }

  private static func derivatives(
    _ system: System, _ example: EngineCase, _ equations: Equations
  ) throws -> [CheckLine] {
    let textbook = example.gradient(equations, at: example.start, on: example.samples)
    let engine = try example.engineGradient()
    let differences = example.differences(equations, of: Array(example.start.indices))
    return blocks(system).flatMap { name, _, range in
      [
        CheckLine(name, "textbook – engine", textbook[range], engine[range], bound: 1e-12),
        CheckLine(name, "textbook – differences", textbook[range], differences[range], bound: 1e-7),
      ]
    }
  }

  private static func errors(_ system: System, _ example: EngineCase, _ equations: Equations) throws -> [CheckLine] {
    let (textbook, engine) = (example.errors(equations), try example.engineErrors())
    return system.errorNames.enumerated().compactMap { layer, name in
      name.map { CheckLine($0, "textbook – engine", textbook[layer][...], engine[layer][...], bound: 1e-12) }
    }
  }

  /// Every weight after some steps, by the lecture's own rule and by the engine.
  private static func weights(
    _ system: System, _ example: EngineCase, _ equations: Equations, steps: Int
  ) throws -> [CheckLine] {
    var layers = [LayerValues](example.start, of: system.network)
    for (step, batch) in example.batches(steps: steps).enumerated() {
      layers = equations.step(layers, batch, system.rate * system.schedule.factor(step))
    }
    let textbook = layers.packed(for: system.network)
    let engine = try example.engineParameters(after: steps)
    return blocks(system).map { _, name, range in
      // Rounding errors of single steps add up, and training itself may amplify them a little.
      CheckLine(
        "\(name) after \(NumberText.count(steps, "step"))", "textbook – engine", textbook[range],
        engine[range],
        bound: 1e-12 * Double(steps))
    }
  }

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
}
