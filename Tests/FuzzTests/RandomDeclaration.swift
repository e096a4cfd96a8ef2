import Analysis
import Descent
import Documents
import Figures
import Learning
import Reporting
import Studies

/// A declaration as somebody might write it, sensible for the most part, with a value here and there that cannot be.
struct RandomDeclaration {
  let seed: UInt64
  let setup: Setup
  let sweep: [Axis]
  let report: [Cell]

  init(seed: UInt64) {
    var maker = Maker(seed: seed)
    self.seed = seed
    setup = maker.setup()
    sweep = maker.sweep(setup)
    let cells = maker.report()
    report = maker.isTame ? Self.fitting(cells, Study(name: "fuzz", title: "", setup: setup, sweep: sweep)) : cells
  }

  /// The cells that have no mistake of their own, so that enough declarations become reports.
  private static func fitting(_ cells: [Cell], _ study: Study) -> [Cell] {
    var kept: [Cell] = []
    _ = try? Plan(study, files: DataFiles(folders: [])) { draft in
      kept = cells.filter { ReportCheck.mistakes([$0], in: draft).isEmpty }
      return []
    }
    return kept.isEmpty ? cells : kept
  }

  var study: Study { Study(name: "fuzz", title: "Declaration \(seed)", setup: setup, sweep: sweep) }
}

/// Makes the parts of a declaration.
private struct Maker {
  private var dice: Dice
  /// How often a value is one that cannot be.
  private let wildness: Double

  /// Whether cells that do not fit are left out.
  let isTame: Bool

  init(seed: UInt64) {
    dice = Dice(seed: seed)
    isTame = dice.chance(0.7)
    wildness = dice.pick([0, 0, 0, 0.02, 0.1])
  }

  private mutating func number(_ sane: [Double]) -> Double {
    dice.chance(wildness) ? dice.pick([0, -1, 1e160, 1e-300, 1e308, .nan, .infinity]) : dice.pick(sane)
  }

  private mutating func whole(_ sane: [Int]) -> Int {
    dice.chance(wildness) ? dice.pick([0, -1, 1, 1 << 40, .max, .min]) : dice.pick(sane)
  }

  // MARK: Set-up

  mutating func setup() -> Setup {
    if dice.chance(0.12) {
      let objective = dice.pick([
        Objective.himmelblau, .rosenbrock, .sixHumpCamel, .twoLayerReLUPopulation(students: 2, teachers: 2),
      ])
      let start: Setup.Start =
        dice.chance(0.3)
        ? .at(Array(repeating: 0.5, count: whole([objective.parameterCount]).clamped(0, 9)))
        : .normal(scale: number([0.5, 2]))
      return Setup(objective: objective, start: start, optimizer: optimizer(rates: [0.001, 0.005, 0.02]), stop: stop())
    }
    return Setup(
      data: data(), network: network(), loss: loss(), optimizer: optimizer(rates: [0.01, 0.1, 0.5, 3]),
      initialization: initialization(), batch: batch(), stop: stop(), record: recording(),
      precision: dice.chance(0.15) ? .float32 : .float64)
  }

  private mutating func data() -> DataSource {
    let n = whole([2, 3, 5, 8, 17, 31, 32, 33, 40, 70])
    let noise = number([0, 0.05, 0.3])
    var source: DataSource =
      switch dice.below(11) {
      case 0: .xor
      case 1: .parity(bits: whole([1, 2, 3, 4]))
      case 2: .line(samples: n, noise: noise)
      case 3: .noisySine(samples: n, noise: noise)
      case 4: .polynomial([0.1, -1, 0.5], samples: n, noise: noise)
      case 5: .moons(samples: n, noise: noise, signed: dice.chance(0.3))
      case 6: .circles(samples: n, noise: noise)
      case 7: .spirals(samples: n, noise: noise)
      case 8: .blobs(classes: whole([2, 3, 4]), samples: n, noise: noise)
      case 9: .teacher(inputs: whole([1, 2, 3]), hidden: 2, outputs: whole([1, 2]), samples: n)
      default: Self.custom(grows: dice.chance(0.6), inputs: 1 + dice.below(3))
      }
    if dice.chance(0.35) { source = source.validation(share: number([0.2, 0.5]), seed: UInt64(dice.below(3))) }
    if dice.chance(0.15) { source = source.validation(fresh: whole([5, 20])) }
    if dice.chance(0.2) { source = source.standardized() }
    if dice.chance(0.15) { source = source.withRandomLabels() }
    return dice.chance(0.3) ? source.drawnPerSeed() : source
  }

