import Lanes

/// A fully connected network in lanes: forward pass, loss, backpropagation.
///
///     activations[l]   units × tile    aˡ, kept by the forward pass for the backward pass
///     deltas[l]        units × tile    δˡ = ∂E/∂zˡ
///     keeps[l]         units × tile    φ′(zˡ) of softplus and sine; z of an output whose loss reads it
///
/// A batch too large for the cache passes in tiles of columns, whose gradients add up in their order.
final class NetworkModel<Axis: LaneAxis>: LaneModel {
  typealias V = Axis.V

  let network: Architecture
  let loss: Loss
  let parameterCount: Int
  let parameters: UnsafeMutablePointer<V>
  let gradient: UnsafeMutablePointer<V>

  private let workspace = Workspace<V>()
  private let classes: Dataset.Classes?
  private let batching: Batching
  private let isFullBatch: Bool
  private let batch: DataColumns<Axis>
  private let batchSize: Int
  private let tile: Int
  private let activations: [Rows<V>]
  private let deltas: [Rows<V>]
  private let keeps: [Rows<V>?]
  /// All training data and all validation data, made when first asked for.
  private var training: DataColumns<Axis>?
  private var validation: DataColumns<Axis>?
  private var sources: [SampleSource<V.Scalar>?]
  private var validationSources: [SampleSource<V.Scalar>?]
  private var feeds: [SampleFeed?]

  init(network: Architecture, loss: Loss, data: Dataset, batching: Batching) {
    self.network = network
    self.loss = loss
    self.batching = batching
    classes = data.classes
    parameterCount = network.parameterCount
    parameters = workspace.vectors(Axis.vectors(for: parameterCount))
    gradient = workspace.vectors(Axis.vectors(for: parameterCount))
    batchSize = batching.size(samples: data.training.count)
    isFullBatch = batching == .full
    batch = DataColumns(
      inputs: network.inputs, outputs: network.outputs, samples: batchSize, workspace: workspace)
    let units = network.layers.reduce(0) { $0 + $1.units }
    tile = Self.tile(units: units, columns: batch.columns)
    let space = workspace
    let width = tile
    activations = network.layers.map { space.rows($0.units, columns: width) }
    deltas = network.layers.map { space.rows($0.units, columns: width) }
    let last = network.layers.count - 1
    keeps = network.layers.enumerated().map { index, layer in
      let keeps = layer.activations.contains(where: \.keepsSlope) || (index == last && loss.readsLogits)
      return keeps ? space.rows(layer.units, columns: width) : nil
    }
    sources = Array(repeating: nil, count: Axis.runs)
    validationSources = Array(repeating: nil, count: Axis.runs)
    feeds = Array(repeating: nil, count: Axis.runs)
  }

  /// Columns that pass at once: as many as leave activations and deltas room in the second-level cache.
  private static func tile(units: Int, columns: Int) -> Int {
    let budget = 256 * 1024 / (2 * MemoryLayout<V>.stride)
    let fitting = Swift.max(4, budget / Swift.max(units, 1) / 4 * 4)
    return Swift.min(Swift.max(columns, 4), fitting)
  }

  var layerParameters: [Range<Int>] { network.layers.map(\.parameters) }

  // MARK: Runs and their data

  func load(_ run: TrainingRun, slot: Int) {
    guard case .network(_, _, let data, _) = run.problem else { return }
    feeds[slot] = isFullBatch ? nil : SampleFeed(batching: batching, samples: data.training.count, seed: run.seed)
    if sources[slot]?.dataset === data { return }
    let shared = sources.compactMap(\.self).first { $0.dataset === data }
    let source = shared ?? SampleSource(data.training, of: data)
    sources[slot] = source
    if isFullBatch { batch.fill(source, slot: slot) }
    training?.fill(source, slot: slot)
    if let held = data.validation {
      let shared = validationSources.compactMap(\.self).first { $0.dataset === data }
      let source = shared ?? SampleSource(held, of: data)
      validationSources[slot] = source
      validation?.fill(source, slot: slot)
    }
  }

  func nextBatch(slots: Int) {
    if isFullBatch { return }
    for slot in 0..<slots {
      guard let source = sources[slot] else { continue }
      for place in 0..<batchSize {
        let sample = feeds[slot]?.next() ?? 0
        batch.write(source, sample: sample, place: place, slot: slot)
      }
    }
  }

  private func allTraining() -> DataColumns<Axis> {
    if isFullBatch { return batch }
    if let training { return training }
    let made = makeColumns(sources)
    training = made
    return made
  }

