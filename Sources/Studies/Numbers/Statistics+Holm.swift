extension Statistics {
  /// The p values of several tests, corrected so that the probability of any wrong rejection is at most the level.
  ///
  ///     p̃₍ᵢ₎ = max_{j ≤ i} min(1, (m − j + 1)·p₍ⱼ₎)
  ///
  /// The tests may depend on each other. The order of the result is that of the argument.
  /// - Parameter total: the number m of tests, if some are not among the values. Their p values are then taken to be greater, so that
  ///   the result is too great rather than too small.
  ///
  /// Source: Holm 1979, Scandinavian Journal of Statistics 6, 65–70.
  package static func holm(_ values: [Double], of total: Int? = nil) -> [Double] {
    let count = max(values.count, total ?? 0)
    let order = values.indices.sorted { values[$0] < values[$1] }
    var corrected = values
    var greatest = 0.0
    for (rank, index) in order.enumerated() {
      greatest = max(greatest, min(1, Double(count - rank) * values[index]))
      corrected[index] = greatest
    }
    return corrected
  }
}
