/// Input–target pairs that a network is trained on, with optional parts held out for validation and for a test.
public final class Dataset: Sendable {
  /// Samples in rows: `inputs[i·inputCount + j]` is component j of sample i.
  public struct Samples: Hashable, Sendable {
    /// Number of samples.
    public let count: Int
    /// All inputs, sample by sample.
    public let inputs: [Double]
    /// All targets, sample by sample.
    public let targets: [Double]

    /// Samples in rows.
    public init(count: Int, inputs: [Double], targets: [Double]) {
      self.count = count
      self.inputs = inputs
      self.targets = targets
    }

    /// The inputs of one sample, counted from 0.
    public func input(_ sample: Int) -> [Double] { Self.row(sample, of: inputs, count) }
    /// The targets of one sample, counted from 0.
    public func target(_ sample: Int) -> [Double] { Self.row(sample, of: targets, count) }

    private static func row(_ sample: Int, of values: [Double], _ count: Int) -> [Double] {
      let width = values.count / count
      return Array(values[sample * width..<(sample + 1) * width])
    }
  }

  /// How an output is read as a class.
  public enum Classes: Hashable, Sendable {
    /// One output a class, target 1 for the right one and 0 elsewhere.
    case oneHot(names: [String])
    /// One output, class by its side of the threshold.
    case threshold(Double)
  }

  /// The name in figures and tables.
  public let name: String
  /// Name of each input component.
  public let inputNames: [String]
  /// Name of each target component.
  public let outputNames: [String]
  /// The samples that are trained on.
  public let training: Samples
  /// The samples held out; `nil` if there are none.
  public let validation: Samples?
  /// The samples that no training, no stop rule and no choice of a setting may use; `nil` if there are none.
  public let test: Samples?
  /// How outputs are read as classes; `nil` for a regression.
  public let classes: Classes?
  /// What was done to the samples of a source.
  package let preparation: Preparation
  /// The mistake in the rows that the data set was made from; reported when the data set is used.
  let ragged: Mistake?
  /// Whether the targets of every sample of classes add up to 1, as those of class weights do not. The gradient of the
  /// cross-entropy is p·Σt − t; where Σt is 1, the trainer computes p − t.
  package let hasUnitTargets: Bool

  /// Number of input components.
  public var inputCount: Int { inputNames.count }
  /// Number of target components.
  public var outputCount: Int { outputNames.count }

  /// A data set made from a source.
  package convenience init(
    name: String, inputNames: [String], outputNames: [String], training: Samples, validation: Samples?,
    test: Samples?, classes: Classes?, preparation: Preparation
  ) {
    self.init(
      name: name, inputNames: inputNames, outputNames: outputNames, training: training, validation: validation,
      test: test, classes: classes, preparation: preparation, ragged: nil)
  }

  /// A data set of training samples and, optionally, validation samples and test samples.
  public convenience init(
    name: String, inputNames: [String], outputNames: [String], training: Samples, validation: Samples? = nil,
    test: Samples? = nil, classes: Classes? = nil
  ) {
    self.init(
      name: name, inputNames: inputNames, outputNames: outputNames, training: training, validation: validation,
      test: test, classes: classes, preparation: Preparation(), ragged: nil)
  }

  private init(
    name: String, inputNames: [String], outputNames: [String], training: Samples, validation: Samples?,
    test: Samples?, classes: Classes?, preparation: Preparation, ragged: Mistake?
  ) {
    self.name = name
    self.inputNames = inputNames
    self.outputNames = outputNames
    self.training = training
    self.validation = validation
    self.test = test
    self.classes = classes
    self.preparation = preparation
    self.ragged = ragged
    let width = outputNames.count
    hasUnitTargets =
      if case .oneHot = classes {
        Self.addUpToOne(training.targets, width) && Self.addUpToOne(validation?.targets ?? [], width)
      } else { true }
  }

  /// Rounding of smoothed targets counts as 1.
  private static func addUpToOne(_ targets: [Double], _ width: Int) -> Bool {
    guard width > 0 else { return true }
    return stride(from: 0, to: targets.count - width + 1, by: width).allSatisfy { first in
      var sum = 0.0
      for place in first..<first + width { sum += targets[place] }
      return abs(sum - 1) <= 1e-12
    }
  }

  /// One row of input components and one of target components per sample, all rows equally long.
  ///
  /// A data source that makes the data set reports rows of other lengths before training.
  public convenience init(
    name: String, inputs: [[Double]], targets: [[Double]], classes: Classes? = nil
  ) {
    let inputWidth = inputs.first?.count ?? 0
    let targetWidth = targets.first?.count ?? 0
    self.init(
      name: name,
      inputNames: (0..<inputWidth).map { inputWidth == 1 ? "x" : "x\($0 + 1)" },
      outputNames: (0..<targetWidth).map { targetWidth == 1 ? "y" : "y\($0 + 1)" },
      training: Samples(count: inputs.count, inputs: inputs.flatMap { $0 }, targets: targets.flatMap { $0 }),
      validation: nil, test: nil, classes: classes, preparation: Preparation(),
      ragged: Self.ragged(inputs: inputs, targets: targets))
  }
}