  private func makeColumns(_ sources: [SampleSource<V.Scalar>?]) -> DataColumns<Axis> {
    let count = sources.compactMap(\.self).first?.count ?? 1
    let columns = DataColumns<Axis>(
      inputs: network.inputs, outputs: network.outputs, samples: count, workspace: workspace)
    for (slot, source) in sources.enumerated() {
      if let source { columns.fill(source, slot: slot) }
    }
    return columns
  }

  // MARK: Gradient

  func lossAndGradient() -> V { lossAndGradient(on: batch) }

  func lossAndGradientOnAllData() -> V { lossAndGradient(on: allTraining()) }

  private func lossAndGradient(on data: DataColumns<Axis>) -> V {
    let factor = V(repeating: V.Scalar(loss.factor(samples: data.samples)))
    var sum = V.zero
    var first = 0
    while first < data.columns {
      let columns = Swift.min(tile, data.columns - first)
      forward(data.x.from(column: first), columns: columns)
      sum = sum + differentiate(data, first: first, columns: columns, factor: factor)
      backward(data.x.from(column: first), columns: columns, adding: first > 0)
      first += columns
    }
    return Axis.total(sum) * factor
  }

  /// zˡ = Wˡaˡ⁻¹ + bˡ, aˡ = φ(zˡ), layer by layer.
  private func forward(_ input: Rows<V>, columns: Int) {
    var previous = input
    for (index, layer) in network.layers.enumerated() {
      let output = activations[index]
      Products<Axis>.multiply(
        parameters, WeightMatrix(offset: layer.offset, rowStride: layer.inputs, innerStride: 1),
        bias: layer.hasBias ? layer.bias(0) : nil, rows: layer.units, inner: layer.inputs, columns: columns,
        previous, into: output)
      if index == network.layers.count - 1, loss.readsLogits, let keep = keeps[index] {
        keep.base.update(from: output.base, count: layer.units * tile)
      }
      activate(layer, output, keeps[index], columns: columns)
      previous = output
    }
  }

  private func activate(_ layer: Architecture.Layer, _ z: Rows<V>, _ keep: Rows<V>?, columns: Int) {
    let slopes = layer.activations.contains(where: \.keepsSlope) ? keep : nil
    if layer.activations[0] == .softmax {
      Softmax.apply(z, units: layer.units, columns: columns)
    } else if layer.activations.count == 1, columns == z.stride {
      layer.activations[0].apply(z.base, slope: slopes?.base, count: layer.units * columns)
    } else {
      for unit in 0..<layer.units {
        layer.activation(of: unit).apply(z.row(unit), slope: slopes?.row(unit), count: columns)
      }
    }
  }

  /// The loss's sum over a tile; leaves δ of the output layer in `deltas`.
  private func differentiate(_ data: DataColumns<Axis>, first: Int, columns: Int, factor: V) -> V {
    let last = network.layers.count - 1
    let layer = network.layers[last]
    let y = activations[last]
    let g = deltas[last]
    let logits = loss.readsLogits ? keeps[last] : nil
    let t = data.t.from(column: first)
    let paddedColumn = data.isPadded && first + columns == data.columns ? columns - 1 : nil
    let whole = paddedColumn ?? columns
    var sum = V.zero
    for k in 0..<layer.units {
      sum = sum + loss.differentiate(y.row(k), logits: logits?.row(k), t.row(k), g.row(k), columns: whole)
    }
    if loss == .crossEntropy, let logits {
      for s in 0..<whole { sum = sum + Softmax.logSumExp(logits, units: layer.units, column: s) }
    }
    if let s = paddedColumn {
      var rest = V.zero
      for k in 0..<layer.units {
        rest =
          rest
          + loss.differentiate(
            y.row(k) + s, logits: logits.map { $0.row(k) + s }, t.row(k) + s, g.row(k) + s, columns: 1)
        g.row(k)[s] = hidePadding(g.row(k)[s], data)
      }
      if loss == .crossEntropy, let logits { rest = rest + Softmax.logSumExp(logits, units: layer.units, column: s) }
      sum = sum + hidePadding(rest, data)
    }
    for k in 0..<layer.units {
      for s in 0..<columns { g.row(k)[s] = g.row(k)[s] * factor }
    }
    if !loss.readsLogits { multiplyBySlope(layer, g, y, keeps[last], columns: columns) }
    return sum
  }

  @inline(__always)
  private func hidePadding(_ value: V, _ data: DataColumns<Axis>) -> V {
    V.whereLess(data.padding, V.constant(0.5), value, V.zero)
  }

