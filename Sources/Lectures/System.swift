import Learning

/// Weights and biases of a layer: the shape in which textbook and engine exchange parameters and derivatives.
///
/// `w[unit][input]`; `b` is empty where a layer has no biases.
public struct LayerValues: Sendable {
  public var w: [[Double]]
  public var b: [Double]
}

/// One of the lectures' systems, for the textbook and for the engine.
struct System: Sendable {
  /// "A", "B1" …
  let name: String
  /// The names of the experiments that show it.
  let experiments: [String]
  let network: Architecture
  let loss: Loss
  let data: Dataset
  let batching: Batching
  let rate: @Sendable (_ step: Int) -> Double
  let schedule: Schedule
  /// The lecture's names for the derivatives by a layer's weights and biases, from the first layer on.
  let names: [(w: String, b: String)]
  /// Its names for a layer's errors; `nil` where it has none.
  let errorNames: [String?]
  /// Its names for the weights and biases themselves.
  let parameterNames: [(w: String, b: String)]

  /// The textbook's loss of one sample.
  let sampleLoss: @Sendable (_ layers: [LayerValues], _ sample: Int) -> Double
  /// The textbook's derivatives of one sample's loss, and the errors they come from.
  let sampleGradient: @Sendable (_ layers: [LayerValues], _ sample: Int) -> (layers: [LayerValues], errors: [[Double]])
  /// One step of the textbook on a batch.
  let step: @Sendable (_ layers: [LayerValues], _ batch: [Int], _ rate: Double) -> [LayerValues]

  /// Whether the losses of a batch's samples are averaged, not summed.
  var isMean: Bool { loss == .meanSquaredError || loss == .halfMeanSquaredError }
}

extension System {
  /// Parameters in the engine's order: per layer the rows of weights, then the biases.
  static func packed(_ layers: [LayerValues]) -> [Double] { layers.flatMap { $0.w.flatMap(\.self) + $0.b } }

  /// The inverse of `packed` for a network.
  static func layers(_ packed: [Double], of network: Architecture) -> [LayerValues] {
    network.layers.map { layer in
      LayerValues(
        w: (0..<layer.units).map { unit in (0..<layer.inputs).map { packed[layer.weight(unit, $0)] } },
        b: layer.hasBias ? (0..<layer.units).map { packed[layer.bias($0)] } : [])
    }
  }

  func inputs(_ sample: Int) -> [Double] { Self.inputs(data, sample) }
  func targets(_ sample: Int) -> [Double] { Self.targets(data, sample) }

  static func inputs(_ data: Dataset, _ sample: Int) -> [Double] {
    Array(data.training.inputs[sample * data.inputCount..<(sample + 1) * data.inputCount])
  }
  static func targets(_ data: Dataset, _ sample: Int) -> [Double] {
    Array(data.training.targets[sample * data.outputCount..<(sample + 1) * data.outputCount])
  }
}
