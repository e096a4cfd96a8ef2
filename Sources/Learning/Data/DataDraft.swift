import Lanes

/// A data set under construction: samples in rows, the last `heldCount` of them for validation.
struct DataDraft {
  var inputNames: [String]
  var outputNames: [String]
  /// Number of samples.
  var count: Int
  /// `inputs[i·inputCount + j]` is component j of sample i.
  var inputs: [Double]
  var targets: [Double]
  var heldCount = 0
  var classes: Dataset.Classes?
  var preparation = Dataset.Preparation()

  init(
    inputNames: [String], outputNames: [String], count: Int, inputs: [Double], targets: [Double], heldCount: Int = 0,
    classes: Dataset.Classes? = nil
  ) {
    self.inputNames = inputNames
    self.outputNames = outputNames
    self.count = count
    self.inputs = inputs
    self.targets = targets
    self.heldCount = heldCount
    self.classes = classes
  }

  /// One row of inputs and one of targets per sample, all of the same width.
  init(
    inputNames: [String], outputNames: [String], inputs: [[Double]], targets: [[Double]], heldCount: Int = 0,
    classes: Dataset.Classes? = nil
  ) {
    self.init(
      inputNames: inputNames, outputNames: outputNames, count: inputs.count, inputs: inputs.flatMap(\.self),
      targets: targets.flatMap(\.self), heldCount: heldCount, classes: classes)
  }

  /// A draft with the samples of a finished data set.
  /// - Throws: `Mistake` where its sizes do not fit together.
  init(_ dataset: Dataset, title: String) throws {
    try dataset.checkSizes(at: "data \(Quoted.short(title))")
    let training = dataset.training
    let held = dataset.validation
    self.init(
      inputNames: dataset.inputNames, outputNames: dataset.outputNames, count: training.count + (held?.count ?? 0),
      inputs: held.map { training.inputs + $0.inputs } ?? training.inputs,
      targets: held.map { training.targets + $0.targets } ?? training.targets,
      heldCount: held?.count ?? 0, classes: dataset.classes)
  }

  /// Every number must be finite, and classes more than one.
  func check(_ title: String) throws {
    guard count > heldCount else {
      throw Mistake(
        .data, at: "data \(title)", value: "no samples", rule: "training needs at least one",
        remedy: "Give the data set some rows")
    }
    try checkFinite(inputs, inputNames, title)
    try checkFinite(targets, outputNames, title)
    guard classes != nil else { return }
    let width = outputNames.count
    let isOneClass = targets.indices.allSatisfy { targets[$0] == targets[$0 % width] }
    if isOneClass {
      throw Mistake(
        .data, at: "data \(title)", value: "one class only", rule: "classification needs at least two classes",
        remedy: "Use data with more classes")
    }
  }

  private func checkFinite(_ values: [Double], _ names: [String], _ title: String) throws {
    guard let i = values.firstIndex(where: { !$0.isFinite }) else { return }
    throw Mistake(
      .data, at: "data \(title), sample \(i / names.count + 1), column \(Quoted.short(names[i % names.count]))",
      value: "\(values[i])", rule: "every number must be finite", remedy: "Remove the sample or fill in the value")
  }

  /// Moves a share of the samples, chosen by a shuffle, to the end.
  mutating func split(share: Double, seed: UInt64, title: String) throws {
    let held = (Double(count) * share).rounded()
    guard share > 0, share < 1, held > 0, held < Double(count) else {
      throw Mistake(
        .data, at: "data \(title), validation share", value: "\(share)",
        rule: "both parts of the \(count) samples must keep at least one",
        remedy: "Choose a share between 0 and 1, for example 0.2")
    }
    heldCount = Int(held)
    var order = EpochOrder(stream: RandomStream(seed: seed, role: .split), count: count)
    order.shuffle(epoch: 0)
    // Each part keeps the samples' own order, so that only membership depends on the seed.
    var isHeld = [Bool](repeating: false, count: count)
    for i in order.order.prefix(heldCount) { isHeld[Int(i)] = true }
    let sequence = (0..<count).filter { !isHeld[$0] } + (0..<count).filter { isHeld[$0] }
    inputs = Self.rows(of: inputs, width: inputNames.count, in: sequence)
    targets = Self.rows(of: targets, width: outputNames.count, in: sequence)
    preparation.rows = sequence
  }

  /// Permutes the training targets at random.
  mutating func shuffleTargets(seed: UInt64) {
    let count = count - heldCount
    var order = EpochOrder(stream: RandomStream(seed: seed, role: .split), count: count)
    order.shuffle(epoch: 1)
    let dealt = Self.rows(of: targets, width: outputNames.count, in: order.order.map(Int.init))
    targets.replaceSubrange(0..<dealt.count, with: dealt)
  }

  private static func rows(of values: [Double], width: Int, in order: [Int]) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(order.count * width)
    for i in order { result.append(contentsOf: values[i * width..<(i + 1) * width]) }
    return result
  }

  func dataset(named name: String) -> Dataset {
    let count = count - heldCount
    func part(_ range: Range<Int>) -> Dataset.Samples {
      func rows(_ values: [Double], _ width: Int) -> [Double] {
        range.count * width == values.count
          ? values : Array(values[range.lowerBound * width..<range.upperBound * width])
      }
      return Dataset.Samples(
        count: range.count, inputs: rows(inputs, inputNames.count), targets: rows(targets, outputNames.count))
    }
    return Dataset(
      name: name, inputNames: inputNames, outputNames: outputNames, training: part(0..<count),
      validation: heldCount > 0 ? part(count..<self.count) : nil, classes: classes, preparation: preparation)
  }
}
