import Lanes

/// A fully connected network in lanes: forward pass, loss, backpropagation.
///
/// A batch too large for the cache is computed in tiles of columns, whose gradients are added in their order.
final class NetworkModel<Axis: LaneAxis>: LaneModel {
  typealias V = Axis.V

  let parameterCount: Int
  let parameters: UnsafeMutablePointer<V>
  let gradient: UnsafeMutablePointer<V>
  let layerParameters: [Range<Int>]

  private let network: Architecture
  private let workspace = Workspace<V>()
  private let layers: UnsafeMutableBufferPointer<LayerPlan<V>>
  private let tile: Int
  /// A tile's activations with inputs in the lanes (`GradientProducts`), where samples are in the lanes otherwise.
  private let turned: UnsafeMutablePointer<V>?
  private let kind: LossKind
  private let loss: Loss
  private let classes: Dataset.Classes?
  private let feed: BatchFeed<Axis>
  private let hasOneSample: Bool
  private let dropout: Dropout<Axis>?
  /// Whether the pass is that of a training step with dropout. Evaluations use the whole network.
  private var isDropping = false
  /// The activations that each layer passes on: its output, or in a training step with dropout those that remain.
  private let passedOn: UnsafeMutableBufferPointer<Rows<V>>
  /// A batch is one sample, each lane its own. False at compile time where samples are in the lanes.
  @inline(__always) var descends: Bool { Axis.samplesPerColumn == 1 && hasOneSample }
  /// The inputs of the step's only sample, where a batch has one.
  private var sampleInputs: Rows<V>
  /// All training data and all validation data, made when first asked for.
  private var training: DataColumns<Axis>?
  private var validation: DataColumns<Axis>?
  private var validationSources: [SampleSource<V.Scalar>?]
  private var test: DataColumns<Axis>?
  private var testSources: [SampleSource<V.Scalar>?]
  /// For each output, the unit of an absolute error: 1, or the deviation by which the targets were divided.
  private let errorUnits: UnsafeMutablePointer<V>

  /// - Parameter tile: for which vectors the tiles are made; for those of the axis where it is `nil`.
  init(
    network: Architecture, loss: Loss, data: Dataset, batching: Batching, dropout: Double,
    tile vectors: TileVectors? = nil
  ) {
    self.network = network
    self.loss = loss
    kind = LossKind(loss, hasUnitTargets: data.hasUnitTargets)
    classes = data.classes
    parameterCount = network.parameterCount
    layerParameters = network.layers.map { $0.parameters }
    parameters = workspace.vectors(Axis.vectors(for: parameterCount))
    gradient = workspace.vectors(Axis.vectors(for: parameterCount))
    feed = BatchFeed(data: data, batching: batching, workspace: workspace)
    hasOneSample = feed.columns == 1
    sampleInputs = Rows(base: parameters, stride: 0)
    let units = network.layers.reduce(0) { $0 + $1.units }
    let vectors = vectors ?? TileVectors(stride: MemoryLayout<V>.stride, areWide: Axis.isWide)
    tile = vectors.tile(units: units, columns: feed.columns)
    let widest = network.layers.map { Workspace<V>.stride(columns: $0.inputs / V.scalarCount) }.max() ?? 0
    turned = Axis.turnsInputs ? workspace.vectors(widest * tile * V.scalarCount) : nil
    layers = .allocate(capacity: network.layers.count)
    for (index, layer) in network.layers.enumerated() {
      let readsLogits = index == network.layers.count - 1 && kind.readsLogits
      layers.initializeElement(
        at: index, to: LayerPlan(layer, columns: tile, readsLogits: readsLogits, workspace: workspace))
    }
    validationSources = Array(repeating: nil, count: Axis.runs)
    testSources = validationSources
    errorUnits = workspace.vectors(network.outputs)
    for k in 0..<network.outputs { errorUnits[k] = V.constant(1) }
    self.dropout =
      dropout == 0
      ? nil
      : Dropout(
        dropout, network: network, batchSize: batching.size(samples: data.training.count), columns: tile,
        workspace: workspace)
    passedOn = .allocate(capacity: network.layers.count)
    for index in layers.indices { passedOn.initializeElement(at: index, to: layers[index].output) }
  }

  deinit {
    layers.deallocate()
    passedOn.deallocate()
  }

  // MARK: Runs and their data

