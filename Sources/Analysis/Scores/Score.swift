/// A measure of a network's outputs for a part of the data, computed from the parameters after the last update.
///
/// In the formulas i counts the n samples of the part, y is an output and t its target. With several outputs each has its own value, and the
/// score is their mean. TP, FP and FN are the numbers of samples of a class that are found, of other samples that are taken for it, and of
/// its samples that are taken for others. The definitions are those of scikit-learn 1.x (`sklearn.metrics`).
public enum Score: Hashable, Sendable {
  /// R² = 1 − Σᵢ(y − t)²/Σᵢ(t − t̄)², t̄ the mean of the part; at most 1. Not a number where all targets of the part are equal.
  case rSquared
  /// √((1/n) Σᵢ(y − t)²), in the units of the targets.
  case rootMeanSquaredError
  /// (1/n) Σᵢ|y − t|, in the units of the targets.
  case meanAbsoluteError
  /// The share of samples whose class is predicted, 0 to 1.
  case accuracy
  /// TP/(TP + FP) of a class; not a number where the class is never predicted. `nil`: the mean over the classes that have one.
  case precision(of: String?)
  /// TP/(TP + FN) of a class; not a number where the part has no sample of it. `nil`: the mean over the classes that have one.
  case recall(of: String?)
  /// 2TP/(2TP + FP + FN) of a class; not a number where the class neither occurs nor is predicted. `nil`: the mean over the classes that
  /// have one.
  case f1(of: String?)

  /// The words on an axis, without the part.
  package var title: String {
    switch self {
    case .rSquared: "R²"
    case .rootMeanSquaredError: "root mean squared error"
    case .meanAbsoluteError: "mean absolute error"
    case .accuracy: "accuracy"
    case .precision(let label): Self.title("precision", label)
    case .recall(let label): Self.title("recall", label)
    case .f1(let label): Self.title("F1", label)
    }
  }

  private static func title(_ name: String, _ label: String?) -> String {
    label.map { "\(name) of \($0)" } ?? "\(name), mean of the classes"
  }

  /// Whether greater values are better.
  package var prefersMore: Bool { self != .rootMeanSquaredError && self != .meanAbsoluteError }

  /// The range of possible values, if it is bounded on both sides.
  package var limits: ClosedRange<Double>? { needsClasses ? 0...1 : nil }

  /// Whether the data must have classes.
  package var needsClasses: Bool {
    switch self {
    case .rSquared, .rootMeanSquaredError, .meanAbsoluteError: false
    case .accuracy, .precision, .recall, .f1: true
    }
  }

  /// The class that it is about; `nil` where it is about no single one.
  package var label: String? {
    switch self {
    case .rSquared, .rootMeanSquaredError, .meanAbsoluteError, .accuracy: nil
    case .precision(let label), .recall(let label), .f1(let label): label
    }
  }
}
