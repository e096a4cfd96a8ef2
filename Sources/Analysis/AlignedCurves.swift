package import Learning
import Studies

/// The curves of some runs, aligned on exact steps: neighbouring steps are never averaged. Of runs with different cadences the steps
/// that all have recorded are shown.
///
/// After its last step, a diverged run counts as the worst possible value: infinite loss, or −∞ for an accuracy. A run that a stop
/// rule ended keeps its last value.
///
/// The curves themselves are not kept: they are read again for each use, one after the other, and of quantiles a limited number of steps
/// at a time.
package struct AlignedCurves {
  private let results: Results
  private let quantity: Quantity
  private let window: Int
  private let mostBytes: Int
  /// The number of steps between two values.
  package let every: Int
  /// The runs that have recorded the quantity.
  package let rows: [Results.Row]
  /// The number of values of the longest curve.
  package let length: Int
  /// The value of a run after it has diverged.
  private let worst: Double

  /// - Parameters:
  ///   - window: each curve is smoothed by a running mean of so many steps; 1 for none.
  ///   - mostBytes: the most bytes of the values from which quantiles are computed at once.
  package init(_ results: Results, quantity: Quantity, window: Int = 1, mostBytes: Int = 256 << 20) throws {
    self.results = results
    self.quantity = quantity
    self.window = window
    self.mostBytes = mostBytes
    worst = quantity.prefersMore ? -.infinity : .infinity
    var lengths: [Int: Int] = [:]
    rows = try results.rows.filter { row in
      guard let series = try results.series(quantity, row) else { return false }
      lengths[series.every] = max(lengths[series.every] ?? 0, series.values.count)
      return !series.values.isEmpty
    }
    let shared = Self.leastCommonMultiple(lengths.keys)
    every = shared
    length = lengths.map { Curve.count($1, stride: shared / $0) }.max() ?? 0
  }

  private static func leastCommonMultiple(_ numbers: some Sequence<Int>) -> Int {
    numbers.reduce(1) { product, number in
      var (a, b) = (product, number)
      while b > 0 { (a, b) = (b, a % b) }
      return product / a * number
    }
  }

  /// The curve of one of the runs.
  /// - Throws: what reading the archive throws.
  package func curve(_ row: Results.Row) throws -> Curve {
    guard let series = try results.series(quantity, row) else { return Curve() }
    return Curve(series, every: every, window: window, after: row.summary.hasDiverged ? worst : nil)
  }

  /// Quantiles over the runs at some indices: for each of `levels` one value for each index.
  /// - Throws: what reading the archive throws.
  package func quantiles(at indices: [Int], _ levels: [Double]) throws -> [[Double]] {
    var lines = levels.map { _ in [Double]() }
    let most = max(1, mostBytes / (8 * max(1, rows.count)))
    for start in stride(from: 0, to: indices.count, by: most) {
      for column in try columns(indices[start..<min(start + most, indices.count)]) {
        let sorted = Statistics.sorted(column)
        for (line, level) in levels.enumerated() {
          lines[line].append(Statistics.quantile(sorted: sorted, level))
        }
      }
    }
    return lines
  }

  /// The values of all runs at each of some indices.
  private func columns(_ indices: ArraySlice<Int>) throws -> [[Double]] {
    var columns = indices.map { _ in Array(repeating: 0.0, count: rows.count) }
    for (place, row) in rows.enumerated() {
      let curve = try curve(row)
      for (column, index) in indices.enumerated() { columns[column][place] = curve[index] }
    }
    return columns
  }

  /// A curve at the steps that all curves have.
  package struct Curve {
    private let values: [Double]
    private let stride: Int
    /// The value after the last one.
    private let after: Double
    /// Number of values.
    package let count: Int

    /// A curve without values.
    init() { (values, stride, after, count) = ([], 1, .nan, 0) }

    /// - Parameters:
    ///   - every: the steps between two values, a multiple of the series' own.
    ///   - after: the value beyond the end; `nil`: the last one.
    init(_ series: Series, every: Int, window: Int, after: Double?) {
      values = Self.smooth(series.values, window: window / series.every)
      stride = every / series.every
      count = Self.count(values.count, stride: stride)
      self.after = after ?? (count > 0 ? values[(count - 1) * stride] : .nan)
    }

    /// How many of so many values remain.
    static func count(_ count: Int, stride: Int) -> Int { (count + stride - 1) / stride }

    package subscript(index: Int) -> Double { index < count ? values[index * stride] : after }

    private static func smooth(_ values: [Double], window: Int) -> [Double] {
      guard window > 1, values.count > window else { return values }
      var result: [Double] = []
      result.reserveCapacity(values.count)
      var sum = 0.0
      for (i, value) in values.enumerated() {
        sum += value
        if i >= window { sum -= values[i - window] }
        result.append(sum / Double(min(i + 1, window)))
      }
      return result
    }
  }
}