  func load(_ run: TrainingRun, slot: Int) {
    guard case .network(_, _, let data, _) = run.problem else { return }
    dropout?.load(seed: run.seed, slot: slot)
    let isNew = feed.load(data, seed: run.seed, slot: slot)
    guard isNew else { return }
    if let training, let source = feed.source(of: slot) { training.fill(source, slot: slot) }
    load(data.validation, of: data, slot, into: &validationSources, validation)
    load(data.test, of: data, slot, into: &testSources, test)
    for (k, unit) in data.preparation.targetDeviations.enumerated() {
      Axis.set(&errorUnits[k], slot: slot, to: V.Scalar(unit))
    }
  }

  /// Keeps a part of the data for evaluation.
  private func load(
    _ part: Dataset.Samples?, of data: Dataset, _ slot: Int, into sources: inout [SampleSource<V.Scalar>?],
    _ columns: DataColumns<Axis>?
  ) {
    guard let part else { return }
    let shared = sources.compactMap { $0 }.first { $0.dataset === data }
    let source = shared ?? SampleSource(part, of: data)
    sources[slot] = source
    columns?.fill(source, slot: slot)
  }

  func prepare(steps: Int, from first: UnsafePointer<Int>) {
    feed.prepare(steps: steps, from: first)
    dropout?.prepare(from: first)
  }

  private func allTraining() -> DataColumns<Axis> {
    if feed.isFullBatch { return feed.batch(0) }
    if let training { return training }
    let made = makeColumns((0..<Axis.runs).map(feed.source(of:)))
    training = made
    return made
  }

  private func makeColumns(_ sources: [SampleSource<V.Scalar>?]) -> DataColumns<Axis> {
    let count = sources.compactMap { $0 }.first?.count ?? 1
    let columns = DataColumns<Axis>(
      inputs: network.inputs, outputs: network.outputs, samples: count, workspace: workspace)
    for (slot, source) in sources.enumerated() {
      if let source { columns.fill(source, slot: slot) }
    }
    return columns
  }

  // MARK: Gradient

  @inline(__always)
  func lossAndNorm(step: Int) -> (loss: V, squares: V) {
    let data = feed.batch(step)
    if let dropout {
      dropout.step = step
      use(dropout, true)
    }
    guard descends else { return (lossAndGradient(on: data), squaresOfGradient()) }
    sampleInputs = data.x
    let factor = V(repeating: V.Scalar(loss.factor(samples: 1)))
    forward(data.x, first: 0, columns: 1)
    let sum = differentiate(data, first: 0, columns: 1, factor: factor)
    var squares = V.zero
    for index in layers.indices.reversed() {
      squares = squares + outerProduct(index).squares
      if index > 0 { passDown(index, columns: 1) }
    }
    return (sum * factor, squares)
  }

  func descend(rate: V) {
    guard descends else { return }
    for index in layers.indices { outerProduct(index).descend(parameters, rate: rate) }
  }

  func keepGradient() {
    if descends { for index in layers.indices { putGradient(index, sampleInputs, columns: 1, adding: false) } }
  }

  private func outerProduct(_ index: Int) -> OuterProduct<Axis> {
    OuterProduct(
      delta: layers[index].delta, x: index == 0 ? sampleInputs : passedOn[index - 1], layer: layers[index])
  }

  /// Chooses between the passes of a training step and of an evaluation.
  private func use(_ dropout: Dropout<Axis>, _ isTraining: Bool) {
    isDropping = isTraining
    for index in layers.indices.dropLast() {
      passedOn[index] = isTraining ? dropout.passed(index) : layers[index].output
    }
  }

  func lossAndGradientOnAllData() -> V {
    if let dropout { use(dropout, false) }
    return lossAndGradient(on: allTraining())
  }

  private func lossAndGradient(on data: DataColumns<Axis>) -> V {
    let factor = V(repeating: V.Scalar(loss.factor(samples: data.samples)))
    var sum = V.zero
    var first = 0
    while first < data.columns {
      let columns = Swift.min(tile, data.columns - first)
      forward(data.x.from(column: first), first: first, columns: columns)
      sum = sum + differentiate(data, first: first, columns: columns, factor: factor)
      backward(data.x.from(column: first), columns: columns, adding: first > 0)
      first += columns
    }
    return Axis.total(sum) * factor
  }