  private func multiplyBySlope(
    _ layer: Architecture.Layer, _ delta: Rows<V>, _ a: Rows<V>, _ keep: Rows<V>?, columns: Int
  ) {
    if layer.activations[0] == .softmax {
      Softmax.backward(delta, a, units: layer.units, columns: columns)
    } else if layer.activations.count == 1, columns == a.stride {
      layer.activations[0].multiplyBySlope(delta.base, a.base, slope: keep?.base, count: layer.units * columns)
    } else {
      for unit in 0..<layer.units {
        layer.activation(of: unit)
          .multiplyBySlope(delta.row(unit), a.row(unit), slope: keep?.row(unit), count: columns)
      }
    }
  }

  /// ∂E/∂Wˡ = δˡ·aˡ⁻¹ᵀ, ∂E/∂bˡ = Σ δˡ, δˡ⁻¹ = (Wˡᵀδˡ) ⊙ φ′, from the output down.
  private func backward(_ input: Rows<V>, columns: Int, adding: Bool) {
    for index in network.layers.indices.reversed() {
      let layer = network.layers[index]
      let delta = deltas[index]
      let below = index == 0 ? input : activations[index - 1]
      Products<Axis>.outer(
        delta, below, units: layer.units, inputs: layer.inputs, columns: columns, gradient, offset: layer.offset,
        adding: adding)
      if layer.hasBias {
        Products<Axis>.rowSums(
          delta, units: layer.units, columns: columns, gradient, offset: layer.bias(0), adding: adding)
      }
      if index > 0 {
        Products<Axis>.multiply(
          parameters, WeightMatrix(offset: layer.offset, rowStride: 1, innerStride: layer.inputs),
          bias: nil, rows: layer.inputs, inner: layer.units, columns: columns, delta, into: deltas[index - 1])
        multiplyBySlope(
          network.layers[index - 1], deltas[index - 1], activations[index - 1], keeps[index - 1], columns: columns)
      }
    }
  }

  // MARK: Evaluation

  func evaluateTraining() -> Evaluation<V> { evaluate(allTraining()) }

  func evaluateValidation() -> Evaluation<V>? {
    guard validationSources.contains(where: { $0 != nil }) else { return nil }
    let columns = validation ?? makeColumns(validationSources)
    validation = columns
    return evaluate(columns)
  }

  private func evaluate(_ data: DataColumns<Axis>) -> Evaluation<V> {
    let factor = V(repeating: V.Scalar(loss.factor(samples: data.samples)))
    var sum = V.zero
    var correct = V.zero
    var absolute = V.zero
    var first = 0
    while first < data.columns {
      let columns = Swift.min(tile, data.columns - first)
      forward(data.x.from(column: first), columns: columns)
      sum = sum + differentiate(data, first: first, columns: columns, factor: factor)
      for s in 0..<columns {
        let column = measure(data.t.from(column: first + s), column: s)
        let hides = data.isPadded && first + s == data.columns - 1
        correct = correct + (hides ? hidePadding(column.correct, data) : column.correct)
        absolute = absolute + (hides ? hidePadding(column.absolute, data) : column.absolute)
      }
      first += columns
    }
    let share = V(repeating: 1 / V.Scalar(data.samples))
    let perOutput = V(repeating: 1 / V.Scalar(data.samples * network.outputs))
    return Evaluation(
      loss: Axis.total(sum) * factor,
      accuracy: classes == nil ? nil : Axis.total(correct) * share,
      absoluteError: Axis.total(absolute) * perOutput)
  }

  /// Whether the class is right (1 or 0), and Σₖ |yₖ − tₖ|, for one column of targets.
  private func measure(_ t: Rows<V>, column s: Int) -> (correct: V, absolute: V) {
    let y = activations[network.layers.count - 1]
    let one = V.constant(1)
    var absolute = V.zero
    for k in 0..<network.outputs { absolute = absolute + V.abs(y.row(k)[s] - t.row(k)[0]) }
    switch classes {
    case nil: return (V.zero, absolute)
    case .threshold(let threshold):
      let threshold = V(repeating: V.Scalar(threshold))
      let output = V.whereLess(y.row(0)[s], threshold, V.zero, one)
      let target = V.whereLess(t.row(0)[0], threshold, V.zero, one)
      // NaN is on neither side and never right.
      return (V.whereEqual(y.row(0)[s], y.row(0)[s], V.whereEqual(output, target, one, V.zero), V.zero), absolute)
    case .oneHot:
      var top = y.row(0)[s]
      var chosen = y.row(0)[s] * t.row(0)[0]
      for k in 1..<Swift.max(1, network.outputs) {
        top = V.max(top, y.row(k)[s])
        chosen = V.fma(y.row(k)[s], t.row(k)[0], chosen)
      }
      return (V.whereEqual(chosen, top, one, V.zero), absolute)
    }
  }
}
