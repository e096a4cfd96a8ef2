extension DataDraft {
  /// Shifts every input that is a number to mean 0 and scales it to deviation 1, both of the training part: x ← (x − mean)/deviation. The
  /// 0 and 1 of categories stay as they are.
  /// - Throws: `Mistake` where a mean, a deviation or a result leaves the range of doubles.
  mutating func standardize(title: String) throws {
    let isNumber = preparation.columns.isEmpty ? nil : preparation.columns.flatMap(\.areNumbers)
    for column in inputNames.indices {
      guard isNumber?[column] ?? true else {
        preparation.means.append(0)
        preparation.deviations.append(1)
        continue
      }
      let scale = try Standardizer(inputs, column, of: inputNames, training: trainingCount, title: title)
      try scale.apply(to: &inputs, all: count)
      preparation.means.append(scale.mean)
      preparation.deviations.append(scale.deviation)
    }
  }

  /// The same for the targets of a regression.
  /// - Throws: `Mistake` for classes, and as above.
  mutating func standardizeTargets(title: String) throws {
    guard classes == nil else {
      throw Mistake(
        .data, at: "data \(title)", value: "standardizedTargets()", rule: "its targets are classes",
        remedy: "Leave it out; standardized() scales the inputs")
    }
    for column in outputNames.indices {
      let scale = try Standardizer(targets, column, of: outputNames, training: trainingCount, title: title)
      try scale.apply(to: &targets, all: count)
      preparation.targetMeans.append(scale.mean)
      preparation.targetDeviations.append(scale.deviation)
    }
  }
}

/// Mean and deviation of a column over the training part.
///
/// A column counts as constant where its deviation is at most 10⁻¹² of its mean; it is only shifted.
private struct Standardizer {
  let mean: Double
  let deviation: Double
  private let column: Int
  private let names: [String]
  private let title: String

  init(_ values: [Double], _ column: Int, of names: [String], training count: Int, title: String) throws {
    (self.column, self.names, self.title) = (column, names, title)
    let width = names.count
    var sum = 0.0
    for i in 0..<count { sum += values[i * width + column] }
    mean = sum / Double(count)
    var squares = 0.0
    var farthest = 0.0
    for i in 0..<count {
      let difference = values[i * width + column] - mean
      squares += difference * difference
      farthest = max(farthest, abs(difference))
    }
    let root = (squares / Double(count)).squareRoot()
    deviation = root > 1e-12 * abs(mean) ? root : 1
    // Below 10⁻¹⁵⁰, squares lose digits or vanish.
    guard root.isFinite, farthest >= 1e-150 || farthest <= 1e-12 * abs(mean) else {
      throw outOfRange(values, 0..<count)
    }
  }

  func apply(to values: inout [Double], all count: Int) throws {
    for i in 0..<count {
      let value = (values[i * names.count + column] - mean) / deviation
      guard value.isFinite else { throw outOfRange(values, i..<i + 1) }
      values[i * names.count + column] = value
    }
  }

  private func outOfRange(_ values: [Double], _ part: Range<Int>) -> Mistake {
    let largest = part.map { abs(values[$0 * names.count + column]) }.max() ?? 0
    return Mistake(
      .data, at: "data \(title), column \(Quoted.short(names[column]))", value: "sizes up to \(largest)",
      rule: "the squares of a standardized column stay within the range of doubles",
      remedy: largest < 1
        ? "Multiply the column by a large factor, or leave standardized() out"
        : "Multiply the column by a small factor, or leave standardized() out")
  }
}
