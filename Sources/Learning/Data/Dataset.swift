/// Input–target pairs that a network is trained on, with an optional part held out for validation.
public final class Dataset: Sendable {
  /// Samples in rows: `inputs[i·inputCount + j]` is component j of sample i.
  public struct Samples: Hashable, Sendable {
    public let count: Int
    public let inputs: [Double]
    public let targets: [Double]

    public init(count: Int, inputs: [Double], targets: [Double]) {
      self.count = count
      self.inputs = inputs
      self.targets = targets
    }
  }

  /// How an output is read as a class.
  public enum Classes: Hashable, Sendable {
    /// One output a class, target 1 for the right one and 0 elsewhere.
    case oneHot(names: [String])
    /// One output, class by its side of the threshold.
    case threshold(Double)
  }

  public let name: String
  public let inputNames: [String]
  public let outputNames: [String]
  public let training: Samples
  public let validation: Samples?
  public let classes: Classes?

  public var inputCount: Int { inputNames.count }
  public var outputCount: Int { outputNames.count }

  public init(
    name: String, inputNames: [String], outputNames: [String], training: Samples, validation: Samples? = nil,
    classes: Classes? = nil
  ) {
    self.name = name
    self.inputNames = inputNames
    self.outputNames = outputNames
    self.training = training
    self.validation = validation
    self.classes = classes
  }

  /// One row of input components and one of target components per sample.
  public convenience init(
    name: String, inputs: [[Double]], targets: [[Double]], classes: Classes? = nil
  ) {
    let inputWidth = inputs.first?.count ?? 0
    let targetWidth = targets.first?.count ?? 0
    self.init(
      name: name,
      inputNames: (0..<inputWidth).map { inputWidth == 1 ? "x" : "x\($0 + 1)" },
      outputNames: (0..<targetWidth).map { targetWidth == 1 ? "y" : "y\($0 + 1)" },
      training: Samples(count: inputs.count, inputs: inputs.flatMap(\.self), targets: targets.flatMap(\.self)),
      classes: classes)
  }
}