  /// zˡ = Wˡaˡ⁻¹ + bˡ, aˡ = φ(zˡ), layer by layer, for a tile that begins at column `first` of the batch.
  private func forward(_ input: Rows<V>, first: Int, columns: Int) {
    var previous = input
    let dropout = isDropping ? dropout : nil
    for index in layers.indices {
      let layer = layers[index]
      Products<Axis>.multiply(
        parameters, layer.forwardWeights, bias: layer.biases, rows: layer.units, inner: layer.inputs, columns: columns,
        previous, into: layer.output, finish: layer.finishesInRegisters ? .value(layer.activation) : .none)
      if !layer.finishesInRegisters {
        if let logits = layer.logits {
          for unit in 0..<layer.units { logits.row(unit).update(from: layer.output.row(unit), count: columns) }
        }
        activate(layer, index, columns: columns)
      }
      previous = layer.output
      if let dropout, index < layers.count - 1 {
        previous = dropout.apply(index, previous, first: first, columns: columns)
      }
    }
  }

  /// aˡ = φ(zˡ) in a pass of its own, for what does not happen in registers.
  private func activate(_ layer: LayerPlan<V>, _ index: Int, columns: Int) {
    if layer.activation == .softmax {
      Softmax.apply(layer.output, units: layer.units, columns: columns)
      return
    }
    for unit in 0..<layer.units {
      let kind = ActivationKind(network.layers[index].activation(of: unit))
      if kind == .function {
        applyFunction(layer, index, unit, columns: columns)
      } else {
        kind.apply(layer.output.row(unit), slope: layer.slope?.row(unit), count: columns)
      }
    }
  }

  /// Not inlined: an author's function has references, which would be counted in the loops of the built-in activations.
  @inline(never)
  private func applyFunction(_ layer: LayerPlan<V>, _ index: Int, _ unit: Int, columns: Int) {
    guard case .function(let function) = network.layers[index].activation(of: unit) else { return }
    function.apply(layer.output.row(unit), slope: layer.slope?.row(unit), count: columns)
  }

  /// The loss's sum over a tile; leaves δ of the output layer.
  @inline(__always)
  private func differentiate(_ data: DataColumns<Axis>, first: Int, columns: Int, factor: V) -> V {
    let last = layers.count - 1
    let layer = layers[last]
    let t = data.t.from(column: first)
    var sum: V
    if data.isPadded, first + columns == data.columns {
      sum = lossOfRows(layer, t, from: 0, count: columns - 1, factor)
      let rest = lossOfRows(layer, t, from: columns - 1, count: 1, factor)
      sum = sum + hidePadding(rest, data)
      for k in 0..<layer.units {
        layer.delta.row(k)[columns - 1] = hidePadding(layer.delta.row(k)[columns - 1], data)
      }
    } else {
      sum = lossOfRows(layer, t, from: 0, count: columns, factor)
    }
    if !kind.readsLogits, !layer.isLinear { multiplyBySlope(layer, last, columns: columns) }
    return sum
  }

  /// The same for `count` columns from `s` on, padding not yet hidden, slope not yet multiplied. Not inlined: it is long, and
  /// called from many places.
  @inline(never)
  private func lossOfRows(_ layer: LayerPlan<V>, _ t: Rows<V>, from s: Int, count: Int, _ factor: V) -> V {
    if kind == .weightedCrossEntropy, let logits = layer.logits {
      return Softmax.weightedCrossEntropy(
        layer.output, logits: logits, t, layer.delta, units: layer.units, columns: s..<s + count, factor: factor)
    }
    var sum = V.zero
    for k in 0..<layer.units {
      let y = layer.output.row(k) + s
      let g = layer.delta.row(k) + s
      if kind == .custom {
        guard case .custom(let distance) = loss else { continue }
        sum = sum + distance.differentiate(y, t.row(k) + s, g, columns: count, factor: factor)
      } else {
        let logits = kind.readsLogits ? layer.logits.map { UnsafePointer($0.row(k) + s) } : nil
        sum = sum + kind.differentiate(y, logits: logits, t.row(k) + s, g, columns: count, factor: factor)
      }
    }
    if kind == .crossEntropy, let logits = layer.logits {
      for column in s..<s + count { sum = sum + Softmax.logSumExp(logits, units: layer.units, column: column) }
    }
    return sum
  }

  @inline(__always)
  private func hidePadding(_ value: V, _ data: DataColumns<Axis>) -> V {
    V.whereLess(data.padding[0], V.constant(0.5), value, V.zero)
  }

