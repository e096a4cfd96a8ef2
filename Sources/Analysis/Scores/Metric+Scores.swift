public import Learning

/// Scores of the outputs as metrics: `.rSquared(on: .validation)`.
extension Metric {
  /// R² = 1 − Σ(y − t)²/Σ(t − t̄)² on a part of the data, t̄ the mean of that part.
  public static func rSquared(on part: DataPart) -> Metric { .score(.rSquared, on: part) }
  /// √(mean of (y − t)²) on a part of the data, in the units of the targets.
  public static func rootMeanSquaredError(on part: DataPart) -> Metric { .score(.rootMeanSquaredError, on: part) }
  /// The mean of |y − t| on a part of the data, in the units of the targets.
  public static func meanAbsoluteError(on part: DataPart) -> Metric { .score(.meanAbsoluteError, on: part) }
  /// The share of samples of a part whose class is predicted, 0 to 1.
  public static func accuracy(on part: DataPart) -> Metric { .score(.accuracy, on: part) }
  /// TP/(TP + FP) of a class, 0 to 1; not a number where the class is never predicted.
  public static func precision(of label: String, on part: DataPart) -> Metric {
    .score(.precision(of: label), on: part)
  }
  /// The mean precision of the classes that are predicted at all, 0 to 1.
  public static func macroPrecision(on part: DataPart) -> Metric { .score(.precision(of: nil), on: part) }
  /// TP/(TP + FN) of a class, 0 to 1; not a number where the part has no sample of it.
  public static func recall(of label: String, on part: DataPart) -> Metric { .score(.recall(of: label), on: part) }
  /// The mean recall of the classes, 0 to 1: the balanced accuracy.
  public static func macroRecall(on part: DataPart) -> Metric { .score(.recall(of: nil), on: part) }
  /// 2TP/(2TP + FP + FN) of a class, 0 to 1.
  public static func f1(of label: String, on part: DataPart) -> Metric { .score(.f1(of: label), on: part) }
  /// The mean F1 of the classes, 0 to 1. A class that is never predicted has F1 = 0.
  public static func macroF1(on part: DataPart) -> Metric { .score(.f1(of: nil), on: part) }
}
