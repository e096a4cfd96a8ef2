package import Engine

/// A list of numbers with a place for reading and writing: the only format that a page and the engine in it share.
struct PageNumbers {
  private(set) var all: [Double]
  private var at = 0

  init(_ all: [Double] = []) { self.all = all }

  mutating func write(_ numbers: Double...) { all += numbers }
  mutating func write(_ numbers: [Double]) { all += numbers }

  /// The next number; `nil` behind the last.
  mutating func next() -> Double? {
    guard at < all.count else { return nil }
    defer { at += 1 }
    return all[at]
  }

  /// The next number as a whole one of a range.
  mutating func whole(_ range: ClosedRange<Int>) -> Int? {
    guard let number = next(), let whole = Int(exactly: number), range.contains(whole) else { return nil }
    return whole
  }

  /// The numbers that are not read yet.
  var rest: [Double] { Array(all[at...]) }

  mutating func next(_ count: Int) -> [Double]? {
    guard count >= 0, count <= all.count - at else { return nil }
    defer { at += count }
    return Array(all[at..<at + count])
  }
}

extension PageRuns {
  /// The numbers of the head, in their order. A page changes some of them by their names.
  package static let head =
    ["firstSeed", "seedCount", "steps"] + optimizerHead
    + ["loss", "initialization", "initScale", "drawsBiases", "hasBias", "dropout", "batching", "batchSize"] + stopHead
  static let optimizerHead = [
    "learningRate", "weightDecay", "l1Penalty", "clipNorm", "optimizer", "optimizer1", "optimizer2", "optimizer3",
    "warmUp", "schedule", "schedule1", "schedule2",
  ]
  static let stopHead = ["lossBelow", "gradientNormBelow", "window", "improvement", "divergence"]

  /// The description in parts; a page puts them together again: head, number of hidden layers, layers, output, data.
  package struct Description: Sendable {
    /// `PageRuns.head`
    package var head: [Double]
    /// For each hidden layer: units, activation, its slope.
    package var layers: [[Double]]
    /// Activation of the outputs and its slope.
    package var output: [Double]
    /// Sizes, classes and samples.
    package var data: [Double]

    package var numbers: [Double] { head + [Double(layers.count)] + layers.flatMap { $0 } + output + data }
  }

  /// The runs as numbers; `nil` where a page cannot train them.
  package var description: Description? {
    guard let rule = Self.numbers(of: optimizer), let end = Self.numbers(of: stop), let loss = Self.number(loss),
      let initialization = Self.number(initialization.kind),
      dropout == 0 || network.hidden.reduce(0, +) <= Self.mostDroppedUnits,
      let output = network.output.first.flatMap(Self.numbers), network.output.count == 1
    else { return nil }
    let layers = network.hidden.indices.compactMap { index in
      Self.numbers(network.activation(ofHiddenLayer: index)).map { [Double(network.hidden[index])] + $0 }
    }
    guard layers.count == network.hidden.count, let data = Self.numbers(data) else { return nil }
    var head = PageNumbers()
    head.write(Double(seeds.lowerBound), Double(seeds.count), Double(stop.steps))
    head.write(rule)
    head.write(loss, initialization, self.initialization.scale, self.initialization.drawsBiases ? 1 : 0)
    head.write(network.hasBias ? 1 : 0, dropout)
    head.write(Self.numbers(batching))
    head.write(end)
    return Description(head: head.all, layers: layers, output: output, data: data)
  }

  // MARK: Writing

  /// `optimizerHead`; `nil` for a rule or a schedule of an author's own.
  static func numbers(of optimizer: Optimizer) -> [Double]? {
    guard let rule = numbers(of: optimizer.rule), let schedule = numbers(optimizer.schedule) else { return nil }
    return [optimizer.learningRate, optimizer.weightDecay, optimizer.l1Penalty, optimizer.clipNorm] + rule + schedule
  }

  /// `stopHead`; `nil` with early stopping, or for more steps than a page trains.
  static func numbers(of stop: StopRule) -> [Double]? {
    guard stop.earlyStopping == nil, stop.steps <= mostSteps else { return nil }
    return [
      stop.lossBelow ?? .nan, stop.gradientNormBelow ?? .nan, Double(stop.noProgress?.window ?? 0),
      stop.noProgress?.improvement ?? 0, stop.divergence ?? .nan,
    ]
  }

