import Learning

/// One of the lectures' systems: its equations, and an example on which they are compared with the engine.
struct System: Sendable {
  /// "A", "B1" …
  let name: String
  /// The names of the experiments that show it.
  let experiments: [String]
  /// The equations for a network and a loss; `nil` where the lecture does not describe such a network.
  let equations: @Sendable (Architecture, Loss) -> Equations?
  /// The lecture's names for the derivatives by a layer's weights and biases, from the first layer on.
  let names: [(w: String, b: String)]
  /// Its names for a layer's errors; `nil` where it has none.
  let errorNames: [String?]
  /// Its names for the weights and biases themselves.
  let parameterNames: [(w: String, b: String)]

  // The example.
  let network: Architecture
  let loss: Loss
  let data: Dataset
  let batching: Batching
  let rate: Double
  var schedule = Schedule.constant
}
