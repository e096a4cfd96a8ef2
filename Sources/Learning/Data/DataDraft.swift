import Lanes

/// A data set in the making: samples in rows, the last `heldCount` of them for validation.
struct DataDraft {
  var inputNames: [String]
  var outputNames: [String]
  var inputs: [[Double]]
  var targets: [[Double]]
  var heldCount = 0
  var classes: Dataset.Classes?

  init(
    inputNames: [String], outputNames: [String], inputs: [[Double]], targets: [[Double]], heldCount: Int = 0,
    classes: Dataset.Classes? = nil
  ) {
    self.inputNames = inputNames
    self.outputNames = outputNames
    self.inputs = inputs
    self.targets = targets
    self.heldCount = heldCount
    self.classes = classes
  }

  /// Takes a finished data set apart again.
  init(_ dataset: Dataset) {
    func rows(_ values: [Double], _ width: Int, _ count: Int) -> [[Double]] {
      (0..<count).map { Array(values[$0 * width..<($0 + 1) * width]) }
    }
    let parts = [dataset.training] + (dataset.validation.map { [$0] } ?? [])
    self.init(
      inputNames: dataset.inputNames, outputNames: dataset.outputNames,
      inputs: parts.flatMap { rows($0.inputs, dataset.inputCount, $0.count) },
      targets: parts.flatMap { rows($0.targets, dataset.outputCount, $0.count) },
      heldCount: dataset.validation?.count ?? 0, classes: dataset.classes)
  }

  /// Every number must be finite, and classes more than one.
  func check(_ title: String) throws {
    guard !inputs.isEmpty, inputs.count > heldCount else {
      throw Mistake(
        .data, at: "data \(title)", value: "no samples", rule: "training needs at least one",
        remedy: "Give the data set some rows")
    }
    for (i, (row, target)) in zip(inputs, targets).enumerated() {
      if let j = row.firstIndex(where: { !$0.isFinite }) {
        throw notFinite(title, sample: i, column: inputNames[j], value: row[j])
      }
      if let k = target.firstIndex(where: { !$0.isFinite }) {
        throw notFinite(title, sample: i, column: outputNames[k], value: target[k])
      }
    }
    if classes != nil, let first = targets.first, targets.allSatisfy({ $0 == first }) {
      throw Mistake(
        .data, at: "data \(title)", value: "one class only", rule: "there is nothing to tell apart",
        remedy: "Use data with at least two classes")
    }
  }

  private func notFinite(_ title: String, sample: Int, column: String, value: Double) -> Mistake {
    Mistake(
      .data, at: "data \(title), sample \(sample + 1), column \(column)", value: "\(value)",
      rule: "every number must be finite", remedy: "Remove the sample or fill in the value")
  }

  /// Moves a share of the samples, chosen by a shuffle, to the end.
  mutating func split(share: Double, seed: UInt64, title: String) throws {
    let count = inputs.count
    let held = Int((Double(count) * share).rounded())
    guard share > 0, share < 1, held > 0, held < count else {
      throw Mistake(
        .data, at: "data \(title), validation share", value: "\(share)",
        rule: "both parts of the \(count) samples must keep at least one",
        remedy: "Choose a share between 0 and 1, 0.2 say")
    }
    var order = EpochOrder(stream: RandomStream(seed: seed, role: .split), count: count)
    order.shuffle(epoch: 0)
    // Each part keeps the samples' own order, so that only membership depends on the seed.
    let chosen = Set(order.order.prefix(held).map(Int.init))
    let sequence = (0..<count).filter { !chosen.contains($0) } + (0..<count).filter { chosen.contains($0) }
    inputs = sequence.map { inputs[$0] }
    targets = sequence.map { targets[$0] }
    heldCount = held
  }

  /// Deals the training targets out anew: the same labels, at random.
  mutating func shuffleTargets(seed: UInt64) {
    let count = inputs.count - heldCount
    var order = EpochOrder(stream: RandomStream(seed: seed, role: .split), count: count)
    order.shuffle(epoch: 1)
    let dealt = order.order.map { targets[Int($0)] }
    targets.replaceSubrange(0..<count, with: dealt)
  }

  /// x ← (x − mean)/deviation, both of the training part; a constant column is only shifted.
  mutating func standardize() {
    let count = inputs.count - heldCount
    for j in inputNames.indices {
      var sum = 0.0
      for i in 0..<count { sum += inputs[i][j] }
      let mean = sum / Double(count)
      var squares = 0.0
      for i in 0..<count { squares += (inputs[i][j] - mean) * (inputs[i][j] - mean) }
      let deviation = (squares / Double(count)).squareRoot()
      for i in inputs.indices { inputs[i][j] = (inputs[i][j] - mean) / (deviation > 1e-12 * abs(mean) ? deviation : 1) }
    }
  }

  func dataset(named name: String) -> Dataset {
    let count = inputs.count - heldCount
    func part(_ range: Range<Int>) -> Dataset.Samples {
      Dataset.Samples(
        count: range.count, inputs: inputs[range].flatMap(\.self), targets: targets[range].flatMap(\.self))
    }
    return Dataset(
      name: name, inputNames: inputNames, outputNames: outputNames, training: part(0..<count),
      validation: heldCount > 0 ? part(count..<inputs.count) : nil, classes: classes)
  }
}