  /// Data whose number of samples may depend on the seed.
  private static func custom(grows: Bool, inputs: Int) -> DataSource {
    .custom("custom \(grows) \(inputs)") { seed in
      let count = grows ? 1 + Int(seed % 9) : 6
      let rows = (0..<count).map { i in (0..<inputs).map { Double((i * 7 + $0 * 3 + Int(seed % 5)) % 11) / 11 } }
      return Dataset(name: "custom", inputs: rows, targets: rows.map { [$0.reduce(0, +)] })
    }
  }

  private mutating func network() -> Network {
    let layers = (0..<dice.pick([0, 1, 1, 1, 2, 3])).map { _ in whole([1, 2, 3, 5, 9, 17]) }
    let output = dice.chance(0.9) ? [dice.pick(Activation.hidden + [.softmax])] : [.identity, .tanh]
    if dice.chance(0.15) {
      return .layers(layers.map { ($0, dice.pick(Activation.hidden)) }, output: output[0], bias: dice.chance(0.8))
    }
    var network = Network(
      hidden: layers, activation: dice.pick(Activation.hidden), output: output, bias: dice.chance(0.8))
    if !layers.isEmpty, dice.chance(0.1) { network.dropoutRate = number([0.2, 0.5]) }
    return network
  }

  private mutating func loss() -> Loss {
    let squares = SquaredErrorConvention.allCases.map { Loss.squaredError($0) }
    let quartic = Distance(
      name: "quartic", value: { y, t in (y - t) * (y - t) * (y - t) * (y - t) },
      derivative: { y, t in 4 * (y - t) * (y - t) * (y - t) })
    return dice.pick(squares + squares + [.absoluteError, .binaryCrossEntropy, .crossEntropy, .custom(quartic)])
  }

  private mutating func optimizer(rates: [Double]) -> Optimizer {
    let rate = number(rates)
    var optimizer = dice.pick([
      Optimizer.gradientDescent(learningRate: rate), .gradientDescent(learningRate: rate),
      .momentum(learningRate: rate),
      .nesterov(learningRate: rate), .adaGrad(learningRate: rate), .rmsProp(learningRate: rate),
      .adam(learningRate: rate),
    ])
    if dice.chance(0.2) { optimizer.weightDecay = number([0.001, 0.1]) }
    if dice.chance(0.1) { optimizer.l1Penalty = number([0.001, 0.1]) }
    if dice.chance(0.1) { optimizer.clipNorm = number([0.1, 1]) }
    if dice.chance(0.2) { optimizer.schedule = schedule() }
    return optimizer
  }

  private mutating func schedule() -> Schedule {
    dice.pick([
      .constant, .inverse(halving: number([1, 20])), .exponential(factor: number([0.99])), .cosine(steps: whole([10])),
      .step(factor: 0.5, every: whole([3])), .warmUp(steps: whole([4]), then: .cosine(steps: 6)),
      .custom(CustomSchedule(name: "own") { 1 / Double(1 + $0) }),
    ])
  }

  private mutating func initialization() -> Initialization {
    let scale = number([0.1, 1, 3])
    return dice.pick([
      .normal(scale: scale), .uniform(scale: scale, biases: true), .fanIn(scale: scale), .glorot(scale: scale),
      .he(scale: scale), .constant(scale), .zero,
    ])
  }

  private mutating func batch() -> Batching {
    dice.pick([.full, .full, .full, .single, .singleWithReplacement, .mini(size: whole([1, 2, 3]))])
  }

  private mutating func stop() -> StopRule {
    var rule = StopRule.after(steps: whole([1, 2, 7, 20, 50]))
    if dice.chance(0.15) { rule = rule.orLossBelow(number([0.1])) }
    if dice.chance(0.1) { rule = rule.orGradientNormBelow(number([0.01])) }
    if dice.chance(0.1) { rule = rule.orNoProgress(window: whole([5])) }
    if dice.chance(0.07) { rule = rule.orEarlyStopping(patience: whole([1, 3]), every: whole([1, 4])) }
    return dice.chance(0.1) ? rule.neverDiverging() : rule
  }

  private mutating func recording() -> Recording {
    let all = Quantity.plain.dropFirst(2) + [.layerGradientNorm(1), .layerGradientNorm(2)]
    var recording = dice.chance(0.6) ? Recording(dice.some(Array(all), atMost: 4), every: whole([1, 3, 7])) : .standard
    if dice.chance(0.2) { recording.lossEvery = whole([2, 5]) }
    return recording
  }

  // MARK: Sweep

  mutating func sweep(_ setup: Setup) -> [Axis] {
    var axes: [Axis] = []
    for _ in 0..<dice.below(4) { axes += axis() }
    return axes + Seeds(0..<dice.pick([1, 2, 3, 5])).axes
  }

