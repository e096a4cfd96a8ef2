import Lanes

/// The masks of a step's hidden units, and the activations that remain.
///
///     mᵢ = 0 where u((r·B + s)·H + i) < p, else 1/(1 − p)        r: step, s: place in the batch of B, i: one of H hidden units
///
/// A mask is a function of these numbers and the run's seed, so that it does not depend on lanes, tiles or chunks.
final class Dropout<Axis: LaneAxis> {
  typealias V = Axis.V

  private let probability: Double
  private let scale: V.Scalar
  private let batchSize: Int
  private let hiddenUnits: Int
  /// Units of each hidden layer, and of those before it.
  private let layers: [(units: Int, before: Int)]
  private let masks: [Rows<V>]
  private let dropped: [Rows<V>]
  private var streams = Array(repeating: RandomStream(seed: 0, role: .dropout), count: Axis.runs)
  private var firstSteps = Array(repeating: 0, count: Axis.runs)
  /// The prepared step whose masks are made.
  var step = 0

  /// - Parameter columns: the most columns of a tile.
  init(_ probability: Double, network: Architecture, batchSize: Int, columns: Int, workspace: Workspace<V>) {
    self.probability = probability
    self.batchSize = batchSize
    scale = V.Scalar(1 / (1 - probability))
    var before = 0
    layers = network.layers.dropLast().map { layer in
      defer { before += layer.units }
      return (layer.units, before)
    }
    hiddenUnits = before
    masks = layers.map { workspace.rows($0.units, columns: columns) }
    dropped = layers.map { workspace.rows($0.units, columns: columns) }
  }

  func load(seed: UInt64, slot: Int) { streams[slot] = RandomStream(seed: seed, role: .dropout) }

  func prepare(from first: UnsafePointer<Int>) {
    for slot in firstSteps.indices { firstSteps[slot] = first[slot] }
  }

  /// What a hidden layer passes on of its activations in a tile that begins at a column of the batch.
  func apply(_ layer: Int, _ activations: Rows<V>, first: Int, columns: Int) -> Rows<V> {
    let (mask, passed) = (masks[layer], dropped[layer])
    for column in 0..<columns {
      for unit in 0..<layers[layer].units {
        let factors = factors(unit: layers[layer].before &+ unit, column: first &+ column)
        mask.row(unit)[column] = factors
        passed.row(unit)[column] = activations.row(unit)[column] * factors
      }
    }
    return passed
  }

  /// The activations that the last tile passed on.
  func passed(_ layer: Int) -> Rows<V> { dropped[layer] }

  /// δ ← m ⊙ δ
  func multiply(_ delta: Rows<V>, layer: Int, columns: Int) {
    for unit in 0..<layers[layer].units {
      let (row, factors) = (delta.row(unit), masks[layer].row(unit))
      for column in 0..<columns { row[column] = row[column] * factors[column] }
    }
  }

  private func factors(unit: Int, column: Int) -> V {
    var factors = V.zero
    for lane in 0..<V.scalarCount {
      let hasRuns = Axis.samplesPerColumn == 1
      let slot = hasRuns ? lane : 0
      let place = hasRuns ? column : column &* V.scalarCount &+ lane
      let sample = (firstSteps[slot] &+ step) &* batchSize &+ place
      if streams[slot].uniform(sample &* hiddenUnits &+ unit) >= probability { factors[lane] = scale }
    }
    return factors
  }
}
