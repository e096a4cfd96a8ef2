import Lanes

/// One layer as the passes need it: its sizes, and the places of its parameters, activations and deltas.
///
/// A plain value without references: the passes run over a buffer of these, and nothing is retained in a step.
struct LayerPlan<V: LaneVector> {
  let inputs: Int
  let units: Int
  /// Where the weights begin among the parameters, and the biases; −1 without biases.
  let weights: Int
  let biases: Int
  /// The activation of all units, or of the first where they differ.
  let activation: ActivationKind
  /// Whether φ(z) = z for all units: there is no slope to multiply by.
  let isLinear: Bool
  /// Whether activations and slopes are applied to a product's tile before it leaves the registers: where they are the same
  /// for all units, functions of one number, and zˡ is not needed.
  let finishesInRegisters: Bool
  /// aˡ = φ(zˡ)
  let output: Rows<V>
  /// δˡ = ∂E/∂zˡ
  let delta: Rows<V>
  /// φ′(zˡ) of softplus, sine and declared functions.
  let slope: Rows<V>?
  /// zˡ of an output whose loss reads it.
  let logits: Rows<V>?

  init(_ layer: Architecture.Layer, columns: Int, readsLogits: Bool, workspace: Workspace<V>) {
    inputs = layer.inputs
    units = layer.units
    weights = layer.offset
    biases = layer.hasBias ? layer.bias(0) : -1
    let kinds = layer.activations.map(ActivationKind.init)
    activation = kinds[0]
    isLinear = layer.activations.allSatisfy { $0 == .identity }
    output = workspace.rows(layer.units, columns: columns)
    delta = workspace.rows(layer.units, columns: columns)
    let keepsSlope = kinds.contains { $0.keepsSlope }
    slope = keepsSlope ? workspace.rows(layer.units, columns: columns) : nil
    logits = readsLogits ? workspace.rows(layer.units, columns: columns) : nil
    finishesInRegisters = !keepsSlope && !readsLogits && layer.activations.count == 1 && activation != .softmax
  }

  /// zˡ = Wˡaˡ⁻¹ + bˡ
  @inline(__always)
  var forwardWeights: WeightMatrix { WeightMatrix(offset: weights, rowStride: inputs, innerStride: 1) }

  /// (Wˡ)ᵀ, for passing δˡ down.
  @inline(__always)
  var backwardWeights: WeightMatrix { WeightMatrix(offset: weights, rowStride: 1, innerStride: inputs) }
}
