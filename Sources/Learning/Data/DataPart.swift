/// A part of a data set.
public enum DataPart: String, Hashable, Sendable, CaseIterable {
  /// The samples that are trained on.
  case training
  /// The samples held out.
  case validation
  /// The samples kept for the test.
  case test
}

extension Dataset {
  /// The samples of a part; `nil` where the data set has no such part.
  public func samples(_ part: DataPart) -> Samples? {
    switch part {
    case .training: training
    case .validation: validation
    case .test: test
    }
  }
}

extension Dataset.Classes {
  /// The names of the classes, in the order of their numbers; "0" and "1" for the two sides of a threshold.
  public var names: [String] {
    switch self {
    case .oneHot(let names): names
    case .threshold: ["0", "1"]
    }
  }

  /// The number of the class that outputs, or targets, stand for: the greatest output, the first of several equal ones; or the side of the
  /// threshold. `nil` where an output is not a number.
  package func number(of outputs: some Collection<Double>) -> Int? {
    guard let first = outputs.first, !outputs.contains(where: \.isNaN) else { return nil }
    switch self {
    case .threshold(let threshold): return first < threshold ? 0 : 1
    case .oneHot:
      var best = (number: 0, output: first)
      for (number, output) in outputs.enumerated() where output > best.output { best = (number, output) }
      return best.number
    }
  }
}