  private mutating func axis() -> [Axis] {
    switch dice.below(14) {
    case 0, 1: Vary(.learningRate, over: dice.some([0.01, 0.1, number([0.7]), 5], atMost: 3)).axes
    case 2: Vary(.initScale, over: dice.some([0.1, 1, number([2])], atMost: 3)).axes
    case 3, 4: Vary(.hidden, over: dice.some([1, 2, 4, whole([6])], atMost: 3)).axes
    case 5: Vary(.depth, over: dice.some([0, 1, 2, whole([3])], atMost: 2)).axes
    case 6: Vary(.activation, over: dice.some(Activation.hidden, atMost: 3)).axes
    case 7: Vary(.batch, over: dice.some([.full, .single, .mini(size: 2)], atMost: 3)).axes
    case 8: Vary(.data, over: (0..<2).map { _ in data() }).axes
    case 9: Vary(.noise, over: dice.some([0.05, 0.2, number([0.5])], atMost: 2)).axes
    case 10: Vary(.weightDecay, over: [0, number([0.01])]).axes
    case 11: Vary(.schedule, over: [.constant, schedule()]).axes
    case 12: Vary(.optimizer, over: [optimizer(rates: [1]).rule, .gradientDescent]).axes
    default:
      Variants(
        "way",
        [
          Variant("plain") { _ in },
          dice.chance(0.5)
            ? Variant("decayed") { $0.optimizer.weightDecay = 0.01 }
            : Variant("fast") { $0.optimizer.learningRate = 0.9 },
        ]
      ).axes
    }
  }

  // MARK: Report

  mutating func report() -> [Cell] {
    (0..<(1 + dice.below(5))).map { _ in cell() } + [Note("A note with *emphasis*.").cell]
  }

  private mutating func metric() -> Metric {
    dice.pick([
      .finalLoss, .finalLoss, .bestLoss, .steps, .finalGradientNorm, .stepsToLoss(number([0.1, 0.5])),
      .final(.accuracy),
      .final(.validationLoss), .final(.absoluteError), .best(.trainingLoss),
    ])
  }

  private mutating func cell() -> Cell {
    switch dice.below(10) {
    case 0: Comparison(of: .learningRate, below: number([0.1, 0.5])).cell
    case 1: Comparison(below: number([0.1, 0.5])).cell
    case 2: Expect(.share(of: metric(), below: number([0.1, 1])), atLeast: 0.5).cell
    case 3: Expect(.median(of: metric()), atMost: number([0.5])).cell
    case 4: Expect(.divergedShare, atMost: 0.5, where: .learningRate, is: dice.pick([0.01, 0.1])).cell
    case 5: dice.chance(0.3) ? Expect(.count(of: .minima), atLeast: 1).cell : ReportTable.census("Census").cell
    default: figure().cell
    }
  }

  private mutating func figure() -> Figure {
    var figure = Figure("Figure") { plot() }
    if dice.chance(0.3) { figure = figure.facets(columns: .learningRate) }
    if dice.chance(0.2) { figure = figure.facets(rows: .hidden) }
    if dice.chance(0.5) { figure = figure.pooling(.learningRate).pooling(.hidden).pooling(.initScale).pooling(.batch) }
    if dice.chance(0.3) { figure = figure.yScale(dice.pick([.log, .linear, .symlog(threshold: 0.1)])) }
    if dice.chance(0.1) { figure = figure.yRange(0...dice.pick([1, 1e300])) }
    if dice.chance(0.2) { figure = figure.where(.learningRate, is: dice.pick([0.1, 0.7])) }
    return figure
  }

  private mutating func plot() -> any Plot {
    switch dice.below(16) {
    case 0, 1:
      Curve(dice.pick([.loss, .gradientNorm, .trainingLoss, .accuracy])).color(by: .learningRate).band(.quartiles)
    case 2: Curve(.loss).runs()
    case 3: Sensitivity(metric(), to: .learningRate)
    case 4: Sensitivity(metric(), to: .hidden).color(by: .learningRate)
    case 5:
      Distribution(metric(), as: dice.pick([.staircase, .histogram, .strip, .empirical])).color(by: .learningRate)
    case 6: Convergence(below: number([0.1, 0.5])).color(by: .hidden)
    case 7: HeatMap(metric(), x: .learningRate, y: .hidden, style: dice.pick([.cells, .contours]))
    case 8: ParallelCoordinates(metric())
    case 9: PairedDifferences(metric(), of: .learningRate)
    case 10: DecisionBoundary()
    case 11: FittedCurves().color(by: .hidden)
    case 12: HiddenFeatures(units: (1, 2))
    case 13: NetworkGraph()
    case 14: LossSurface(dice.pick([.parameters(0, 1), .random(seed: 1), .principal]), paths: 1)
    default: LayerNorms(layers: 2)
    }
  }
}

extension Comparable {
  fileprivate func clamped(_ low: Self, _ high: Self) -> Self { max(low, min(self, high)) }
}
