import Lanes
import Learning

/// The outputs and slopes of a network's hidden units on its training samples.
struct UnitActivity {
  struct Unit {
    let name: EndPoint.UnitName
    let layer: Int
    let index: Int
    let activation: Activation
    /// a and φ′(z) at each sample.
    var outputs: [Double]
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
            activation: layer.activation(of: unit), outputs: [], slopes: [], nearest: .infinity)
        })
    }
    for sample in 0..<data.training.count {
      let input = data.training.input(sample)
      let layers = Exact.layers(of: architecture, theta, at: input)
      for (l, (z, a)) in layers.prefix(depth).enumerated() {
        for unit in z.indices {
          let slope = architecture.layers[l].activation(of: unit).bend(SIMD8(repeating: z[unit])).first[0]
          hidden[l][unit].outputs.append(a[unit])
          hidden[l][unit].slopes.append(slope)
          hidden[l][unit].nearest = min(hidden[l][unit].nearest, abs(z[unit]))
        }
      }
      for (k, y) in (layers.last?.a ?? input).enumerated() {
        leastError = min(leastError, abs(y - data.training.targets[sample * data.outputCount + k]))
      }
    }
  }

  /// Whether a point lies on a kink of ReLU or of |y − t|, as near as a run comes that steps back and forth across it.
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
