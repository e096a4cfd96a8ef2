import Lanes

/// A data set under construction: samples in rows, `heldCount` of them behind the training part for validation, and the last
/// `testCount` for the test.
struct DataDraft {
  var inputNames: [String]
  var outputNames: [String]
  /// Number of samples.
  var count: Int
  /// `inputs[i·inputCount + j]` is component j of sample i.
  var inputs: [Double]
  var targets: [Double]
  var heldCount = 0
  var testCount = 0
  /// Number of samples to train on.
  var trainingCount: Int { count - heldCount - testCount }
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
    let held = [dataset.validation, dataset.test].compactMap(\.self)
    self.init(
      inputNames: dataset.inputNames, outputNames: dataset.outputNames,
      count: held.reduce(training.count) { $0 + $1.count },
      inputs: held.reduce(training.inputs) { $0 + $1.inputs },
      targets: held.reduce(training.targets) { $0 + $1.targets },
      heldCount: dataset.validation?.count ?? 0, classes: dataset.classes)
    testCount = dataset.test?.count ?? 0
  }

  /// Every number must be finite, and classes more than one.
  func check(_ title: String) throws {
    guard trainingCount > 0 else {
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

  /// Puts the samples into the order of a split: training, validation, test.
  mutating func arrange(_ split: Split) {
    heldCount = split.validation.count
    testCount = split.test.count
    let sequence = split.sequence
    inputs = Self.rows(of: inputs, width: inputNames.count, in: sequence)
    targets = Self.rows(of: targets, width: outputNames.count, in: sequence)
    preparation.rows = preparation.rows.map { rows in sequence.map { rows[$0] } } ?? sequence
  }

  /// The class of each sample; `nil` where the data have none.
  var classOfEachSample: [Int]? {
    guard let classes else { return nil }
    let width = outputNames.count
    // A target that is not a number has no class; `check` refuses it afterwards.
    return (0..<count).map { classes.number(of: targets[$0 * width..<($0 + 1) * width]) ?? 0 }
  }

  /// Permutes the training targets at random.
  mutating func shuffleTargets(seed: UInt64) {
    let count = trainingCount
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
    func part(_ range: Range<Int>) -> Dataset.Samples {
      func rows(_ values: [Double], _ width: Int) -> [Double] {
        range.count * width == values.count
          ? values : Array(values[range.lowerBound * width..<range.upperBound * width])
      }
      return Dataset.Samples(
        count: range.count, inputs: rows(inputs, inputNames.count), targets: rows(targets, outputNames.count))
    }
    let held = trainingCount..<trainingCount + heldCount
    return Dataset(
      name: name, inputNames: inputNames, outputNames: outputNames, training: part(0..<trainingCount),
      validation: heldCount > 0 ? part(held) : nil, test: testCount > 0 ? part(held.upperBound..<count) : nil,
      classes: classes, preparation: preparation)
  }
}
