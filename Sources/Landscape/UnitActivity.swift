import Lanes
import Learning

/// What the hidden units of a network do on its training samples.
struct UnitActivity {
  struct Unit {
    let name: EndPoint.UnitName
    let layer: Int
    let index: Int
    let activation: Activation
    /// a and φ′(z) at each sample.
    var answers: [Double]
    var slopes: [Double]
    /// The least |z|: how near a kink.
    var nearest: Double
  }

  let architecture: Architecture
  private(set) var hidden: [[Unit]] = []
  /// Least |y − t| over samples and outputs.
  private(set) var leastError = Double.infinity

  init(_ function: NetworkLoss, _ theta: [Double]) {
    architecture = function.architecture
    let data = function.data
    let depth = architecture.layers.count - 1
    for (l, layer) in architecture.layers.prefix(depth).enumerated() {
      hidden.append(
        (0..<layer.units).map { unit in
          Unit(
            name: EndPoint.UnitName(layer: l + 1, unit: unit + 1, isOutput: false), layer: l, index: unit,
            activation: layer.activation(of: unit), answers: [], slopes: [], nearest: .infinity)
        })
    }
    for sample in 0..<data.training.count {
      var a = (0..<data.inputCount).map { data.training.inputs[sample * data.inputCount + $0] }
      for (l, layer) in architecture.layers.prefix(depth).enumerated() {
        let z = (0..<layer.units).map { unit in
          a.indices.reduce(layer.hasBias ? theta[layer.bias(unit)] : 0) { $0 + theta[layer.weight(unit, $1)] * a[$1] }
        }
        a = z.indices.map { unit in
          let bend = layer.activation(of: unit).bend(SIMD8(repeating: z[unit]))
          hidden[l][unit].answers.append(bend.value[0])
          hidden[l][unit].slopes.append(bend.first[0])
          hidden[l][unit].nearest = min(hidden[l][unit].nearest, abs(z[unit]))
          return bend.value[0]
        }
      }
      if function.loss == .absoluteError {
        let y = Exact.answer(
          of: architecture, theta,
          to: Array(data.training.inputs[sample * data.inputCount..<(sample + 1) * data.inputCount]))
        for k in 0..<data.outputCount {
          leastError = min(leastError, abs(y[k] - data.training.targets[sample * data.outputCount + k]))
        }
      }
    }
  }

  /// Whether a point lies on a kink of ReLU or of |y − t|, within rounding of a descent that zigzags across it.
  func isOnKink(_ loss: Loss) -> Bool {
    if loss == .absoluteError, leastError < 1e-6 { return true }
    return hidden.joined().contains { unit in
      switch unit.activation {
      case .relu, .leakyReLU: unit.nearest < 1e-6
      default: false
      }
    }
  }
}
