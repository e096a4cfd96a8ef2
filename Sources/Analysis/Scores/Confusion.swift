/// A confusion matrix: how many samples of each class were predicted as which class.
public struct Confusion: Hashable, Sendable {
  /// The names of the classes.
  public let names: [String]
  /// The numbers of samples: a row for each true class, a column for each predicted class.
  public private(set) var counts: [[Int]]
  /// The samples of each true class whose outputs are not numbers: they have no predicted class.
  public private(set) var unassigned: [Int]

  /// A matrix of zeros.
  package init(_ names: [String]) {
    self.names = names
    counts = Array(repeating: Array(repeating: 0, count: names.count), count: names.count)
    unassigned = Array(repeating: 0, count: names.count)
  }

  package mutating func add(_ truth: Int, predicted: Int?) {
    if let predicted { counts[truth][predicted] += 1 } else { unassigned[truth] += 1 }
  }

  /// Adds the counts of a matrix of the same classes.
  package mutating func add(_ other: Confusion) {
    for truth in names.indices {
      for predicted in names.indices { counts[truth][predicted] += other.counts[truth][predicted] }
      unassigned[truth] += other.unassigned[truth]
    }
  }

  /// Number of all samples.
  public var total: Int { names.indices.reduce(0) { $0 + support(of: $1) } }

  /// The share of samples whose class is predicted; NaN without samples.
  public var accuracy: Double { Double(names.indices.reduce(0) { $0 + counts[$1][$1] }) / Double(total) }

  /// The precision of a class; `nil` where it is never predicted, and for an unknown name.
  public func precision(of name: String) -> Double? { names.firstIndex(of: name).flatMap(precision) }
  /// The recall of a class; `nil` where it has no samples, and for an unknown name.
  public func recall(of name: String) -> Double? { names.firstIndex(of: name).flatMap(recall) }
  /// The F1 of a class; `nil` where it neither occurs nor is predicted, and for an unknown name.
  public func f1(of name: String) -> Double? { names.firstIndex(of: name).flatMap(f1) }

  // MARK: By the number of the class

  /// The samples of a class.
  package func support(of k: Int) -> Int { counts[k].reduce(unassigned[k], +) }
  private func predicted(_ k: Int) -> Int { counts.reduce(0) { $0 + $1[k] } }

  package func precision(_ k: Int) -> Double? { Self.ratio(counts[k][k], predicted(k)) }
  package func recall(_ k: Int) -> Double? { Self.ratio(counts[k][k], support(of: k)) }
  /// 2TP/(2TP + FP + FN): the two sums are 2TP + FP + FN.
  package func f1(_ k: Int) -> Double? { Self.ratio(2 * counts[k][k], predicted(k) + support(of: k)) }

  /// The mean over the classes that have a value, and how many these are.
  package func mean(_ value: (Int) -> Double?) -> (value: Double, classes: Int) {
    let known = names.indices.compactMap(value)
    return (known.reduce(0, +) / Double(known.count), known.count)
  }

  private static func ratio(_ part: Int, _ whole: Int) -> Double? { whole == 0 ? nil : Double(part) / Double(whole) }

  /// A score of classes; NaN where it is not defined.
  func value(of score: Score) -> Double {
    func value(_ label: String?, _ one: (Int) -> Double?) -> Double {
      guard let label else { return mean(one).value }
      return names.firstIndex(of: label).flatMap(one) ?? .nan
    }
    switch score {
    case .rSquared, .rootMeanSquaredError, .meanAbsoluteError: return .nan
    case .accuracy: return accuracy
    case .precision(let label): return value(label, precision)
    case .recall(let label): return value(label, recall)
    case .f1(let label): return value(label, f1)
    }
  }
}
