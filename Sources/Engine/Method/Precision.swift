/// The format that a run's numbers have while it trains. Data and initial weights are made in float64, then rounded.
public enum Precision: String, Hashable, Sendable, CaseIterable {
  /// 64-bit numbers.
  case float64
  /// 32-bit numbers.
  case float32
}