  /// The rule with its coefficients: four numbers; `nil` for a rule of an author's own.
  package static func numbers(of rule: Optimizer.Rule) -> [Double]? {
    switch rule {
    case .gradientDescent: [0, 0, 0, 0]
    case .momentum(let mu): [1, mu, 0, 0]
    case .nesterov(let mu): [2, mu, 0, 0]
    case .adaGrad(let epsilon): [3, epsilon, 0, 0]
    case .rmsProp(let decay, let epsilon): [4, decay, epsilon, 0]
    case .adam(let beta1, let beta2, let epsilon): [5, beta1, beta2, epsilon]
    case .custom: nil
    }
  }

  /// Steps of the warm-up, then the schedule after it.
  private static func numbers(_ schedule: Schedule) -> [Double]? {
    switch schedule {
    case .constant: [0, 0, 0, 0]
    case .step(let factor, let every): [0, 1, factor, Double(every)]
    case .inverse(let halving): [0, 2, halving, 0]
    case .exponential(let factor): [0, 3, factor, 0]
    case .cosine(let steps): [0, 4, Double(steps), 0]
    case .warmUp(let steps, let then):
      if case .warmUp = then { nil } else { numbers(then).map { [Double(steps)] + $0.dropFirst() } }
    case .custom: nil
    }
  }

  private static func number(_ loss: Loss) -> Double? {
    switch loss {
    case .squaredError(.sum): 0
    case .squaredError(.mean): 1
    case .squaredError(.halfSum): 2
    case .squaredError(.halfMean): 3
    case .absoluteError: 4
    case .binaryCrossEntropy: 5
    case .crossEntropy: 6
    case .custom: nil
    }
  }

  private static func number(_ kind: Initialization.Kind) -> Double? {
    switch kind {
    case .normal: 0
    case .uniform: 1
    case .fanIn: 2
    case .glorot: 3
    case .he: 4
    case .constant: 5
    case .explicit: nil
    }
  }

  private static func numbers(_ activation: Activation) -> [Double]? {
    switch activation {
    case .identity: [0, 0]
    case .sigmoid: [1, 0]
    case .tanh: [2, 0]
    case .relu: [3, 0]
    case .leakyReLU(let slope): [4, slope]
    case .softplus: [5, 0]
    case .sine: [6, 0]
    case .softmax: [7, 0]
    case .function: nil
    }
  }

  private static func numbers(_ batching: Batching) -> [Double] {
    switch batching {
    case .full: [0, 0]
    case .mini(let size): [1, Double(size)]
    case .singleWithReplacement: [2, 1]
    }
  }

  private static func numbers(_ data: [Dataset]) -> [Double]? {
    guard let first = data.first else { return nil }
    var numbers = PageNumbers()
    numbers.write(Double(first.inputCount), Double(first.outputCount))
    switch first.classes {
    case nil: numbers.write(0, 0)
    case .threshold(let threshold): numbers.write(1, threshold)
    case .oneHot: numbers.write(2, 0)
    }
    numbers.write(Double(data.count))
    for set in data {
      numbers.write(Double(set.training.count))
      numbers.write(set.training.inputs)
      numbers.write(set.training.targets)
    }
    return numbers.all
  }

  // MARK: Reading

  /// The runs of a description; `nil` where it is none.
  package init?(numbers: [Double]) {
    var numbers = PageNumbers(numbers)
    // Whole numbers of a page have 32 bits, and seeds have more.
    guard let firstSeed = numbers.next().flatMap({ UInt64(exactly: $0) }), firstSeed <= Self.mostSeed,
      let seedCount = numbers.whole(1...4096),
      let steps = numbers.whole(1...Self.mostSteps), let optimizer = Self.optimizer(&numbers),
      let loss = numbers.whole(0...6), let kind = numbers.whole(0...5), let scale = numbers.next(),
      let drawsBiases = numbers.whole(0...1), let hasBias = numbers.whole(0...1),
      let dropout = numbers.next(), dropout >= 0, dropout < 1,
      let batching = Self.batching(&numbers), let stop = Self.stop(steps, &numbers),
      let network = Self.network(&numbers, hasBias: hasBias == 1, dropout: dropout),
      let data = Self.data(&numbers), data.count == 1 || data.count == seedCount,
      dropout == 0 || network.hidden.reduce(0, +) <= Self.mostDroppedUnits
    else { return nil }
    let losses: [Loss] = [
      .sumOfSquares, .meanSquaredError, .halfSumOfSquares, .halfMeanSquaredError, .absoluteError, .binaryCrossEntropy,
      .crossEntropy,
    ]
    let kinds: [Initialization.Kind] = [.normal, .uniform, .fanIn, .glorot, .he, .constant]
    self.init(
      seeds: firstSeed..<firstSeed + UInt64(seedCount), network: network, loss: losses[loss],
      optimizer: optimizer,
      initialization: Initialization(kinds[kind], scale: scale, drawsBiases: drawsBiases == 1), batching: batching,
      stop: stop, data: data)
  }