  /// δˡ ← δˡ·φ′(zˡ) in a pass of its own.
  private func multiplyBySlope(_ layer: LayerPlan<V>, _ index: Int, columns: Int) {
    let a = layer.output
    if layer.activation == .softmax {
      Softmax.backward(layer.delta, a, units: layer.units, columns: columns)
      return
    }
    for unit in 0..<layer.units {
      ActivationKind(network.layers[index].activation(of: unit))
        .multiplyBySlope(layer.delta.row(unit), a.row(unit), slope: layer.slope?.row(unit), count: columns)
    }
  }

  /// ∂E/∂Wˡ = δˡ·aˡ⁻¹ᵀ, ∂E/∂bˡ = Σ δˡ, δˡ⁻¹ = (Wˡᵀδˡ) ⊙ φ′, from the output down.
  private func backward(_ input: Rows<V>, columns: Int, adding: Bool) {
    var index = layers.count - 1
    while index >= 0 {
      putGradient(index, input, columns: columns, adding: adding)
      if index > 0 { passDown(index, columns: columns) }
      index -= 1
    }
  }

  @inline(__always)
  private func putGradient(_ index: Int, _ input: Rows<V>, columns: Int, adding: Bool) {
    let layer = layers[index]
    GradientProducts<Axis>(
      delta: layer.delta, x: index == 0 ? input : passedOn[index - 1], units: layer.units, inputs: layer.inputs,
      columns: columns, gradient: gradient, weights: layer.weights, biases: layer.biases, adding: adding
    ).put(scratch: turned)
  }

  @inline(__always)
  private func passDown(_ index: Int, columns: Int) {
    let layer = layers[index]
    let below = layers[index - 1]
    Products<Axis>.multiply(
      parameters, layer.backwardWeights, bias: -1, rows: layer.inputs, inner: layer.units, columns: columns,
      layer.delta, into: below.delta,
      finish: below.finishesInRegisters ? .slope(below.activation, below.output) : .none)
    if !below.finishesInRegisters { multiplyBySlope(below, index - 1, columns: columns) }
    if let dropout, isDropping { dropout.multiply(below.delta, layer: index - 1, columns: columns) }
  }

  // MARK: Evaluation

  func evaluateTraining() -> Evaluation<V> { evaluate(allTraining()) }

  func evaluateValidation() -> Evaluation<V>? {
    guard validationSources.contains(where: { $0 != nil }) else { return nil }
    let columns = validation ?? makeColumns(validationSources)
    validation = columns
    return evaluate(columns)
  }

  func evaluateTest() -> Evaluation<V>? {
    guard testSources.contains(where: { $0 != nil }) else { return nil }
    let columns = test ?? makeColumns(testSources)
    test = columns
    return evaluate(columns)
  }

  private func evaluate(_ data: DataColumns<Axis>) -> Evaluation<V> {
    if let dropout { use(dropout, false) }
    let factor = V(repeating: V.Scalar(loss.factor(samples: data.samples)))
    var sum = V.zero
    var correct = V.zero
    var absolute = V.zero
    var first = 0
    while first < data.columns {
      let columns = Swift.min(tile, data.columns - first)
      forward(data.x.from(column: first), first: first, columns: columns)
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
    let y = layers[layers.count - 1].output
    let one = V.constant(1)
    var absolute = V.zero
    for k in 0..<network.outputs { absolute = absolute + V.abs(y.row(k)[s] - t.row(k)[0]) * errorUnits[k] }
    switch classes {
    case nil: return (V.zero, absolute)
    case .threshold(let threshold):
      let threshold = V(repeating: V.Scalar(threshold))
      let output = V.whereLess(y.row(0)[s], threshold, V.zero, one)
      let target = V.whereLess(t.row(0)[0], threshold, V.zero, one)
      // NaN is on neither side and never correct.
      return (V.whereEqual(y.row(0)[s], y.row(0)[s], V.whereEqual(output, target, one, V.zero), V.zero), absolute)
    case .oneHot:
      // The class is that of the greatest target: smoothed and weighted targets are neither 0 nor 1.
      var highest = t.row(0)[0]
      for k in 1..<Swift.max(1, network.outputs) { highest = V.max(highest, t.row(k)[0]) }
      func isClass(_ k: Int) -> V { V.whereEqual(t.row(k)[0], highest, one, V.zero) }
      var top = y.row(0)[s]
      var chosen = y.row(0)[s] * isClass(0)
      for k in 1..<Swift.max(1, network.outputs) {
        top = V.max(top, y.row(k)[s])
        chosen = V.fma(y.row(k)[s], isClass(k), chosen)
      }
      return (V.whereEqual(chosen, top, one, V.zero), absolute)
    }
  }
}