  static func optimizer(_ numbers: inout PageNumbers) -> Optimizer? {
    guard let rate = numbers.next(), let decay = numbers.next(), let l1 = numbers.next(), let clip = numbers.next(),
      let kind = numbers.whole(0...5), let a = numbers.next(), let b = numbers.next(), let c = numbers.next(),
      let schedule = schedule(&numbers)
    else { return nil }
    let rules: [Optimizer.Rule] = [
      .gradientDescent, .momentum(a), .nesterov(a), .adaGrad(epsilon: a), .rmsProp(decay: a, epsilon: b),
      .adam(beta1: a, beta2: b, epsilon: c),
    ]
    var optimizer = Optimizer(rules[kind], learningRate: rate, schedule: schedule, weightDecay: decay)
    optimizer.l1Penalty = l1
    optimizer.clipNorm = clip
    return optimizer
  }

  private static func schedule(_ numbers: inout PageNumbers) -> Schedule? {
    guard let warmUp = numbers.whole(0...1_000_000_000), let kind = numbers.whole(0...4), let a = numbers.next(),
      let b = numbers.next()
    else { return nil }
    let schedule: Schedule
    switch kind {
    case 1:
      guard let every = Int(exactly: b), every >= 1 else { return nil }
      schedule = .step(factor: a, every: every)
    case 2: schedule = .inverse(halving: a)
    case 3: schedule = .exponential(factor: a)
    case 4:
      guard let steps = Int(exactly: a), steps >= 1 else { return nil }
      schedule = .cosine(steps: steps)
    default: schedule = .constant
    }
    return warmUp == 0 ? schedule : .warmUp(steps: warmUp, then: schedule)
  }

  private static func batching(_ numbers: inout PageNumbers) -> Batching? {
    guard let kind = numbers.whole(0...2), let size = numbers.whole(0...1_000_000) else { return nil }
    switch kind {
    case 0: return .full
    case 1: return size > 0 ? .mini(size: size) : nil
    default: return .singleWithReplacement
    }
  }

  static func stop(_ steps: Int, _ numbers: inout PageNumbers) -> StopRule? {
    guard let loss = numbers.next(), let norm = numbers.next(), let window = numbers.whole(0...1_000_000_000),
      let improvement = numbers.next(), let divergence = numbers.next()
    else { return nil }
    var stop = StopRule(steps: steps)
    stop.lossBelow = loss.isNaN ? nil : loss
    stop.gradientNormBelow = norm.isNaN ? nil : norm
    stop.divergence = divergence.isNaN ? nil : divergence
    return window == 0 ? stop : stop.orNoProgress(window: window, improvement: improvement)
  }

  private static func network(_ numbers: inout PageNumbers, hasBias: Bool, dropout: Double) -> Network? {
    guard let count = numbers.whole(0...64) else { return nil }
    var hidden: [(units: Int, activation: Activation)] = []
    for _ in 0..<count {
      guard let units = numbers.whole(1...4096), let activation = activation(&numbers) else { return nil }
      hidden.append((units, activation))
    }
    guard let output = activation(&numbers) else { return nil }
    return Network.layers(hidden, output: output, bias: hasBias).dropout(dropout)
  }

  private static func activation(_ numbers: inout PageNumbers) -> Activation? {
    guard let kind = numbers.whole(0...7), let slope = numbers.next() else { return nil }
    let all: [Activation] = [.identity, .sigmoid, .tanh, .relu, .leakyReLU(slope: slope), .softplus, .sine, .softmax]
    return all[kind]
  }

  private static func data(_ numbers: inout PageNumbers) -> [Dataset]? {
    let most = 1_000_000
    guard let inputs = numbers.whole(1...most), let outputs = numbers.whole(1...most),
      let kind = numbers.whole(0...2), let threshold = numbers.next(), let count = numbers.whole(1...4096)
    else { return nil }
    // Names of inputs, outputs and classes change no bit.
    let classes: Dataset.Classes? =
      kind == 0 ? nil : kind == 1 ? .threshold(threshold) : .oneHot(names: Array(repeating: "", count: outputs))
    var all: [Dataset] = []
    for _ in 0..<count {
      guard let samples = numbers.whole(1...most), let x = numbers.next(samples * inputs),
        let t = numbers.next(samples * outputs)
      else { return nil }
      all.append(
        Dataset(
          name: "", inputNames: Array(repeating: "", count: inputs),
          outputNames: Array(repeating: "", count: outputs),
          training: Dataset.Samples(count: samples, inputs: x, targets: t), classes: classes))
    }
    return all
  }
}
